"""The figures of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from oxyshell.figure_format import SUFFIXES, TWO_COLUMNS
from oxyshell.models import registry
from oxyshell.models.base.physics import Figure, LabelledRun
from oxyshell.outputs import disk
from oxyshell.studies.comparison.comparison_result import BASE, ComparisonResult, is_peak
from oxyshell.studies.engine.quantities import axis_label
from oxyshell.studies.engine.simulation_cache import find_quantity, quantity_of


def draw(result: ComparisonResult, folder: Path, suffix: str, width: float = TWO_COLUMNS) -> None:
    """Draw a comparison into a folder.

    Args:
        result: Its result.
        folder: The folder.
        suffix: Ending of the files, such as ".png".
        width: Width of the figures in inches.

    Raises:
        OutputError: If the disk refuses.
    """
    for figure in _of_physics(result):
        figure.draw(folder / f"{figure.name}{suffix}", width)
    _draw_peaks(result, _runs(result), folder / f"comparison{suffix}", width)
    _draw_reported(result, folder / f"reported{suffix}", width)
    if result.cells and result.report:
        _draw_factorial(result, result.cells, folder / f"factorial{suffix}", width)


def clear_figures(result: ComparisonResult) -> None:
    """Remove figures of earlier results, in any format: the new ones may not be drawn.

    Raises:
        OutputError: If the disk refuses.
    """
    assert result.path is not None
    with disk.errors_at(result.path):
        pictures = [path for path in result.path.glob("*") if path.suffix in SUFFIXES]
        # Where there are no pictures, nothing that draws is loaded.
        names = {figure.name for figure in _of_physics(result)} if pictures else set()
        for path in pictures:
            if path.stem in names:
                path.unlink()


def _of_physics(result: ComparisonResult) -> list[Figure]:
    runs = _runs(result)
    return [one for physics in registry.physics() for one in physics.figures(runs) if one.compares]


def _runs(result: ComparisonResult) -> list[LabelledRun]:
    return [LabelledRun(name, one, result.results[name]) for name, one in result.scenarios.items()]


def _draw_peaks(
    result: ComparisonResult, runs: Sequence[LabelledRun], path: Path, width: float = TWO_COLUMNS
) -> None:
    """Draw published peaks beside the computed ones, below cuts through the particles."""
    from oxyshell.drawing.comparison import PeakStress, comparison_figure
    from oxyshell.models.mechanics.figure import labelled_profiles

    peaks = [
        PeakStress(row.system, row.published, row.computed, row.status)
        for row in result.rows
        if row.case == BASE and is_peak(row.quantity) and row.published is not None
    ]
    if peaks:
        comparison_figure([labelled_profiles(run) for run in runs], peaks, path, width)


def _draw_reported(result: ComparisonResult, path: Path, width: float = TWO_COLUMNS) -> None:
    """Draw what the file asks to report, where some of it was published."""
    from oxyshell.drawing.reported import ReportedSystem, reported_figure

    rows = [row for row in result.rows if row.case == BASE and row.quantity in result.report]
    if all(row.published is None for row in rows):
        return
    systems = []
    for name in result.results:
        own = [row for row in rows if row.system == name]
        systems.append(
            ReportedSystem(
                label=name,
                values={row.quantity: row.computed for row in own},
                published={row.quantity: row.published for row in own if row.published is not None},
                calibrated=frozenset(row.quantity for row in own if row.status == "calibrated"),
                imposed=frozenset(row.quantity for row in own if row.status == "imposed"),
            )
        )
    labels = {name: axis_label(name, result.labels.get(name, "")) for name in result.report}
    reported_figure(systems, labels, path, width)


def _draw_factorial(
    result: ComparisonResult, cells: Mapping[str, Mapping[str, str]], path: Path, width: float = TWO_COLUMNS
) -> None:
    from oxyshell.drawing.factorial import FactorialCell, factorial_figure

    shown = [
        q for q in result.report if all(find_quantity(result.results[name], q) is not None for name in cells)
    ]
    # The factor named last, that with the finer levels in what ships, goes along.
    values = {name: {q: quantity_of(result.results[name], q) for q in shown} for name in cells}
    drawn = [
        FactorialCell(dict(reversed(list(levels.items()))), values[name]) for name, levels in cells.items()
    ]
    if shown and len(next(iter(cells.values()))) == 2:
        labels = {q: axis_label(q, result.labels.get(q, "")) for q in shown}
        factorial_figure(drawn, labels, path, width)
