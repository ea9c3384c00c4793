"""Half sections in any coordinate plane, axes where they have to be, and cells turned the right way."""

from __future__ import annotations

import math

import meshio
import numpy as np
import pytest

from oxyshell.errors import MeshError
from oxyshell.meshes.ball import ball_arrays
from oxyshell.meshes.importing import import_mesh
from oxyshell.meshes.tags import SURFACE, SYMMETRY
from tests.meshes.files import COARSE, HALF, OCTANT, RADIUS, TETRAHEDRON, foreign, straight, write


def half(*columns: int, offset: float = 0.0) -> meshio.Mesh:
    """The half section with its (r, z) in these two of the three columns, in a plane at an offset."""
    mesh = foreign(ball_arrays(HALF, 0.0, COARSE))
    points = np.full((len(mesh.points), 3), offset)
    points[:, columns] = mesh.points[:, :2]
    return meshio.Mesh(points, mesh.cells[:1])


@pytest.mark.parametrize(
    ("columns", "remark"),
    [((0, 1), ""), ((0, 2), "plane x–z: x counts as r"), ((1, 2), "plane y–z: y counts as r")],
)
@pytest.mark.parametrize("offset", [0.0, -2 * RADIUS])
def test_a_half_section_lies_in_any_coordinate_plane(columns, remark, offset, tmp_path, integral):
    path = tmp_path / "half.vtu"
    meshio.write(path, half(*columns, offset=offset))
    read = import_mesh(path, radius=RADIUS)
    # Quadratic edges, 4 to a quarter of the circumference: 5e-5.
    assert integral(read.measure.volume(1, 6)) == pytest.approx(4 * math.pi / 3, rel=2e-4)
    assert integral(read.measure.surface(1, 6)) == pytest.approx(4 * math.pi, rel=2e-4)
    assert set(read.facet_tags.values) == {SURFACE, SYMMETRY[0]}
    assert remark in " ".join(read.remarks)
    assert bool(remark) == bool(read.remarks)


def test_an_inclined_plane_is_refused(tmp_path):
    mesh = half(0, 1)
    mesh.points[:, 2] = 0.1 * mesh.points[:, 0]
    meshio.write(tmp_path / "inclined.vtu", mesh)
    with pytest.raises(MeshError, match="in no plane parallel to two of the axes"):
        import_mesh(tmp_path / "inclined.vtu", radius=RADIUS)


def away(by: float) -> meshio.Mesh:
    mesh = half(0, 1)
    mesh.points[:, 0] += by * RADIUS
    return mesh


@pytest.mark.parametrize(
    ("mesh", "words"),
    [
        (away(0.25), "no side of it lies on the axis x = 0"),
        (away(-0.25), "reaches x = -37.5"),
        # A cone's tip alone is on the axis.
        (
            straight("triangle", [[0, 1, 2]], [[0, 0, 0], [150, -50, 0], [150, 50, 0]]),
            "no side of it lies on the axis",
        ),
    ],
)
def test_an_axis_elsewhere_is_refused(mesh, words, tmp_path):
    meshio.write(tmp_path / "off.vtu", mesh)
    with pytest.raises(MeshError, match=words):
        import_mesh(tmp_path / "off.vtu", radius=RADIUS)


def test_a_body_whose_middle_is_not_the_origin_is_told(tmp_path):
    mesh = half(0, 1)
    mesh.points[:, 1] += 0.3 * RADIUS
    meshio.write(tmp_path / "off.vtu", mesh)
    (remark,) = import_mesh(tmp_path / "off.vtu", radius=RADIUS).remarks
    assert "y = 0.3 R, not at the origin" in remark


# The same cell with two vertices exchanged, in VTK's order of nodes.
EXCHANGED = {
    "triangle": [0, 2, 1],
    "triangle6": [0, 2, 1, 5, 4, 3],
    "tetra": [0, 1, 3, 2],
    "tetra10": [0, 1, 3, 2, 4, 8, 7, 6, 5, 9],
}


@pytest.mark.parametrize("share", [1, 3])
@pytest.mark.parametrize("kind", EXCHANGED)
def test_cells_that_are_numbered_the_other_way_round_are_turned(kind, share, tmp_path, integral):
    mesh = foreign(ball_arrays(OCTANT if kind.startswith("tetra") else HALF, 0.0, COARSE))
    nodes = mesh.cells[0].data[:, : len(EXCHANGED[kind])]
    turned = nodes.copy()
    turned[::share] = nodes[::share][:, EXCHANGED[kind]]
    values = []
    for cells in (nodes, turned):
        meshio.write(tmp_path / "cells.vtu", meshio.Mesh(mesh.points, [(kind, cells)]))
        read = import_mesh(tmp_path / "cells.vtu", RADIUS, 8 if kind.startswith("tetra") else 1)
        values.append(
            [integral(read.measure.volume(1, 6)), integral(read.measure.surface(read.depth + 1, 6))]
        )
    np.testing.assert_allclose(values[0], values[1], rtol=1e-12)


def test_one_turned_cell(tmp_path, integral):
    meshio.write(tmp_path / "cell.vtu", straight("tetra", [[0, 2, 1, 3]], TETRAHEDRON))
    assert integral(import_mesh(tmp_path / "cell.vtu", radius=1.0).measure.volume(1, 2)) == pytest.approx(
        1 / 6
    )


def test_an_axis_in_the_group_of_the_surface_is_refused(tmp_path):
    # What a file has in which the whole boundary is one group.
    mesh = meshio.Mesh(
        np.array([[0, -1, 0], [1, 0, 0], [0, 1, 0]], dtype=float),
        [("triangle", np.array([[0, 1, 2]])), ("line", np.array([[0, 1], [1, 2], [2, 0]]))],
        cell_data={"gmsh:physical": [np.array([1]), np.full(3, SURFACE)]},
    )
    with pytest.raises(MeshError, match="1 facets on the axis x = 0 are in a group of the surface"):
        import_mesh(write(mesh, tmp_path / "all.msh"), radius=1.0)
