"""Integrals over the particle, with the weights 4πr², 2πr, … of its coordinate system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem
from dolfinx.mesh import Mesh, MeshTags, exterior_facet_indices

from oxyshell.errors import MeshError
from oxyshell.meshes.arrays import Integers
from oxyshell.meshes.coordinates import Coordinates
from oxyshell.meshes.tags import SURFACE
from oxyshell.models.base.expression import Expression

# Numbers of integrals over the surface of one part, and over the interface of two.
_OF_PART = 100

type _Integrals = list[tuple[int, npt.NDArray[np.int32]]]


@dataclass(frozen=True, eq=False)
class Measure:
    """Integrals over the whole particle, in units of R³ (volume) and R² (surface).

    For a cylinder they are per R of length, for a plate per R² of area, both halves counted.

    Attributes:
        mesh: The mesh to integrate over.
        coordinates: Its coordinate system, whose weight multiplies every integrand.
        cell_tags: Regions of the cells.
        facet_tags: Tags of the facets.
        parts: Tags of the cells of each part that can be integrated over by itself; none if there are none.
    """

    mesh: Mesh[np.float64]
    coordinates: Coordinates
    cell_tags: MeshTags
    facet_tags: MeshTags
    parts: tuple[tuple[int, ...], ...] = ()

    def of_parts(self, parts: tuple[tuple[int, ...], ...]) -> Measure:
        """The same with parts; itself without any."""
        return replace(self, parts=parts) if parts else self

    def volume(self, integrand: Expression, degree: int) -> ufl.Form:
        """∫ integrand dV over the particle, with a quadrature exact for polynomials of the degree.

        Args:
            integrand: Scalar expression, possibly with test and trial functions.
            degree: Quadrature degree; it has to cover the integrand and the weight.
        """
        return self._weighted(integrand) * self._over("dx", self.cell_tags, degree)

    def region(self, integrand: Expression, tag: int, degree: int) -> ufl.Form:
        """∫ integrand dV over the cells with one region tag; see `volume`."""
        return self._weighted(integrand) * self._over("dx", self.cell_tags, degree)(tag)

    def surface(self, integrand: Expression, degree: int) -> ufl.Form:
        """∫ integrand dA over the particle's surface; see `volume`."""
        return self._weighted(integrand) * self._over("ds", self._surfaces, degree)(SURFACE)

    def part(self, integrand: Expression, part: int, degree: int) -> ufl.Form:
        """∫ integrand dV over the cells of one part; see `volume`."""
        return self._weighted(integrand) * self._over("dx", self.cell_tags, degree)(self.parts[part])

    def surface_of_part(self, integrand: Expression, part: int, degree: int) -> ufl.Form:
        """∫ integrand dA over what one part has of the particle's surface; see `volume`."""
        return self._weighted(integrand) * self._over("ds", self._surfaces, degree)(_OF_PART + part)

    def interface(self, integrand: Expression, inner: int, outer: int, degree: int) -> ufl.Form:
        """∫ integrand dA over the interface of two parts, '+' being the side of the inner one.

        Args:
            integrand: Scalar expression of what is restricted to either side.
            inner: The part with the lower number.
            outer: The other one.
            degree: Quadrature degree.
        """
        weight = self.coordinates.weight(ufl.SpatialCoordinate(self.mesh))("+")
        number = self.interfaces.index((inner, outer))
        return integrand * weight * self._over("dS", self._between, degree)(_OF_PART + number)

    @cached_property
    def interfaces(self) -> Sequence[tuple[int, int]]:
        """Pairs of parts that meet in facets, on all processes the same, ascending."""
        own = {(int(i), int(j)) for i, j in np.unique(self._meeting[1], axis=0)}
        return sorted(set().union(*self.mesh.comm.allgather(own)))

    @cached_property
    def _surfaces(self) -> MeshTags | _Integrals:
        if not self.parts:
            return self.facet_tags
        topology = self.mesh.topology
        facets = self.facet_tags.find(SURFACE)
        facets = facets[facets < topology.index_map(topology.dim - 1).size_local]
        kind = fem.IntegralType.exterior_facet
        entities = fem.compute_integration_domains(kind, topology, facets).reshape(-1, 2)
        of = self.part_of_cells[entities[:, 0]]
        own = [(_OF_PART + part, entities[of == part].reshape(-1)) for part in range(len(self.parts))]
        return [(SURFACE, entities.reshape(-1)), *own]

    def facets_between(self, inner: int, outer: int) -> npt.NDArray[np.int32]:
        """Facets of this process between two parts, shape (facets, 4).

        Each is (cell, facet of it, cell, facet of it), the cell of the inner part first.
        """
        entities, pairs = self._meeting
        found: npt.NDArray[np.int32] = entities[(pairs == (inner, outer)).all(axis=1)]
        return found

    @cached_property
    def _between(self) -> _Integrals:
        return [
            (_OF_PART + number, self.facets_between(*pair).reshape(-1))
            for number, pair in enumerate(self.interfaces)
        ]

    @cached_property
    def _meeting(self) -> tuple[npt.NDArray[np.int32], Integers]:
        """Facets of this process between two parts, as (cell, facet of it, cell, facet of it), and the parts.

        The cell of the part with the lower number comes first.
        """
        topology = self.mesh.topology
        dimension = topology.dim
        topology.create_connectivity(dimension - 1, dimension)
        topology.create_connectivity(dimension, dimension - 1)
        cells, facets = (
            topology.connectivity(*which)
            for which in ((dimension - 1, dimension), (dimension, dimension - 1))
        )
        self._check_ghosts()
        starts = cells.offsets[: topology.index_map(dimension - 1).size_local + 1]
        inside = np.flatnonzero(np.diff(starts) == 2)
        two = cells.array[starts[inside][:, None] + np.arange(2)]
        of = self.part_of_cells[two]
        meet = of[:, 0] != of[:, 1]
        inside, two, of = inside[meet], two[meet], of[meet]
        order = np.argsort(of, axis=1)
        two, of = (np.take_along_axis(one, order, axis=1) for one in (two, of))
        of_cell = facets.array.reshape(-1, dimension + 1)[two]
        local = np.argmax(of_cell == inside[:, None, None], axis=2)
        return np.stack([two, local], axis=2).reshape(-1, 4).astype(np.int32), of

    def _check_ghosts(self) -> None:
        """Both cells of a facet between two processes have to be known to one of them.

        Raises:
            MeshError: On all processes, if they are not: an interface along the cut would be lost.
        """
        topology = self.mesh.topology
        facets = topology.dim - 1
        count = topology.index_map(facets).size_local
        alone = np.flatnonzero(np.diff(topology.connectivity(facets, topology.dim).offsets[: count + 1]) == 1)
        lost = np.setdiff1d(alone, exterior_facet_indices(topology)).size
        if self.mesh.comm.allreduce(lost):
            raise MeshError(
                "found a mesh that is shared out without ghost cells, expected ghosts across facets: it has "
                "parts with interfaces"
            )

    @cached_property
    def part_of_cells(self) -> npt.NDArray[np.int32]:
        """The part of each cell of this process, ghosts among them, shape (cells,); empty without parts."""
        if not self.parts:
            return np.zeros(0, dtype=np.int32)
        index_map = self.mesh.topology.index_map(self.mesh.topology.dim)
        found = np.zeros(index_map.size_local + index_map.num_ghosts, dtype=np.int32)
        for number, tags in enumerate(self.parts):
            found[self.cell_tags.indices[np.isin(self.cell_tags.values, tags)]] = number
        return found

    def _weighted(self, integrand: Expression) -> Expression:
        return integrand * self.coordinates.weight(ufl.SpatialCoordinate(self.mesh))

    def _over(self, kind: str, tags: MeshTags | _Integrals, degree: int) -> ufl.Measure:
        rule = {"quadrature_degree": degree}
        return ufl.Measure(kind, domain=self.mesh, subdomain_data=tags, metadata=rule)
