"""Figures of the results in a folder, drawn later from its files."""

from __future__ import annotations

from pathlib import Path

from oxyshell.figure_format import TWO_COLUMNS, FigureFormat
from oxyshell.running.overwrite_protection import holds_run
from oxyshell.studies.registry import load_scenario, study_in


def draw_again(folder: Path, figures: FigureFormat, width: float = TWO_COLUMNS) -> None:
    """Draw the figures of a finished run or study, those that it would have drawn itself.

    Args:
        folder: Its folder.
        figures: Their format.
        width: Their width in inches.

    Raises:
        InputError: If there are no finished results, or such as do not hold all that their figures show.
        OutputError: If a file cannot be read, or the disk refuses.
    """
    if holds_run(folder):
        from oxyshell.running.figures import draw_again as of_run

        of_run(folder, load_scenario(folder / "scenario.yaml"), figures, width)
        return
    found = study_in(folder)
    found.draw(found.stored(folder), figures, width)
