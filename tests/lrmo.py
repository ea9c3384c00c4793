"""The pristine particle of the physics brief, section 2: as a model, and as a scenario file."""

from __future__ import annotations

from typing import Any

from oxyshell.models.base.constants import GAS_CONSTANT
from oxyshell.models.base.properties import Constant
from oxyshell.models.host.lattice import Host, NoLayer
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.ions.transport import LatticeDrift, Transport
from oxyshell.models.mechanics.elasticity import Confinement, IsotropicChemicalStrain, IsotropicElasticity
from oxyshell.models.particle.model import ParticleModel

# mol/(m² s) at 0.1 C and R = 150 nm: one Li per formula unit in 45 509 s.
CURRENT = 5.4633e-8

_HOST: dict[str, Any] = {
    "site_density": 59670.0,
    "occupancy": 0.999,
    "molar_volume": 20.11e-6,
    "layer": NoLayer(),
}
_TRANSPORT: dict[str, Any] = {"diffusivity": Constant(1.568e-19), "drift": LatticeDrift()}
_PARTICLE: dict[str, Any] = {
    "radius": 150e-9,
    "thermal_energy": GAS_CONSTANT * 298.15,
    "elasticity": IsotropicElasticity(Constant(170e9), Constant(0.3)),
    "chemical_strain": IsotropicChemicalStrain(Constant(7.28e-7)),
    "exchange": IonExchange(),
    "confinement": Confinement(),
}


def host(**changes: Any) -> Host:
    """The lattice, with some of its attributes changed."""
    return Host(**_HOST | changes)


def particle(**changes: Any) -> ParticleModel:
    """The model, with attributes of its own, of its host or of its transport changed."""
    of_transport = {name: changes.pop(name) for name in _TRANSPORT.keys() & changes}
    own = {name: changes.pop(name) for name in _PARTICLE.keys() & changes}
    return ParticleModel(
        **_PARTICLE | own, host=host(**changes), transport=Transport(**_TRANSPORT | of_transport)
    )


LRMO = particle()

_MATERIAL = {
    "formula": "Li1.20Mn0.555Ni0.158Co0.080O2",
    "molar_volume": "20.11 cm^3/mol",
    "ion": "{species: Li, sites_per_formula: 1.20, occupancy: 0.999}",
    "diffusivity": "1.568e-19 m^2/s",
    "chemical_strain": "{volume_change: 2.69 %, per_extracted: 1.0}",
    "elasticity": "{young_modulus: 170 GPa, poisson_ratio: 0.30}",
}
_OTHER_MATERIAL = {"molar_mass", "drift"}
_SECTIONS = {
    "particle": "{shape: sphere, radius: 150 nm}",
    "cell": "{one_c: 250 mA/g}",
    "protocol": "[{charge: {rate: 0.1 C, until: {extracted: 0.9}}}]",
}


def scenario_file(name: str, **changes: str) -> str:
    """The text of a scenario file, with keys of its material and whole sections changed or added, in YAML."""
    of_material = {key: changes.pop(key) for key in (_MATERIAL.keys() | _OTHER_MATERIAL) & changes.keys()}
    material = "\n".join(f"  {key}: {value}" for key, value in (_MATERIAL | of_material).items())
    sections = "\n".join(f"{key}: {value}" for key, value in (_SECTIONS | changes).items())
    return f'name: "{name}"\nmaterial:\n{material}\n{sections}\n'
