"""Helpers on finite-element spaces that every strategy needs."""

from __future__ import annotations

import basix.ufl
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.tags import LAYER, SURFACE, SYMMETRY
from oxyshell.models.base.domain import Domain, Position


def scalar_element(particle: ParticleMesh, degree: int) -> basix.ufl._ElementBase:
    """Continuous Lagrange element of a scalar field."""
    return basix.ufl.element("Lagrange", particle.mesh.basix_cell(), degree)


def displacement_element(particle: ParticleMesh, degree: int) -> basix.ufl._ElementBase:
    """Continuous Lagrange element of the displacement: scalar on a radial line, a vector otherwise."""
    components = particle.coordinates.displacement_components
    shape = None if components == 1 else (components,)
    return basix.ufl.element("Lagrange", particle.mesh.basix_cell(), degree, shape=shape)


def domain(particle: ParticleMesh, quadrature_degree: int, released: fem.Function | float = 0.0) -> Domain:
    """The particle's geometry for the weak forms, and what its lattice has released."""
    mesh = particle.mesh
    in_layer = fem.Function(fem.functionspace(mesh, ("DG", 0)))
    in_layer.x.array[particle.cell_tags.find(LAYER)] = 1.0
    in_layer.x.scatter_forward()
    return Domain(
        coordinates=particle.coordinates,
        measure=particle.measure,
        position=Position(depth=particle.depth, in_layer=in_layer, released=released),
        x=ufl.SpatialCoordinate(mesh),
        normal=ufl.FacetNormal(mesh),
        degree=quadrature_degree,
        regions=particle.regions,
    )


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
