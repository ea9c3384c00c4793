"""The tracer in the results of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oxyshell.solver.recorder import Discretised, Recorder, Sample
from oxyshell.solver.state import State
from oxyshell.solver.step_result import StepResult


class TracerEvaluation:
    """Amounts of the tracer, and its content at points; compiled once for all runs of a particle."""

    def __init__(self, particle: Discretised) -> None:
        self.system = particle.followers["tracer"]
        self._points = particle.everywhere
        self._content = self._points.compiled([self.system.fields.values["content"]])

    def sample(self, state: State) -> Sample:
        """Content at the points of profiles and fields, mol/m³."""
        self.system.load(state.followers["tracer"].state)
        units = self.system.units
        values = self._points.values(self._content)[:, 0] * units.amount / units.length**3
        found = {"tracer_mol_m3": values}
        return Sample(profile=found, fields=found)


class TracerRecorder(Recorder):
    """Reads the tracer off one run."""

    def __init__(self, evaluation: TracerEvaluation) -> None:
        self._evaluation = evaluation
        self._last: Mapping[str, float] = {}
        self._balance_error = 0.0

    def step(self, moment: StepResult) -> Mapping[str, float]:
        tracer = moment.state.followers["tracer"]
        contents = self._evaluation.system.contents(tracer.state)
        self._balance_error = tracer.balance_error
        self._last = {
            "tracer_in_particle_mol": contents["content"],
            "tracer_decayed_mol": contents["decayed"],
            "tracer_escaped_mol": tracer.state.left,
        }
        return self._last

    def sample(self, state: State) -> Sample:
        return self._evaluation.sample(state)

    def summary(self) -> Mapping[str, object]:
        return {
            "tracer": {
                "escaped_mol": self._last["tracer_escaped_mol"],
                "balance_error": self._balance_error,
            }
        }

    def remembered(self) -> Mapping[str, Any]:
        return {"last": self._last, "balance_error": self._balance_error}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        self._last, self._balance_error = remembered["last"], remembered["balance_error"]
