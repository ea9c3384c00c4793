"""Files to scenarios and to the studies that are made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from oxyshell.inputs import documents, study_files
from oxyshell.inputs.calibrate import Calibrate
from oxyshell.inputs.comparison import Comparison
from oxyshell.inputs.comparison_checks import with_scenarios
from oxyshell.inputs.design import Design
from oxyshell.inputs.documents import Document
from oxyshell.inputs.kinds import Kind, kind_of
from oxyshell.inputs.mistakes import Mistake, ScenarioError, describe
from oxyshell.inputs.reporting import located, of_kind, validated
from oxyshell.inputs.scenario import Scenario
from oxyshell.inputs.sections import Context, Section
from oxyshell.inputs.sensitivity import Sensitivity
from oxyshell.inputs.sweep import Sweep, with_scenario

type Study = Comparison | Sweep | Calibrate | Sensitivity | Design
"""What a file can hold besides a scenario."""


def load(path: Path | str) -> Scenario:
    """Read a scenario file.

    Raises:
        ScenarioError: With every mistake at its line and column.
    """
    return _scenario(documents.read_file(path), Path(path).parent)


def loads(text: str, name: str = "<string>", folder: Path | None = None) -> Scenario:
    """Read a scenario from text.

    Args:
        text: YAML.
        name: What stands for the file in messages.
        folder: Where relative paths start; the current directory by default.

    Raises:
        ScenarioError: With every mistake at its line and column.
    """
    return _scenario(documents.parse(text, name), folder or Path.cwd())


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
    return next(kind for kind, model in _MODELS.items() if type(found) is model)


def _scenario(document: Document, folder: Path) -> Scenario:
    return validated(Scenario, of_kind("scenario", document), Context(folder))


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
    "scenario": _scenario,
    "comparison": _comparison,
    "sweep": _sweep,
    "calibration": study_files.calibrate_from,
    "sensitivity": study_files.sensitivity_from,
    "design": study_files.design_from,
}
