"""Figures of a sweep: quantities over the parameters that move them most."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator
from pathlib import Path

from oxyshell.drawing.style import save
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.studies.engine.study import Study
from oxyshell.studies.engine.study_figures import drawable
from oxyshell.studies.engine.tables import Column
from oxyshell.studies.sweep import EFFECTS

_MOST_NAMES = 40


def draw(study: Study, folder: Path, suffix: str, width: float = TWO_COLUMNS) -> None:
    """Draw a sweep into a folder; few figures, since drawing takes longer than solving.

    Raises:
        OutputError: If the disk refuses.
    """
    for name, (quantity, parameter) in zip(EFFECTS, _pairs(study), strict=False):
        save(study.plot(quantity.name, parameter.name, width), folder / f"{name}{suffix}")


def _pairs(study: Study) -> Iterator[tuple[Column, Column]]:
    """Quantities with parameters, the largest effect on each quantity first."""
    changing = [column for column in study.parameters if len(set(column.values)) > 1]
    # Points with names are read by these.
    over = [column for column in changing if column.name == "name"] or [
        column for column in changing if column.numeric or len(set(column.values)) <= _MOST_NAMES
    ]
    drawn = [
        (rank, position, quantity, parameter)
        for position, quantity in enumerate(study.quantities)
        if len({value for value in quantity.values if value == value}) > 1  # NaN is not
        for rank, parameter in enumerate(sorted(over, key=lambda one: -_effect(one, quantity)))
        if drawable(parameter, quantity)
    ]
    drawn.sort(key=lambda entry: entry[:2])
    for _, _, quantity, parameter in drawn:
        yield quantity, parameter


def _effect(parameter: Column, quantity: Column) -> float:
    """Distance of a quantity's means over equal values of a parameter (of many values: over thirds)."""
    pairs = [
        (key, value)
        for key, value in zip(parameter.values, quantity.values, strict=True)
        if isinstance(value, float) and math.isfinite(value) and key == key
    ]
    if parameter.numeric:
        order = sorted({key for key, _ in pairs}, key=float)
        share = max(1, len(order) // 3)
        bins = {key: index // share for index, key in enumerate(order)}
        pairs = [(str(bins[key]), value) for key, value in pairs]
    groups: dict[float | str, list[float]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    means = [statistics.fmean(values) for values in groups.values()]
    return max(means) - min(means) if means else 0.0
