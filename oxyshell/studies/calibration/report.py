"""A fit on screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxyshell.studies.calibration.estimate import Status
from oxyshell.studies.calibration.problem import number
from oxyshell.studies.calibration.run import Fit
from oxyshell.studies.engine import remarks

if TYPE_CHECKING:
    from rich.table import Table


def render(result: Fit) -> Iterator[Table | str]:
    """What to print when a calibration has ended."""
    yield _parameters(result)
    yield _targets(result)
    if result.status is Status.FITTED:
        yield _directions(result)
    yield from (f"- {finding}" for finding in result.findings)
    texts = [f"{name}: {text}" for name, of_system in result.remarks.items() for text in of_system]
    yield from remarks.limited(texts, "calibration.json")
    where = "" if result.path is None else f" Results in {result.path}"
    yield f"\n{result.runs} runs.{where}"


def _new(title: str, *columns: str) -> Table:
    from oxyshell.studies.engine.tables import PlainTable

    table = PlainTable(title)
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right", overflow="fold")
    return table


def _parameters(result: Fit) -> Table:
    table = _new(
        f"{result.name}: {result.status}", "parameter", "value", "standard error", "95 % interval", "bounds"
    )
    found = result.estimate
    rows = zip(result.problem.unknowns, found.values, found.standard_errors, found.intervals, strict=True)
    nothing = "not identified" if result.status is Status.FITTED else "none"
    for one, value, error, interval in rows:
        told_error = nothing if error is None else f"{100 * error:.2g} %"
        told_interval = "" if interval is None else f"{interval[0]:.4g} to {number(interval[1], one.unit)}"
        bounds = f"{one.low:.4g} to {number(one.high, one.unit)}"
        table.add_row(one.name, number(value, one.unit), told_error, told_interval, bounds)
    return table


def _targets(result: Fit) -> Table:
    table = _new("Targets", "target", "wanted", "uncertainty", "reached", "miss / uncertainty", "source")
    for one, reached in zip(result.problem.targets, result.estimate.results, strict=True):
        miss = (reached - one.value) / one.uncertainty
        table.add_row(
            one.name,
            number(one.value, one.unit),
            number(one.uncertainty, one.unit),
            number(reached, one.unit),
            f"{miss:+.2f}",
            one.source,
        )
    return table


def _directions(result: Fit) -> Table:
    names = [one.name for one in result.problem.unknowns]
    condition = result.estimate.condition_number
    title = (
        f"Directions (condition number {condition:.3g}): change of the targets for a factor of e along them"
    )
    table = _new(title, "direction", "uncertainties per e", "", *names)
    for index, one in enumerate(result.estimate.directions, start=1):
        said = "identified" if one.identified else "not identified"
        table.add_row(
            str(index), f"{one.singular_value:.3g}", said, *(f"{part:+.2f}" for part in one.components)
        )
    return table
