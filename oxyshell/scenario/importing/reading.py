"""Files of other programs, whichever kind they are of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from oxyshell.language import documents
from oxyshell.language.documents import Document, KeySpan, Location
from oxyshell.language.mistakes import Mistake, ScenarioError, describe
from oxyshell.scenario.importing.experiment_strings import read_strings
from oxyshell.scenario.importing.imported import Imported
from oxyshell.scenario.importing.unicycler import METHOD, read_unicycler

_EXPECTED = (
    "a file of aurora-unicycler (JSON with 'method'), or texts such as 'Charge at C/10 until 4.8 V', one in "
    "each line or as a list"
)


def read_protocol(path: Path) -> Imported:
    """Read a protocol of another program.

    Args:
        path: JSON or YAML with steps of aurora-unicycler; JSON or YAML with a list of experiment strings of
            PyBaMM; or such strings, one in each line.

    Raises:
        ScenarioError: With everything that has no counterpart, at its line.
    """
    if path.suffix.lower() not in (".json", ".yaml", ".yml"):
        document = _lines(path)
        return read_strings(document, document.data)
    document = documents.read_file(path)
    match document.data:
        case list() as entries if entries:
            return read_strings(document, entries)
        case Mapping() as data if METHOD in data:
            return read_unicycler(document)
        case other:
            raise ScenarioError([Mistake(document.name, 1, 1, "", describe(other), _EXPECTED)])


def _lines(path: Path) -> Document:
    """The lines of a text file as a list; quotation marks and commas around them are those of a program."""
    data: list[str] = []
    places: dict[Location, KeySpan] = {(): KeySpan((1, 1), (1, 1))}
    for number, line in enumerate(documents.read_text(path).splitlines(), start=1):
        text = line.strip().rstrip(",").strip("\"'")
        if text and not text.startswith("#"):
            here = (number, line.index(text) + 1)
            places[(len(data),)] = KeySpan(here, here, here)
            data.append(text)
    if not data:
        raise ScenarioError([Mistake(str(path), 1, 1, "", "an empty file", _EXPECTED)])
    return Document(str(path), data, places)
