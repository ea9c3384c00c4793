"""Results and scenarios that a function is given, themselves or by their place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oxyshell.errors import InputError
from oxyshell.running.run_result import RunResult
from oxyshell.scenario.loading import from_mapping
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.examples import or_shipped
from oxyshell.studies.registry import load_scenario


def scenario_of(source: Scenario | str | Path | Mapping[str, Any]) -> Scenario:
    """A scenario, its file, or its content as a mapping.

    Raises:
        ScenarioError: With every mistake.
    """
    found = scenario_or_file(source)
    return load_scenario(found) if isinstance(found, Path) else found


def scenario_or_file(source: Scenario | str | Path | Mapping[str, Any]) -> Scenario | Path:
    """A scenario, also from its content as a mapping, or a file of one or of a study.

    Raises:
        ScenarioError: With every mistake of a mapping.
    """
    match source:
        case str() | Path():
            return or_shipped(source)
        case Mapping():
            return from_mapping(source)
        case _:
            return source


def run_of(source: RunResult | str | Path) -> RunResult:
    """A run, or that of a folder.

    Raises:
        OutputError: If there is no run in the folder.
    """
    return RunResult.read(Path(source)) if isinstance(source, str | Path) else source


def folder_of(source: Any) -> Path:
    """The folder of a result, or the folder itself.

    Raises:
        InputError: If the result has none.
    """
    path = source if isinstance(source, str | Path) else source.path
    if path is None:
        raise InputError(
            "found a result without a folder, expected one that was written: run(..., out=FOLDER)"
        )
    return Path(path)
