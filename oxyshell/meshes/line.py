"""The radial line: a sphere, a cylinder or a plate that depends on one coordinate."""

from __future__ import annotations

import numpy as np
import ufl
from mpi4py import MPI

from oxyshell.meshes.arrays import Floats, Tags
from oxyshell.meshes.coordinates import Coordinates
from oxyshell.meshes.distribution import MeshArrays, distribute
from oxyshell.meshes.grading import Thicknesses
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.tags import BULK, LAYER, SURFACE, SYMMETRY, numbered


def radial_line(
    coordinates: Coordinates,
    layers: Thicknesses,
    resolution: Resolution,
    comm: MPI.Intracomm = MPI.COMM_SELF,
) -> ParticleMesh:
    """The line from the centre to the surface.

    Args:
        coordinates: `Spherical`, `Cylindrical` or `Planar`.
        layers: Thickness of the surface layer in R, 0 if there is none, or of several from inside out.
        resolution: Numbers of elements.
        comm: Communicator; each rank has a line of its own by default.

    Raises:
        MeshError: If the layers together are not thinner than the radius.
    """
    cell_tags = resolution.regions(layers)
    return _meshed(resolution.levels(layers), cell_tags, coordinates, resolution.interfaces, comm)


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
    cell_tags = np.where(np.arange(len(radii) - 1) < bulk_elements, BULK, LAYER).astype(np.int32)
    return _meshed(radii, cell_tags, coordinates, False, comm)


def _meshed(
    radii: Floats, regions: Tags, coordinates: Coordinates, interfaces: bool, comm: MPI.Intracomm
) -> ParticleMesh:
    arrays = _line(radii, regions) if comm.rank == 0 else MeshArrays.empty(1, 1)
    mesh, cell_tags, facet_tags = distribute(comm, arrays, interfaces)
    depth = 1 - coordinates.radius(ufl.SpatialCoordinate(mesh))
    return ParticleMesh(
        mesh=mesh,
        coordinates=coordinates,
        facet_tags=facet_tags,
        cell_tags=cell_tags,
        depth=depth,
        levels=depths_of_nodes(radii),
        regions=numbered(regions),
        interfaces=interfaces,
    )


def depths_of_nodes(radii: Floats) -> Floats:
    """Depths in R, ascending from 0, of the radii and of the middles between them."""
    middles = 0.5 * (radii[1:] + radii[:-1])
    return np.sort(1.0 - np.concatenate([radii, middles]))


def _line(radii: Floats, regions: Tags) -> MeshArrays:
    elements = len(radii) - 1
    first = np.arange(elements)
    facet_tags = np.zeros((elements, 2), dtype=np.int32)
    facet_tags[0, 0] = SYMMETRY[0] if radii[0] == 0 else 0
    facet_tags[-1, 1] = SURFACE
    return MeshArrays(
        points=radii[:, None],
        cells=np.column_stack([first, first + 1]),
        cell_tags=regions,
        facet_tags=facet_tags,
        degree=1,
    )
