"""Figure of flaws: their stress intensity over their depth, and its course."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.models.base.physics import Figure, LabelledRun
from oxyshell.models.fracture.observables import ALONG, FLAW, PEAK
from oxyshell.models.fracture.weight_function import MEANT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEIGHT = 2.5
# Depths a/R up to which K matters; further where the largest K is that of a deeper flaw.
_DEEPEST = 0.6
_MOST_TIMES = 6
# A toughness further above the curves than this would flatten them, and is written beside them.
_HIGHEST = 3.5


def figures(runs: Sequence[LabelledRun]) -> tuple[Figure, ...]:
    """The figure of the runs that have a toughness; none where no run has one."""
    return (Figure("stress_intensity", partial(flaw_figure, runs)),) if runs else ()


def flaw_figure(runs: Sequence[LabelledRun], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw K over a/R at the time of the largest K, of one run at output times too, and its course.

    Args:
        runs: At least one, each with a toughness.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If the disk refuses.
    """
    from oxyshell.drawing.scales import length
    from oxyshell.drawing.style import (
        SMALL,
        beside,
        legend_above,
        letter,
        new_figure,
        save,
        system_colours,
        system_styles,
        tidy,
    )
    from oxyshell.drawing.text import shown

    across = beside(2, width)
    figure = new_figure(width, _HEIGHT * (2 // across) + 0.12 * len(runs) + 0.2, between=0.08)
    over_depth, course = np.ravel(figure.subplots(2 // across, across, squeeze=False))
    styles = system_styles(len(runs))
    lines = []
    for run, colour, style in zip(runs, system_colours(len(runs)), styles, strict=True):
        found, history = run.result.summary["stress_intensity"], run.result.history
        if len(runs) == 1:
            _output_times(over_depth, run, colour)
        at_peak = found["at_peak"]
        over_depth.plot(
            at_peak["depth_over_radius"], at_peak["MPa_sqrt_m"], color=colour, linestyle=style, linewidth=1.8
        )
        place = found["depth_over_radius"], found["peak_MPa_sqrt_m"]
        over_depth.plot(*place, "o", color=colour, markersize=5, clip_on=False)
        extracted = history["extracted_per_formula"]
        lines += course.plot(extracted, history[PEAK], color=colour, linestyle=style, label=shown(run.label))
        course.plot(extracted, history[FLAW], color=colour, linestyle=style, linewidth=0.9, alpha=0.6)
    _limits(over_depth, course, runs)
    tidy(over_depth, "Depth of the flaw a/R", "Stress intensity K (MPa m$^{1/2}$)")
    tidy(course, "Extracted per formula unit", "Stress intensity K (MPa m$^{1/2}$)")
    depths = sorted({run.result.summary["stress_intensity"]["flaw_depth_nm"] for run in runs})
    of_flaw = " and ".join(length(depth * 1e-9) for depth in depths)
    course.set_title(f"thick: worst flaw of any depth;\nthin: flaw of {of_flaw}", fontsize=SMALL, loc="left")
    times = "at the time of the largest K"
    over_depth.set_title(f"bold: {times}" if len(runs) == 1 else times, fontsize=SMALL, loc="left")
    if len(runs) > 1:
        legend_above(figure, lines, width)
    letter([over_depth, course])
    save(figure, path)


def _output_times(axes: Axes, run: LabelledRun, colour: str) -> None:
    """K at some output times, in paler shades the earlier they are."""
    from oxyshell.drawing.style import TINY, paler, short

    profiles = run.result.profiles
    if not len(profiles.times):
        return
    chosen = np.unique(np.linspace(0, len(profiles.times) - 1, _MOST_TIMES).round().astype(int))
    depth = profiles.depth_m / run.scenario.particle.radius.value
    for index, shade in zip(chosen, paler(colour, len(chosen)), strict=True):
        label = short(float(profiles.extracted[index]))
        axes.plot(depth, profiles[ALONG][index] / 1e6, color=shade, linewidth=0.9, label=label)
    axes.legend(title="extracted", fontsize=TINY, title_fontsize=TINY, loc="best", edgecolor="none")


def _limits(over_depth: Axes, course: Axes, runs: Sequence[LabelledRun]) -> None:
    """Toughnesses as lines, the depth up to which a half-plane is meant, and the ends of the axes."""
    from oxyshell.drawing.style import SMALL, TINY, short

    found = [run.result.summary["stress_intensity"] for run in runs]
    deepest = min(1.0, max(_DEEPEST, *(1.05 * one["depth_over_radius"] for one in found)))
    lowest, highest = _lowest((over_depth, course), deepest), max(one["peak_MPa_sqrt_m"] for one in found)
    toughness = sorted({one["toughness_MPa_sqrt_m"] for one in found})
    drawn = [value for value in toughness if value <= _HIGHEST * max(highest, -lowest)]
    beyond = [value for value in toughness if value not in drawn]
    top = max([highest, *drawn])
    # The name of the toughness stands above its line.
    margin = 0.12 * (top - lowest) or 1.0
    for axes in (over_depth, course):
        for value in drawn:
            axes.axhline(value, color="black", linewidth=1.0, linestyle="--")
            axes.annotate(
                f"$K_{{IC}}$ = {short(value)}", (1.0, value), xycoords=("axes fraction", "data"),
                xytext=(-2, 3), textcoords="offset points", ha="right", fontsize=SMALL,
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.5},
            )  # fmt: skip
        axes.axhline(0.0, color="black", linewidth=0.6)
        axes.set_ylim(lowest - 0.5 * margin, top + margin)
    if beyond:
        text = "$K_{IC}$ = " + ", ".join(short(value) for value in beyond) + ", above"
        course.annotate(text, (1.0, 1.0), xycoords="axes fraction", ha="right", va="top", fontsize=SMALL)
    over_depth.axvspan(MEANT, deepest, color="black", alpha=0.06, linewidth=0)
    over_depth.annotate(
        "half-plane: approximate", (0.5 * (MEANT + deepest), 0.96), xycoords=("data", "axes fraction"),
        ha="center", fontsize=TINY, color="dimgray",
    )  # fmt: skip
    over_depth.set_xlim(0.0, deepest)


def _lowest(panels: tuple[Axes, Axes], deepest: float) -> float:
    """The lowest K that is drawn, of flaws down to a depth in R and in the course of the runs; at most 0."""
    over_depth, course = panels
    shown = [line.get_xydata() for line in over_depth.get_lines()]
    values = [points[points[:, 0] <= deepest, 1] for points in map(np.asarray, shown)]
    values += [np.asarray(line.get_ydata(), dtype=float) for line in course.get_lines()]
    return min(0.0, *(float(np.nanmin(one)) for one in values if one.size))
