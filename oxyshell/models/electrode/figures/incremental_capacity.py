"""dQ/dV against V: the charge that passes per voltage, on charge and on discharge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from oxyshell.drawing.style import SMALL, new_figure, save, tidy
from oxyshell.errors import OutputError
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
"""Intervals below which a step is too short for a curve."""
_WIDTH = 6.6


def incremental_capacity(branch: Branch, spacing: float = SPACING_V) -> tuple[Array, Array]:
    """DQ/dV of a step at constant current, mean over intervals of voltage.

    The charge that passes while V is in an interval, over its width; it adds up to the charge of the step
    also where V is not monotone. Between rows of the history, V is a cubic spline of the charge:
    with the default tolerance, within 3 % of the largest dQ/dV; straight lines and splines without a second
    derivative come within 5 %. Intervals that V does not pass as a whole are left out: at the ends of a step
    they would show less than there is.

    Args:
        branch: The step.
        spacing: Width of the intervals in V.

    Returns:
        Centres of the intervals in V, and dQ/dV in mA h/(g V), positive on charge, negative on discharge;
        empty for a hold, a rest or a step in which the current changes from the start.
    """
    from scipy.interpolate import CubicSpline

    rows = _at_set_current(branch)
    passed, voltage = branch.history[CAPACITY][rows], branch.history[VOLTAGE][rows]
    moved = np.diff(passed, prepend=np.nan) != 0
    passed, voltage = passed[moved], voltage[moved]
    if len(passed) < 2:
        return np.empty(0), np.empty(0)
    sign = float(np.sign(passed[-1] - passed[0]))
    along = np.abs(passed - passed[0])
    places = np.arange(len(along), dtype=float)
    fine = np.interp(np.linspace(0.0, places[-1], _FINER * (len(along) - 1) + 1), places, along)
    course = CubicSpline(along, voltage)(fine)
    low, high = course.min(), course.max()
    edges = spacing * np.arange(np.ceil(low / spacing - 1e-9), np.floor(high / spacing + 1e-9) + 1)
    below = _passed_below(edges, fine, course)
    return (edges[1:] + edges[:-1]) / 2, sign * np.diff(below) / spacing


def dq_dv_figure(systems: Sequence[LabelledLoops], path: Path) -> None:
    """Draw dQ/dV against V, charge upwards and discharge downwards; holds and rests have none.

    Args:
        systems: One or more systems, each with a curve.
        path: The PNG.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not systems:
        raise OutputError("A figure of dQ/dV needs at least one system.")
    traces = traces_of([LabelledLoops(system.label, _with_curves(system.loops)) for system in systems])
    figure = new_figure(_WIDTH, 4.2)
    axes = figure.subplots()
    for line in traces.lines:
        for branch in line.branches:
            axes.plot(*incremental_capacity(branch), color=line.colour, linewidth=line.width)
    axes.axhline(0.0, color="0.4", linewidth=0.6, zorder=1)
    axes.set_title(
        f"charge above, discharge below the line; mean over {1e3 * SPACING_V:g} mV",
        fontsize=SMALL,
        loc="left",
    )
    tidy(axes, "Voltage (V)", "dQ/dV (mA h g⁻¹ V⁻¹)")
    traces.label(figure, [axes], _WIDTH)
    save(figure, path)


def has_curve(loops: Sequence[Loop]) -> bool:
    """Whether any step has dQ/dV to draw."""
    return len(_with_curves(loops)) > 0


def _with_curves(loops: Sequence[Loop]) -> list[Loop]:
    """The loops with those of their steps that have dQ/dV; those that have none are left out."""
    steps = {
        loop: tuple(one for one in loop.branches if len(incremental_capacity(one)[0]) >= _FEWEST)
        for loop in loops
    }
    return [Loop(loop.name, loop.cycle, branches) for loop, branches in steps.items() if branches]


def _at_set_current(branch: Branch) -> slice:
    """The rows, from the first one, in which the current of a charge or a discharge is the first one."""
    current = branch.history[SPECIFIC_CURRENT]
    if branch.verb not in ("charge", "discharge", "current") or current[0] == 0:
        return slice(0)
    other = np.flatnonzero(np.abs(current / current[0] - 1) > _SAME_CURRENT)
    return slice(int(other[0]) if len(other) else len(current))


def _passed_below(edges: Array, passed: Array, voltage: Array) -> Array:
    """Charge that passes while V is below each of some edges, V being straight between its points."""
    low, high = np.minimum(voltage[1:], voltage[:-1]), np.maximum(voltage[1:], voltage[:-1])
    width = np.maximum(high - low, np.finfo(float).tiny)
    shares = np.clip((edges[:, None] - low) / width, 0.0, 1.0)
    found: Array = shares @ np.diff(passed)
    return found
