"""A part of a particle whose host differs from that of the core."""

from __future__ import annotations

from dataclasses import dataclass, field

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar
from oxyshell.models.host.lattice import Host
from oxyshell.models.ions.standard import PotentialOffset, StandardPotential
from oxyshell.models.ions.transport import Transport
from oxyshell.models.mechanics.elasticity import ChemicalStrain, Elasticity
from oxyshell.models.mechanics.reference import AsMade, StrainReference


@dataclass(frozen=True)
class Interface:
    """An interface between two hosts, through which ions pass towards the lower chemical potential.

    Attributes:
        resistance: r in N = c_sb g/r, c_sb being the host sites of the inner host, s/m; 0 is perfect contact.
    """

    resistance: Scalar = quantity("s/m", default=0.0)


@dataclass(frozen=True, kw_only=True)
class Region:
    """A region around the core, with properties of its own.

    Attributes:
        name: Name of its cells in the mesh.
        host: Host sites and as-made content.
        transport: Ion flux.
        elasticity: Stress from strain.
        chemical_strain: Strain from ion content.
        strain_free: Content at which it fits to the core as made.
        standard: Standard potential of its ions.
        interface: Its interface with what lies within it.
    """

    name: str
    host: Host
    transport: Transport
    elasticity: Elasticity
    chemical_strain: ChemicalStrain
    standard: StandardPotential = field(default_factory=PotentialOffset)
    strain_free: StrainReference = field(default_factory=AsMade)
    interface: Interface = field(default_factory=Interface)
