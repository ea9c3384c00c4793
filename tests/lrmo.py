"""The pristine particle of the physics brief, section 2, without its files."""

from __future__ import annotations

from oxyshell.models.base.constants import GAS_CONSTANT
from oxyshell.models.base.properties import Constant
from oxyshell.models.host.lattice import Host, NoLayer
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.ions.transport import LatticeDrift, Transport
from oxyshell.models.mechanics.confinement import Confinement
from oxyshell.models.mechanics.elasticity import IsotropicChemicalStrain, IsotropicElasticity
from oxyshell.models.particle.model import ParticleModel

# mol/(m² s) at 0.1 C and R = 150 nm: one Li per formula unit in 45 509 s.
CURRENT = 5.4633e-8

LRMO = ParticleModel(
    radius=150e-9,
    thermal_energy=GAS_CONSTANT * 298.15,
    host=Host(site_density=59670.0, occupancy=0.999, molar_volume=20.11e-6, layer=NoLayer()),
    transport=Transport(diffusivity=Constant(1.568e-19), drift=LatticeDrift()),
    elasticity=IsotropicElasticity(Constant(170e9), Constant(0.3)),
    chemical_strain=IsotropicChemicalStrain(Constant(7.28e-7)),
    exchange=IonExchange(),
    confinement=Confinement(),
)
