"""Particles whose ions separate into phases: as scenario files, and as discretised systems."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from oxyshell.meshes.coordinates import Coordinates
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.models.base.properties import Constant
from oxyshell.models.chemical_potential.solution import GradientSolution, RegularInteraction
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.mechanics.elasticity import IsotropicChemicalStrain, IsotropicElasticity
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.monolithic import MonolithicSystem
from tests import lrmo

RADIUS, DIFFUSIVITY, SITES = 1e-6, 1e-14, 25000.0
TIME = RADIUS**2 / DIFFUSIVITY
"""Diffusion time of these particles, s."""
ENERGY = SITES * GAS_CONSTANT * 298.15
"""c_s RT, J/m³."""
_MATERIAL = """\
  formula: NaO2
  molar_volume: 40 cm^3/mol
  ion: {{species: Na, sites_per_formula: 1, occupancy: {occupancy}}}
  diffusivity: 1e-14 m^2/s
  chemical_strain: {{volume_change: {volume_change}, per_extracted: 1}}
  elasticity: {{young_modulus: 100 GPa, poisson_ratio: 0.25}}
"""


def scenario_file(
    protocol: str,
    particle: str = "{shape: plate, radius: 1 um}",
    occupancy: float = 0.95,
    volume_change: str = "0 %",
    potential: str = "{model: regular, interaction: 3, front_width: 40 nm}",
    more: str = "",
) -> str:
    """The text of a scenario whose sites are 25 000 mol/m³, R = 1 µm and R²/D = 100 s."""
    material = _MATERIAL.format(occupancy=occupancy, volume_change=volume_change)
    return (
        f"name: phases\nparticle: {particle}\nmaterial:\n{material}chemical_potential: {potential}\n"
        f"protocol: {protocol}\n{more}"
    )


def extraction(rate: float, until: str) -> str:
    """A step of a protocol in which ions leave through a flux of a rate in c_s D/R."""
    density = rate * FARADAY_CONSTANT * DIFFUSIVITY * SITES / RADIUS
    return f"{{charge: {{current_density: {density!r} A/m^2, until: {until}}}}}"


def model(chi: float, length: float, occupancy: float, strain: float = 0.0) -> ParticleModel:
    """A closed particle of a regular solution.

    Args:
        chi: χ.
        length: ℓ/R.
        occupancy: θ as made.
        strain: Linear strain from empty to full.
    """
    changes: dict[str, Any] = {
        "radius": RADIUS,
        "site_density": SITES,
        "occupancy": occupancy,
        "molar_volume": 1 / SITES,
        "diffusivity": Constant(DIFFUSIVITY),
        "elasticity": IsotropicElasticity(Constant(100e9), Constant(0.25)),
        "chemical_strain": IsotropicChemicalStrain(Constant(3 * strain / SITES)),
        "exchange": IonExchange(),
    }
    solution = GradientSolution(interaction=RegularInteraction(chi), length=length * RADIUS)
    return replace(lrmo.particle(**changes), solution=solution)


def system(of: ParticleModel, coordinates: Coordinates, cells: int, degree: int = 3) -> MonolithicSystem:
    """The particle on a line of cells of one size."""
    line = radial_line(coordinates, 0.0, Resolution(bulk_elements=cells, surface_size=1 / cells))
    return MonolithicSystem(line, of, degree)


def places(solved: MonolithicSystem) -> np.ndarray:
    """Radii of the degrees of freedom of the occupancy, in R."""
    found: np.ndarray = solved.scalars.tabulate_dof_coordinates()[:, 0]
    return found
