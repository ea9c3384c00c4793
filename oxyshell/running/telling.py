"""Words about where a run stands, for those who wait for it."""

from __future__ import annotations

import logging
from typing import Protocol

from oxyshell.outputs import Progress
from oxyshell.presentation.numbers import directed, time_in_words
from oxyshell.running.completion import Completion
from oxyshell.solver.step_result import StepResult

_LOGGER = logging.getLogger("oxyshell")


class Telling(Protocol):
    """Tells where a run stands."""

    def step(self, moment: StepResult) -> None:
        """Tell of an accepted step."""

    def output(self, moment: StepResult) -> None:
        """Tell of an output time."""


class Silence:
    """Tells nobody: nothing is put into words."""

    def step(self, moment: StepResult) -> None:
        pass

    def output(self, moment: StepResult) -> None:
        pass


class Words:
    """Tells a progress reporter of every step, and it and the log of output times.

    Args:
        progress: The reporter.
        completion: Knows which share of the run is done.
    """

    def __init__(self, progress: Progress, completion: Completion) -> None:
        self._progress, self._completion = progress, completion

    def step(self, moment: StepResult) -> None:
        briefly = f"{time_in_words(moment.state.time, digits=3)}, {directed(moment.extracted, 3)}"
        self._progress.update(self._completion.share(moment), briefly)

    def output(self, moment: StepResult) -> None:
        where = (
            f"{time_in_words(moment.state.time)}, "
            f"{directed(moment.extracted, 4)} per formula unit, "
            f"surface occupancy {moment.observation.surface_occupancy:.4f}"
        )
        self._progress.message(where)
        _LOGGER.info("%s", where)
