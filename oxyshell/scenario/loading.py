"""Files and texts to scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from oxyshell.language import documents
from oxyshell.language.documents import Document
from oxyshell.language.kinds import FileKind
from oxyshell.language.mistakes import Mistake, Refusal, ScenarioError
from oxyshell.language.quantities_in_scripts import plain
from oxyshell.language.reporting import validated
from oxyshell.language.sections import Context
from oxyshell.scenario.overrides import places_in
from oxyshell.scenario.protocol.expansion import expanded
from oxyshell.scenario.scenario import Scenario

SCENARIO = FileKind("scenario", "a scenario", "run", hints=frozenset({"particle", "material", "protocol"}))


def load(path: Path | str, kinds: tuple[FileKind, ...] = ()) -> Scenario:
    """Read a scenario file.

    Args:
        path: A YAML file.
        kinds: Kinds of files that messages may name.

    Raises:
        ScenarioError: With every mistake at its line and column.
    """
    return scenario_from(documents.read_file(path), Path(path).parent, kinds)


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


def from_mapping(content: Mapping[str, Any]) -> Scenario:
    """A scenario from the content of a file, as a script has it.

    Args:
        content: Keys and values, also quantities of pint and numbers and arrays of NumPy. Relative paths
            start in the current directory.

    Raises:
        ScenarioError: With every mistake, each with its path.
    """
    try:
        data = plain(content)
    except Refusal as refusal:
        raise ScenarioError([Mistake("scenario", None, None, "", refusal.found, refusal.expected)]) from None
    try:
        return scenario_from(Document("scenario", data, places_in(data)), Path.cwd())
    except ScenarioError as error:
        # There are no lines in a script's mapping.
        raise ScenarioError(replace(mistake, line=None, column=None) for mistake in error.mistakes) from None


def scenario_from(document: Document, folder: Path, kinds: tuple[FileKind, ...] = ()) -> Scenario:
    """A scenario from a parsed document.

    Args:
        document: Text that was read.
        folder: Where relative paths in it start.
        kinds: Kinds of files that messages may name.

    Raises:
        ScenarioError: With every mistake at its line and column.
    """
    return validated(Scenario, expanded(document), Context(folder, kinds), SCENARIO)
