"""Helpers on finite-element spaces that every strategy needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import basix.ufl
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from dolfinx.mesh import Mesh

from oxyshell.errors import MeshError
from oxyshell.language.mistakes import listed
from oxyshell.meshes.measure import Measure
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.tags import LAYER, SURFACE, SYMMETRY
from oxyshell.models.base.domain import Domain, Position
from oxyshell.solver import jumps


def scalar_element(particle: ParticleMesh, degree: int) -> basix.ufl._ElementBase:
    """Continuous Lagrange element of a scalar field."""
    return basix.ufl.element("Lagrange", particle.mesh.basix_cell(), degree)


def scalars(particle: ParticleMesh, degree: int, parts: Sequence[str] = ()) -> fem.FunctionSpace:
    """The space of scalar fields that may jump between parts; see `domain`."""
    space = fem.functionspace(particle.mesh, scalar_element(particle, degree))
    return jumps.with_jumps(space, _measure(particle, parts).part_of_cells)


def displacement_element(particle: ParticleMesh, degree: int) -> basix.ufl._ElementBase:
    """Continuous Lagrange element of the displacement: scalar on a radial line, a vector otherwise."""
    components = particle.coordinates.displacement_components
    shape = None if components == 1 else (components,)
    return basix.ufl.element("Lagrange", particle.mesh.basix_cell(), degree, shape=shape)


def domain(
    particle: ParticleMesh,
    quadrature_degree: int,
    released: fem.Function | float = 0.0,
    parts: Sequence[str] = (),
) -> Domain:
    """The particle's geometry for the weak forms.

    Args:
        particle: The mesh.
        quadrature_degree: Of all integrals.
        released: What its lattice has released.
        parts: Names of the regions that are parts of their own, the first one being that of all other cells;
            fewer than two: there are no parts.
    """
    mesh = particle.mesh
    measure = _measure(particle, parts)
    in_layer = fem.Function(fem.functionspace(mesh, ("DG", 0)))
    in_layer.x.array[particle.cell_tags.find(LAYER)] = 1.0
    in_layer.x.scatter_forward()
    return Domain(
        coordinates=particle.coordinates,
        measure=measure,
        position=Position(depth=particle.depth, in_layer=in_layer, released=released),
        x=ufl.SpatialCoordinate(mesh),
        normal=ufl.FacetNormal(mesh),
        degree=quadrature_degree,
        regions=particle.regions,
        part_of_cell=_by_cell(mesh, measure.part_of_cells) if measure.parts else 0,
        height=_by_cell(mesh, _heights(mesh)) if measure.parts else 0,
    )


def _measure(particle: ParticleMesh, parts: Sequence[str]) -> Measure:
    return particle.measure.of_parts(_tags_of(parts, particle.regions) if len(parts) > 1 else ())


def _tags_of(parts: Sequence[str], regions: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
    """Tags of the cells of parts that are named by their regions, the first one being all the rest.

    Raises:
        MeshError: If the mesh has no region of a name.
    """
    missing = [name for name in parts[1:] if name not in regions]
    if missing:
        raise MeshError(f"found no cells of {listed(missing)} in the mesh, expected regions of these names")
    others = tuple(sorted(tag for name, tag in regions.items() if name not in parts[1:]))
    return (others, *((regions[name],) for name in parts[1:]))


def _by_cell(mesh: Mesh[np.float64], values: npt.NDArray[Any]) -> fem.Function:
    """A function with one value in each cell, from those of all cells of this process."""
    function = fem.Function(fem.functionspace(mesh, ("DG", 0)))
    function.x.array[function.function_space.dofmap.list[:, 0]] = values
    function.x.scatter_forward()
    return function


def _heights(mesh: Mesh[np.float64]) -> npt.NDArray[np.float64]:
    """The smallest height of each cell, taken as straight, in R: the inverse of the largest gradient.

    The gradients are those of the barycentric coordinates, each of which falls from 1 to 0 over one height.
    """
    dimension = mesh.topology.dim
    corners = mesh.geometry.x[mesh.geometry.dofmaps[0][:, : dimension + 1], :dimension]
    edges = corners[:, 1:] - corners[:, :1]
    others = np.linalg.inv(edges).transpose(0, 2, 1)
    gradients = np.concatenate([others, -others.sum(axis=1, keepdims=True)], axis=1)
    return np.asarray(1 / np.linalg.norm(gradients, axis=2).max(axis=1))


def held_displacements(
    particle: ParticleMesh, space: fem.FunctionSpace, parent: fem.FunctionSpace | None = None
) -> list[fem.DirichletBC]:
    """Conditions that hold the displacement: symmetry planes, and rigid motions that nothing else prevents.

    Args:
        particle: The mesh with its symmetry tags.
        space: The displacement's own space.
        parent: Its subspace view within a mixed space (`mixed.sub(i)`), if it is part of one.

    Returns:
        Homogeneous Dirichlet conditions.
    """
    mesh = particle.mesh
    components = particle.coordinates.displacement_components
    facet_dimension = mesh.topology.dim - 1
    conditions = []
    for component in range(components):
        own = space if components == 1 else space.sub(component)
        within = own if parent is None else (parent if components == 1 else parent.sub(component))
        symmetric = particle.facet_tags.find(SYMMETRY[component])
        conditions.append(_zero(within, facet_dimension, symmetric))
    present = {
        component
        for component in range(components)
        if mesh.comm.allreduce(particle.facet_tags.find(SYMMETRY[component]).size) > 0
    }
    for component, vertices in _rigid_pins(particle, present):
        own = space.sub(component)
        within = own if parent is None else parent.sub(component)
        conditions.append(_zero(within, 0, vertices))
    return conditions


def surface_dofs(particle: ParticleMesh, space: fem.FunctionSpace) -> npt.NDArray[np.int32]:
    """The degrees of freedom on the particle's surface that this process owns."""
    facets = particle.facet_tags.find(SURFACE)
    dofs = fem.locate_dofs_topological(space, particle.mesh.topology.dim - 1, facets)
    return np.unique(dofs[dofs < space.dofmap.index_map.size_local]).astype(np.int32)


def region_dofs(particle: ParticleMesh, space: fem.FunctionSpace, region: str) -> npt.NDArray[np.int32]:
    """The degrees of freedom in a region of the particle, its boundary included, that this process owns."""
    topology = particle.mesh.topology
    topology.create_connectivity(topology.dim, topology.dim)
    cells = particle.cell_tags.find(particle.regions[region])
    dofs = fem.locate_dofs_topological(space, topology.dim, cells)
    return np.unique(dofs[dofs < space.dofmap.index_map.size_local]).astype(np.int32)


def _zero(space: fem.FunctionSpace, dimension: int, entities: np.ndarray) -> fem.DirichletBC:
    mesh = space.mesh
    mesh.topology.create_connectivity(dimension, mesh.topology.dim)
    if not space.component():  # a scalar space of its own, which has nothing to collapse from
        return fem.dirichletbc(fem.Function(space), fem.locate_dofs_topological(space, dimension, entities))
    collapsed, _ = space.collapse()
    dofs = fem.locate_dofs_topological((space, collapsed), dimension, entities)
    return fem.dirichletbc(fem.Function(collapsed), dofs, space)


def _rigid_pins(particle: ParticleMesh, symmetric: set[int]) -> list[tuple[int, np.ndarray]]:
    """Displacement components to hold at single vertices so that no rigid motion is left, and no more.

    With self-equilibrated loads such statically determinate supports carry no force.
    """
    components = particle.coordinates.displacement_components
    if components == 1:
        return []
    if components == 2:  # axisymmetric: only a translation along the axis is possible
        return [] if 1 in symmetric else [(1, _vertex(particle, (0.0, 0.0)))]
    free = [component for component in range(3) if component not in symmetric]
    pins = [(component, _vertex(particle, (0.0, 0.0, 0.0))) for component in free]
    # A rotation about an axis is free unless a symmetry plane contains that axis.
    # Held for the axes z, x, y: that component at the end of that direction.
    for direction, component in ((0, 1), (1, 2), (2, 0)):
        if direction not in symmetric and component not in symmetric:
            end = tuple(1.0 if i == direction else 0.0 for i in range(3))
            pins.append((component, _vertex(particle, end)))
    return pins


def _vertex(particle: ParticleMesh, near: tuple[float, ...]) -> np.ndarray:
    """The vertex closest to a point, as an array of local indices that is empty on the other processes."""
    mesh = particle.mesh
    mesh.topology.create_connectivity(0, mesh.topology.dim)
    count = mesh.topology.index_map(0).size_local
    vertices = np.arange(count, dtype=np.int32)
    points = mesh.geometry.x[_vertex_nodes(particle)[:count]]
    target = np.zeros(3)
    target[: len(near)] = near
    distance = np.linalg.norm(points - target, axis=1)
    best = (float(distance.min()), mesh.comm.rank) if count else (np.inf, mesh.comm.rank)
    winner = min(mesh.comm.allgather(best))
    if winner[1] != mesh.comm.rank:
        return np.empty(0, dtype=np.int32)
    return vertices[[int(np.argmin(distance))]]


def _vertex_nodes(particle: ParticleMesh) -> np.ndarray:
    from dolfinx.mesh import entities_to_geometry

    mesh = particle.mesh
    index_map = mesh.topology.index_map(0)
    everything = np.arange(index_map.size_local + index_map.num_ghosts, dtype=np.int32)
    return np.asarray(entities_to_geometry(mesh, 0, everything)).reshape(-1)


def size_of(space: fem.FunctionSpace) -> int:
    """Degrees of freedom over all processes."""
    return int(np.int64(space.dofmap.index_map.size_global) * space.dofmap.index_map_bs)
