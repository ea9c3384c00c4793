"""The first, second and last cycle of a run beside each other, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxyshell.outputs.table import Table

_NAMES, _VALUES = 44, 12
"""Letters of a line for the name of a quantity, and for each value."""


def compared(cycles: Table) -> Iterator[str]:
    """Lines of at most 80 letters: a quantity each; none if there are fewer than two cycles.

    Args:
        cycles: The table of cycles; of its columns those are shown that have a label.
    """
    from oxyshell.models import registry
    from oxyshell.models.base.observable import Where

    if cycles.rows < 2:
        return
    chosen = sorted({0, 1, cycles.rows - 1})
    yield _line("cycle", [str(cycles["cycle"][index]) for index in chosen])
    for name, one in registry.observables(Where.CYCLE).items():
        if one.label and name in cycles:
            unit = "" if one.unit == "1" else f" ({one.unit})"
            yield _line(f"{one.label}{unit}", [f"{cycles[name][index]:.5g}" for index in chosen])


def _line(name: str, values: list[str]) -> str:
    return f"{name:<{_NAMES}}{''.join(f'{value:>{_VALUES}}' for value in values)}"
