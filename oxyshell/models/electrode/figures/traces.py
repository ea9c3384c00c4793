"""The lines of a figure of loops: which loops of which runs are drawn, and in which colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from oxyshell.drawing.sequence import bar_of_names, ordered_colours
from oxyshell.drawing.style import legend_above, paler, system_colours, system_styles
from oxyshell.drawing.text import shown
from oxyshell.models.electrode.figures.loops import REST, Branch, Loop, choice, closed_loops
from oxyshell.outputs.records import Array

_MOST_NAMED = 6
"""More loops of one run have a colour bar in place of a legend, and not all of them are drawn."""
_BESIDE = {2: 3, 3: 2}
"""Loops of each that are drawn, by the number of systems; of more systems the first one."""
type LineStyle = Literal["-", "--", ":"]
_CHARGE, _DISCHARGE = system_colours(2)
_REST = "0.55"
_WIDTH = 1.4
_BROADEST, _THINNEST = 2.8, 1.1


@dataclass(frozen=True, eq=False)
class LabelledLoops:
    """The loops of one system.

    Attributes:
        label: Name of the system.
        loops: At least one.
    """

    label: str
    loops: Sequence[Loop]


@dataclass(frozen=True, eq=False)
class Trace:
    """A line over some steps of a run, one after the other.

    Attributes:
        branches: The steps.
        colour: Its colour.
        width: Its width in points.
        style: Its line style.
        joined: Columns of the history in the moment before the first step; empty where nothing goes before.
    """

    branches: Sequence[Branch]
    colour: str
    width: float = _WIDTH
    style: LineStyle = "-"
    joined: Mapping[str, float] | None = None

    def course(self, column: str) -> Array:
        """A column of the history along the line, with the jumps between steps."""
        before = [] if self.joined is None else [np.array([self.joined[column]])]
        return np.concatenate([*before, *(branch.history[column] for branch in self.branches)])

    def draw(self, axes: Axes, x: Array, y: Array) -> None:
        """Draw values in its look."""
        axes.plot(x, y, color=self.colour, linewidth=self.width, linestyle=self.style)

    def has(self, column: str) -> bool:
        """Whether the run has a column."""
        return column in self.branches[0].history


@dataclass(frozen=True, eq=False)
class Traces:
    """All lines of a figure.

    Attributes:
        lines: The lines.
        label: Puts their legend, or their colour bar, into a figure of a width in inches, beside panels.
    """

    lines: Sequence[Trace]
    label: Callable[[Figure, Sequence[Axes], float], None]


def traces_of(systems: Sequence[LabelledLoops]) -> Traces:
    """The lines of the loops of systems.

    One loop has a colour for each direction, a few loops of one system have one each, many are drawn by a
    choice with a colour bar. Each of several systems has its own colour, paler in earlier loops; steps
    before and after its cycles are left out.
    """
    if len(systems) > 1:
        return _beside(systems)
    (system,) = systems
    if len(system.loops) == 1:
        return _by_direction(system.loops[0])
    return _by_loop(system.loops)


def _by_direction(loop: Loop) -> Traces:
    lines: list[Trace] = []
    for branch in loop.branches:
        colour = _colour(branch)
        if lines and lines[-1].colour == colour:
            lines[-1] = Trace([*lines[-1].branches, branch], colour, joined=lines[-1].joined)
        else:
            lines.append(Trace([branch], colour, joined=_end(lines)))
    names = {_CHARGE: "charge", _DISCHARGE: "discharge", _REST: "rest"}
    drawn = {line.colour for line in lines}
    return Traces(lines, _legend([(name, colour, "-") for colour, name in names.items() if colour in drawn]))


def _end(lines: Sequence[Trace]) -> Mapping[str, float] | None:
    if not lines:
        return None
    return {name: float(values[-1]) for name, values in lines[-1].branches[-1].history.items()}


def _colour(branch: Branch) -> str:
    if branch.verb == REST or branch.charged == branch.discharged:
        return _REST
    return _CHARGE if branch.charged > branch.discharged else _DISCHARGE


def _by_loop(loops: Sequence[Loop]) -> Traces:
    chosen = choice(len(loops), _MOST_NAMED)
    names = [loops[index].name for index in chosen]
    if len(loops) <= _MOST_NAMED:
        colours = system_colours(len(loops))
        label = _legend([(name, colour, "-") for name, colour in zip(names, colours, strict=True)])
    else:
        colours = ordered_colours(len(chosen))
        label = _bar(colours, names)
    lines = [
        Trace(loops[index].branches, colour, width)
        for index, colour, width in zip(chosen, colours, _widths(len(chosen)), strict=True)
    ]
    return Traces(lines, label)


def _beside(systems: Sequence[LabelledLoops]) -> Traces:
    most = _BESIDE.get(len(systems), 1)
    colours, styles = system_colours(len(systems)), system_styles(len(systems))
    labels = [system.label for system in systems]
    entries = list(zip(labels, colours, styles, strict=True))
    several = any(len(closed_loops(system.loops)) > 1 for system in systems)
    if several and most > 1:
        entries.append(("earlier cycles paler", "0.75", "-"))
    title = "first cycle of each" if several and most == 1 else None
    return Traces(list(_lines_beside(systems, most)), _legend(entries, title))


def _lines_beside(systems: Sequence[LabelledLoops], most: int) -> Iterator[Trace]:
    count = len(systems)
    looks = zip(systems, system_colours(count), system_styles(count), _widths(count), strict=True)
    for system, own, style, width in looks:
        loops = closed_loops(system.loops)
        chosen = choice(len(loops), most)
        for index, colour in zip(chosen, paler(own, len(chosen)), strict=True):
            yield Trace(loops[index].branches, colour, width, style)


def _widths(count: int) -> list[float]:
    """Widths of lines in points, from broad to thin: those that coincide are all seen."""
    return [float(width) for width in np.linspace(_BROADEST, _THINNEST, count)]


def _legend(
    entries: Sequence[tuple[str, str, LineStyle]], title: str | None = None
) -> Callable[[Figure, Sequence[Axes], float], None]:
    """A legend of names with their colours and line styles."""

    def put(figure: Figure, panels: Sequence[Axes], width: float) -> None:
        handles = [
            Line2D([], [], color=colour, linestyle=style, label=shown(name))
            for name, colour, style in entries
        ]
        legend_above(figure, handles, width, title)

    return put


def _bar(colours: Sequence[str], names: Sequence[str]) -> Callable[[Figure, Sequence[Axes], float], None]:
    all_cycles = all(name.startswith("cycle ") for name in names)
    ticks = [name.removeprefix("cycle ") for name in names] if all_cycles else names

    def put(figure: Figure, panels: Sequence[Axes], width: float) -> None:
        bar_of_names(figure, panels, colours, ticks, "Cycle" if all_cycles else "")

    return put
