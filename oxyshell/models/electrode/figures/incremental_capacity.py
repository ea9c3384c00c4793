"""dQ/dV against V: the charge that passes per voltage, on charge and on discharge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from oxyshell.drawing.style import SMALL, new_figure, save, tidy
from oxyshell.errors import OutputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.models.electrode.figures.loops import Branch, Loop
from oxyshell.models.electrode.figures.traces import LabelledLoops, traces_of
from oxyshell.models.electrode.observables import CAPACITY, SPECIFIC_CURRENT, VOLTAGE
from oxyshell.outputs.records import Array

SPACING_V = 0.01
"""Width of the intervals of voltage."""
_SAME_CURRENT = 0.01
_FINER = 16
"""Points of the interpolation per row of the history."""
_FEWEST = 3
_PART_OF_LOOP = 0.2
"""Intervals, and share of the voltages of its loop, below which a step is too short for a curve."""
_ON_EDGE = 1e-4
"""Of an interval: a voltage so close to an edge is on it, as those at which steps end are."""
_GALVANOSTATIC = ("charge", "discharge", "current")
_STEEPER = 1.5


def incremental_capacity(branch: Branch, spacing: float = SPACING_V) -> tuple[Array, Array]:
    """DQ/dV of a step at constant current, mean over intervals of voltage.

    The charge that passes while V is in an interval, over its width; it adds up to the charge of the step
    also where V is not monotone. Between rows of the history, V is a cubic spline of the charge where it is
    smooth: for NMC811 at C/2 and the default tolerance within 3 % of the largest dQ/dV. Intervals that V does
    not pass as a whole are left out: at the ends of a step they would show less than there is.

    Args:
        branch: The step.
        spacing: Width of the intervals in V.

    Returns:
        Centres of the intervals in V, and dQ/dV in mA h/(g V), positive on charge, negative on discharge;
        empty for a hold, a rest or a step in which the current changes from the start.
    """
    passed, voltage = _at_set_current(branch)
    edges = _edges(voltage, spacing)
    if len(edges) < 2:
        return np.empty(0), np.empty(0)
    sign = float(np.sign(passed[-1] - passed[0]))
    along = np.abs(passed - passed[0])
    places = np.arange(len(along), dtype=float)
    fine = np.interp(np.linspace(0.0, places[-1], _FINER * (len(along) - 1) + 1), places, along)
    course = _between_rows(along, voltage, fine)
    below = _passed_below(edges, fine, course)
    return (edges[1:] + edges[:-1]) / 2, sign * np.diff(below) / spacing


def _between_rows(along: Array, voltage: Array, fine: Array) -> Array:
    """V between the rows of the history: a cubic spline, but for kinks.

    Beside a kink of the potential a spline swings, and its level places would be peaks of dQ/dV that nothing
    has. The slope at a row is kept between those of the chords on both sides, and to at most half as steep
    again as the flatter one, as in interpolation that preserves shape (Fritsch & Carlson 1980).
    """
    from scipy.interpolate import CubicHermiteSpline, CubicSpline

    chords = np.diff(voltage) / np.diff(along)
    before, after = chords[:-1], chords[1:]
    low, high = np.minimum(before, after), np.maximum(before, after)
    slopes = CubicSpline(along, voltage)(along, 1)
    # Where V turns, and in the rows beside, chords are flat without a kink.
    turns = np.pad(before * after <= 0, 1)
    smooth = turns[:-2] | turns[1:-1] | turns[2:]
    least = np.where(smooth | (high > 0), low, np.maximum(low, _STEEPER * high))
    most = np.where(smooth | (low < 0), high, np.minimum(high, _STEEPER * low))
    slopes[1:-1] = np.clip(slopes[1:-1], least, most)
    found: Array = CubicHermiteSpline(along, voltage, slopes)(fine)
    return found


def dq_dv_figure(systems: Sequence[LabelledLoops], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw dQ/dV against V, charge upwards and discharge downwards; holds and rests have none.

    Args:
        systems: One or more systems, each with a curve.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not systems:
        raise OutputError("A figure of dQ/dV needs at least one system.")
    traces = traces_of([LabelledLoops(system.label, _with_curves(system.loops)) for system in systems])
    figure = new_figure(width, 0.35 * width + 1.0)
    axes = figure.subplots()
    for line in traces.lines:
        for branch in line.branches:
            axes.plot(
                *incremental_capacity(branch), color=line.colour, linewidth=line.width, linestyle=line.style
            )
    axes.axhline(0.0, color="0.4", linewidth=0.6, zorder=1)
    axes.set_title(
        f"charge above zero, discharge below; mean over {1e3 * SPACING_V:g} mV",
        fontsize=SMALL,
        loc="left",
    )
    tidy(axes, "Voltage (V)", "dQ/dV (mA h/(g V))")
    traces.label(figure, [axes], width)
    save(figure, path)


def has_curve(loops: Sequence[Loop]) -> bool:
    """Whether any step has dQ/dV to draw."""
    return any(_curves(loop) for loop in loops)


def _with_curves(loops: Sequence[Loop]) -> list[Loop]:
    """The loops with those of their steps that have dQ/dV; those that have none are left out."""
    found = (Loop(loop.name, loop.cycle, _curves(loop)) for loop in loops)
    return [loop for loop in found if loop.branches]


def _curves(loop: Loop) -> tuple[Branch, ...]:
    """The steps at constant current that are long enough for a curve, which pulses of a titration are not."""
    least = max(_FEWEST, _PART_OF_LOOP * np.ptp(loop.course(VOLTAGE)) / SPACING_V)
    return tuple(one for one in loop.branches if len(_edges(_at_set_current(one)[1], SPACING_V)) > least)


def _at_set_current(branch: Branch) -> tuple[Array, Array]:
    """Charge and V of the rows, from the first one, in which the current is the first one.

    None for a hold or a rest; of rows between which no charge passes, the first one.
    """
    current, passed = branch.history[SPECIFIC_CURRENT], branch.history[CAPACITY]
    if branch.verb not in _GALVANOSTATIC or current[0] == 0:
        return np.empty(0), np.empty(0)
    other = np.flatnonzero(np.abs(current / current[0] - 1) > _SAME_CURRENT)
    kept = np.diff(passed, prepend=np.nan) != 0
    kept[other[0] if len(other) else len(current) :] = False
    return passed[kept], branch.history[VOLTAGE][kept]


def _edges(voltage: Array, spacing: float) -> Array:
    """Multiples of a spacing in the range of voltages."""
    low, high = np.min(voltage, initial=np.inf), np.max(voltage, initial=-np.inf)
    if low > high:
        return np.empty(0)
    return spacing * np.arange(np.ceil(low / spacing - _ON_EDGE), np.floor(high / spacing + _ON_EDGE) + 1)


def _passed_below(edges: Array, passed: Array, voltage: Array) -> Array:
    """Charge that passes while V is below each of some edges, V being straight between its points."""
    low, high = np.minimum(voltage[1:], voltage[:-1]), np.maximum(voltage[1:], voltage[:-1])
    width = np.maximum(high - low, np.finfo(float).tiny)
    shares = np.clip((edges[:, None] - low) / width, 0.0, 1.0)
    found: Array = shares @ np.diff(passed)
    return found
