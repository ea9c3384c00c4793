"""Report of a run: the same parts for the terminal, a page and a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oxyshell.models import registry
from oxyshell.outputs import Result
from oxyshell.presentation.finding import findings_table
from oxyshell.presentation.numbers import duration
from oxyshell.presentation.table import Table
from oxyshell.running.cycles_compared import compared
from oxyshell.scenario.scenario import Scenario
from oxyshell.scenario.words import numbers_in_words

_OF_THE_PARTICLE = ("material", "shell", "regions")
"""Sections that every number of a material or a layer stands in, also one that a library has given."""


def render(result: Result, scenario: Scenario) -> Iterator[Table | str]:
    """The parts of the report, in order.

    Args:
        result: A run that has ended.
        scenario: Its scenario.
    """
    yield from without_chosen(result, scenario)
    yield from _chosen(scenario)


def without_chosen(result: Result, scenario: Scenario) -> Iterator[Table | str]:
    """The same but for the line on chosen numbers, for a page that shows where all numbers come from."""
    summary: Mapping[str, Any] = result.summary
    found = [finding for one in registry.physics() for finding in one.findings(summary)]
    yield findings_table(scenario.name, found)
    yield from compared(result.cycle_table)
    for one in registry.physics():
        yield from one.report(summary)
    folder = f" Results in {result.path}" if result.path else ""
    yield f"{summary['status']}: {summary['steps']} steps, {duration(summary['wall_time_s'])}.{folder}"
    for remark in summary["remarks"]:
        yield f"- {remark}"


def _chosen(scenario: Scenario) -> Iterator[str]:
    """A line on the numbers that were chosen, of a run with several hosts or with an optional physics."""
    optional = (one.name for one in registry.physics() if not one.in_every_run)
    physics = [name for name in optional if scenario.section(name) is not None]
    if not physics and len(scenario.parts) == 1:
        return
    numbers, named = scenario.chosen(), (*_OF_THE_PARTICLE, *physics)
    told = {
        path: [text] for path, text in numbers.items() if path.startswith(tuple(f"{one}." for one in named))
    }
    # The conditions of the run, such as its temperature and its rates, are counted only.
    others = len(numbers) - len(told)
    more = f" and {others} more (scenario.yaml has all with their keys)" if others else ""
    yield f"- Chosen, not measured: {numbers_in_words(told) or 'nothing'}{more}."
