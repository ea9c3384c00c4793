"""The figures of a comparison."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from oxyshell.studies.comparison.comparison_result import BASE, ComparisonResult, is_peak
from oxyshell.studies.engine.simulation_cache import find_quantity, quantity_of


def draw_comparison(result: ComparisonResult, cells: Mapping[str, Mapping[str, str]], folder: Path) -> None:
    """Draw a comparison.

    Args:
        result: Its result.
        cells: The level of every factor by the name of a system; empty without a factorial.
        folder: Where the PNG files go.
    """
    _draw_systems(result, folder)
    _draw_oxygen(result, folder)
    if cells and result.report:
        _draw_factorial(result, cells, folder)


def _draw_systems(result: ComparisonResult, folder: Path) -> None:
    from oxyshell.drawing import PeakStress, comparison_figure, history_figure
    from oxyshell.running.simulation import labelled_history, labelled_profiles

    scenarios, results = result.scenarios, result.results
    history_figure(
        [labelled_history(name, s, results[name]) for name, s in scenarios.items()], folder / "history.png"
    )
    systems = [labelled_profiles(name, s, results[name]) for name, s in scenarios.items()]
    peaks = [
        PeakStress(row.system, row.published, row.computed, row.status)
        for row in result.rows
        if row.case == BASE and is_peak(row.quantity) and row.published is not None
    ]
    if peaks:
        comparison_figure(systems, peaks, folder / "comparison.png")


def _draw_oxygen(result: ComparisonResult, folder: Path) -> None:
    from oxyshell.running.simulation import labelled_history, labelled_oxygen, published_shares

    with_oxygen = {name: s for name, s in result.scenarios.items() if s.oxygen is not None}
    if not with_oxygen:
        return
    from oxyshell.drawing import oxygen_figure, release_figure

    results = result.results
    oxygen_figure(
        [labelled_oxygen(name, s, results[name]) for name, s in with_oxygen.items()], folder / "oxygen.png"
    )
    histories = [labelled_history(name, s, results[name]) for name, s in with_oxygen.items()]
    shares = published_shares(next(iter(with_oxygen.values())))
    release_figure(histories, folder / "release.png", shares)


def _draw_factorial(result: ComparisonResult, cells: Mapping[str, Mapping[str, str]], folder: Path) -> None:
    from oxyshell.drawing import FactorialCell, factorial_figure

    shown = [
        q for q in result.report if all(find_quantity(result.results[name], q) is not None for name in cells)
    ]
    # The factor named last, that with the finer levels in what ships, goes along.
    values = {name: {q: quantity_of(result.results[name], q) for q in shown} for name in cells}
    drawn = [
        FactorialCell(dict(reversed(list(levels.items()))), values[name]) for name, levels in cells.items()
    ]
    if shown and len(next(iter(cells.values()))) == 2:
        units = {row.quantity: row.unit for row in result.rows}
        labels = {q: f"{_words(q)}{'' if units[q] == '1' else f' ({units[q]})'}" for q in shown}
        factorial_figure(drawn, labels, folder / "factorial.png")


_WORDS = {
    "oxygen.retention": "O₂ kept / generated",
    "oxygen.captured_fraction": "O₂ captured / generated",
    "oxygen.escaped_fraction": "O₂ escaped / generated",
    "oxygen.released_umol_per_g": "O₂ released",
    "oxygen.generated_umol_per_g": "O₂ generated",
    "stress.first_principal.peak_MPa": "Peak first principal stress",
}


def _words(quantity: str) -> str:
    return _WORDS.get(quantity, quantity)
