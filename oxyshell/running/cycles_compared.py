"""The first, second and last cycle of a run beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxyshell.presentation.numbers import duration, with_unit
from oxyshell.presentation.table import RIGHT, Table

if TYPE_CHECKING:
    from oxyshell.outputs.table import Table as Columns

_DIGITS = 5


def compared(cycles: Columns) -> Iterator[Table]:
    """A table with a row for each quantity; none if there are fewer than two cycles.

    Args:
        cycles: The table of cycles; of its columns those are shown that are marked for it.
    """
    from oxyshell.models import registry
    from oxyshell.models.base.observable import Where

    if cycles.rows < 2:
        return
    chosen = sorted({0, 1, cycles.rows - 1})
    rows = [
        (one.label, *(_text(float(cycles[name][index]), one.unit) for index in chosen))
        for name, one in registry.observables(Where.CYCLE).items()
        if one.told and name in cycles
    ]
    numbers = (f"{RIGHT}cycle {cycles['cycle'][index]:.0f}" for index in chosen)
    yield Table("Cycles", ("quantity", *numbers), rows)


def _text(value: float, unit: str) -> str:
    return duration(value) if unit == "s" else with_unit(value, unit, _DIGITS)
