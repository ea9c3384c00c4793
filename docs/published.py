"""Computes the tables and figures of `results/published` anew: `python -m docs.published [NAME ...]`."""

from __future__ import annotations

import csv
import io
import shutil
import sys
import tempfile
from dataclasses import astuple, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oxyshell.studies.comparison.comparison_result import ComparisonResult

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "results" / "published"
COMPARISONS = ("lrmo-peak-stress", "lrmo-oxygen-retention")
"""The paper's comparisons: files in `scenarios/`, and folders here."""
DATA = ("comparison.json", "comparison.csv", "report.txt")
"""What a folder holds beside figures."""
FORMATS = ("png", "svg")
NO_FOLDER = "\nResults in ."
"""The last line of a report, which names its folder."""


def compute(name: str, folder: Path) -> None:
    """Run a comparison and write its tables and figures.

    Args:
        name: Name of the file in `scenarios/`.
        folder: An existing folder, whose files are replaced.
    """
    import oxyshell

    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "made"
        oxyshell.compare(ROOT / "scenarios" / f"{name}.yaml", out=made)
        publish(made, folder)


def publish(made: Path, folder: Path) -> None:
    """Write tables and figures of a finished comparison.

    Args:
        made: Its folder.
        folder: An existing folder, whose files are replaced.
    """
    from oxyshell.figure_format import FigureFormat
    from oxyshell.studies.comparison import COMPARISON
    from oxyshell.studies.comparison.comparison_result import Row

    result = COMPARISON.stored(made)
    for old in folder.iterdir():
        old.unlink()
    shutil.copyfile(made / "comparison.json", folder / "comparison.json")
    with (folder / "comparison.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(field.name for field in fields(Row))
        rows.writerows(astuple(row) for row in result.rows)
    (folder / "report.txt").write_text(_report(result), encoding="utf-8")
    for name in FORMATS:
        COMPARISON.draw(result, FigureFormat(name))
        for figure in made.glob(f"*.{name}"):
            shutil.copyfile(figure, folder / figure.name)


def _report(result: ComparisonResult) -> str:
    """What the command prints at a width of 80 columns, but for the line that names its folder."""
    from rich.console import Console

    from oxyshell.studies.comparison.report import render

    stream = io.StringIO()
    console = Console(file=stream, width=80, color_system=None, markup=False, emoji=False, highlight=False)
    for part in render(replace(result, path=Path())):
        if part != NO_FOLDER:
            console.print(part)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


if __name__ == "__main__":
    for each in sys.argv[1:] or COMPARISONS:
        target = PUBLISHED / each
        target.mkdir(parents=True, exist_ok=True)
        compute(each, target)
