"""The error of a layer with a step in its host sites, where the occupancy would have to jump.

At the step the chemical potential is continuous, and the host sites are not. Locally, the stress work W is
lower by b s (θ − θ0), where s is 1 below the step and 1 − d in the layer, so that θ jumps there. With the
potential P of the drift law: P(θ) + b s (θ − θ0) is the same on both sides. The solver's θ is continuous
instead, and smears the jump.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from dolfinx import fem, la

from oxyshell.models.base.formula import NUMPY
from oxyshell.models.particle.system import System
from oxyshell.solver.recorder import Recorder
from oxyshell.solver.step_result import StepResult

SHARE = 0.38
"""Share of the stress of the whole jump by which stresses at the step are off.

Measured in 13 runs, with 0.4 to 850 MPa, against finite volumes in which θ jumps: from 0.32 to 0.42."""
_SPREAD = "0.8 to 1.2"
# P by drift law: θ of a lattice of sites and of a dilute solution.
_POTENTIALS: Mapping[str, Callable[[float], float]] = {
    "lattice": lambda theta: math.log(theta / (1 - theta)),
    "dilute": math.log,
}
# Occupancies are kept this far from 0 and 1, where potentials are infinite.
_MARGIN = 1e-9


@dataclass(frozen=True)
class StepInSites:
    """A step in the host sites.

    Attributes:
        potential: P(θ).
        coupling: b.
        deficiency: d.
        as_made: θ0.
        stress: Stress in the plane of the layer for a change of occupancy of 1 below the step, Pa.
    """

    potential: Callable[[float], float]
    coupling: float
    deficiency: float
    as_made: float
    stress: float

    def jump(self, theta: float) -> float:
        """The occupancy below the step minus that of the layer.

        Args:
            theta: Occupancy of the layer at the step.
        """
        from scipy.optimize import brentq

        in_layer = min(max(theta, _MARGIN), 1 - _MARGIN)
        there = self.potential(in_layer) + self.coupling * (1 - self.deficiency) * (in_layer - self.as_made)

        def difference(below: float) -> float:
            return self.potential(below) + self.coupling * (below - self.as_made) - there

        # P alone spans more than b can shift.
        return float(brentq(difference, 1e-300, 1 - 1e-16)) - in_layer


@dataclass(frozen=True)
class _Estimate:
    """The error at one time.

    Attributes:
        peak: Largest first principal stress in the particle, MPa.
        jump: Of the occupancy.
        error: Of stresses at the step, MPa.
    """

    peak: float = -math.inf
    jump: float = 0.0
    error: float = 0.0


class StepLayer(Recorder):
    """Estimates by how much stresses at a step are off, from the jump of occupancy that is left out."""

    def __init__(self, step: StepInSites, at_step: Callable[[StepResult], float]) -> None:
        """Set up.

        Args:
            step: The step.
            at_step: Occupancy at the step, a mean over it.
        """
        self._step, self._at_step = step, at_step
        self._at_peak, self._largest = _Estimate(), _Estimate()

    def look(self, moment: StepResult, row: Mapping[str, float]) -> None:
        jump = self._step.jump(self._at_step(moment))
        error = SHARE * abs(jump) * self._step.stress / 1e6
        now = _Estimate(row["first_principal_peak_MPa"], jump, error)
        self._at_peak = max(self._at_peak, now, key=lambda one: one.peak)
        self._largest = max(self._largest, now, key=lambda one: one.error)

    def summary(self) -> Mapping[str, object]:
        return {
            "step_layer": {
                "error_at_peak_MPa": self._at_peak.error,
                "jump_at_peak": self._at_peak.jump,
                "largest_error_MPa": self._largest.error,
            }
        }

    def remarks(self) -> Iterator[str]:
        peak = self._at_peak
        share = f" ({100 * peak.error / peak.peak:.2g} % of it)" if peak.peak > 0 else ""
        error, largest = _two_digits(peak.error), _two_digits(self._largest.error)
        yield (
            "shell.profile: step, with drift, does not converge: at a step the occupancy has to jump, so "
            f"that the chemical potential is continuous (by {peak.jump:.2g} at the time of the peak first "
            f"principal stress), and here it does not. Stresses at the step are off by about {error} MPa at "
            f"that time{share}, and by up to {largest} MPa in the run. Errors of other runs were {_SPREAD} "
            "times this estimate. The profiles linear and cosine have no such error."
        )

    def remembered(self) -> Mapping[str, Any]:
        return {"at_peak": asdict(self._at_peak), "largest": asdict(self._largest)}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        self._at_peak, self._largest = (_Estimate(**remembered[name]) for name in ("at_peak", "largest"))


def step_layer(scenario: Any, system: System) -> Iterator[StepLayer]:
    """The recorder, where a scenario has a step that stress drives ions across."""
    shell, material = scenario.shell, scenario.material
    if shell is None or shell.profile != "step" or material.drift not in _POTENTIALS:
        return
    model = scenario.model()
    theta = model.host.occupancy
    coupling = float(model.stress_coupling())
    volume = model.chemical_strain.volume(theta, NUMPY)
    stress = abs(float(model.elasticity.biaxial_modulus(theta, NUMPY) * volume)) * model.host.site_density / 3
    if not (shell.deficiency.value > 0 and coupling > 0):
        return
    step = StepInSites(_POTENTIALS[material.drift], coupling, shell.deficiency.value, theta, stress)
    places, comm = _at_step(system), system.particle.mesh.comm

    def mean(moment: StepResult) -> float:
        values = system.occupancy(moment.state)[places]
        total, count = float(values.sum()), values.size
        if comm.size > 1:
            total, count = comm.allreduce(total), comm.allreduce(count)
        return total / count if count else theta

    yield StepLayer(step, mean)


def _two_digits(number: float) -> str:
    return f"{float(f'{number:.2g}'):g}"


def _at_step(system: System) -> npt.NDArray[np.int64]:
    """The degrees of freedom of the occupancy of this process that cells of the layer share with others."""
    dofs, in_layer = system.scalars.dofmap.list, system.domain.position.in_layer.x.array > 0.5
    own = system.scalars.dofmap.index_map.size_local
    met = []
    for inside in (in_layer, ~in_layer):
        touched = fem.Function(system.scalars)
        touched.x.array[dofs[inside[: len(dofs)]]] = 1.0
        # Cells of other processes may touch what this one owns.
        touched.x.scatter_reverse(la.InsertMode.add)
        met.append(touched.x.array[:own] > 0)
    found: npt.NDArray[np.int64] = np.flatnonzero(met[0] & met[1])
    return found
