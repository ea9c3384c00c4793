"""Spheres in two and three dimensions: half and quarter disc, octant, full sphere.

The meshes are ours, with quadratic geometry: deterministic, and the layer's inner edge is a shell of facets.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from dolfinx import fem
from dolfinx.mesh import Mesh
from mpi4py import MPI

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Floats, Integers, Tags
from oxyshell.meshes.coordinates import Axisymmetric, Cartesian, Coordinates
from oxyshell.meshes.distribution import MeshArrays, distribute
from oxyshell.meshes.fan import Fan, fan
from oxyshell.meshes.grading import Thicknesses
from oxyshell.meshes.line import depths_of_nodes
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.simplex import cells_at_facets, edges_of, facets_of
from oxyshell.meshes.tags import SURFACE, SYMMETRY, numbered

_ENDS = (1,)
_CONTINUES = (1, -1)


def half_disc(
    layers: Thicknesses, resolution: Resolution, comm: MPI.Intracomm = MPI.COMM_WORLD
) -> ParticleMesh:
    """A sphere as the half disc r ≥ 0 in the plane x = (r, z).

    `SYMMETRY[0]` is the axis.

    Args:
        layers: Thickness of the surface layer in R, 0 if there is none, or of several from inside out.
        resolution: Numbers of elements.
        comm: Communicator that the mesh is distributed over.

    Raises:
        MeshError: If the layers are not thinner than the radius, or there are fewer shells than elements
            along a quarter of the circumference.
    """
    return _ball((_ENDS, _CONTINUES), Axisymmetric(), layers, resolution, comm)


def quarter_disc(
    layers: Thicknesses, resolution: Resolution, comm: MPI.Intracomm = MPI.COMM_WORLD
) -> ParticleMesh:
    """Like `half_disc`, with a symmetry plane z = 0 that is `SYMMETRY[1]`."""
    return _ball((_ENDS, _ENDS), Axisymmetric(multiplicity=2.0), layers, resolution, comm)


def octant(layers: Thicknesses, resolution: Resolution, comm: MPI.Intracomm = MPI.COMM_WORLD) -> ParticleMesh:
    """An eighth of a sphere, x, y, z ≥ 0, with three symmetry planes; see `half_disc`."""
    return _ball((_ENDS, _ENDS, _ENDS), Cartesian(multiplicity=8.0), layers, resolution, comm)


def full_sphere(
    layers: Thicknesses, resolution: Resolution, comm: MPI.Intracomm = MPI.COMM_WORLD
) -> ParticleMesh:
    """A whole sphere without symmetry planes, eight times the cells of the octant; see `half_disc`."""
    return _ball((_CONTINUES, _CONTINUES, _CONTINUES), Cartesian(), layers, resolution, comm)


def _ball(
    sides: tuple[tuple[int, ...], ...],
    coordinates: Coordinates,
    layers: Thicknesses,
    resolution: Resolution,
    comm: MPI.Intracomm,
) -> ParticleMesh:
    radii = _radii(layers, resolution)
    arrays = (
        ball_arrays(sides, layers, resolution) if comm.rank == 0 else MeshArrays.empty(len(sides), degree=2)
    )
    mesh, cell_tags, facet_tags = distribute(comm, arrays, resolution.interfaces)
    return ParticleMesh(
        mesh=mesh,
        coordinates=coordinates,
        facet_tags=facet_tags,
        cell_tags=cell_tags,
        depth=_depth(mesh),
        levels=depths_of_nodes(radii),
        regions=numbered(resolution.regions(layers)),
        interfaces=resolution.interfaces,
    )


def _depth(mesh: Mesh[np.float64]) -> fem.Function[Any]:
    """1 − |x| at the nodes, curved between them as the cells are: exact on all shells.

    Between the nodes |x| of the quadratic geometry is off by up to 1e-4 R, more than a thin layer has.
    """
    depth = fem.Function(fem.functionspace(mesh, ("Lagrange", 2)), name="depth")
    points = depth.function_space.tabulate_dof_coordinates()
    depth.x.array[:] = np.maximum(1 - np.linalg.norm(points, axis=1), 0.0)
    return depth


def _radii(layers: Thicknesses, resolution: Resolution) -> Floats:
    radii = resolution.levels(layers)
    if len(radii) <= resolution.tangential:
        raise MeshError(
            f"Without a layer, bulk_elements = {resolution.bulk_elements} has to be at least tangential = "
            f"{resolution.tangential}."
        )
    return radii


def ball_arrays(
    sides: tuple[tuple[int, ...], ...], layers: Thicknesses, resolution: Resolution
) -> MeshArrays:
    """A sector of a disc or ball with its vertices and mid-edge nodes on their spheres, and its tags.

    Args:
        sides: Signs of the coordinates along each axis, as for `fan`.
        layers: Thickness of the surface layer in R, 0 if there is none, or of several from inside out.
        resolution: Numbers of elements.

    Raises:
        MeshError: If the layers are not thinner than the radius, or there are fewer shells than elements
            along a quarter of the circumference.
    """
    radii = _radii(layers, resolution)
    triangulation = fan(sides, resolution.tangential, shells=len(radii) - 1)
    shell, cells = triangulation.shell, triangulation.cells
    direction = _directions(triangulation.lattice)
    radius = radii[shell]
    ends, cell_edges = edges_of(cells)
    # A mid-edge node halves radius and angle, so an edge within a shell lies on its sphere; the centre has no
    # direction (zero), which leaves its edges straight.
    middle = _normalised(direction[ends].sum(axis=1)) * radius[ends].mean(axis=1)[:, None]
    points = np.concatenate([direction * radius[:, None], middle])
    return MeshArrays(
        points=points,
        cells=np.concatenate([cells, cell_edges + len(radius)], axis=1),
        cell_tags=resolution.regions(layers)[shell[cells].max(axis=1) - 1],
        facet_tags=_facet_tags(triangulation, len(radii) - 1),
        degree=2,
    )


def _directions(lattice: Integers) -> Floats:
    """Unit vectors of the lattice points, zero for the centre; equal angles along the great circles."""
    norm = np.maximum(np.abs(lattice).sum(axis=1, keepdims=True), 1)
    return _normalised(np.sin(0.5 * np.pi * lattice / norm))


def _normalised(vectors: Floats) -> Floats:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1.0))


def _facet_tags(triangulation: Fan, last_shell: int) -> Tags:
    facets = facets_of(triangulation.cells)
    exterior = cells_at_facets(triangulation.cells) == 1
    tags = np.zeros(exterior.shape, dtype=np.int32)
    tags[exterior & (triangulation.shell[facets] == last_shell).all(axis=-1)] = SURFACE
    for axis in range(triangulation.lattice.shape[1]):
        tags[exterior & (triangulation.lattice[facets, axis] == 0).all(axis=-1)] = SYMMETRY[axis]
    return tags
