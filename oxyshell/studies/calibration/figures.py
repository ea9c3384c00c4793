"""Pictures of a fit: what the targets leave open."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from oxyshell.drawing.style import SMALL, letter, new_figure, save, system_colours, tidy
from oxyshell.drawing.text import capital, shown
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.presentation.numbers import named_with_unit
from oxyshell.studies.calibration.calibration_result import CalibrationResult
from oxyshell.studies.calibration.findings import largest_move, members, rounded_up
from oxyshell.studies.engine.words import in_words

_WIDE = 5.0


def draw(result: CalibrationResult, folder: Path, suffix: str, width: float = TWO_COLUMNS) -> None:
    """Draw the valleys of a calibration, if there are any, into a folder.

    Raises:
        OutputError: If the disk refuses.
    """
    if result.valleys:
        draw_valleys(result, folder / f"valleys{suffix}", width)


def draw_valleys(result: CalibrationResult, path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw, for each direction that the targets leave open, the values that agree with them just as well.

    One panel for each parameter that takes part, relative to its fitted value, over the first of them.

    Raises:
        OutputError: If the disk refuses.
    """
    unknowns, fitted = result.problem.unknowns, result.estimate.values
    figure = new_figure(width, 2.4 * len(result.valleys))
    rows = np.ravel(figure.subplots(len(result.valleys), 1, squeeze=False))
    for axes, (direction, places) in zip(rows, result.valleys, strict=True):
        first, *others = members(direction, unknowns)
        values = np.exp([place.logarithms for place in places])
        drawn = others or [first]
        for colour, index in zip(system_colours(len(drawn)), drawn, strict=True):
            change = 100 * (values[:, index] / fitted[index] - 1)
            label = shown(capital(in_words(unknowns[index].name)))
            axes.plot(values[:, first], change, "o-", color=colour, markersize=4, label=label)
        axes.plot(fitted[first], 0.0, "k*", markersize=11, label="fitted")
        most = rounded_up(largest_move(places))
        between = "\n" if width < _WIDE else " "
        title = f"No target moves by more than {most}{between}of its uncertainty between the marks"
        axes.set_title(title, fontsize=SMALL, loc="left")
        axes.legend(fontsize=SMALL, frameon=False)
        label = named_with_unit(in_words(unknowns[first].name), unknowns[first].unit)
        tidy(axes, shown(label), "Change from the fit (%)")
    letter(list(rows))
    save(figure, path)
