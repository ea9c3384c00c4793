"""Files to scenarios or to the studies that are made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from oxyshell.language import documents
from oxyshell.language.documents import Document
from oxyshell.language.kinds import Kind, kind_of
from oxyshell.language.mistakes import Mistake, ScenarioError, describe
from oxyshell.language.reporting import located, of_kind, validated
from oxyshell.language.sections import Context, Section
from oxyshell.scenario.loading import load, scenario_from
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration.file import Calibrate
from oxyshell.studies.comparison.checks import with_scenarios
from oxyshell.studies.comparison.file import Comparison
from oxyshell.studies.design.file import Design
from oxyshell.studies.engine import files as study_files
from oxyshell.studies.sensitivity.file import Sensitivity
from oxyshell.studies.sweep.file import Sweep, with_scenario

type Study = Comparison | Sweep | Calibrate | Sensitivity | Design
"""What a file can hold besides a scenario."""


def load_comparison(path: Path | str) -> Comparison:
    """Read a comparison file and the scenarios that it names, relative to it.

    Raises:
        ScenarioError: With every mistake of the comparison or of its scenarios, each in its own file.
    """
    return _comparison(documents.read_file(path), Path(path).parent)


def load_sweep(path: Path | str) -> Sweep:
    """Read a sweep file and the scenario that it names, relative to it, and check every point.

    Raises:
        ScenarioError: With every mistake of the sweep or of its scenario, each in its own file.
    """
    return _sweep(documents.read_file(path), Path(path).parent)


def load_any(path: Path | str) -> Scenario | Study:
    """Read a file of any kind, which its keys tell.

    Raises:
        ScenarioError: With every mistake at its line and column.
    """
    document = documents.read_file(path)
    return _READERS[kind_of(document.data) or "scenario"](document, Path(path).parent)


def json_schema(kind: Kind = "scenario") -> dict[str, Any]:
    """JSON Schema of a kind of file, for editors."""
    return _MODELS[kind].model_json_schema(by_alias=True)


def kind_of_loaded(found: Scenario | Study) -> Kind:
    """The kind of file that something was loaded from."""
    return next(kind for kind, model in _MODELS.items() if isinstance(found, model))


def _comparison(document: Document, folder: Path) -> Comparison:
    comparison = validated(Comparison, of_kind("comparison", document), Context(folder))
    scenarios: dict[str, Scenario] = {}
    mistakes: list[Mistake] = []
    for location, file in comparison.files.items():
        path = folder / file
        if not _is_file(path):
            expected = f"a scenario file that exists ({path} does not)"
            mistakes.append(located(document, describe(file), expected, *location))
            continue
        try:
            scenarios[file] = load(path)
        except ScenarioError as error:
            mistakes += error.mistakes
    if mistakes:
        raise ScenarioError(dict.fromkeys(mistakes))
    return with_scenarios(comparison, document, scenarios)


def _sweep(document: Document, folder: Path) -> Sweep:
    sweep = validated(Sweep, of_kind("sweep", document), Context(folder))
    path = folder / sweep.scenario
    if not _is_file(path):
        expected = f"a scenario file that exists ({path} does not)"
        raise ScenarioError([located(document, describe(sweep.scenario), expected, "scenario")])
    return with_scenario(sweep, document, load(path))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


_MODELS: Mapping[Kind, type[Section]] = {
    "scenario": Scenario,
    "comparison": Comparison,
    "sweep": Sweep,
    "calibration": Calibrate,
    "sensitivity": Sensitivity,
    "design": Design,
}
_READERS: Mapping[Kind, Callable[[Document, Path], Scenario | Study]] = {
    "scenario": scenario_from,
    "comparison": _comparison,
    "sweep": _sweep,
    "calibration": study_files.calibrate_from,
    "sensitivity": study_files.sensitivity_from,
    "design": study_files.design_from,
}
