"""The particles on which solutions are manufactured, and the solutions' shapes in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import ufl
from dolfinx.mesh import create_box, locate_entities_boundary, meshtags
from mpi4py import MPI

from oxyshell.meshes.ball import octant, quarter_disc
from oxyshell.meshes.coordinates import Cartesian, Cylindrical, Planar, Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.tags import BULK, SURFACE, SYMMETRY
from tests.verification.manufactured import strong
from tests.verification.manufactured.strong import Strong


@dataclass(frozen=True)
class Body:
    """A geometry.

    Attributes:
        name: For the table.
        mesh: So many elements along the radius, all of one size.
        strong: Its equations in strong form.
        wave: A smooth scalar that is even at every symmetry plane, with values around 0.
        bend: A smooth displacement that vanishes where the symmetry asks for it.
    """

    name: str
    mesh: Callable[[int], ParticleMesh]
    strong: Strong
    wave: Callable[[Any], Any]
    bend: Callable[[Any], Any]


def _even(elements: int) -> Resolution:
    return Resolution(bulk_elements=elements, tangential=elements, surface_size=1.0)


def _line(name: str, coordinates: Any, equations: Strong) -> Body:
    return Body(
        name=name,
        mesh=lambda elements: radial_line(coordinates, 0.0, _even(elements)),
        strong=equations,
        wave=lambda x: ufl.cos(3 * x[0]),
        bend=lambda x: ufl.sin(2 * x[0]),
    )


SPHERE = _line("sphere, line", Spherical(), strong.SPHERE)
CYLINDER = _line("cylinder, line", Cylindrical(), strong.CYLINDER)
PLATE = _line("plate, line", Planar(), strong.PLATE)
DISC = Body(
    name="sphere, axisymmetric",
    mesh=lambda elements: quarter_disc(0.0, _even(elements)),
    strong=strong.REVOLVED,
    wave=lambda x: ufl.cos(1.5 * x[0]) * ufl.cos(2 * x[1]),
    bend=lambda x: ufl.as_vector([ufl.sin(x[0]) * ufl.cos(x[1]), ufl.cos(x[0]) * ufl.sin(1.5 * x[1])]),
)


def _cube(elements: int) -> ParticleMesh:
    """An eighth of a cube with the edge 2 × 0.7 R, in simplices that are all alike."""
    edge = 0.7
    ends = [[0.0, 0.0, 0.0], [edge, edge, edge]]
    mesh = create_box(MPI.COMM_SELF, ends, [elements] * 3)
    planes = [locate_entities_boundary(mesh, 2, lambda x, i=i: x[i] < 1e-9) for i in range(3)]
    outside = locate_entities_boundary(mesh, 2, lambda x: x.max(axis=0) > edge - 1e-9)
    facets = np.concatenate([outside, *planes])
    marks = [SURFACE, *SYMMETRY]
    values = np.repeat(marks, [len(outside), *(len(plane) for plane in planes)]).astype(np.int32)
    order = np.argsort(facets)
    facet_tags = meshtags(mesh, 2, facets[order], values[order])
    cells = np.arange(mesh.topology.index_map(3).size_local, dtype=np.int32)
    cell_tags = meshtags(mesh, 3, cells, np.full(len(cells), BULK, dtype=np.int32))
    coordinates = Cartesian(multiplicity=8.0)
    return ParticleMesh(
        mesh=mesh,
        coordinates=coordinates,
        facet_tags=facet_tags,
        cell_tags=cell_tags,
        depth=1 - coordinates.radius(ufl.SpatialCoordinate(mesh)),
        levels=np.array([0.0, 1.0]),
    )


def _solid(name: str, mesh: Callable[[int], ParticleMesh]) -> Body:
    return Body(
        name=name,
        mesh=mesh,
        strong=strong.SOLID,
        wave=lambda x: ufl.cos(x[0]) * ufl.cos(x[1] / 2) * ufl.cos(1.5 * x[2]),
        bend=lambda x: ufl.as_vector(
            [
                ufl.sin(x[0]) * ufl.cos(x[1]),
                ufl.sin(x[1]) * ufl.cos(x[2]),
                ufl.cos(x[0]) * ufl.sin(x[2]),
            ]
        ),
    )


CUBE = _solid("cube, solid", _cube)
OCTANT = _solid("sphere, octant", lambda elements: octant(0.0, _even(elements)))
