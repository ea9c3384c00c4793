"""A protocol that was read from a file of another program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oxyshell.language import writing
from oxyshell.language.mistakes import Mistake, ScenarioError


@dataclass(frozen=True)
class Imported:
    """Keys of a scenario, and what the file has besides.

    Attributes:
        protocol: Entries of the protocol, as plain data.
        limits: The section `limits`; empty if there is none.
        left_out: Sentences about what the file has and a protocol of a particle has not.
    """

    protocol: Sequence[Mapping[str, Any]]
    limits: Mapping[str, Any]
    left_out: Sequence[str] = ()

    def to_yaml(self) -> str:
        """Part of a scenario file, with what was left out as comments."""
        comments = "".join(f"# Not taken over: {sentence}\n" for sentence in self.left_out)
        data = {"protocol": list(self.protocol), **({"limits": self.limits} if self.limits else {})}
        return comments + writing.to_yaml(data)


def refuse_all(mistakes: Iterable[Mistake]) -> None:
    """Refuse a file for all its mistakes, if there are any.

    Raises:
        ScenarioError: Unless there are none.
    """
    found = list(mistakes)
    if found:
        raise ScenarioError(found)


def repeated(times: int, steps: Sequence[Any], name: str = "") -> dict[str, Any]:
    """An entry that repeats steps."""
    return {"repeat": {"times": times, **({"name": name} if name else {}), "steps": list(steps)}}


def duration(seconds: float) -> str:
    """A time in the largest unit of which it is a whole number: "5 h"."""
    size, unit = next(
        (size, unit)
        for size, unit in ((3600, "h"), (60, "min"), (1, "s"))
        if seconds % size == 0 or size == 1
    )
    return f"{seconds / size:.12g} {unit}"
