"""Figure of interfaces: content and hoop stress on both sides of them, and the tractions' course."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from oxyshell.models.base.physics import Figure, LabelledRun
from oxyshell.models.interfaces.observables import NORMAL, SHEAR

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from oxyshell.solver.state import Array

_NANO, _MEGA = 1e9, 1e-6
_MOST_TIMES = 6
_WIDTH, _HEIGHT = 9.0, 3.4
# Points whose distance from an interface is less than this share of the radius lie on it.
_ON = 1e-6
# Of the largest traction: shear that is less does not show.
_SHOWS = 1e-3


def figures(runs: Sequence[LabelledRun]) -> tuple[Figure, ...]:
    """The figure of the runs that have interfaces; none where no run has any."""
    return (Figure("interfaces", partial(interface_figure, runs)),) if runs else ()


def interface_figure(runs: Sequence[LabelledRun], path: Path) -> None:
    """Draw θ and hoop stress over the radius at output times, with their jumps, and the tractions over time.

    Args:
        runs: At least one, each with interfaces.
        path: The PNG.

    Raises:
        OutputError: If the disk refuses.
    """
    from oxyshell.drawing.style import legend_above, new_figure, save, system_colours, system_styles, tidy
    from oxyshell.drawing.text import shown

    figure = new_figure(_WIDTH, _HEIGHT, between=0.08)
    content, hoop, course = figure.subplots(1, 3)
    lines, alone = [], len(runs) == 1
    styles = system_styles(len(runs))
    for run, colour, style in zip(runs, system_colours(len(runs)), styles, strict=True):
        profiles, history = run.result.profiles, run.result.history
        if len(profiles.times):
            _along(content, run, profiles["occupancy"], colour, alone)
            _along(hoop, run, profiles["hoop_Pa"] * _MEGA, colour, alone)
        extracted = history["extracted_per_formula"]
        name = "normal" if alone else shown(run.label)
        lines += course.plot(extracted, history[NORMAL], color=colour, linestyle=style, label=name)
        if history[SHEAR].max() > _SHOWS * np.abs(history[NORMAL]).max():
            course.plot(extracted, history[SHEAR], color=colour, linestyle=":", linewidth=1.0, label="shear")
    course.axhline(0.0, color="black", linewidth=0.6)
    hoop.axhline(0.0, color="black", linewidth=0.6)
    tidy(content, "Radius (nm)", "Occupancy θ")
    tidy(hoop, "Radius (nm)", "Hoop stress (MPa)")
    tidy(course, "Extracted per formula unit", "Traction at the interface (MPa)")
    _titles(content, hoop, course, alone)
    legend_above(
        figure,
        [one for one in content.get_lines() if not one.get_label().startswith("_")] if alone else lines,
        _WIDTH,
    )
    save(figure, path)


def _titles(content: Axes, hoop: Axes, course: Axes, alone: bool) -> None:
    from oxyshell.drawing.style import SMALL

    when = "at output times, earlier paler" if alone else "at the last output time"
    for axes in (content, hoop):
        axes.set_title(f"{when}; dashed: interface", fontsize=SMALL)
    course.set_title("positive: pulled apart" + ("" if alone else "; dotted: shear"), fontsize=SMALL)
    if alone:
        course.legend(fontsize=SMALL - 1, frameon=False)


def _along(axes: Axes, run: LabelledRun, values: Array, colour: str, alone: bool) -> None:
    """Draw a quantity over the radius, earlier times paler; a curve is interrupted at an interface."""
    from oxyshell.drawing.style import paler, short

    profiles = run.result.profiles
    radii = [one["radius_nm"] for one in run.result.summary["interfaces"]["each"]]
    radius = profiles.radius_m * _NANO
    cuts = [_cut(radius, at) for at in radii]
    last = len(profiles.times) - 1
    times = np.unique(np.linspace(0, last, _MOST_TIMES).round().astype(int)) if alone else np.array([last])
    for index, shade in zip(times, paler(colour, len(times)), strict=True):
        label = f"{short(float(profiles.extracted[index]))} extracted"
        axes.plot(
            np.insert(radius, cuts, np.nan), np.insert(values[index], cuts, np.nan),
            color=shade, linewidth=1.3, label=label,
        )  # fmt: skip
    for at in radii:
        axes.axvline(at, color="dimgray", linewidth=0.7, linestyle="--", zorder=0)


def _cut(radius: Array, at: float) -> int:
    """Index of the first point beyond an interface."""
    on = np.flatnonzero(np.abs(radius - at) < _ON * radius.max())
    return int(on[len(on) // 2]) if len(on) else int(np.searchsorted(radius, at))
