"""A meshed particle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from dolfinx.mesh import Mesh, MeshTags

from oxyshell.meshes.arrays import Floats
from oxyshell.meshes.coordinates import Coordinates
from oxyshell.meshes.measure import Measure
from oxyshell.meshes.tags import REGIONS
from oxyshell.models.base.expression import Expression


@dataclass(frozen=True, eq=False)
class ParticleMesh:
    """A particle centred at the origin, lengths in units of its radius R (half thickness of a plate).

    Attributes:
        mesh: The DOLFINx mesh.
        coordinates: Its coordinate system.
        facet_tags: `SURFACE`, and `SYMMETRY[i]` where displacement component i vanishes.
        cell_tags: `BULK`, `LAYER`, further layers and further regions of imported meshes; every cell has a
            tag.
        depth: Distance from the surface in R: an expression on a line, a Function in two and three
            dimensions; zero on the surface.
        levels: Depths in R, ascending from 0, at which radial profiles are reported.
        regions: Cell tags by the region's name.
        remarks: Sentences on the mesh for a reader of the results.
        interfaces: Whether fields may jump where regions meet: means over points of one depth are then over
            one region, and processes have copies of the cells of others that share facets with theirs.
    """

    mesh: Mesh[np.float64]
    coordinates: Coordinates
    facet_tags: MeshTags
    cell_tags: MeshTags
    depth: Expression
    levels: Floats
    regions: Mapping[str, int] = field(default_factory=lambda: dict(REGIONS))
    remarks: tuple[str, ...] = ()
    interfaces: bool = False

    @cached_property
    def measure(self) -> Measure:
        """Integrals over the whole particle."""
        return Measure(self.mesh, self.coordinates, self.cell_tags, self.facet_tags)
