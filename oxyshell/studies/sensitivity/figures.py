"""Pictures of a sensitivity analysis: a tornado, and the indices."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from oxyshell.drawing.style import NORMAL, SMALL, new_figure, save, tidy
from oxyshell.drawing.text import shown
from oxyshell.studies.engine.tables import Column
from oxyshell.studies.sensitivity.reactions import Analysis

_LOW, _HIGH = "#0072b2", "#d55e00"


def draw_tornado(analysis: Analysis, path: Path) -> None:
    """Draw, for each result, where each parameter takes it alone: from one end of its range to the other.

    Raises:
        OutputError: If the disk refuses.
    """
    rows = len(analysis.reactions[0].parameters)
    figure = new_figure(7.2, (0.9 + 0.42 * rows) * len(analysis.reactions) + 0.3)
    panels = np.ravel(figure.subplots(len(analysis.reactions), 1, squeeze=False))
    for axes, result in zip(panels, analysis.reactions, strict=True):
        places = np.arange(rows)
        for end, colour, at in (("low", _LOW, "at_low"), ("high", _HIGH, "at_high")):
            numbers = np.array([getattr(one, at) for one in result.parameters])
            axes.barh(places, numbers - result.base, 0.6, left=result.base, color=colour, label=f"{end} end")
            for place, number, one in zip(places, numbers, result.parameters, strict=True):
                outwards = 1.0 if number > result.base or (number == result.base and end == "high") else -1.0
                axes.annotate(
                    shown(getattr(one, end)), (number, place), (4 * outwards, 0), textcoords="offset points",
                    ha="left" if outwards > 0 else "right", va="center", fontsize=SMALL,
                )  # fmt: skip
        axes.axvline(result.base, color="0.2", linewidth=0.8)
        axes.set_yticks(places, [shown(one.parameter) for one in result.parameters], fontsize=SMALL)
        axes.invert_yaxis()
        axes.margins(x=0.4)
        axes.set_xlabel(shown(Column(result.quantity, result.unit, ()).label), fontsize=NORMAL)
        tidy(axes)
        axes.grid(visible=False, axis="y")
    handles, texts = panels[0].get_legend_handles_labels()
    figure.legend(handles, texts, loc="outside upper right", ncols=2, fontsize=SMALL, frameon=False)
    save(figure, path)


def draw_indices(analysis: Analysis, path: Path) -> None:
    """Draw first-order and total indices with their confidence intervals, a panel for each result.

    Raises:
        OutputError: If the disk refuses.
    """
    rows = len(analysis.reactions[0].parameters)
    figure = new_figure(7.2, (0.9 + 0.46 * rows) * len(analysis.reactions) + 0.3)
    panels = np.ravel(figure.subplots(len(analysis.reactions), 1, squeeze=False))
    for axes, result in zip(panels, analysis.reactions, strict=True):
        ordered = sorted(result.parameters, key=lambda one: -one.index.total)
        places = np.arange(rows)
        kinds = (
            ("alone (first order)", _LOW, "first", -0.19),
            ("with all others (total)", _HIGH, "total", 0.19),
        )
        for told, colour, kind, shift in kinds:
            numbers = [getattr(one.index, kind) for one in ordered]
            widths = [getattr(one.index, f"{kind}_half_width") for one in ordered]
            axes.barh(
                places + shift, numbers, 0.36, xerr=widths, color=colour, label=told,
                error_kw={"elinewidth": 1.0, "capsize": 2.5, "ecolor": "0.2"},
            )  # fmt: skip
        axes.axvline(0.0, color="0.2", linewidth=0.8)
        axes.set_yticks(places, [shown(one.parameter) for one in ordered], fontsize=SMALL)
        axes.invert_yaxis()
        axes.set_xlabel(f"Sobol' index of {shown(result.quantity)} (1), with 95 % interval", fontsize=NORMAL)
        tidy(axes)
        axes.grid(visible=False, axis="y")
    handles, texts = panels[0].get_legend_handles_labels()
    figure.legend(handles, texts, loc="outside upper right", ncols=2, fontsize=SMALL, frameon=False)
    save(figure, path)
