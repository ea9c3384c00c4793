"""The half section of a round plate that is open at its rim only."""

from __future__ import annotations

import numpy as np
import ufl
from mpi4py import MPI

from oxyshell.meshes.arrays import Floats, Tags
from oxyshell.meshes.coordinates import RoundPlate
from oxyshell.meshes.distribution import MeshArrays, distribute
from oxyshell.meshes.grading import Thicknesses
from oxyshell.meshes.line import depths_of_nodes
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.simplex import cells_at_facets, facets_of
from oxyshell.meshes.tags import SURFACE, SYMMETRY, numbered


def round_plate(
    half_thickness: float,
    layers: Thicknesses,
    resolution: Resolution,
    rim: float = 1.0,
    remarks: tuple[str, ...] = (),
    comm: MPI.Intracomm = MPI.COMM_WORLD,
) -> ParticleMesh:
    """A round plate as the upper half of its section r ≥ 0 in the plane x = (r, z).

    The rim is the surface, the face is in no group. `SYMMETRY[0]` is the axis, `SYMMETRY[1]` the mid-plane.

    Args:
        half_thickness: In R.
        layers: Thickness of the surface layer at the rim in R, 0 if there is none, or of several from inside
            out.
        resolution: Numbers of elements for the share of the layer in the rim's radius; the tangential ones
            are over half the thickness.
        rim: Radius of the rim in R.
        remarks: Sentences on the mesh for a reader of the results.
        comm: Communicator that the mesh is distributed over.

    Raises:
        MeshError: If the layers are not thinner than the rim's radius.
    """
    thick = np.asarray(layers) / rim
    shares, regions = resolution.levels(thick), resolution.regions(thick)
    arrays = (
        _rectangle(rim * shares, half_thickness, resolution.tangential, regions)
        if comm.rank == 0
        else MeshArrays.empty(2, degree=1)
    )
    mesh, cell_tags, facet_tags = distribute(comm, arrays, resolution.interfaces)
    return ParticleMesh(
        mesh=mesh,
        coordinates=RoundPlate(multiplicity=2.0),
        facet_tags=facet_tags,
        cell_tags=cell_tags,
        depth=rim - ufl.SpatialCoordinate(mesh)[0],
        levels=rim * depths_of_nodes(shares),
        regions=numbered(regions),
        remarks=remarks,
        interfaces=resolution.interfaces,
    )


def _rectangle(radii: Floats, half_thickness: float, tangential: int, regions: Tags) -> MeshArrays:
    """Columns of rectangles, each cut into two triangles, whose regions are those of the columns."""
    heights = np.linspace(0.0, half_thickness, tangential + 1)
    columns, rows = len(radii) - 1, len(heights) - 1
    number = np.arange((columns + 1) * (rows + 1)).reshape(columns + 1, rows + 1)
    lower = [number[:-1, :-1], number[1:, :-1], number[1:, 1:]]
    upper = [number[:-1, :-1], number[1:, 1:], number[:-1, 1:]]
    # Column by column, outwards.
    cells = np.stack([np.stack(half, axis=-1) for half in (lower, upper)], axis=2).reshape(-1, 3)
    column, row = np.divmod(np.arange(number.size), rows + 1)
    facets = facets_of(cells)
    exterior = cells_at_facets(cells) == 1
    facet_tags = np.zeros(cells.shape, dtype=np.int32)
    for tag, on_it in ((SURFACE, column == columns), (SYMMETRY[0], column == 0), (SYMMETRY[1], row == 0)):
        facet_tags[exterior & on_it[facets].all(axis=-1)] = tag
    outermost = column[cells].max(axis=1)
    points = np.column_stack([radii[column], heights[row]])
    return MeshArrays(points, cells, regions[outermost - 1], facet_tags, degree=1)
