"""Experiments of PyBaMM as texts: "Charge at C/10 until 4.8 V", a list of them being a cycle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from oxyshell.language.documents import Document
from oxyshell.language.mistakes import Mistake, describe
from oxyshell.language.reporting import located
from oxyshell.scenario.importing.imported import Imported, refuse_all, repeated
from oxyshell.scenario.protocol import texts

# As a whole, so that a message shows all of it.
_NUMBER = r"(?<![\w.])\d+(?:\.\d*)?(?:e[+-]?\d+)?"
_PERIOD = re.compile(r"\s*\(([^)]*)\s+period\)\s*$")
_NO_COUNTERPART = (
    (re.compile(rf"{_NUMBER}\s*m?W(?!\S)"), "a power"),
    (re.compile(rf"{_NUMBER}\s*(k|m)?(ohms?|Ω|Ω)(?!\S)", re.IGNORECASE), "a resistance"),
    (re.compile(rf"{_NUMBER}\s*(m|u)?A(?!\S)"), "the current of a whole cell"),
    (re.compile(rf"{_NUMBER}\s*(m)?A\.?h(?!\S)"), "a capacity of a whole cell"),
    (re.compile(rf"{_NUMBER}\s*(oC|°C|degC|K)(?!\S)"), "a temperature"),
    (re.compile(r"^\s*Run\b", re.IGNORECASE), "a drive cycle"),
)
_EXPECTED = "a rate such as 'C/10', a voltage or a time: it has no counterpart here"


def read_strings(document: Document, entries: Sequence[Any]) -> Imported:
    """The protocol of a list.

    Args:
        document: The file.
        entries: Texts, and lists of texts, each of which is a cycle; equal ones in a row are one repeat.

    Raises:
        ScenarioError: With every text that has no counterpart, at its line.
    """
    mistakes: list[Mistake] = []
    reading = _Reading(document)
    protocol: list[dict[str, Any]] = []
    for index, entry in enumerate(entries):
        if isinstance(entry, list):
            if not entry:
                mistakes.append(located(document, "an empty list", "the steps of a cycle", index))
            steps = [reading.step(text, index, number) for number, text in enumerate(entry)]
            _add_cycle(protocol, steps)
        else:
            protocol.append(reading.step(entry, index))
    refuse_all([*mistakes, *reading.mistakes])
    return Imported(protocol, {}, list(dict.fromkeys(reading.left_out)))


@dataclass
class _Reading:
    """Texts of a file as far as they are read.

    Attributes:
        document: The file.
        mistakes: Texts without a counterpart.
        left_out: Sentences about what has none and changes no result.
    """

    document: Document
    mistakes: list[Mistake] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def step(self, text: Any, *place: int) -> dict[str, Any]:
        """The typed form of a text; empty for one that is refused."""
        if not isinstance(text, str):
            found = located(self.document, describe(text), "a text such as 'Rest for 1 hour'", *place)
            self.mistakes.append(found)
            return {}
        try:
            _refuse_without_counterpart(text)
            return texts.parse(self._without_period(text)).data
        except texts.TextRefusal as wrong:
            found = located(self.document, wrong.found, wrong.expected, *place, offset=wrong.offset)
            self.mistakes.append(found)
            return {}

    def _without_period(self, text: str) -> str:
        period = _PERIOD.search(text)
        if period is None:
            return text
        self.left_out.append(f"a period of {describe(period[1])} between outputs; see output.at.")
        return text[: period.start()]


def _refuse_without_counterpart(text: str) -> None:
    for pattern, words in _NO_COUNTERPART:
        if found := pattern.search(text):
            raise texts.TextRefusal(f"{words}, {describe(found[0])}", _EXPECTED, found.start())


def _add_cycle(protocol: list[dict[str, Any]], steps: list[dict[str, Any]]) -> None:
    """Add a cycle: once more the one before if it is the same."""
    before = protocol[-1].get("repeat") if protocol else None
    if before is not None and before["steps"] == steps:
        before["times"] += 1
    else:
        protocol.append(repeated(1, steps))
