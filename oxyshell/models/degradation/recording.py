"""Losses of a run: the numbers that are in force in each of its cycles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oxyshell.models.base.cycle_law import CycleLaw
from oxyshell.models.degradation.laws import reported
from oxyshell.solver.recorder import Cells, EndedCycle, Recorder
from oxyshell.solver.step_result import StepResult


class DegradationRecorder(Recorder):
    """Reads the numbers in force off the states of a run."""

    kept = ("now", "last", "cycle")

    def __init__(self, law: CycleLaw) -> None:
        """Set up.

        Args:
            law: The losses.
        """
        self._law = law
        self._now: dict[str, float] = dict(reported(law, law.start()))
        self._last = self._now
        self._cycle = 0

    def step(self, moment: StepResult) -> Mapping[str, float]:
        self._now = dict(reported(self._law, moment.state.cycle_numbers))
        return self._now

    def of_cycle(self, ended: EndedCycle) -> Cells:
        self._last, self._cycle = self._now, ended.number
        return self._last

    def summary(self) -> Mapping[str, object]:
        last = self._last
        return {
            "degradation": {
                "cycle": self._cycle,
                "layer_nm": last["layer_thickness_nm"],
                **{key: value for key, value in last.items() if key != "layer_thickness_nm"},
            }
        }

    def remarks(self) -> Iterator[str]:
        if self._cycle > 1:
            yield (
                f"Between cycle 1 and cycle {self._cycle} the losses follow their laws: the path between is "
                "the law's, not data's."
            )
