"""Report of a sensitivity analysis for the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

from oxyshell.presentation.numbers import with_printed_units, with_unit
from oxyshell.presentation.table import Table
from oxyshell.studies.engine import remarks
from oxyshell.studies.engine.words import in_words
from oxyshell.studies.sensitivity.reactions import Analysis, Reactions

_HEADINGS = ("parameter", ">low", ">high", ">at low", ">at high", ">first order", ">total")


def render(analysis: Analysis) -> Iterator[Table | str]:
    """The parts of the report, in order."""
    for result in analysis.reactions:
        yield _table(result)
        if analysis.samples:
            yield (
                f"over all ranges: mean {with_unit(result.mean, result.unit)}, standard deviation "
                f"{with_unit(result.standard_deviation, result.unit)}\n"
            )
    yield from remarks.render(analysis.study.remarks, "the column 'remarks' of study.csv", "runs")
    where = "" if analysis.path is None else f" Results in {analysis.path}: sensitivity.csv, study.csv"
    yield f"{len(analysis.study)} runs.{where}"


def _table(result: Reactions) -> Table:
    rows = [
        (
            in_words(one.parameter),
            with_printed_units(one.low),
            with_printed_units(one.high),
            with_unit(one.at_low, result.unit),
            with_unit(one.at_high, result.unit),
            _index(one.index.first, one.index.first_half_width),
            _index(one.index.total, one.index.total_half_width),
        )
        for one in result.parameters
    ]
    base = with_unit(result.base, result.unit)
    return Table(f"{in_words(result.quantity)}: {base} as in the scenario; Sobol' indices", _HEADINGS, rows)


def _index(value: float, half_width: float) -> str:
    return "" if math.isnan(value) else f"{value:.3f} ± {half_width:.3f}"
