"""YAML text as plain data that remembers where everything stands."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from oxyshell.language.mistakes import Mistake, ScenarioError, describe, dotted

type Location = tuple[str | int, ...]

_LARGEST_FILE = 500_000
_MOST_NODES = 100_000
_DEEPEST = 50
_TAG = "tag:yaml.org,2002:"


WHOLE = "a text of whole characters, without NUL (\\0)"
"""Every text has to be such a one, since files of results cannot hold another."""


def whole(text: str) -> str:
    """The text, if files of results can hold it; the halves of a character, as JSON escapes it, are joined.

    Raises:
        ValueError: If it has half a character or NUL.
    """
    if "\0" in text:
        raise ValueError(text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


@dataclass(frozen=True)
class KeySpan:
    """Beginning of a key and of its value: lines and columns from 1 (a list entry is its own key).

    Attributes:
        key: Of the key.
        value: Of the value.
        text: Of the characters of a text, after its quotation mark; None where they do not stand in the file
            one after the other.
        taken_from: What the value was taken from that this place names; empty for a value that stands here.
    """

    key: tuple[int, int]
    value: tuple[int, int]
    text: tuple[int, int] | None = None
    taken_from: str = ""

    @property
    def value_start(self) -> tuple[int, int]:
        """The place to name for the value: that of its key, if the value begins in a later line."""
        return self.value if self.value[0] == self.key[0] else self.key


@dataclass(frozen=True)
class Document:
    """A YAML document.

    Attributes:
        name: The file's name for messages.
        data: Mappings, lists, texts, numbers, booleans and None.
        places: KeySpan of each entry of the data, by its path; of the whole document under ().
    """

    name: str
    data: Any
    places: dict[Location, KeySpan]

    def place(self, location: Location) -> tuple[Location, KeySpan]:
        """The place of an entry, or of the deepest entry above it that exists."""
        while location not in self.places:
            location = location[:-1]
        return location, self.places[location]


def read_file(path: Path | str) -> Document:
    """Read a YAML file.

    Raises:
        ScenarioError: If it cannot be read, or is no YAML.
    """
    return parse(read_text(path), str(Path(path)))


def read_text(path: Path | str) -> str:
    """Read a text file.

    Raises:
        ScenarioError: If it cannot be read, is too large, or is not UTF-8.
    """
    path = Path(path)
    name = str(path)
    try:
        if path.is_dir():
            raise _unreadable(name, "a directory")
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise _unreadable(name, "no such file") from None
    except (OSError, ValueError) as error:
        raise _unreadable(name, f"a file that cannot be read ({error})") from error
    if len(content) > _LARGEST_FILE:
        raise _unreadable(name, f"a file of more than {_LARGEST_FILE} bytes")
    return decode(content, name)


def decode(content: bytes, name: str) -> str:
    """The text of a file; raises ScenarioError where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line, column = before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1
        found = f"the byte 0x{content[error.start]:02x}, which is not UTF-8"
        raise ScenarioError([Mistake(name, line, column, "", found, "a text file in UTF-8")]) from error


def parse(text: str, name: str) -> Document:
    """Read YAML text.

    Args:
        text: One YAML 1.2 document.
        name: Name of the file in messages.

    Raises:
        ScenarioError: If the text is no YAML, or has a key twice.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ReusedAnchorWarning)
            node = YAML(typ="safe", pure=True).compose(text)
    except ReusedAnchorWarning as warning:
        raise _refused(name, "an anchor that is defined twice", "one of each") from warning
    except MarkedYAMLError as error:
        raise ScenarioError([_syntax(error, name)]) from error
    except ReaderError as error:
        found = f"the character U+{error.character:04X}, which YAML does not allow"
        raise ScenarioError([Mistake(name, *_at(text, error.position), "", found, WHOLE)]) from error
    except RecursionError as error:
        raise _refused(name, "brackets nested too deeply", "a scenario") from error
    except (YAMLError, ValueError, LookupError, AttributeError, TypeError, AssertionError) as error:
        # ruamel.yaml has no single base for what it raises on broken directives and control characters.
        summary = " ".join(str(error).split())
        raise _refused(name, f"text that is not YAML ({summary})", "YAML") from error
    if node is None:
        raise _refused(name, "an empty file", "a mapping of keys to values")
    builder = _Builder(name)
    data = builder.build(node, ())
    builder.places[()] = KeySpan(_start(node), _start(node))
    if builder.mistakes:
        raise ScenarioError(builder.mistakes)
    return Document(name, data, builder.places)


def _at(text: str, position: int) -> tuple[int, int]:
    """Line and column of a character, from 1."""
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1


def _refused(name: str, found: str, expected: str) -> ScenarioError:
    """A mistake of a text as a whole."""
    return ScenarioError([Mistake(name, 1, 1, "", found, expected)])


def _unreadable(name: str, found: str) -> ScenarioError:
    return ScenarioError([Mistake(name, None, None, "", found, "a YAML file")])


def _syntax(error: MarkedYAMLError, name: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = " ".join(f"{error.problem or error.context or 'no document'}".split())
    context = f" ({error.context})" if error.context and error.problem else ""
    found = f"text that is not YAML: {problem.removeprefix('found ')}{context}"
    return Mistake(name, line, column, "", found, "YAML")


def _start(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _text_start(node: Node) -> tuple[int, int] | None:
    """The first character of a text that stands in the file as it is."""
    if not isinstance(node, ScalarNode) or node.start_mark.line != node.end_mark.line:
        return None
    line, column = _start(node)
    opening = 1 if node.style in ("'", '"') else 0
    as_it_is = node.end_mark.column - node.start_mark.column == len(node.value) + 2 * opening
    return (line, column + opening) if as_it_is else None


@dataclass
class _Builder:
    """Turns ruamel's nodes into plain data and notes places and mistakes on the way."""

    name: str
    places: dict[Location, KeySpan] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    nodes: int = 0

    def build(self, node: Node, location: Location) -> Any:
        self.nodes += 1
        # Aliases can make a small file endless.
        if self.nodes > _MOST_NODES or len(location) > _DEEPEST:
            mistake = self._mistake(
                node, location, "more than a scenario can hold", "fewer or less nested entries"
            )
            raise ScenarioError([mistake])
        match node:
            case MappingNode():
                return self._mapping(node, location)
            case SequenceNode():
                return self._sequence(node, location)
            case _:
                return self._scalar(node, location)

    def _mapping(self, node: MappingNode, location: Location) -> dict[str | int, Any]:
        self._check_tag(node, location, "map")
        data: dict[str | int, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self.mistakes.append(self._mistake(key_node, location, "a key that is no text", "a key"))
                continue
            try:
                key = whole(key_node.value)
            except ValueError:
                found = f"the key {describe(key_node.value)}"
                self.mistakes.append(self._mistake(key_node, location, found, WHOLE))
                continue
            here = (*location, key)
            if key in data:
                first = self.places[here].key[0]
                found = f"the key '{key}' a second time (first in line {first})"
                self.mistakes.append(self._mistake(key_node, here, found, "each key once"))
                continue
            self.places[here] = KeySpan(_start(key_node), _start(value_node), _text_start(value_node))
            data[key] = self.build(value_node, here)
        return data

    def _sequence(self, node: SequenceNode, location: Location) -> list[Any]:
        self._check_tag(node, location, "seq")
        data = []
        for index, entry in enumerate(node.value):
            here = (*location, index)
            self.places[here] = KeySpan(_start(entry), _start(entry), _text_start(entry))
            data.append(self.build(entry, here))
        return data

    def _scalar(self, node: Node, location: Location) -> Any:
        text = node.value
        kind = str(node.tag).removeprefix(_TAG)
        try:
            match kind:
                case "null":
                    return None
                case "bool":
                    return text.lower() == "true"
                case "int":
                    return _integer(text)
                case "float":
                    return _real(text)
                case "str" | "timestamp" | "value" | "merge":
                    return whole(text)
        except ValueError:
            expected = WHOLE if kind == "str" else "a number"
            self.mistakes.append(self._mistake(node, location, describe(text), expected))
            return None
        self.mistakes.append(self._mistake(node, location, f"the tag '{node.tag}'", "no tag"))
        return None

    def _check_tag(self, node: Node, location: Location, kind: str) -> None:
        if str(node.tag) != _TAG + kind:
            self.mistakes.append(self._mistake(node, location, f"the tag '{node.tag}'", "no tag"))

    def _mistake(self, node: Node, location: Location, found: str, expected: str) -> Mistake:
        return Mistake(self.name, *_start(node), dotted(location), found, expected)


def _integer(text: str) -> int | float:
    digits = text.replace("_", "")
    if digits.lstrip("+-").startswith(("0x", "0o", "0b")):
        return int(digits, 0) if len(digits) <= 18 else math.inf
    # Numbers far beyond any use become infinite, and are refused as such.
    return int(digits) if len(digits) <= 18 else float(digits)


def _real(text: str) -> float:
    digits = text.replace("_", "").lower()
    return float(digits.replace(".inf", "inf").replace(".nan", "nan"))
