"""Parts of the overpotential V − U(mean content) over the charge taken out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from oxyshell.drawing.style import SMALL, legend_above, new_figure, save, system_colours, tidy
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.models.electrode.figures.loops import Branch, Loop
from oxyshell.models.electrode.figures.traces import LabelledLoops
from oxyshell.models.electrode.figures.voltage import CHARGE_AXIS
from oxyshell.models.electrode.observables import CAPACITY, OPEN_CIRCUIT, VOLTAGE
from oxyshell.outputs.records import Array

_PARTS = {
    "kinetic_overpotential_V": "kinetics",
    "film_overpotential_V": "film",
    "stress_overpotential_V": "stress",
    "concentration_overpotential_V": "concentration",
}
_COLOURS = dict(zip(_PARTS, system_colours(len(_PARTS)), strict=True))
_NOTHING_V = 1e-6
"""A part below this all the way is not drawn."""
_DIRECTIONS = {1: "charge", -1: "discharge"}
_PALE = 0.55


@dataclass(frozen=True, eq=False)
class _Row:
    """A loop, and its name in front of its panels."""

    name: str
    loop: Loop

    def branches(self, direction: int) -> list[Branch]:
        """The steps that charge (1) or discharge (−1), holds among them."""
        return [one for one in self.loop.branches if np.sign(one.charged - one.discharged) == direction]


def overpotential_figure(systems: Sequence[LabelledLoops], path: Path) -> None:
    """Draw the parts of V − U(mean) one on top of the other, positive ones upwards, negative ones downwards.

    Of one system, the first and the last loop; of several, the last loop of each.

    Args:
        systems: One or more systems.
        path: The PNG.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not systems:
        raise OutputError("A figure of overpotentials needs at least one system.")
    rows = list(_rows(systems))
    directions = [one for one in _DIRECTIONS if any(row.branches(one) for row in rows)]
    parts = [part for part in _PARTS if _seen(rows, part)]
    width = 1.0 + 4.0 * len(directions)
    figure = new_figure(width, 2.4 * len(rows) + 0.9, between=0.08)
    panels = figure.subplots(len(rows), len(directions), sharex=True, squeeze=False)
    for index, (row, line) in enumerate(zip(rows, panels, strict=True)):
        for axes, direction in zip(line, directions, strict=True):
            for branch in row.branches(direction):
                _stack(axes, branch, parts)
            axes.axhline(0.0, color="0.4", linewidth=0.6, zorder=1)
            tidy(axes)
            named = " · ".join(filter(None, (row.name, _DIRECTIONS[direction])))
            axes.set_title(shown(named), fontsize=SMALL, loc="left")
        tidy(line[0], y="V − U(mean) (mV)")
        if index == len(rows) - 1:
            for axes in line:
                tidy(axes, CHARGE_AXIS)
    handles = [
        *(Patch(color=_COLOURS[part], alpha=_PALE, label=_PARTS[part]) for part in parts),
        Line2D([], [], color="black", linewidth=1.2, label="sum"),
    ]
    legend_above(figure, handles, width)
    save(figure, path)


def has_overpotentials(loops: Sequence[Loop]) -> bool:
    """Whether any part is there."""
    return any(_seen([_Row("", loop)], part) for loop in loops for part in _PARTS)


def _rows(systems: Sequence[LabelledLoops]) -> Iterator[_Row]:
    if len(systems) == 1:
        loops = systems[0].loops
        chosen = [loops[0]] if len(loops) == 1 else [loops[0], loops[-1]]
        yield from (_Row(loop.name if len(loops) > 1 else "", loop) for loop in chosen)
        return
    for system in systems:
        last = system.loops[-1]
        yield _Row(", ".join([system.label, *([last.name] if len(system.loops) > 1 else [])]), last)


def _seen(rows: Sequence[_Row], part: str) -> bool:
    return any(np.max(np.abs(row.loop.course(part)), initial=0.0) > _NOTHING_V for row in rows)


def _stack(axes: Axes, branch: Branch, parts: Sequence[str]) -> None:
    """Draw the parts of a step, in mV."""
    charge, history = branch.history[CAPACITY], branch.history
    for part, (lower, upper) in _layers(history, parts).items():
        axes.fill_between(charge, lower, upper, color=_COLOURS[part], alpha=_PALE, linewidth=0.0)
    total = 1e3 * (history[VOLTAGE] - history[OPEN_CIRCUIT])
    axes.plot(charge, total, color="black", linewidth=1.2)


def _layers(history: Mapping[str, Array], parts: Sequence[str]) -> dict[str, tuple[Array, Array]]:
    """Where each part begins and ends, mV: what is positive on what is positive, and likewise downwards."""
    above, below = np.zeros_like(history[VOLTAGE]), np.zeros_like(history[VOLTAGE])
    found: dict[str, tuple[Array, Array]] = {}
    for part in parts:
        value = 1e3 * history[part]
        start = np.where(value >= 0, above, below)
        found[part] = (start, start + value)
        above, below = above + np.maximum(value, 0.0), below + np.minimum(value, 0.0)
    return found
