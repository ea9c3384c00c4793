"""The examples in the docstrings of the public functions and classes, run as they stand."""

from __future__ import annotations

import doctest
import shutil
from pathlib import Path
from typing import Any

import pytest

import oxyshell
from oxyshell.outputs.result import Profiles
from oxyshell.outputs.table import Table
from oxyshell.running.run_result import RunResult
from oxyshell.scenario.material_sheet import MaterialLibrary, MaterialSheet
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration.calibration_result import CalibrationResult
from oxyshell.studies.comparison.comparison_result import ComparisonResult
from oxyshell.studies.design.designs import Designs
from oxyshell.studies.engine.study import Study
from oxyshell.studies.sensitivity.reactions import Analysis
from tests.scenario.importing import bpx_files

ROOT = Path(__file__).parents[1]
FUNCTIONS = {name: getattr(oxyshell, name) for name in oxyshell.__all__ if name != "__version__"}
CLASSES = (
    Scenario,
    RunResult,
    Profiles,
    Table,
    Study,
    ComparisonResult,
    CalibrationResult,
    Analysis,
    Designs,
    MaterialLibrary,
    MaterialSheet,
)
DOCUMENTED: dict[str, Any] = {"oxyshell": oxyshell, **FUNCTIONS, **{one.__name__: one for one in CLASSES}}
# Their examples run what those of functions run as well, or what tests of reports write.
DEAR = {"Designs", "Analysis", "ComparisonResult", "CalibrationResult", "view"}
CASES = [pytest.param(name, marks=[pytest.mark.long] if name in DEAR else []) for name in DOCUMENTED]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("examples")
    shutil.copytree(ROOT / "scenarios", path / "scenarios")
    bpx_files.write(path / "cell.json")
    return path


@pytest.mark.parametrize("name", CASES)
def test_the_example_prints_what_it_says(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    names = {"oxyshell": oxyshell, "Path": Path}
    examples = doctest.DocTestParser().get_doctest(DOCUMENTED[name].__doc__, names, name, None, None)
    assert examples.examples, "no example"
    told: list[str] = []
    failed, _ = doctest.DocTestRunner(optionflags=flags).run(examples, out=told.append)
    assert not failed, "".join(told)


def test_an_example_prints_something_that_can_be_wrong() -> None:
    for name, one in DOCUMENTED.items():
        examples = doctest.DocTestParser().get_examples(one.__doc__)
        assert any(example.want for example in examples), name
