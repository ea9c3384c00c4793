"""Files of studies other than comparisons and sweeps, with the scenarios that they name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oxyshell.language import documents
from oxyshell.language.documents import Document
from oxyshell.language.mistakes import Mistake, ScenarioError, describe
from oxyshell.language.reporting import located, of_kind, validated
from oxyshell.language.sections import Context
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration import file as calibrate
from oxyshell.studies.calibration.file import Calibrate
from oxyshell.studies.design import file as design
from oxyshell.studies.design.file import Design
from oxyshell.studies.sensitivity import file as sensitivity
from oxyshell.studies.sensitivity.file import Sensitivity


def load_calibrate(path: Path | str) -> Calibrate:
    """Read a calibration file and the scenarios that it names, relative to it.

    Raises:
        ScenarioError: With every mistake of the file or of its scenarios, each in its own file.
    """
    return calibrate_from(documents.read_file(path), Path(path).parent)


def load_sensitivity(path: Path | str) -> Sensitivity:
    """Read the file of a sensitivity analysis and the scenario that it names, relative to it.

    Raises:
        ScenarioError: With every mistake of the file or of its scenario, each in its own file.
    """
    return sensitivity_from(documents.read_file(path), Path(path).parent)


def load_design(path: Path | str) -> Design:
    """Read a design file and the scenario that it names, relative to it.

    Raises:
        ScenarioError: With every mistake of the file or of its scenario, each in its own file.
    """
    return design_from(documents.read_file(path), Path(path).parent)


def calibrate_from(document: Document, folder: Path) -> Calibrate:
    """A calibration from a document; raises ScenarioError."""
    read = validated(Calibrate, of_kind("calibration", document), Context(folder))
    scenarios: dict[str, Scenario] = {}
    mistakes: list[Mistake] = []
    for name, system in read.systems.items():
        try:
            scenarios[name] = _scenario(document, folder, system.scenario, "systems", name, "scenario")
        except ScenarioError as error:
            mistakes += error.mistakes
    if mistakes:
        raise ScenarioError(dict.fromkeys(mistakes))
    return calibrate.with_scenarios(read, document, scenarios)


def sensitivity_from(document: Document, folder: Path) -> Sensitivity:
    """A sensitivity analysis from a document; raises ScenarioError."""
    read = validated(Sensitivity, of_kind("sensitivity", document), Context(folder))
    return sensitivity.with_scenario(read, document, _scenario(document, folder, read.scenario, "scenario"))


def design_from(document: Document, folder: Path) -> Design:
    """A design from a document; raises ScenarioError."""
    read = validated(Design, of_kind("design", document), Context(folder))
    return design.with_scenario(read, document, _scenario(document, folder, read.scenario, "scenario"))


def _scenario(document: Document, folder: Path, name: str, *location: Any) -> Scenario:
    path = folder / name
    try:
        found = path.is_file()
    except (OSError, ValueError):
        found = False
    if not found:
        expected = f"a scenario file that exists ({path} does not)"
        raise ScenarioError([located(document, describe(name), expected, *location)])
    return validated(Scenario, of_kind("scenario", documents.read_file(path)), Context(path.parent))
