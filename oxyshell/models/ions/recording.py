"""Content of ions: in the whole particle, at its surface, and at points."""

from __future__ import annotations

import math
from collections.abc import Mapping

from oxyshell.models.particle.system import System
from oxyshell.solver.evaluation import Evaluation
from oxyshell.solver.recorder import Cells, EndedCycle, EndedStep, Recorder, Sample
from oxyshell.solver.state import State
from oxyshell.solver.step_result import StepResult


class ContentEvaluation:
    """Occupancy θ and concentration c at points."""

    def __init__(self, points: Evaluation) -> None:
        """Compile the expressions.

        Args:
            points: Where values are wanted.
        """
        self._points, self._solved = points, points.solved
        theta = self._solved.expressions.occupancy
        sites = self._solved.by_part(lambda model, where: model.host.sites(where.position))
        self._content = points.compiled([theta, theta * sites])

    def sample(self, state: State) -> Sample:
        """θ, and c in mol/m³, of a state."""
        self._solved.load(state)
        units = self._solved.units
        values = self._points.values(self._content)
        found = {
            "occupancy": values[:, 0],
            "concentration_mol_m3": values[:, 1] * units.amount / units.length**3,
        }
        return Sample(found, found)


class ContentRecorder(Recorder):
    """Ions in the particle and out of it, and whether they add up."""

    kept = ("last", "balance_error", "charged", "discharged", "balance_error_of_step")

    def __init__(self, system: System, evaluation: ContentEvaluation) -> None:
        """Set up.

        Args:
            system: The discretised particle, with the model of the run.
            evaluation: The content at points.
        """
        self._evaluation = evaluation
        self._sites = system.observe(system.initial_state(1.0)).content
        self._last = {"extracted_per_formula": 0.0, "surface_occupancy": 0.0}
        self._balance_error = 0.0
        self._begin_step()

    def _begin_step(self) -> None:
        self._charged = self._discharged = self._balance_error_of_step = 0.0

    def step(self, moment: StepResult) -> Mapping[str, float]:
        content, surface = moment.observation.content, moment.observation.surface_occupancy
        self._balance_error = max(self._balance_error, moment.balance_error)
        self._balance_error_of_step = max(self._balance_error_of_step, moment.balance_error)
        passed = moment.state.active * (moment.extracted - self._last["extracted_per_formula"])
        self._charged += max(passed, 0.0)
        self._discharged += max(-passed, 0.0)
        self._last = {"extracted_per_formula": moment.extracted, "surface_occupancy": surface}
        return {
            **self._last,
            "mean_occupancy": content / self._sites,
            "ions_in_particle_mol": content,
            "ions_out_mol": moment.state.left,
            "balance_error": moment.balance_error,
        }

    def of_step(self, ended: EndedStep) -> Cells:
        found = {
            "extracted_at_start": ended.start["extracted_per_formula"],
            "extracted_at_end": ended.end["extracted_per_formula"],
            "charged_per_formula": self._charged,
            "discharged_per_formula": self._discharged,
            "balance_error": self._balance_error_of_step,
        }
        self._begin_step()
        return found

    def of_cycle(self, ended: EndedCycle) -> Cells:
        return {
            "extracted_at_end": ended.end["extracted_per_formula"],
            "charged_per_formula": math.fsum(ended.numbers("charged_per_formula")),
            "discharged_per_formula": math.fsum(ended.numbers("discharged_per_formula")),
            "balance_error": max(ended.numbers("balance_error")),
        }

    def sample(self, state: State) -> Sample:
        return self._evaluation.sample(state)

    def summary(self) -> Mapping[str, object]:
        extracted, surface = self._last["extracted_per_formula"], self._last["surface_occupancy"]
        ions = {
            "extracted_per_formula": extracted,
            "balance_error": self._balance_error,
            "surface_occupancy": surface,
        }
        return {"ions": ions}
