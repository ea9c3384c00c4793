"""Figure of interfaces: content and hoop stress on both sides of them, and the tractions' course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.models.base.physics import Figure, LabelledRun
from oxyshell.models.interfaces.observables import NORMAL, SHEAR, column

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from oxyshell.solver.state import Array

_NANO, _MEGA = 1e9, 1e-6
_MOST_TIMES = 6
_HEIGHT = 2.3
# Letters of a line above a panel.
_LETTERS = 32
# Points whose distance from an interface is less than this share of the radius lie on it.
_ON = 1e-6
# Less than this, extracted per formula unit, is round-off.
_ROUND_OFF = 1e-6
# Of the largest traction: shear that is less does not show.
_SHOWS = 1e-3


def figures(runs: Sequence[LabelledRun]) -> tuple[Figure, ...]:
    """The figure of the runs that have interfaces; none where no run has any."""
    return (Figure("interfaces", partial(interface_figure, runs)),) if runs else ()


@dataclass(frozen=True, eq=False)
class _Course:
    """Tractions of one interface over a run, or the largest ones of all its interfaces.

    Attributes:
        label: What a legend calls it.
        normal: Normal traction, MPa, shape (steps,).
        shear: Shear traction, MPa, shape (steps,).
    """

    label: str
    normal: Array
    shear: Array

    @property
    def has_shear(self) -> bool:
        """Whether its shear is large enough to be seen."""
        return bool(self.shear.max() > _SHOWS * np.abs(self.normal).max())


def interface_figure(runs: Sequence[LabelledRun], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw θ and hoop stress over the radius at output times, with their jumps, and the tractions over time.

    A single run has a line for each of its interfaces; of several runs, the largest tractions are drawn.

    Args:
        runs: At least one, each with interfaces.
        path: The file.
        width: Width in inches.

    Raises:
        OutputError: If the disk refuses.
    """
    from oxyshell.drawing.style import beside, legend_above, letter, new_figure, save, system_colours, tidy

    across = beside(3, width, 2.0)
    down = 3 // across
    figure = new_figure(width, _HEIGHT * down + 0.7, between=0.06)
    content, hoop, course = np.ravel(figure.subplots(down, across, squeeze=False))
    alone = len(runs) == 1
    for run, colour in zip(runs, system_colours(len(runs)), strict=True):
        profiles = run.result.profiles
        if len(profiles.times):
            _along(content, run, profiles["occupancy"], colour, alone)
            _along(hoop, run, profiles["hoop_Pa"] * _MEGA, colour, alone)
    lines = _draw_courses(course, runs)
    course.axhline(0.0, color="black", linewidth=0.6)
    hoop.axhline(0.0, color="black", linewidth=0.6)
    tidy(content, "Radius (nm)", "Occupancy θ")
    tidy(hoop, "Radius (nm)", "Hoop stress (MPa)")
    tidy(course, "Extracted per formula unit", "Traction at the interface (MPa)")
    _titles(content, hoop, course, runs)
    above = [one for one in content.get_lines() if not str(one.get_label()).startswith("_")]
    legend_above(figure, [*(above if alone else lines), *_explained(figure.axes)], width)
    letter([content, hoop, course])
    save(figure, path)


def _regions(run: LabelledRun) -> str:
    """The names of the regions, from inside out, with a bar for each interface."""
    pairs = _pairs(run)
    if all(before[1] == after[0] for before, after in pairwise(pairs)):
        return " | ".join(map(_name, (pairs[0][0], *(outer for _, outer in pairs))))
    return ", ".join(map(_interface, pairs))


def _pairs(run: LabelledRun) -> list[tuple[str, str]]:
    """The two regions of each interface, the inner one first."""
    each = (one["between"].split("|") for one in run.result.summary["interfaces"]["each"])
    return [(inner, outer) for inner, outer in each]


def _name(region: str) -> str:
    return "core" if region == "bulk" else region


def _interface(pair: tuple[str, str]) -> str:
    return " | ".join(map(_name, pair))


def _courses(runs: Sequence[LabelledRun]) -> Iterator[tuple[LabelledRun, _Course]]:
    """Lines of tractions: one for each interface of a single run, or one for each of several runs."""
    if len(runs) > 1:
        same = len({_regions(run) for run in runs}) == 1
        for run in runs:
            label = run.label if same else f"{run.label} ({_regions(run)})"
            yield run, _Course(label, run.result.history[NORMAL], run.result.history[SHEAR])
        return
    (run,) = runs
    for pair in _pairs(run):
        normal, shear = (column(*pair, f"{kind}_traction_MPa") for kind in ("normal", "shear"))
        yield run, _Course(_interface(pair), run.result.history[normal], run.result.history[shear])


def _draw_courses(axes: Axes, runs: Sequence[LabelledRun]) -> list[Line2D]:
    """Draw tractions over extracted ions, dashed while ions go back in; one line of each for a legend."""
    from oxyshell.drawing.style import TINY, system_colours
    from oxyshell.drawing.text import shown
    from oxyshell.models.ions.figure import labelled_history

    courses = list(_courses(runs))
    lines = []
    for index, ((run, one), colour) in enumerate(zip(courses, system_colours(len(courses)), strict=True)):
        # After six, colours begin again.
        width = 1.5 / (1 + index // 6)
        extracted = run.result.history["extracted_per_formula"]
        for rows in labelled_history(run).branches():
            back = extracted[rows][-1] < extracted[rows][0] - _ROUND_OFF
            axes.plot(
                extracted[rows], one.normal[rows],
                color=colour, linestyle="--" if back else "-", linewidth=width,
            )  # fmt: skip
        if one.has_shear:
            axes.plot(extracted, one.shear, color=colour, linestyle=":", linewidth=1.0)
        lines += axes.plot([], [], color=colour, linewidth=width, label=shown(one.label))
    if len(runs) == 1:
        axes.legend(handles=lines, title="interface of", fontsize=TINY, title_fontsize=TINY, frameon=False)
    return lines


def _explained(panels: Sequence[Axes]) -> list[Line2D]:
    """The entry of a legend for dashed lines, where there are any."""
    from matplotlib.lines import Line2D

    dashed = any(line.get_linestyle() == "--" for axes in panels for line in axes.get_lines())
    return [Line2D([], [], color="0.3", linestyle="--", label="dashed: ions go back in")] * dashed


def _titles(content: Axes, hoop: Axes, course: Axes, runs: Sequence[LabelledRun]) -> None:
    from oxyshell.drawing.style import TINY
    from oxyshell.drawing.text import shown

    alone = len(runs) == 1
    regions = {_regions(run) for run in runs}
    named = f"{shown(regions.pop(), width=_LETTERS)}\n" if len(regions) == 1 else ""
    when = "at output times, earlier paler" if alone else "at the last output time"
    for axes in (content, hoop):
        axes.set_title(f"{named}{when};\ndotted: interface", fontsize=TINY, loc="left")
    several = not alone and any(len(_pairs(run)) > 1 for run in runs)
    told = [
        "largest of all interfaces\n" * several + "positive: pulled apart",
        *["dotted: shear"] * any(one.has_shear for _, one in _courses(runs)),
    ]
    course.set_title(";\n".join(told), fontsize=TINY, loc="left")


def _along(axes: Axes, run: LabelledRun, values: Array, colour: str, alone: bool) -> None:
    """Draw a quantity over the radius, earlier times paler; a curve is interrupted at an interface."""
    from oxyshell.drawing.profiles import goes_back
    from oxyshell.drawing.scales import duration
    from oxyshell.drawing.style import paler, short

    profiles = run.result.profiles
    radii = [one["radius_nm"] for one in run.result.summary["interfaces"]["each"]]
    radius = profiles.radius_m * _NANO
    cuts = [_cut(radius, at) for at in radii]
    last = len(profiles.times) - 1
    times = np.unique(np.linspace(0, last, _MOST_TIMES).round().astype(int)) if alone else np.array([last])
    for index, shade in zip(times, paler(colour, len(times)), strict=True):
        extracted = float(profiles.extracted[index])
        amount = short(abs(extracted) if abs(extracted) > _ROUND_OFF else 0.0)
        direction = "inserted" if extracted < -_ROUND_OFF else "extracted"
        axes.plot(
            np.insert(radius, cuts, np.nan), np.insert(values[index], cuts, np.nan),
            color=shade, linewidth=1.3, linestyle="--" if alone and goes_back(profiles, index) else "-",
            label=f"t = {duration(float(profiles.times[index]))}, {amount} {direction}",
        )  # fmt: skip
    for at in radii:
        axes.axvline(at, color="dimgray", linewidth=0.9, linestyle=":", zorder=0)


def _cut(radius: Array, at: float) -> int:
    """Index of the first point beyond an interface."""
    on = np.flatnonzero(np.abs(radius - at) < _ON * radius.max())
    return int(on[len(on) // 2]) if len(on) else int(np.searchsorted(radius, at))
