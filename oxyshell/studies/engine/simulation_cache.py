"""Runs scenario after scenario, meshing and discretising only when the next one needs something else."""

from __future__ import annotations

import math

from oxyshell.errors import InputError
from oxyshell.language.mistakes import Refusal
from oxyshell.outputs import Result, RunOutput, SummaryOnly
from oxyshell.running.checkpoints import CheckpointWriter
from oxyshell.running.run_result import RunResult
from oxyshell.running.simulation import Simulation
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.quantities import read

# Discretised particles that are kept, latest first.
_KEPT = 8


class SimulationCache:
    """A place where scenarios are run one after the other."""

    def __init__(self) -> None:
        self._ready: list[Simulation] = []

    def run(
        self, scenario: Scenario, folder: RunOutput | None = None, writer: CheckpointWriter | None = None
    ) -> RunResult:
        """Run a scenario, in memory unless there is a folder.

        Args:
            scenario: What to run.
            folder: Where results go, already started.
            writer: Learns of every step; by default nobody does.

        Raises:
            OxyshellError: If the run cannot be solved or written.
        """
        ready = next((one for one in self._ready if one.fits(scenario)), None)
        if ready is None:
            ready = Simulation(scenario)
        self._ready = [ready, *(one for one in self._ready if one is not ready)][:_KEPT]
        return ready.run(scenario, folder, writer=writer)

    def quantity(self, scenario: Scenario, text: str) -> float:
        """Run a scenario and read one number off its results.

        Raises:
            InputError: If the run has no such number.
            OxyshellError: If the run cannot be solved.
        """
        return quantity_of(self.run(scenario, SummaryOnly(keeps_history=True)), text)


def quantity_of(result: Result, text: str) -> float:
    """A number of a run: at a path into its summary such as `stress.hoop.peak_MPa`, or of a table.

    Raises:
        InputError: If there is none.
    """
    value = find_quantity(result, text)
    if value is None:
        raise InputError(
            f"this run has no number '{text}'; see summary.json and the tables of any run for what there is"
        )
    return value


def find_quantity(result: Result, text: str) -> float | None:
    """A number of a run; None where the run has none, or where it is a share of nothing."""
    try:
        value = read(text).of(result)
    except (KeyError, Refusal):
        return None
    return None if math.isnan(value) else value
