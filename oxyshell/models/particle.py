"""One particle: everything that the equations need to know, in SI units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oxyshell.models.host import Host
from oxyshell.models.mechanics import ChemicalStrain, Elasticity
from oxyshell.models.quantities import quantity
from oxyshell.models.surface import Confinement, IonExchange
from oxyshell.models.transport import Transport

GAS_CONSTANT = 8.31446261815324  # J/(mol K), CODATA 2018, exact
FARADAY_CONSTANT = 96485.33212331001  # C/mol, CODATA 2018, exact


@dataclass(frozen=True)
class ParticleModel:
    """A particle's physics.

    Attributes:
        radius: R, m (half the thickness of a plate).
        thermal_energy: RT, J/mol.
        host: Host sites and as-made content.
        transport: Ion flux.
        elasticity: Stress from strain.
        chemical_strain: Strain from ion content.
        exchange: Ions through the surface.
        confinement: What holds the surface.
    """

    radius: Any = quantity("m")
    thermal_energy: Any = quantity("J/mol")
    host: Host
    transport: Transport
    elasticity: Elasticity
    chemical_strain: ChemicalStrain
    exchange: IonExchange
    confinement: Confinement
