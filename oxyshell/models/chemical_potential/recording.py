"""Phases of a run: where the front is, and the free energy of the particle."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from oxyshell.models.chemical_potential import energy
from oxyshell.models.chemical_potential.facts import PhaseFacts
from oxyshell.models.chemical_potential.process import EXCESS
from oxyshell.solver.assembly import Scalar
from oxyshell.solver.recorder import Discretised, Recorder, RunFacts, Sample
from oxyshell.solver.state import Array, State
from oxyshell.solver.step_result import StepResult

_NANO = 1e-9


class PhaseEvaluation:
    """Front, energies and excess potential of a state."""

    def __init__(self, particle: Discretised) -> None:
        """Compile the integrals and expressions.

        Args:
            particle: The discretised particle, whose ions interact.
        """
        self.system, self._points = particle.system, particle.everywhere
        system, domain, fields = self.system, particle.system.domain, particle.system.surface_fields
        self._comm, theta = system.particle.mesh.comm, fields["occupancy"]
        self._energy = Scalar(energy.free_energy(system.symbols, domain, fields), self._comm)
        self._gradient = Scalar(energy.gradient_energy(system.symbols, domain, theta), self._comm)
        self._values = self._points.compiled([theta, fields[EXCESS]])
        self._pairs = _pairs(self._points.lattice)

    def refresh(self) -> None:
        """Take over new values of the model's numbers."""
        self._energy.refresh()
        self._gradient.refresh()

    def energies(self, state: State) -> tuple[float, float]:
        """Free energy, and the part of it in gradients, J."""
        self.system.load(state)
        units = self.system.units
        unit = units.stress * units.length**3
        return self._energy() * unit, self._gradient() * unit

    def excess(self, state: State) -> Array:
        """φ at the points."""
        self.system.load(state)
        return self._points.values(self._values)[:, 1]

    def front(self, state: State, middle: float) -> float:
        """Distance from the centre at which θ crosses a value, m; nan where it does not.

        On a line the outermost one, otherwise the mean over all crossings between points of a cell.
        """
        self.system.load(state)
        theta = self._points.values(self._values)[:, 0].reshape(-1, self._points.points_per_cell)
        radius = self._points.radius.reshape(theta.shape)
        first, second = self._pairs
        below, above = theta[:, first] - middle, theta[:, second] - middle
        crossed = below * above < 0
        share = below[crossed] / (below[crossed] - above[crossed])
        at = radius[:, first][crossed] * (1 - share) + radius[:, second][crossed] * share
        if self.system.particle.mesh.topology.dim == 1:
            found = float(at.max(initial=-math.inf))
            return found * self.system.units.length if math.isfinite(found) else math.nan
        count = self._comm.allreduce(at.size)
        total = self._comm.allreduce(float(at.sum()))
        return total / count * self.system.units.length if count else math.nan


class PhaseRecorder(Recorder):
    """Where the phases are in a run, and that they come at the cost of no energy."""

    kept = ("last", "rise", "energy_before")

    def __init__(self, evaluation: PhaseEvaluation, facts: RunFacts) -> None:
        """Set up.

        Args:
            evaluation: Integrals of the discretised particle, which has taken over the run's numbers.
            facts: The run.
        """
        evaluation.refresh()
        self._evaluation, self._protocol = evaluation, facts.protocol
        self._facts = PhaseFacts.of(facts.scenario)
        self._toughness = facts.scenario.section("chemical_potential").fracture_toughness
        phases = self._facts.phases
        self._middle = phases.middle if phases else math.nan
        self._last: dict[str, float] = {}
        self._rise, self._energy_before = 0.0, math.nan

    def step(self, moment: StepResult) -> Mapping[str, float]:
        total, gradient = self._evaluation.energies(moment.state)
        exchange = self._protocol.steps[moment.protocol_step].exchange
        if exchange.flux_is_set and exchange.set_flux == 0 and math.isfinite(self._energy_before):
            self._rise = max(self._rise, total - self._energy_before)
        self._energy_before = total
        self._last = {
            "front_radius_nm": self._evaluation.front(moment.state, self._middle) / _NANO,
            "free_energy_J": total,
        }
        return {**self._last, "gradient_energy_J": gradient}

    def sample(self, state: State) -> Sample:
        values = {"excess_potential": self._evaluation.excess(state)}
        return Sample(values, values)

    def summary(self) -> Mapping[str, object]:
        facts, front = self._facts, self._last["front_radius_nm"]
        found: dict[str, object] = {
            "gradient_energy_J_m": facts.gradient_energy,
            "gradient_length_nm": facts.length / _NANO,
            "largest_rise_of_free_energy_J": self._rise,
            "free_energy_J": self._last["free_energy_J"],
            "front_radius_nm": front if math.isfinite(front) else None,
        }
        if facts.phases is not None and facts.misfit is not None:
            phases, misfit = facts.phases, facts.misfit
            found["phases"] = {
                "dilute": phases.dilute,
                "concentrated": phases.concentrated,
                "unstable_from": phases.unstable[0],
                "unstable_to": phases.unstable[1],
                "front_width_nm": facts.width / _NANO,
                "interface_energy_J_m2": facts.interface_energy,
                "limiting_rate": facts.limiting_rate,
                "strain_jump": misfit.strain,
                "coherent_stiffness": facts.stiffness,
                "misfit_scale_GPa": misfit.stress / 1e9,
            }
            if self._toughness is not None and misfit.strain > 0:
                found["cracking"] = {
                    "surviving_layer_nm": misfit.layer(self._toughness.value) / _NANO,
                    "surviving_plate_nm": misfit.plate(self._toughness.value) / _NANO,
                }
        return {"chemical_potential": found}


def _pairs(lattice: Array) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs of a cell's points between which a crossing is looked for: neighbours on a line, else all."""
    if lattice.shape[1] == 1:
        order = np.argsort(lattice[:, 0])
        return order[:-1], order[1:]
    first, second = zip(*itertools.combinations(range(len(lattice)), 2), strict=True)
    return np.array(first), np.array(second)
