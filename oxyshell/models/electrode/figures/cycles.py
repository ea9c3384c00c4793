"""Capacity, efficiency and mean voltages against the number of the cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from oxyshell.drawing.cycle_panels import CyclePanels, LabelledCycles
from oxyshell.drawing.style import key_above, legend_above, save
from oxyshell.drawing.text import shown
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.outputs.records import Array
from oxyshell.outputs.table import Table

_MOST_MARKED = 40
"""Cycles up to which each has a marker."""
_HEIGHT = 1.5


@dataclass(frozen=True)
class _Series:
    """A number of every cycle.

    Attributes:
        name: In the legend of its panel.
        column: Column of the table of cycles.
        filled: Whether it is a full line with filled markers, or a broken one with open markers.
        scale: Factor of the column.
    """

    name: str
    column: str
    filled: bool
    scale: float = 1.0


_CHARGE, _DISCHARGE = "charge_mAh_g", "discharge_mAh_g"
_PANELS = {
    "Capacity\n(mA h/g)": (
        _Series("charge", _CHARGE, filled=False),
        _Series("discharge", _DISCHARGE, filled=True),
    ),
    "Efficiency (%)": (
        _Series("coulombic", "coulombic_efficiency", filled=True, scale=100.0),
        _Series("energy", "energy_efficiency", filled=False, scale=100.0),
    ),
    "Mean voltage (V)": (
        _Series("charge", "mean_charge_voltage_V", filled=False),
        _Series("discharge", "mean_discharge_voltage_V", filled=True),
    ),
}


def whole_cycles(label: str, table: Table) -> LabelledCycles:
    """Cycles of a run's table that charge and discharge, not half ones as the pulses of a titration."""
    numbers = table.numbers
    if not {_CHARGE, _DISCHARGE} <= numbers.keys():
        return LabelledCycles(label, {})
    whole = (numbers[_CHARGE] > 0) & (numbers[_DISCHARGE] > 0)
    return LabelledCycles(label, {name: values[whole] for name, values in numbers.items()})


def cycles_figure(systems: Sequence[LabelledCycles], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw capacity, efficiencies and mean voltages of every cycle.

    Args:
        systems: One or more systems, each with several cycles.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    size = (width, _HEIGHT * len(_PANELS) + 0.6)
    panels = CyclePanels.of(systems, "cycles", list(_PANELS), size)
    for axes, series in zip(panels.axes, _PANELS.values(), strict=True):
        for system, colour, marker in panels.looks:
            for one in series:
                _draw(axes, system.columns, one, colour, marker)
        _name(axes, series)
    panels.close()
    if len(systems) > 1:
        handles = [
            Line2D([], [], color=colour, marker=marker, linestyle="", label=shown(system.label))
            for system, colour, marker in panels.looks
        ]
        legend_above(panels.figure, handles, width)
    save(panels.figure, path)


def _draw(axes: Axes, columns: Mapping[str, Array], series: _Series, colour: str, marker: str) -> None:
    cycles = columns["cycle"]
    axes.plot(
        cycles, series.scale * columns[series.column], color=colour, linewidth=1.2, markersize=4.0,
        linestyle="-" if series.filled else "--",
        marker=marker if len(cycles) <= _MOST_MARKED else "",
        markerfacecolor=colour if series.filled else "white",
    )  # fmt: skip


def _name(axes: Axes, series: Sequence[_Series]) -> None:
    handles = [
        Line2D(
            [], [], color="0.3", linewidth=1.2, linestyle="-" if one.filled else "--", marker="o",
            markersize=4.0, markerfacecolor="0.3" if one.filled else "white", label=one.name,
        )
        for one in series
    ]  # fmt: skip
    key_above(axes, handles)
