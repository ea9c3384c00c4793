"""Meshes as other programs write them."""

from __future__ import annotations

from pathlib import Path

import meshio
import numpy as np

from oxyshell.meshes.distribution import MeshArrays
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.simplex import VTK_TO_DOLFINX, geometry_element
from oxyshell.meshes.tags import BULK, LAYER, SURFACE, SYMMETRY

NAMES = {"surface": SURFACE, "symmetry_x": SYMMETRY[0], "symmetry_y": SYMMETRY[1], "symmetry_z": SYMMETRY[2]}
RADIUS = 150.0
COARSE = Resolution(layer_elements=2, bulk_elements=6, tangential=4)
OCTANT = ((1,), (1,), (1,))
HALF = ((1,), (1, -1))
QUARTER = ((1,), (1,))
TETRAHEDRON = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]


def facet_nodes(arrays: MeshArrays, tag: int) -> np.ndarray:
    dimension = arrays.points.shape[1]
    closure = np.array(geometry_element(dimension, arrays.degree).entity_closure_dofs[dimension - 1])
    cell, facet = np.nonzero(arrays.facet_tags == tag)
    nodes = arrays.cells[cell[:, None], closure[facet]]
    return nodes[:, list(VTK_TO_DOLFINX[2])] if nodes.shape[1] == 6 else nodes


def foreign(arrays: MeshArrays) -> meshio.Mesh:
    """The mesh as another program would hand it over, with physical groups."""
    dimension = arrays.points.shape[1]
    volume, side = {2: ("triangle6", "line3"), 3: ("tetra10", "triangle6")}[dimension]
    vtk = np.argsort(VTK_TO_DOLFINX[dimension])
    tags = np.unique(arrays.facet_tags[arrays.facet_tags > 0])
    sides = [facet_nodes(arrays, tag) for tag in tags]
    return meshio.Mesh(
        np.pad(arrays.points, ((0, 0), (0, 3 - dimension))) * RADIUS,
        [(volume, arrays.cells[:, vtk]), *((side, nodes) for nodes in sides)],
        cell_data={
            "gmsh:physical": [
                arrays.cell_tags,
                *(np.full(len(n), t) for n, t in zip(sides, tags, strict=True)),
            ]
        },
        field_data={
            "bulk": np.array([BULK, dimension]),
            "layer": np.array([LAYER, dimension]),
            **{name: np.array([tag, dimension - 1]) for name, tag in NAMES.items() if tag in tags},
        },
    )


def write(mesh: meshio.Mesh, path: Path) -> Path:
    mesh.cell_data["gmsh:geometrical"] = mesh.cell_data.get("gmsh:physical", [])
    mesh.cell_data = {name: data for name, data in mesh.cell_data.items() if len(data)}
    meshio.write(path, mesh, file_format="gmsh22")
    return path


def straight(volume: str, cells: list, points: list, **more) -> meshio.Mesh:
    return meshio.Mesh(np.array(points, dtype=float), [(volume, np.array(cells))], **more)
