"""Figure of the front between two phases: the content along the radius, and the front's course."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from oxyshell.drawing.end_labels import label_ends
from oxyshell.drawing.style import (
    SMALL,
    TINY,
    beside,
    legend_above,
    letter,
    new_figure,
    paler,
    save,
    short,
    system_colours,
    system_styles,
    tidy,
)
from oxyshell.drawing.text import shown
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.models.base.physics import Figure, LabelledRun

_NANO = 1e9
_MOST_TIMES = 8
_HEIGHT = 2.4


def figures(runs: Sequence[LabelledRun]) -> tuple[Figure, ...]:
    """The figure of the runs whose ions have two phases; none where no run has a front."""
    with_front = [run for run in runs if _has_front(run)]
    return (Figure("front", partial(front_figure, with_front)),) if with_front else ()


def _has_front(run: LabelledRun) -> bool:
    front = run.result.history.get("front_radius_nm")
    return front is not None and bool(np.isfinite(front).any()) and run.result.profiles.times.size > 1


def front_figure(runs: Sequence[LabelledRun], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw θ along the radius at output times, and where the front is over the ions taken out.

    Dotted lines are the two phases in equilibrium without stress.

    Args:
        runs: At least one, with a front.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If the disk refuses.
    """
    across = beside(2, width)
    figure = new_figure(width, _HEIGHT * (2 // across) + 0.1, between=0.08)
    contents, course = np.ravel(figure.subplots(2 // across, across, squeeze=False))
    styles = system_styles(len(runs))
    for run, colour, style in zip(runs, system_colours(len(runs)), styles, strict=True):
        profiles, history = run.result.profiles, run.result.history
        times = np.unique(np.linspace(0, profiles.times.size - 1, _MOST_TIMES).round().astype(int))
        for index, shade in zip(times, paler(colour, times.size), strict=True):
            label = f"{short(float(profiles.extracted[index]))}" if len(runs) == 1 else ""
            contents.plot(
                profiles.radius_m * _NANO,
                profiles["occupancy"][index],
                color=shade,
                linewidth=1.2,
                label=label or "_",
            )
        phases = run.result.summary["chemical_potential"]["phases"]
        for name in ("dilute", "concentrated"):
            contents.axhline(phases[name], color="black", linewidth=0.8, linestyle=":")
        course.plot(
            history["extracted_per_formula"],
            history["front_radius_nm"],
            color=colour,
            linestyle=style,
            label=shown(run.label),
        )
    contents.set_ylim(-0.03, 1.03)
    contents.margins(x=0.0)
    course.set_ylim(bottom=0.0)
    tidy(contents, "Distance from the centre (nm)", "Occupancy θ")
    tidy(course, "Extracted per formula unit", "Front's distance from\nthe centre (nm)")
    if len(runs) == 1:
        label_ends(
            contents, [one for one in contents.get_lines() if not str(one.get_label()).startswith("_")], SMALL
        )
        contents.set_title(
            "beside the lines: extracted per formula unit; dotted: phases", fontsize=TINY, loc="left"
        )
    else:
        legend_above(figure, course.get_lines(), width)
    letter([contents, course])
    save(figure, path)
