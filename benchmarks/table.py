"""Rows of figures, each against its floor, its target and its limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

_HEADINGS = (
    "case", "of", "compared with", "ratio", "target", "", "limit", "seconds", "its seconds", "unknowns",
    "steps", "rejected", "memory MB", "note",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        case: What ran; the same in every run, like `of` and `floor`: the three name the row in the history.
        of: "process", "run", "step", ...
        floor: What it is compared with.
        seconds: How long `of` took.
        floor_seconds: How long what it is compared with took in the same run.
        measured: The number that the target is about, where it is no ratio of times.
        target: The ratio that is aimed at.
        limit: The ratio that cannot be passed, estimated.
        at_least: Whether the ratio is to reach the target, instead of staying below it.
        noise: By which share of itself the ratio differed between repetitions in this run.
        unknowns: Degrees of freedom.
        steps: Accepted steps.
        rejected: Rejected steps.
        megabytes: Largest resident memory of the process.
        note: Anything else.
        unmeasured: Why there is no figure; empty where there is one.
    """

    case: str
    of: str = ""
    floor: str = ""
    seconds: float | None = None
    floor_seconds: float | None = None
    measured: float | None = None
    target: float | None = None
    limit: float | None = None
    at_least: bool = False
    noise: float | None = None
    unknowns: int | None = None
    steps: int | None = None
    rejected: int | None = None
    megabytes: float | None = None
    note: str = ""
    unmeasured: str = ""

    @property
    def name(self) -> str:
        """The row's name in the history."""
        return ", ".join(part for part in (self.case, self.of, self.floor) if part)

    @property
    def ratio(self) -> float | None:
        if self.seconds is None or self.floor_seconds is None:
            return self.measured
        return self.seconds / self.floor_seconds

    @property
    def verdict(self) -> str:
        if self.unmeasured:
            return "NOT MEASURED"
        if self.ratio is None or self.target is None:
            return ""
        reached = self.ratio >= self.target if self.at_least else self.ratio <= self.target
        return "met" if reached else "missed"

    def cells(self) -> tuple[str, ...]:
        sign = "≥" if self.at_least else "≤"
        return (
            self.case, self.of, self.floor, _number(self.ratio),
            "" if self.target is None else f"{sign} {self.target:g}", self.verdict, _number(self.limit),
            _number(self.seconds), _number(self.floor_seconds), _number(self.unknowns), _number(self.steps),
            _number(self.rejected), _number(self.megabytes and round(self.megabytes)),
            "; ".join(part for part in (self.unmeasured, self.note) if part),
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """The row with what follows from it, without what it has not."""
        every = asdict(self) | {"ratio": self.ratio, "verdict": self.verdict}
        return {
            name: value
            for name, value in every.items()
            if value is not None and value is not False and value != ""
        }

    @classmethod
    def of_json(cls, found: Mapping[str, Any]) -> Row:
        """The row that `as_json` has written."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in found.items() if name in known})


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a table that reads well as text and in Markdown, without empty columns."""
    lines: list[Sequence[str]] = [row.cells() for row in rows]
    kept = [
        i for i, heading in enumerate(_HEADINGS) if heading in _HEADINGS[:4] or any(line[i] for line in lines)
    ]
    table = [[line[i] for i in kept] for line in (_HEADINGS, *lines)]
    widths = [max(len(line[i]) for line in table) for i in range(len(kept))]
    table.insert(1, ["-" * max(width, 3) for width in widths])
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in table)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in padded)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.3g}"
