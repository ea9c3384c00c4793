"""Runs scenario after scenario, meshing and discretising only when the next one needs something else."""

from __future__ import annotations

from oxyshell.outputs import Result, RunOutput
from oxyshell.running.recording import nested
from oxyshell.running.simulation import Simulation
from oxyshell.scenario.scenario import Scenario

# Discretised particles that are kept, latest first.
_KEPT = 8


class SimulationCache:
    """A place where scenarios are run one after the other."""

    def __init__(self) -> None:
        self._ready: list[Simulation] = []

    def run(self, scenario: Scenario, folder: RunOutput | None = None) -> Result:
        """Run a scenario, in memory unless there is a folder.

        Raises:
            OxyshellError: If the run cannot be solved or written.
        """
        ready = next((one for one in self._ready if one.fits(scenario)), None)
        if ready is None:
            ready = Simulation(scenario)
        self._ready = [ready, *(one for one in self._ready if one is not ready)][:_KEPT]
        return ready.run(scenario, folder)

    def quantity(self, scenario: Scenario, path: str) -> float:
        """Run a scenario and read one number off its summary.

        Raises:
            InputError: If the summary has no such number.
            OxyshellError: If the run cannot be solved.
        """
        return quantity_of(self.run(scenario), path)


def has_quantity(result: Result, path: str) -> bool:
    """Whether a result's summary has a number at a path that means something in this run.

    Raises:
        InputError: If no run of this kind has one there.
    """
    try:
        return nested(result.summary, path) is not None
    except KeyError:
        quantity_of(result, path)
        raise


def quantity_of(result: Result, path: str) -> float:
    """A number in a result's summary, at a path such as `stress.hoop.peak_MPa`.

    Raises:
        InputError: If there is none.
    """
    from oxyshell.errors import InputError

    try:
        value = nested(result.summary, path)
    except KeyError:
        value = None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(
            f"'{path}' is no number of a run's summary; see summary.json of any run for what there is"
        )
    return float(value)
