"""Report of a calibration for the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

from oxyshell.presentation.table import Table
from oxyshell.studies.calibration.calibration_result import CalibrationResult
from oxyshell.studies.calibration.estimate import Status
from oxyshell.studies.engine import remarks
from oxyshell.studies.engine.words import in_words


def render(result: CalibrationResult) -> Iterator[Table | str]:
    """The parts of the report, in order."""
    yield _parameters(result)
    yield _targets(result)
    if result.status is Status.FITTED:
        yield _directions(result)
    yield from (f"- {in_words(finding)}" for finding in result.findings)
    texts = [f"{name}: {text}" for name, of_system in result.remarks.items() for text in of_system]
    yield from remarks.limited(texts, "calibration.json")
    where = "" if result.path is None else f" Results in {result.path}"
    yield f"\n{result.runs} runs.{where}"


def _parameters(result: CalibrationResult) -> Table:
    found = result.estimate
    columns = (result.problem.unknowns, found.values, found.standard_errors, found.intervals)
    nothing = "not identified" if result.status is Status.FITTED else "none"
    rows = [
        (
            in_words(one.name),
            one.text(value),
            nothing if error is None else f"{100 * error:.2g} %",
            "" if interval is None else f"{interval[0]:.4g} to {one.text(interval[1])}",
            f"{one.low:.4g} to {one.text(one.high)}",
        )
        for one, value, error, interval in zip(*columns, strict=True)
    ]
    headings = ("parameter", ">value", ">standard error", ">95 % interval", ">bounds")
    return Table(f"{result.name}: {result.status}", headings, rows)


def _targets(result: CalibrationResult) -> Table:
    rows = [
        (
            in_words(one.name),
            one.text(one.value),
            one.text(one.uncertainty),
            one.text(reached),
            f"{(reached - one.value) / one.uncertainty:+z.2f}",
            one.source,
        )
        for one, reached in zip(result.problem.targets, result.estimate.results, strict=True)
    ]
    headings = ("target", ">wanted", ">uncertainty", ">reached", ">miss / uncertainty", "source")
    return Table("Targets", headings, rows)


def _directions(result: CalibrationResult) -> Table:
    condition = result.estimate.condition_number
    told = f"{condition:.3g}" if math.isfinite(condition) else "infinite"
    title = f"Directions (condition number {told}): change of the targets for a factor of e along them"
    rows = [
        (
            str(index),
            f"{one.singular_value:.3g}",
            "identified" if one.identified else "not identified",
            *(f"{part:+.2f}" for part in one.components),
        )
        for index, one in enumerate(result.estimate.directions, start=1)
    ]
    names = (f">{in_words(one.name)}" for one in result.problem.unknowns)
    return Table(title, ("direction", ">uncertainties per e", ">", *names), rows)
