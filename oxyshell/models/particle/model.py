"""One particle: everything that the equations need to know, in SI units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.protocol import SurfaceCondition
from oxyshell.models.host.lattice import Host
from oxyshell.models.ions.solution import IdealSolution, Solution
from oxyshell.models.ions.standard import PotentialOffset, StandardPotential
from oxyshell.models.ions.transport import Transport
from oxyshell.models.mechanics.elasticity import ChemicalStrain, Confinement, Elasticity
from oxyshell.models.mechanics.reference import AsMade, StrainReference
from oxyshell.models.particle.region import Interface, Region


@dataclass(frozen=True, kw_only=True)
class ParticleModel:
    """A particle's physics.

    Attributes:
        radius: R, m (half the thickness of a plate).
        thermal_energy: RT of the run, in which the work of stress is counted, J/mol.
        host: Host sites and as-made content.
        transport: Ion flux.
        elasticity: Stress from strain.
        chemical_strain: Strain from ion content.
        exchange: Ions through the surface.
        confinement: What holds the surface.
        solution: Interaction of the ions with each other in the host.
        standard: Standard potential of the ions in the core.
        strain_free: Of a region, the content at which it fits to the core as made.
        interface: Of a region, its interface with what lies within it; not used of the core.
        regions: Parts with hosts of their own, from inside out; what is in none of them is the core.
    """

    radius: Any = quantity("m")
    thermal_energy: Any = quantity("J/mol")
    host: Host
    transport: Transport
    elasticity: Elasticity
    chemical_strain: ChemicalStrain
    exchange: SurfaceCondition
    confinement: Confinement
    solution: Solution = field(default_factory=IdealSolution)
    standard: StandardPotential = field(default_factory=PotentialOffset)
    strain_free: StrainReference = field(default_factory=AsMade)
    interface: Interface = field(default_factory=Interface)
    regions: tuple[Region, ...] = ()

    def in_region(self, region: Region) -> ParticleModel:
        """The particle as if it were all of one of its regions."""
        return replace(
            self,
            host=region.host,
            transport=region.transport,
            elasticity=region.elasticity,
            chemical_strain=region.chemical_strain,
            standard=region.standard,
            strain_free=region.strain_free,
            interface=region.interface,
            regions=(),
        )

    @property
    def parts(self) -> Sequence[tuple[str, ParticleModel]]:
        """The core, "", and the regions by name, from inside out, each as if the particle were all of it."""
        core = ("", replace(self, regions=()) if self.regions else self)
        return (core, *((region.name, self.in_region(region)) for region in self.regions))

    def stress_coupling(self) -> float:
        """Return b = 2 E Ω² c_sb / (9 (1 − ν) RT), as made: how ion content and stress feed back.

        In a free homogeneous isotropic sphere the stress work W = Ωσ_h/RT differs between two points by
        −b times their difference of occupancy.
        """
        host = self.host
        return self.chemical_strain.coupling(
            self.elasticity, host.occupancy, host.site_density, self.thermal_energy
        )
