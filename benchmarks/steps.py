"""Rows about the time of one step."""

from __future__ import annotations

from typing import Any

from benchmarks.process import Outcome
from benchmarks.table import Row


def step_row(
    case: str, outcome: Outcome, floor: str, floor_seconds: float, note: str = "", **more: Any
) -> Row:
    """Seconds per accepted step: rejected attempts, stresses and balance of every step included."""
    found = outcome.found
    solving = f"{100 * found['attempts_s'] / found['run_s']:.0f} % of it solving"
    return Row(
        case=case, seconds=found["run_s"] / found["steps"], of="step", unknowns=found["unknowns"],
        steps=found["steps"], rejected=found["rejected"], floor=floor, floor_seconds=floor_seconds,
        megabytes=outcome.megabytes, note="; ".join(part for part in (solving, note) if part), **more,
    )  # fmt: skip
