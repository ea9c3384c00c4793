"""Report of a run: the same parts for the terminal, a page and a notebook."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.outputs import Result
from oxyshell.presentation.finding import findings_table
from oxyshell.presentation.numbers import duration, with_unit
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


def of_unfinished(result: Result) -> Iterator[Table | str]:
    """Progress of a run that has not ended, the command that continues it, and its last row."""
    history, ended = result.history, result.step_table.rows
    reached = f" to {duration(float(history['time_s'][-1]))}" if history.rows else ""
    steps = f"{ended} step{'s' * (ended != 1)} of the protocol ended"
    yield f"The run has not ended. It came{reached or ' to no time step'}: {_rows(history.rows)}, {steps}."
    if result.path:
        file, out = (shlex.quote(str(path)) for path in (result.path / "scenario.yaml", result.path))
        yield f"Unless it is still going, 'oxyshell run {file} --out {out} --resume' goes on with it."
    if history.rows:
        known = registry.observables(Where.HISTORY)
        shown = [known[name] for name in history if name in known and known[name].label]
        rows = [(one.label, with_unit(float(history[one.name][-1]), one.unit)) for one in shown]
        yield Table("The last row of its history", ("quantity", ">value"), rows)


def _rows(count: int) -> str:
    return f"{count} row{'s' * (count != 1)} in the history"


def without_chosen(result: Result, scenario: Scenario) -> Iterator[Table | str]:
    """The same but for the line on chosen numbers, for a page that shows where all numbers come from."""
    summary: Mapping[str, Any] = result.summary
    found = [finding for one in registry.physics() for finding in one.findings(summary)]
    yield findings_table(scenario.name, found)
    yield from compared(result.cycle_table)
    for one in registry.physics():
        yield from one.report(summary)
    folder = f" Results in {result.path}" if result.path else ""
    solved = f"solved in {duration(summary['wall_time_s'])}, without start and compilation"
    yield f"{summary['status']}: {summary['steps']} steps, {solved}.{folder}"
    for remark in summary["remarks"]:
        yield f"- {remark}"


def _chosen(scenario: Scenario) -> Iterator[str]:
    """A line on the numbers that were chosen, or for which nothing says where they come from."""
    optional = (one.name for one in registry.physics() if not one.in_every_run)
    physics = [name for name in optional if scenario.section(name) is not None]
    numbers, named = scenario.chosen(), (*_OF_THE_PARTICLE, *physics)
    told = {
        path: [text] for path, text in numbers.items() if path.startswith(tuple(f"{one}." for one in named))
    }
    # The conditions of the run, such as its temperature and its rates, are counted only.
    others = len(numbers) - len(told)
    more = f" and {others} more (scenario.yaml has all with their keys)" if others else ""
    yield f"- Chosen or without a source: {numbers_in_words(told) or 'nothing'}{more}."
