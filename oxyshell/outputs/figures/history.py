"""How the peaks and the surface go as ions are taken out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from matplotlib.lines import Line2D

from oxyshell.errors import OutputError
from oxyshell.outputs.figures.style import NORMAL, SMALL, new_figure, save, system_colours, tidy
from oxyshell.outputs.records import Array


@dataclass(frozen=True, eq=False)
class LabelledHistory:
    """The history of one system.

    Attributes:
        label: Name of the system.
        history: One array (steps,) per history column, by column name.
        ion: Symbol of the ion, for labels.
    """

    label: str
    history: Mapping[str, Array]
    ion: str = "Li"


type _LineStyle = Literal["-", "--"]
_PANELS: Sequence[tuple[str, Mapping[str, tuple[str, _LineStyle]]]] = (
    (
        "Peak stress (MPa)",
        {
            "first_principal_peak_MPa": ("first principal", "-"),
            "von_mises_peak_MPa": ("von Mises", "--"),
        },
    ),
    (
        "Depth of the peak (nm)",
        {
            "first_principal_depth_nm": ("first principal", "-"),
            "von_mises_depth_nm": ("von Mises", "--"),
        },
    ),
    (
        "Occupancy θ",
        {"surface_occupancy": ("surface", "-"), "mean_occupancy": ("mean", "--")},
    ),
)
"""Axis label of each panel, and the name and line style of each column drawn in it."""


def history_figure(systems: Sequence[LabelledHistory], path: Path) -> None:
    """Draw peak stresses, their depths and occupancies against the ions extracted.

    Args:
        systems: The systems, one colour each.
        path: The PNG.

    Raises:
        OutputError: If there is nothing to draw, or the disk refuses.
    """
    if not systems:
        raise OutputError("A history figure needs at least one system.")
    figure = new_figure(11.0, 3.8, between=0.12)
    colours = system_colours(len(systems))
    ions = "/".join(dict.fromkeys(system.ion for system in systems))
    for axes, (label, columns) in zip(figure.subplots(1, len(_PANELS)), _PANELS, strict=True):
        for system, colour in zip(systems, colours, strict=True):
            for column, (_, style) in columns.items():
                axes.plot(
                    system.history["extracted_per_formula"],
                    _where_it_means_something(system.history, column),
                    color=colour,
                    linestyle=style,
                    linewidth=1.4,
                )
        styles = [
            Line2D([], [], color="0.3", linestyle=style, label=name) for name, style in columns.values()
        ]
        axes.legend(handles=styles, fontsize=SMALL, frameon=False)
        axes.set_xlabel(f"{ions} extracted per formula unit", fontsize=NORMAL)
        axes.set_ylabel(label, fontsize=NORMAL)
        tidy(axes)
    names = [
        Line2D([], [], color=colour, label=system.label)
        for system, colour in zip(systems, colours, strict=True)
    ]
    figure.legend(handles=names, loc="outside upper center", ncols=len(names), fontsize=NORMAL, frameon=False)
    save(figure, path)


def _where_it_means_something(history: Mapping[str, Array], column: str) -> Array:
    """A column; of a depth, only where the peak is at least a hundredth of what it becomes."""
    if not column.endswith("_depth_nm"):
        return history[column]
    peak = history[column.replace("_depth_nm", "_peak_MPa")]
    return np.where(peak >= 0.01 * np.max(peak, initial=0.0), history[column], np.nan)
