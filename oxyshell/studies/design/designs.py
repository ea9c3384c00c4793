"""What a design study found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxyshell.studies.design.space import Matrix
from oxyshell.studies.design.verdict import Measure
from oxyshell.studies.engine.batch_runner import Values


@dataclass(frozen=True)
class Checked:
    """A design run again with other values, such as in a solid.

    Attributes:
        name: What it is.
        before: Its objectives as they were found.
        after: Its objectives now.
    """

    name: str
    before: tuple[float, ...]
    after: tuple[float, ...]


@dataclass(frozen=True)
class Designs:
    """What a design study found.

    Attributes:
        name: What it is called.
        measures: The objectives.
        variables: The paths that were chosen.
        values: Values by path of every design that was computed.
        objectives: Their objectives, shape (designs, objectives).
        front: Positions of those that no other one betters, by their first objective.
        reference: Name, values and objectives of what they are set beside.
        winner: Position of the best design that is better than the reference, None if there is none.
        best: Position of the winner, or of the best design if being worse by a margin is allowed; None if not
            even that is there.
        verdict: Which one that is and by how much, in words.
        checked: The best one and the reference run again.
        check: The values that this was done with.
        failed: Designs that could not be computed, and why.
        remarks: What a reader has to know, of each run.
        path: The folder, or None.
    """

    name: str
    measures: tuple[Measure, ...]
    variables: tuple[str, ...]
    values: tuple[Values, ...]
    objectives: Matrix
    front: tuple[int, ...]
    reference: tuple[str, Values, tuple[float, ...]]
    winner: int | None
    best: int | None
    verdict: str
    checked: tuple[Checked, ...]
    check: Values
    failed: tuple[tuple[Values, str], ...]
    remarks: tuple[tuple[str, ...], ...]
    path: Path | None


def in_words(values: Values) -> str:
    """Values by path, in words."""
    return ", ".join(f"{path} = {short(value)}" for path, value in values.items())


def short(value: Any) -> str:
    """A value with four digits."""
    match value:
        case float():
            return f"{value:.4g}"
        case str():
            number, space, unit = value.partition(" ")
            try:
                return f"{float(number):.4g}{space}{unit}"
            except ValueError:
                return value
    return str(value)
