from __future__ import annotations

import math

import meshio
import numpy as np
import pytest

from oxyshell.errors import MeshError
from oxyshell.meshes.ball import ball_arrays, octant
from oxyshell.meshes.importing import import_mesh
from oxyshell.meshes.tags import BULK, LAYER, SURFACE, SYMMETRY
from tests.meshes.files import COARSE, HALF, NAMES, OCTANT, RADIUS, TETRAHEDRON, foreign, straight, write


def test_an_octant_survives_the_way_through_a_file(tmp_path, integral):
    own = octant(0.1, COARSE)
    path = write(foreign(ball_arrays(OCTANT, 0.1, COARSE)), tmp_path / "octant.msh")
    read = import_mesh(path, radius=RADIUS, multiplicity=8)
    for form in ("volume", "surface"):
        expected = integral(getattr(own.measure, form)(1, 6))
        assert integral(getattr(read.measure, form)(1, 6)) == pytest.approx(expected, rel=1e-12)
    shell = integral(read.measure.region(1, LAYER, 6))
    assert shell == pytest.approx(integral(own.measure.region(1, LAYER, 6)), rel=1e-12)
    for tag in NAMES.values():
        assert len(read.facet_tags.find(tag)) == len(own.facet_tags.find(tag))
    assert dict(read.regions) == {"bulk": BULK, "layer": LAYER}
    assert read.levels[0] == 0.0
    assert len(read.levels) == 60
    assert read.levels[-1] == pytest.approx(1, abs=1e-3)
    assert integral(read.measure.surface(read.depth**2, 6)) == pytest.approx(0, abs=1e-20)


def test_a_half_section_finds_its_axis_and_surface(tmp_path, integral):
    mesh = foreign(ball_arrays(HALF, 0.1, COARSE))
    bare = meshio.Mesh(mesh.points, mesh.cells[:1])
    path = tmp_path / "half.vtu"
    meshio.write(path, bare)
    read = import_mesh(path, radius=RADIUS)
    # Volume and area are those of the quadratic geometry, 5e-5 below the sphere's at this size.
    assert integral(read.measure.volume(1, 6)) == pytest.approx(4 * math.pi / 3, rel=2e-4)
    assert integral(read.measure.surface(1, 6)) == pytest.approx(4 * math.pi, rel=2e-4)
    x = read.mesh.geometry.x
    assert set(read.facet_tags.values) == {SURFACE, SYMMETRY[0]}
    assert len(read.facet_tags.find(SYMMETRY[0])) == np.sum((x[:, 0] == 0) & (np.abs(x[:, 1]) < 1)) // 2 + 1
    assert set(read.cell_tags.values) == {BULK}


def test_other_region_names_get_tags_of_their_own(tmp_path):
    mesh = foreign(ball_arrays(HALF, 0.1, COARSE))
    mesh.field_data["Core"] = mesh.field_data.pop("bulk")
    read = import_mesh(write(mesh, tmp_path / "named.msh"), radius=RADIUS)
    assert dict(read.regions) == {"bulk": BULK, "layer": LAYER, "Core": 3}
    assert set(read.cell_tags.values) == {LAYER, 3}


def test_numbers_without_names_stand_for_themselves(tmp_path):
    mesh = foreign(ball_arrays(HALF, 0.1, COARSE))
    mesh.field_data = {}
    read = import_mesh(write(mesh, tmp_path / "numbers.msh"), radius=RADIUS)
    assert set(read.facet_tags.values) == {SURFACE, SYMMETRY[0]}
    assert set(read.cell_tags.values) == {BULK, LAYER}


def test_a_given_surface_leaves_the_rest_of_the_exterior_untagged(tmp_path):
    sides = [[0, 1, 2]]
    mesh = meshio.Mesh(
        np.array(TETRAHEDRON, dtype=float),
        [("tetra", np.array([[0, 1, 2, 3]])), ("triangle", np.array(sides))],
        cell_data={"gmsh:physical": [np.array([1]), np.array([1])]},
        field_data={"surface": np.array([1, 2])},
    )
    read = import_mesh(write(mesh, tmp_path / "tetrahedron.msh"), radius=1.0)
    assert read.facet_tags.values.tolist() == [SURFACE]
    # The height above the base, at the vertices of a linear mesh.
    np.testing.assert_allclose(sorted(read.depth.x.array), [0, 0, 0, 1], atol=1e-15)


def test_a_quadratic_octant_of_gmsh(gmsh, tmp_path, integral):
    gmsh.model.occ.addSphere(0, 0, 0, RADIUS, -1, 0, math.pi / 2, math.pi / 2)
    gmsh.model.occ.synchronize()
    for _, side in gmsh.model.getEntities(2):
        place = gmsh.model.occ.getCenterOfMass(2, side)
        planes = [name for name, x in zip(list(NAMES)[1:], place, strict=True) if abs(x) < 1e-6]
        gmsh.model.addPhysicalGroup(2, [side], name=(planes or ["surface"])[0])
    gmsh.model.addPhysicalGroup(3, [1], name="particle")
    gmsh.option.setNumber("Mesh.MeshSizeMax", RADIUS / 4)
    gmsh.model.mesh.generate(3)
    gmsh.model.mesh.setOrder(2)
    path = tmp_path / "gmsh.msh"
    gmsh.write(str(path))
    read = import_mesh(path, radius=RADIUS, multiplicity=8)
    # Quadratic facets of h = R/4 deviate by about h⁴/500 = 8e-6 R along edges, a few times that inside.
    assert integral(read.measure.volume(1, 6)) == pytest.approx(4 * math.pi / 3, rel=1e-4)
    assert integral(read.measure.surface(1, 6)) == pytest.approx(4 * math.pi, rel=1e-4)
    assert set(read.facet_tags.values) == set(NAMES.values())
    points = read.depth.function_space.tabulate_dof_coordinates()
    np.testing.assert_allclose(read.depth.x.array, 1 - np.linalg.norm(points, axis=1), atol=1e-4)


def hexahedron() -> meshio.Mesh:
    corners = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]]
    return straight("hexahedron", [list(range(8))], corners)


def mixed() -> meshio.Mesh:
    mesh = foreign(ball_arrays(OCTANT, 0.0, COARSE))
    return meshio.Mesh(
        mesh.points, [("tetra", mesh.cells[0].data[:1, :4]), ("tetra10", mesh.cells[0].data[1:])]
    )


def facets_of_another_order() -> meshio.Mesh:
    mesh = foreign(ball_arrays(OCTANT, 0.0, COARSE))
    return meshio.Mesh(mesh.points, [mesh.cells[0], ("triangle", mesh.cells[1].data[:, :3])])


def folded() -> meshio.Mesh:
    mesh = foreign(ball_arrays(OCTANT, 0.0, COARSE))
    mesh.points[mesh.cells[0].data[0, 4]] += 0.9 * RADIUS
    return meshio.Mesh(mesh.points, mesh.cells[:1])


def cracked() -> meshio.Mesh:
    points = [*TETRAHEDRON, *TETRAHEDRON[1:], [1, 1, 1]]
    return straight("tetra", [[0, 1, 2, 3], [4, 5, 6, 7]], points)


def three_on_a_facet() -> meshio.Mesh:
    points = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 2], [0, 0, 3]]
    return straight("tetra", [[0, 1, 2, 3], [0, 1, 2, 4], [0, 1, 2, 5]], points)


def groups(facets: list, name: str, points: list = TETRAHEDRON, more: dict | None = None) -> meshio.Mesh:
    return meshio.Mesh(
        np.array(points, dtype=float),
        [("tetra", np.array([[0, 1, 2, 3]])), ("triangle", np.array(facets))],
        cell_data={"gmsh:physical": [np.array([1]), np.full(len(facets), 5)]},
        field_data={name: np.array([5, 2]), **(more or {})},
    )


def unnamed(number: int) -> meshio.Mesh:
    mesh = groups([[0, 1, 2]], "surface")
    mesh.field_data, mesh.cell_data["gmsh:physical"][1][:] = {}, number
    return mesh


@pytest.mark.parametrize(
    ("mesh", "radius", "message"),
    [
        (straight("line", [[0, 1]], [[0, 0, 0], [1, 0, 0]]), 1.0, "no volume cells"),
        (straight("triangle", [[1, 2, 3]], TETRAHEDRON), 1.0, "Mesh the volume too"),
        (hexahedron(), 1.0, "hexahedron cannot be used"),
        (mixed(), RADIUS, "mixes tetra and tetra10"),
        (facets_of_another_order(), RADIUS, "facets of order 1"),
        (folded(), RADIUS, "inverted, flat or folded"),
        (straight("tetra", [[0, 1, 2, 3]], [*TETRAHEDRON[:3], [1, 1, 0]]), 1.0, "inverted, flat or folded"),
        (cracked(), 1.0, "3 points lie on others"),
        (three_on_a_facet(), 1.0, "more than two cells"),
        (
            straight("tetra", [[0, 1, 2, 3]], TETRAHEDRON),
            1e-9,
            "check length_unit. With .*: m, .* is 1 m .* given is 1e-09 m",
        ),
        (straight("tetra", [[0, 1, 2, 3]], TETRAHEDRON), 0.0, "has to be positive"),
        (straight("triangle", [[0, 1, 2]], [[-1, 0, 0], [1, 0, 0], [0, 1, 0]]), 1.0, "Keep one side"),
        (groups([[0, 1, 2]], "coating"), 1.0, "known names are surface, .*symmetry_z.$"),
        (unnamed(5), 1.0, r"group '5'; the known numbers are 1 \(surface\), 11 \(symmetry_x\), 12 "),
        (groups([[0, 1, 2]], "symmetry_x"), 1.0, "not in one plane across axis x"),
        (groups([[1, 2, 4]], "surface", [*TETRAHEDRON, [1, 1, 1]]), 1.0, "1 of 1 facets of group 'surface'"),
        (groups([[0, 1, 2]], "surface", more={"core": np.array([7, 3])}), 1.0, "'core' name no elements"),
        (
            groups([[0, 2, 3]], "symmetry_x", more={"surface": np.array([9, 2])}),
            1.0,
            "'surface' name no elements",
        ),
    ],
)
def test_wrong_meshes_are_refused(mesh, radius, message, tmp_path):
    with pytest.raises(MeshError, match=message):
        import_mesh(write(mesh, tmp_path / "wrong.msh"), radius=radius)


@pytest.mark.parametrize("name", ["absent.msh", "prose.msh", "prose.vtu", "prose.unknown"])
def test_files_that_hold_no_mesh_are_refused(name, tmp_path, capfd):
    if name.startswith("prose"):
        (tmp_path / name).write_text("once upon a time\n")
    with pytest.raises(MeshError, match=name):
        import_mesh(tmp_path / name, radius=1.0)
    assert capfd.readouterr() == ("", "")


def test_a_mesh_without_any_surface_is_refused(tmp_path):
    faces = [[0, 2, 3], [0, 1, 3], [0, 1, 2], [1, 2, 3]]
    mesh = meshio.Mesh(
        np.array(TETRAHEDRON, dtype=float),
        [("tetra", np.array([[0, 1, 2, 3]])), ("triangle", np.array(faces[:3]))],
        cell_data={"gmsh:physical": [np.array([1]), np.array([11, 12, 13])]},
    )
    open_face = import_mesh(write(mesh, tmp_path / "open.msh"), radius=1.0)
    assert sorted(open_face.facet_tags.values) == [SURFACE, *SYMMETRY]
    two = meshio.Mesh(
        np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], dtype=float),
        [("triangle", np.array([[0, 1, 2]])), ("line", np.array([[0, 1]]))],
        cell_data={"gmsh:physical": [np.array([1]), np.array([12])]},
    )
    assert sorted(import_mesh(write(two, tmp_path / "two.msh"), radius=1.0).facet_tags.values) == [1, 11, 12]
