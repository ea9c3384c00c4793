"""The figures of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from oxyshell.models import registry
from oxyshell.models.base.physics import LabelledRun
from oxyshell.studies.comparison.comparison_result import BASE, ComparisonResult, is_peak
from oxyshell.studies.engine.quantities import axis_label
from oxyshell.studies.engine.simulation_cache import find_quantity, quantity_of


def draw_comparison(result: ComparisonResult, cells: Mapping[str, Mapping[str, str]], folder: Path) -> None:
    """Draw a comparison.

    Args:
        result: Its result.
        cells: The level of every factor by the name of a system; empty without a factorial.
        folder: Where the PNG files go.
    """
    runs = [LabelledRun(name, one, result.results[name]) for name, one in result.scenarios.items()]
    for physics in registry.physics():
        for figure in physics.figures(runs):
            if figure.compares:
                figure.draw(folder / f"{figure.name}.png")
    _draw_peaks(result, runs, folder)
    _draw_reported(result, folder)
    if cells and result.report:
        _draw_factorial(result, cells, folder)


def _draw_peaks(result: ComparisonResult, runs: Sequence[LabelledRun], folder: Path) -> None:
    """Draw published peaks beside the computed ones, below cuts through the particles."""
    from oxyshell.drawing.comparison import PeakStress, comparison_figure
    from oxyshell.models.mechanics.figure import labelled_profiles

    peaks = [
        PeakStress(row.system, row.published, row.computed, row.status)
        for row in result.rows
        if row.case == BASE and is_peak(row.quantity) and row.published is not None
    ]
    if peaks:
        comparison_figure([labelled_profiles(run) for run in runs], peaks, folder / "comparison.png")


def _draw_reported(result: ComparisonResult, folder: Path) -> None:
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
    reported_figure(systems, labels, folder / "reported.png")


def _draw_factorial(result: ComparisonResult, cells: Mapping[str, Mapping[str, str]], folder: Path) -> None:
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
        factorial_figure(
            drawn, {q: axis_label(q, result.labels.get(q, "")) for q in shown}, folder / "factorial.png"
        )
