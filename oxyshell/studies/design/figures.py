"""Figure of a design study: its Pareto front."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from oxyshell.drawing.style import (
    NORMAL,
    SMALL,
    beside,
    legend_columns,
    letter,
    matplotlib,
    new_figure,
    save,
    tidy,
)
from oxyshell.drawing.text import capital, shown
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.presentation.numbers import named_with_unit
from oxyshell.studies.design.designs import Designs, text
from oxyshell.studies.design.verdict import Measure
from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.tables import Column
from oxyshell.studies.engine.words import in_words

_NARROWEST = 2.0
_LETTER = 0.065
"""Width of a letter of the legend, inches."""
_LETTERS = 28
"""Letters in a line of a label along an axis."""
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def draw(found: Designs, folder: Path, suffix: str, width: float = TWO_COLUMNS) -> None:
    """Draw the front of a design study into a folder.

    Raises:
        OutputError: If the study of all designs cannot be read there, or the disk refuses.
    """
    assert found.path is not None
    study = study_store.read(found.path)
    draw_front(found, study.parameters, folder / f"front{suffix}", width)


def draw_front(found: Designs, variables: Sequence[Column], path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw the front in all pairs of objectives: colour is the first variable with numbers, the mark another.

    Args:
        found: The designs.
        variables: Their values in columns, of which those of further designs are left out.
        path: The picture.
        width: Width in inches.

    Raises:
        OutputError: If the disk refuses.
    """
    pairs = list(itertools.combinations(range(len(found.measures)), 2))
    across = beside(len(pairs), width, _NARROWEST)
    down = -(-len(pairs) // across)
    figure = new_figure(width, 2.6 * down + 0.6)
    panels = np.ravel(figure.subplots(down, across, squeeze=False))
    chosen = np.array(found.front)
    count = len(found.values)
    numbers = next((one for one in variables if _has_numbers(one)), None)
    texts_of = (at for at, one in zip(found.variables, variables, strict=False) if not _has_numbers(one))
    words = next(texts_of, None)
    colours = np.zeros(count) if numbers is None else np.array(numbers.numbers[:count])
    kinds = np.array([""] * count if words is None else [f", {text(one, words)}" for one in found.values])
    name, _, reference = found.reference
    letters = int((width - 0.6) / _LETTER)
    points: Any = None
    for axes, (first, second) in zip(panels, pairs, strict=True):
        axes.plot(
            found.objectives[:, first], found.objectives[:, second], ".", color="0.65", markersize=3,
            zorder=0, label="all designs",
        )  # fmt: skip
        for mark, kind in zip(itertools.cycle(_MARKERS), sorted({*kinds}), strict=False):
            here = chosen[kinds[chosen] == kind]
            if len(here):
                points = axes.scatter(
                    found.objectives[here, first], found.objectives[here, second], c=colours[here], s=14,
                    marker=mark, cmap="viridis", edgecolors="none",
                    norm=matplotlib.colors.Normalize(np.min(colours), np.max(colours)),
                )  # fmt: skip
                # The colour of any one design means nothing in the legend.
                axes.plot(
                    [], [], mark, color="0.35", markersize=3.5, label=shown(f"front{kind}", width=letters)
                )
        axes.plot(
            reference[first],
            reference[second],
            "*",
            color="#d55e00",
            markersize=9,
            label=shown(name, width=letters),
        )
        if found.best is not None:
            best = found.objectives[found.best]
            axes.plot(
                best[first], best[second], "o", markerfacecolor="none", markeredgecolor="#d55e00",
                markeredgewidth=1.2, markersize=8, label="named in the verdict",
            )  # fmt: skip
        tidy(axes, _axis(found.measures[first]), _axis(found.measures[second]))
    if points is not None and numbers is not None:
        bar = figure.colorbar(points, ax=list(panels[across - 1 :: across]), aspect=25 * down)
        bar.set_label(shown(capital(numbers.label), width=36), fontsize=NORMAL)
        bar.ax.tick_params(labelsize=SMALL)
    handles, texts = panels[0].get_legend_handles_labels()
    letter(list(panels))
    columns = legend_columns(texts, width - 0.2, SMALL)
    figure.legend(handles, texts, loc="outside lower center", ncols=columns, fontsize=SMALL, frameon=False)
    save(figure, path)


def _has_numbers(column: Column) -> bool:
    return bool(np.all(np.isfinite(column.numbers)))


def _axis(measure: Measure) -> str:
    arrow = "← better" if measure.sign > 0 else "better →"
    label = named_with_unit(in_words(measure.name), measure.unit)
    return f"{shown(label, 2 * _LETTERS, width=_LETTERS)}\n{arrow}"
