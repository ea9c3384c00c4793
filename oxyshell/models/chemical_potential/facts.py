"""Phases, front and misfit of a scenario, in SI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from oxyshell.models.base.constants import GAS_CONSTANT
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.layers import Paths
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.chemical_potential.coherency import Misfit, coherent_stiffness, misfit
from oxyshell.models.chemical_potential.equilibrium import FreeEnergy, Gap, gap
from oxyshell.models.chemical_potential.solution import CoherentInteraction

# Occupancies around the middle between which strain is compared where there are no phases.
_BESIDE = 0.05
# From an interaction of 3.5 on these are shorter than the width.
_TAILS = 6


@dataclass(frozen=True)
class PhaseFacts:
    """Numbers of a scenario's solution.

    Attributes:
        radius: R, m.
        length: ℓ, m.
        energy_density: c_s RT, J/m³.
        stiffness: B/(c_s RT), see `CoherentInteraction`.
        phases: Phases without stress; None if there are none.
        coherent: Phases of a host that stays coherent; None if there are none.
        misfit: Misfit of the phases; None if there are none.
        limiting_rate: Rate of the mean occupancy, over D/R², at which the surface of a plate that is emptied
            is empty when a front comes to its centre; nan without phases.
        limiting_flux: The same as a flux, mol/(m² s).
    """

    radius: float
    length: float
    energy_density: float
    stiffness: float
    phases: Gap | None
    coherent: Gap | None
    misfit: Misfit | None
    limiting_rate: float
    limiting_flux: float

    @property
    def width(self) -> float:
        """Width of a flat front, m; ℓ without one."""
        return self.length * (self.phases.width if self.phases else 1.0)

    @property
    def finest(self) -> float:
        """Length that a mesh has to resolve, m: the width of the front, or a few lengths of its foot."""
        return self.length * min(self.phases.width, _TAILS * self.phases.tail) if self.phases else self.length

    @property
    def gradient_energy(self) -> float:
        """κ, J/m."""
        return self.length**2 * self.energy_density

    @property
    def interface_energy(self) -> float:
        """Energy of a flat front, J/m²; 0 without one."""
        return self.length * self.energy_density * (self.phases.interface if self.phases else 0.0)

    @classmethod
    def of(cls, scenario: ScenarioView) -> Self:
        """Those of a scenario with ions that interact."""
        model = scenario.model()
        interaction, found = model.solution.interaction, gap(model.solution.interaction)
        ends = (found.dilute, found.concentrated) if found else (0.5 - _BESIDE, 0.5 + _BESIDE)
        normal = 2 if scenario.particle.paths is Paths.ACROSS else 0
        stiffness = coherent_stiffness(model, *ends, normal)
        rate = flux = float("nan")
        if found:
            rate, conducted = _limit(model, FreeEnergy(interaction), found.dilute)
            flux = conducted * float(model.host.site_density) / float(model.radius)
        return cls(
            radius=float(model.radius),
            length=float(model.solution.length),
            energy_density=float(model.host.site_density) * GAS_CONSTANT * scenario.temperature.value,
            stiffness=stiffness,
            phases=found,
            coherent=gap(CoherentInteraction(interaction=interaction, stiffness=stiffness)),
            misfit=misfit(model, *ends, normal) if found else None,
            limiting_rate=rate,
            limiting_flux=flux,
        )


def _limit(model: Any, energy: FreeEnergy, dilute: float) -> tuple[float, float]:
    """∫ θ(1−θ) (dμ/dθ)/RT dθ over the dilute phase, and the same with D, in m²/s, under the integral."""
    import numpy as np

    points, weights = np.polynomial.legendre.leggauss(64)
    theta = dilute * (points + 1) / 2
    share = theta * (1 - theta) * energy.slope(theta) * weights * dilute / 2
    return float(share.sum()), float((share * model.transport.diffusivity.value(theta, NUMPY)).sum())
