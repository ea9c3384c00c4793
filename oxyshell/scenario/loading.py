"""Files and texts to scenarios."""

from __future__ import annotations

from pathlib import Path

from oxyshell.language import documents
from oxyshell.language.documents import Document
from oxyshell.language.reporting import of_kind, validated
from oxyshell.language.sections import Context
from oxyshell.scenario.scenario import Scenario


def load(path: Path | str) -> Scenario:
    """Read a scenario file.

    Raises:
        ScenarioError: With every mistake at its line and column.
    """
    return scenario_from(documents.read_file(path), Path(path).parent)


def loads(text: str, name: str = "<string>", folder: Path | None = None) -> Scenario:
    """Read a scenario from text.

    Args:
        text: YAML.
        name: Name of the text in messages.
        folder: Start of relative paths; the current directory by default.

    Raises:
        ScenarioError: With every mistake at its line and column.
    """
    return scenario_from(documents.parse(text, name), folder or Path.cwd())


def scenario_from(document: Document, folder: Path) -> Scenario:
    """A scenario from a parsed document; relative paths in it start at a folder.

    Raises:
        ScenarioError: With every mistake at its line and column.
    """
    return validated(Scenario, of_kind("scenario", document), Context(folder))
