"""The radial line: a sphere, a cylinder or a plate that depends on one coordinate."""

from __future__ import annotations

import numpy as np
import ufl
from mpi4py import MPI

from oxyshell.meshes.arrays import Floats
from oxyshell.meshes.coordinates import Coordinates
from oxyshell.meshes.distribution import MeshArrays, distribute
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.tags import BULK, LAYER, SURFACE, SYMMETRY


def radial_line(
    coordinates: Coordinates, layer: float, resolution: Resolution, comm: MPI.Intracomm = MPI.COMM_SELF
) -> ParticleMesh:
    """The line from the centre to the surface.

    Args:
        coordinates: `Spherical`, `Cylindrical` or `Planar`.
        layer: Thickness of the surface layer in R, 0 if there is none.
        resolution: Numbers of elements.
        comm: Communicator; each rank has a line of its own by default.

    Raises:
        MeshError: If the layer is not thinner than the radius.
    """
    return line_through(resolution.levels(layer), resolution.bulk_elements, coordinates, comm)


def line_through(
    radii: Floats,
    bulk_elements: int,
    coordinates: Coordinates,
    comm: MPI.Intracomm = MPI.COMM_SELF,
) -> ParticleMesh:
    """A line with given nodes.

    A line that begins at the centre has no displacement there; one that begins outside of it has an inner
    surface, free and impermeable.

    Args:
        radii: Nodes in R, ascending to 1.
        bulk_elements: Elements that belong to the core, counted from the innermost; the rest is the layer.
        coordinates: `Spherical`, `Cylindrical` or `Planar`.
        comm: Communicator; each rank has a line of its own by default.
    """
    arrays = _line(radii, bulk_elements) if comm.rank == 0 else MeshArrays.empty(1, 1)
    mesh, cell_tags, facet_tags = distribute(comm, arrays)
    depth = 1 - coordinates.radius(ufl.SpatialCoordinate(mesh))
    return ParticleMesh(mesh, coordinates, facet_tags, cell_tags, depth, depths_of_nodes(radii))


def depths_of_nodes(radii: Floats) -> Floats:
    """Depths in R, ascending from 0, of the radii and of the middles between them."""
    middles = 0.5 * (radii[1:] + radii[:-1])
    return np.sort(1.0 - np.concatenate([radii, middles]))


def _line(radii: Floats, bulk_elements: int) -> MeshArrays:
    elements = len(radii) - 1
    first = np.arange(elements)
    facet_tags = np.zeros((elements, 2), dtype=np.int32)
    facet_tags[0, 0] = SYMMETRY[0] if radii[0] == 0 else 0
    facet_tags[-1, 1] = SURFACE
    return MeshArrays(
        points=radii[:, None],
        cells=np.column_stack([first, first + 1]),
        cell_tags=np.where(first < bulk_elements, BULK, LAYER).astype(np.int32),
        facet_tags=facet_tags,
        degree=1,
    )
