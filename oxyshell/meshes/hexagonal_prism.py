"""An eighth of a hexagonal plate that is open at its six edges only.

The quarter of the hexagon is three triangles between the centre, a corner and the middle of an edge. Each is
divided by the rule of `fan`, so that all rings of elements are hexagons and the lines to the corners are
edges of elements: the distance from the nearest edge of the hexagon is linear in every element.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from dolfinx import fem
from dolfinx.mesh import Mesh
from mpi4py import MPI

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Floats, Integers, Tags
from oxyshell.meshes.coordinates import Prism
from oxyshell.meshes.distribution import MeshArrays, distribute
from oxyshell.meshes.fan import fan
from oxyshell.meshes.grading import Thicknesses
from oxyshell.meshes.line import depths_of_nodes
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.simplex import cells_at_facets, facets_of
from oxyshell.meshes.tags import SURFACE, SYMMETRY, numbered

APOTHEM = 0.5 * math.sqrt(3.0)
"""Distance of a regular hexagon's edges from its centre, in R, its distance from a corner to the centre."""

# Corners and middles of the edges, every 30° from the x axis to the y axis. Zeros are zeros.
_OUTLINE = np.array([[1.0, 0.0], [0.75, 0.5 * APOTHEM], [0.5, APOTHEM], [0.0, APOTHEM]])
# Outward normals of the edges that end the quarter: to 30° and to 90°.
_NORMALS = np.array([[APOTHEM, 0.5], [0.0, 1.0]])


def hexagonal_prism(
    half_thickness: float,
    layers: Thicknesses,
    resolution: Resolution,
    layers_of_elements: int,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
) -> ParticleMesh:
    """An eighth of a hexagonal plate, x, y, z ≥ 0, with corners of the hexagon on the x axis.

    The edges are the surface, the face is in no group; the planes x = 0, y = 0 and z = 0 are `SYMMETRY`.

    Args:
        half_thickness: In R.
        layers: Thickness of the surface layer at the edges in R, 0 if there is none, or of several from
            inside out.
        resolution: Numbers of elements for the share of the layer in the distance of an edge from the
            centre; the tangential ones are along half an edge.
        layers_of_elements: Over half the thickness.
        comm: Communicator that the mesh is distributed over.

    Raises:
        MeshError: If the layers are not thinner than the distance of an edge from the centre, or there are
            fewer elements from there to an edge than along half of it.
    """
    thick = np.asarray(layers) / APOTHEM
    shares, regions = resolution.levels(thick), resolution.regions(thick)
    if len(shares) <= resolution.tangential:
        raise MeshError(
            f"Without a layer, bulk_elements = {resolution.bulk_elements} has to be at least the number of "
            f"elements along half an edge of the hexagon, {resolution.tangential}."
        )
    heights = np.linspace(0.0, half_thickness, layers_of_elements + 1)
    arrays = (
        _prism(shares, heights, resolution.tangential, regions)
        if comm.rank == 0
        else MeshArrays.empty(3, degree=1)
    )
    mesh, cell_tags, facet_tags = distribute(comm, arrays, resolution.interfaces)
    return ParticleMesh(
        mesh=mesh,
        coordinates=Prism(multiplicity=8.0),
        facet_tags=facet_tags,
        cell_tags=cell_tags,
        depth=_depth(mesh),
        levels=APOTHEM * depths_of_nodes(shares),
        regions=numbered(regions),
        interfaces=resolution.interfaces,
    )


def _depth(mesh: Mesh[np.float64]) -> fem.Function[Any]:
    """Distance from the nearest edge of the hexagon, linear in every element as the distance itself is."""
    depth = fem.Function(fem.functionspace(mesh, ("Lagrange", 1)), name="depth")
    points = depth.function_space.tabulate_dof_coordinates()[:, :2]
    depth.x.array[:] = np.maximum(APOTHEM - (points @ _NORMALS.T).max(axis=1), 0.0)
    return depth


def _quarter(tangential: int, shells: int) -> tuple[Integers, Integers, Integers]:
    """Triangles of a quarter of the hexagon.

    Returns:
        The triangles, shape (triangles, 3), the shell of every vertex, and its place along the outline, from
        the x axis in parts of min(shell, tangential) to every 30°.
    """
    third = fan(((1,), (1,)), tangential, shells)
    steps = np.minimum(third.shell, tangential)
    from_corner, from_middle = third.lattice[:, 1], third.lattice[:, 0]
    # The second third mirrors the first one: its corner is where the first one's middle comes after.
    places = [from_corner, steps + from_middle, 2 * steps + from_corner]
    key = np.concatenate([third.shell * (3 * tangential + 1) + place for place in places])
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    shell, place = np.tile(third.shell, 3)[first], np.concatenate(places)[first]
    copies = number.reshape(3, -1)[:, third.cells]
    return copies.reshape(-1, 3), shell, place


def _prism(shares: Floats, heights: Floats, tangential: int, regions: Tags) -> MeshArrays:
    last_shell, rows = len(shares) - 1, len(heights)
    triangles, shell, place = _quarter(tangential, last_shell)
    steps = np.maximum(np.minimum(shell, tangential), 1)
    side = np.minimum(place // steps, 2)
    part = (place / steps - side)[:, None]
    plane = shares[shell][:, None] * ((1.0 - part) * _OUTLINE[side] + part * _OUTLINE[side + 1])
    cells = _extruded(triangles, rows)
    points = np.column_stack([plane.repeat(rows, axis=0), np.tile(heights, len(plane))])
    vertex, row = np.divmod(np.arange(len(points)), rows)
    corners = points[cells]
    negative = np.linalg.det(corners[:, 1:] - corners[:, :1]) < 0
    cells[negative, -2:] = cells[negative, -2:][:, ::-1]
    facets = facets_of(cells)
    exterior = cells_at_facets(cells) == 1
    facet_tags = np.zeros(cells.shape, dtype=np.int32)
    planes = {
        SURFACE: shell[vertex] == last_shell,
        SYMMETRY[0]: (place == 3 * np.minimum(shell, tangential))[vertex],
        SYMMETRY[1]: (place == 0)[vertex],
        SYMMETRY[2]: row == 0,
    }
    for tag, on_it in planes.items():
        facet_tags[exterior & on_it[facets].all(axis=-1)] = tag
    outermost = shell[vertex][cells].max(axis=1)
    return MeshArrays(points, cells, regions[outermost - 1], facet_tags, degree=1)


def _extruded(triangles: Integers, rows: int) -> Integers:
    """Tetrahedra between `rows` copies of triangles, a vertex's copies in a row.

    Each prism is cut along the ascending order of its triangle's vertices, so that neighbours cut their
    common side alike.
    """
    columns = np.sort(triangles, axis=1)[:, None, :] * rows + np.arange(rows - 1)[:, None]
    a, b, c = columns.transpose(2, 0, 1)
    cuts = [(a, b, c, c + 1), (a, b, b + 1, c + 1), (a, a + 1, b + 1, c + 1)]
    return np.stack([np.stack(cut, axis=-1) for cut in cuts], axis=2).reshape(-1, 4)
