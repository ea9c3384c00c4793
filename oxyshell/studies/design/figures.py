"""Figure of a design study: its Pareto front."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np

from oxyshell.drawing.style import NORMAL, SMALL, matplotlib, new_figure, save, tidy
from oxyshell.drawing.text import shown
from oxyshell.studies.design.designs import Designs
from oxyshell.studies.design.verdict import Measure
from oxyshell.studies.engine.plans import written_unit

_MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def draw_front(found: Designs, path: Path) -> None:
    """Draw the front in all pairs of objectives: colour is the first range, the mark the first list.

    Raises:
        OutputError: If the disk refuses.
    """
    pairs = list(itertools.combinations(range(len(found.measures)), 2))
    figure = new_figure(3.6 * len(pairs) + 0.8, 3.9)
    panels = np.ravel(figure.subplots(1, len(pairs), squeeze=False))
    chosen = np.array(found.front)
    colours, label = _colours(found)
    kinds, names = _kinds(found)
    name, _, reference = found.reference
    points: Any = None
    for axes, (first, second) in zip(panels, pairs, strict=True):
        axes.plot(
            found.objectives[:, first], found.objectives[:, second], ".", color="0.8", markersize=3, zorder=0,
            label="all designs",
        )  # fmt: skip
        for kind, told in enumerate(names):
            here = chosen[kinds[chosen] == kind]
            if len(here):
                points = axes.scatter(
                    found.objectives[here, first], found.objectives[here, second], c=colours[here], s=22,
                    marker=_MARKERS[kind % len(_MARKERS)], cmap="viridis", edgecolors="none",
                    norm=matplotlib.colors.Normalize(np.min(colours), np.max(colours)),
                    label=shown(f"front{told}"),
                )  # fmt: skip
        axes.plot(reference[first], reference[second], "*", color="#d55e00", markersize=13, label=shown(name))
        if found.best is not None:
            best = found.objectives[found.best]
            axes.plot(
                best[first], best[second], "o", markerfacecolor="none", markeredgecolor="#d55e00",
                markeredgewidth=1.6, markersize=11, label="named in the verdict",
            )  # fmt: skip
        axes.set_xlabel(_axis(found.measures[first]), fontsize=NORMAL)
        axes.set_ylabel(_axis(found.measures[second]), fontsize=NORMAL)
        tidy(axes)
    if points is not None and label:
        bar = figure.colorbar(points, ax=panels[-1])
        bar.set_label(shown(label), fontsize=NORMAL)
        bar.ax.tick_params(labelsize=SMALL)
    handles, texts = panels[0].get_legend_handles_labels()
    figure.legend(handles, texts, loc="outside lower center", ncols=len(texts), fontsize=SMALL, frameon=False)
    save(figure, path)


def _axis(measure: Measure) -> str:
    unit = "" if measure.unit == "1" else f" ({measure.unit})"
    arrow = "← better" if measure.sign > 0 else "better →"
    return f"{shown(f'{measure.name}{unit}')}, {arrow}"


def _colours(found: Designs) -> tuple[Any, str]:
    """Numbers of the first variable that has some, for every design, and what to call them."""
    for path in found.variables:
        numbers = [_number(values[path]) for values in found.values]
        if all(number is not None for number in numbers):
            unit = written_unit(found.values[0][path])
            return np.array(numbers, dtype=float), f"{path} ({unit})" if unit else path
    return np.zeros(len(found.values)), ""


def _kinds(found: Designs) -> tuple[Any, list[str]]:
    """Which text of the first variable that has no numbers, for every design, and the texts."""
    for path in found.variables:
        texts = [str(values[path]) for values in found.values]
        if any(_number(values[path]) is None for values in found.values):
            names = sorted(set(texts))
            return np.array([names.index(text) for text in texts]), [f", {name}" for name in names]
    return np.zeros(len(found.values), dtype=int), [""]


def _number(value: Any) -> float | None:
    try:
        return float(value if not isinstance(value, str) else value.partition(" ")[0])
    except (TypeError, ValueError):
        return None
