"""Rows of figures, each against its floor and its target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_HEADINGS = (
    "case", "unknowns", "steps", "rejected", "seconds", "of", "compared with", "its seconds", "ratio",
    "target", "", "memory MB", "note",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        case: What ran.
        seconds: How long `of` took.
        of: "process", "run", "step", ...
        unknowns: Degrees of freedom.
        steps: Accepted steps.
        rejected: Rejected steps.
        floor: What the time is compared with.
        floor_seconds: How long that took in the same run.
        target: Largest ratio of the two that was aimed at.
        measured: The number that the target is about, where it is no ratio of times.
        megabytes: Largest resident memory of the process.
        note: Anything else.
    """

    case: str
    seconds: float | None = None
    of: str = ""
    unknowns: int | None = None
    steps: int | None = None
    rejected: int | None = None
    floor: str = ""
    floor_seconds: float | None = None
    target: float | None = None
    measured: float | None = None
    megabytes: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        if self.seconds is None or self.floor_seconds is None:
            return self.measured
        return self.seconds / self.floor_seconds

    @property
    def verdict(self) -> str:
        if self.ratio is None or self.target is None:
            return ""
        return "met" if self.ratio <= self.target else "missed"

    def cells(self) -> tuple[str, ...]:
        return (
            self.case, _number(self.unknowns), _number(self.steps), _number(self.rejected),
            _number(self.seconds), self.of, self.floor, _number(self.floor_seconds), _number(self.ratio),
            "" if self.target is None else f"≤ {self.target:g}", self.verdict,
            _number(self.megabytes and round(self.megabytes)), self.note,
        )  # fmt: skip


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a table that reads well as text and in Markdown."""
    lines: list[Sequence[str]] = [_HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(_HEADINGS))]
    lines.insert(1, ["-" * width for width in widths])
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in padded)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.3g}"
