"""Parts of the overpotential V − U(mean content) over the charge taken out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from oxyshell.drawing.style import SMALL, legend_above, letter, new_figure, save, short, system_colours, tidy
from oxyshell.drawing.text import shown
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.models.electrode.figures.loops import Loop, closed_loops
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
_LETTER = 0.065
"""Width of a letter of a title, inches."""
_WIDE = 5.0
_HEIGHT, _LOWER, _MOST_TALL = 1.9, 1.5, 2
"""Height of a row in inches, that of more rows than so many, and these."""


@dataclass(frozen=True, eq=False)
class _Row:
    """A loop, and its name in front of its panels."""

    name: str
    loop: Loop

    def courses(self, direction: int) -> list[Loop]:
        """The steps that charge (1) or discharge (−1), holds among them; consecutive ones are one."""
        groups = itertools.groupby(self.loop.branches, lambda one: np.sign(one.charged - one.discharged))
        return [Loop("", 0, tuple(steps)) for sign, steps in groups if sign == direction]

    def title(self, direction: int) -> str:
        """Words above the panel of a direction."""
        return ": ".join(filter(None, (self.name, _DIRECTIONS[direction])))


def overpotential_figure(systems: Sequence[LabelledLoops], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw the parts of V − U(mean) one on top of the other, positive ones upwards, negative ones downwards.

    Of one system, the first and the last loop; of several, the first loop of each. The
    legend gives the largest value of each part in them.

    Args:
        systems: One or more systems.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not systems:
        raise OutputError("A figure of overpotentials needs at least one system.")
    rows = list(_rows(systems))
    directions = [one for one in _DIRECTIONS if any(row.courses(one) for row in rows)]
    sizes = {part: max(_largest(row.loop, part) for row in rows) for part in _PARTS}
    parts = [part for part, size in sizes.items() if size > _NOTHING_V]
    height = _HEIGHT if len(rows) <= _MOST_TALL else _LOWER
    letters = max(14, int((width / len(directions) - 0.75) / _LETTER))
    titles = {(row, one): shown(row.title(one), width=letters) for row in rows for one in directions}
    lines = max(title.count("\n") for title in titles.values())
    figure = new_figure(width, (height + 0.11 * lines) * len(rows) + 0.8, between=0.06)
    panels = figure.subplots(len(rows), len(directions), sharex=True, squeeze=False)
    for row, line in zip(rows, panels, strict=True):
        for axes, direction in zip(line, directions, strict=True):
            _draw(axes, row.courses(direction), titles[row, direction], parts)
        tidy(line[0], y="V − U(mean) (mV)")
    for axes in panels[-1]:
        tidy(axes, CHARGE_AXIS if width >= _WIDE else CHARGE_AXIS.replace(" since", "\nsince"))
    figure.align_ylabels(panels[:, 0])
    letter([axes for axes in np.ravel(panels) if axes.axison])
    handles = [
        *(Patch(color=_COLOURS[part], alpha=_PALE, label=_named(part, sizes[part])) for part in parts),
        Line2D([], [], color="black", linewidth=1.2, label="sum"),
    ]
    legend_above(figure, handles, width)
    save(figure, path)


def has_overpotentials(loops: Sequence[Loop]) -> bool:
    """Whether any part is there."""
    return any(_largest(loop, part) > _NOTHING_V for loop in loops for part in _PARTS)


def _rows(systems: Sequence[LabelledLoops]) -> Iterator[_Row]:
    for system in systems:
        loops = closed_loops(system.loops)
        several = len(system.loops) > 1
        for loop in loops if len(loops) == 1 else (loops[0], loops[-1])[: 2 if len(systems) == 1 else 1]:
            names = ([system.label] if len(systems) > 1 else []) + ([loop.name] if several else [])
            yield _Row(", ".join(names), loop)


def _largest(loop: Loop, part: str) -> float:
    return float(np.max(np.abs(loop.course(part)), initial=0.0))


def _named(part: str, size: float) -> str:
    """The name of a part with its largest value, which may be too small to be seen."""
    return f"{_PARTS[part]}, up to {short(1e3 * size)} mV"


def _draw(axes: Axes, courses: Sequence[Loop], title: str, parts: Sequence[str]) -> None:
    if not courses:
        axes.set_axis_off()
        return
    for course in courses:
        _stack(axes, course, parts)
    axes.axhline(0.0, color="0.4", linewidth=0.6, zorder=1)
    tidy(axes)
    axes.set_title(title, fontsize=SMALL, loc="left")


def _stack(axes: Axes, steps: Loop, parts: Sequence[str]) -> None:
    """Draw the parts along steps, in mV."""
    charge = steps.course(CAPACITY)
    for part, (lower, upper) in _layers({part: steps.course(part) for part in parts}).items():
        axes.fill_between(charge, lower, upper, color=_COLOURS[part], alpha=_PALE, linewidth=0.0)
        value = upper - lower
        for side in (value > 0, value < 0):
            axes.plot(charge, np.where(side, upper, np.nan), color=_COLOURS[part], linewidth=0.8)
    total = 1e3 * (steps.course(VOLTAGE) - steps.course(OPEN_CIRCUIT))
    axes.plot(charge, total, color="black", linewidth=1.2)


def _layers(parts: Mapping[str, Array]) -> dict[str, tuple[Array, Array]]:
    """Where each part begins and ends, mV: what is positive on what is positive, and likewise downwards."""
    above = below = 0.0 * sum(parts.values())
    found: dict[str, tuple[Array, Array]] = {}
    for part, volts in parts.items():
        value = 1e3 * volts
        start = np.where(value >= 0, above, below)
        found[part] = (start, start + value)
        above, below = above + np.maximum(value, 0.0), below + np.minimum(value, 0.0)
    return found
