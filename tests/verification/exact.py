"""Rows of the verification page that compare one number with an exact one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

type Record = Callable[[dict[str, Any]], None]


def exact_row(
    equation: str, reference: str, figure: str, computed: float, exact: float, allowed: float
) -> dict[str, Any]:
    """A row.

    Args:
        equation: What is solved, and where.
        reference: Where the exact value comes from.
        figure: What is compared, at what moment.
        computed: As the package has it.
        exact: As the reference has it, in the same unit.
        allowed: Relative deviation that the test allows.
    """
    return {
        "kind": "exact",
        "equation": equation,
        "reference": reference,
        "figure": figure,
        "computed": float(computed),
        "exact": float(exact),
        "deviation": abs(float(computed) / float(exact) - 1),
        "allowed": allowed,
    }


def agree(record: Record, row: dict[str, Any]) -> None:
    """Note a row, and insist on what it says is allowed."""
    record(row)
    assert row["deviation"] <= row["allowed"], row
