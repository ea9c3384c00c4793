"""Remarks of many runs: each text once, with the number of runs that it concerns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

MOST = 10
"""Largest number of texts in the terminal or on a page."""
# Runs with other values have other numbers in the same words.
_NUMBER = re.compile(r"\d[\d.,]*(e[+-]?\d+)?( (years|days|h|min|s|ms|µs|ns|ps)\b)?")

type Remarks = Sequence[str]
"""Of one run."""


@dataclass(frozen=True)
class Remark:
    """A remark about one or more runs.

    Attributes:
        text: In the words of the first run.
        runs: Number of runs that have it.
        literally: Number of them that have it in these very words; the others have other numbers.
    """

    text: str
    runs: int
    literally: int

    def sentence(self, total: int, noun: str) -> str:
        """The text, and how many runs of a study it concerns.

        Args:
            total: Number of runs.
            noun: Name of several runs: "points".
        """
        if total == 1:
            return self.text
        of = f"of {total} {noun}"
        if self.literally < self.runs:
            others = self.runs - self.literally
            return f"{self.text} (In these words in {self.literally}, with other numbers in {others} {of}.)"
        return f"{self.text} ({f'All {total} {noun}' if self.runs == total else f'{self.runs} {of}'}.)"

    def to_data(self) -> dict[str, object]:
        """As a study's JSON has it."""
        return {"text": self.text, "points": self.runs, "in_these_words": self.literally}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """From a study's JSON."""
        return cls(data["text"], data["points"], data["in_these_words"])


def tallied(remarks: Sequence[Remarks]) -> list[Remark]:
    """All different remarks of some runs, those that concern most of them first.

    Texts that differ in nothing but numbers are one remark.

    Args:
        remarks: Of each run.
    """
    alike: dict[str, dict[str, int]] = {}
    for texts in remarks:
        for text in texts:
            same = alike.setdefault(without_numbers(text), {})
            same[text] = same.get(text, 0) + 1
    found = []
    for same in alike.values():
        text, literally = next(iter(same.items()))
        found.append(Remark(text, sum(same.values()), literally))
    return sorted(found, key=lambda one: -one.runs)


def render(remarks: Sequence[Remarks], where: str, noun: str = "points") -> Iterator[str]:
    """Lines for the terminal: at most ten remarks, and where to read the others.

    Args:
        remarks: Of each run.
        where: File or column that has all of them.
        noun: Name of several runs.
    """
    return told(tallied(remarks), len(remarks), where, noun)


def told(remarks: Sequence[Remark], runs: int, where: str, noun: str) -> Iterator[str]:
    """The lines of `render` for remarks that are tallied.

    Args:
        remarks: All different ones.
        runs: Number of runs.
        where: File or column that has all of them.
        noun: Name of several runs.
    """
    return limited([one.sentence(runs, noun) for one in remarks], where)


def limited(texts: Sequence[str], where: str) -> Iterator[str]:
    """Lines for the terminal: at most ten texts, and where to read the others.

    Args:
        texts: All of them.
        where: File or column that has all of them.
    """
    yield from (f"- {text}" for text in texts[:MOST])
    if len(texts) > MOST:
        yield f"- and {len(texts) - MOST} more remarks: see {where}"


def without_numbers(text: str) -> str:
    """A text without its numbers, and without units of times behind them: equal for texts that are alike."""
    return _NUMBER.sub("#", text)


def of_summary(summary: Mapping[str, object]) -> tuple[str, ...]:
    """The remarks that a run's summary has; those of older versions have none."""
    found = summary.get("remarks", ())
    return tuple(f"{remark}" for remark in found) if isinstance(found, list | tuple) else ()
