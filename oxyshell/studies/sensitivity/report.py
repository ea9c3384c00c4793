"""A sensitivity analysis on screen."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxyshell.studies.engine import remarks
from oxyshell.studies.sensitivity.run import Analysis, Reactions

if TYPE_CHECKING:
    from rich.table import Table


def render(analysis: Analysis) -> Iterator[Table | str]:
    """What to print when an analysis has ended."""
    for result in analysis.reactions:
        yield _table(result)
        if analysis.samples:
            yield (
                f"over all ranges: mean {_number(result.mean, result.unit)}, standard deviation "
                f"{_number(result.standard_deviation, result.unit)}\n"
            )
    yield from remarks.told(analysis.study.remarks, "the column 'remarks' of study.csv", "runs")
    where = "" if analysis.path is None else f" Results in {analysis.path}: tornado.png, sensitivity.csv"
    yield f"{len(analysis.study)} runs.{where}"


def _table(result: Reactions) -> Table:
    from oxyshell.studies.engine.tables import PlainTable

    title = f"{result.quantity}: {_number(result.base, result.unit)} as in the scenario"
    table = PlainTable(title)
    table.add_column("parameter", overflow="fold")
    for heading in ("from", "to", "gives", "to ", "Sobol' first order", "total"):
        table.add_column(heading, justify="right")
    for one in result.of:
        table.add_row(
            one.parameter,
            one.low,
            one.high,
            _number(one.at_low, result.unit),
            _number(one.at_high, result.unit),
            _index(one.index.first, one.index.first_half_width),
            _index(one.index.total, one.index.total_half_width),
        )
    return table


def _index(value: float, half_width: float) -> str:
    return "" if math.isnan(value) else f"{value:.3f} ± {half_width:.3f}"


def _number(value: float, unit: str) -> str:
    return f"{value:.4g}" if unit == "1" else f"{value:.4g} {unit}"
