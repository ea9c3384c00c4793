"""Cuts through the particle that carry no group, in every format."""

from __future__ import annotations

import math
from pathlib import Path

import meshio
import numpy as np
import pytest

from oxyshell.errors import MeshError
from oxyshell.meshes.ball import ball_arrays
from oxyshell.meshes.importing import import_mesh
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.tags import SURFACE, SYMMETRY
from tests.meshes.files import COARSE, HALF, OCTANT, QUARTER, RADIUS, TETRAHEDRON, foreign, straight, write

FORMATS = ["msh22", "msh41", "inp", "vtk", "vtu", "xdmf"]
# A quarter of a ball, x, y ≥ 0, and a half, x ≥ 0.
WEDGE = ((1,), (1,), (1, -1))
HEMISPHERE = ((1,), (1, -1), (1, -1))


def bare(sides: tuple[tuple[int, ...], ...], order: int = 2) -> meshio.Mesh:
    """Cells alone, as formats without groups have them."""
    mesh = foreign(ball_arrays(sides, 0.1, COARSE))
    kind, nodes = mesh.cells[0].type, mesh.cells[0].data
    if order == 1:
        kind, nodes = kind.rstrip("0123456789"), nodes[:, : len(sides) + 1]
    return meshio.Mesh(mesh.points, [(kind, nodes)])


def saved(mesh: meshio.Mesh, folder: Path, kind: str = "vtu") -> Path:
    if kind == "msh22":
        return write(mesh, folder / "body.msh")
    path = folder / f"body.{kind}"
    if kind == "msh41":
        path = folder / "body.msh"
        meshio.gmsh.write(path, mesh, fmt_version="4.1", binary=False)
        return path
    meshio.write(path, mesh)
    return path


def counts(particle: ParticleMesh) -> dict[int, int]:
    tags, numbers = np.unique(particle.facet_tags.values, return_counts=True)
    return dict(zip(tags.tolist(), numbers.tolist(), strict=True))


@pytest.mark.parametrize("kind", FORMATS)
def test_cuts_of_an_octant_are_symmetry_planes_in_every_format(kind, tmp_path, integral):
    read = import_mesh(saved(bare(OCTANT), tmp_path, kind), radius=RADIUS, multiplicity=8)
    grouped = import_mesh(
        write(foreign(ball_arrays(OCTANT, 0.1, COARSE)), tmp_path / "groups.msh"), RADIUS, 8
    )
    assert counts(read) == counts(grouped)
    # Quadratic facets, 4 to a quarter of the circumference: volume and area are 1e-3 too small.
    volume, area = integral(read.measure.volume(1, 6)), integral(read.measure.surface(1, 6))
    assert volume == pytest.approx(4 * math.pi / 3, rel=2e-3)
    assert area == pytest.approx(4 * math.pi, rel=2e-3)
    assert volume / area == pytest.approx(integral(grouped.measure.volume(1, 6)) / area, rel=1e-6)
    (remark,) = read.remarks
    for plane in "xyz":
        assert f"{counts(read)[SYMMETRY['xyz'.index(plane)]]} in the plane {plane} = 0" in remark
    assert "since multiplicity is 8" in remark
    assert grouped.remarks == ()


@pytest.mark.parametrize(
    ("sides", "copies", "planes"),
    [(HEMISPHERE, 2, [0]), (WEDGE, 4, [0, 1]), (OCTANT, 8, [0, 1, 2]), (QUARTER, 2, [0, 1]), (HALF, 1, [0])],
)
def test_parts_of_a_ball_have_its_volume_and_surface(sides, copies, planes, tmp_path, integral):
    read = import_mesh(saved(bare(sides), tmp_path), radius=RADIUS, multiplicity=copies)
    assert set(counts(read)) == {SURFACE, *(SYMMETRY[plane] for plane in planes)}
    assert integral(read.measure.volume(1, 6)) == pytest.approx(4 * math.pi / 3, rel=2e-3)
    assert integral(read.measure.surface(1, 6)) == pytest.approx(4 * math.pi, rel=2e-3)


def test_a_given_surface_leaves_the_cuts_to_be_found(tmp_path):
    mesh = foreign(ball_arrays(OCTANT, 0.1, COARSE))
    mesh = meshio.Mesh(
        mesh.points,
        mesh.cells[:2],
        cell_data={"gmsh:physical": mesh.cell_data["gmsh:physical"][:2]},
        field_data={"surface": np.array([SURFACE, 2])},
    )
    read = import_mesh(write(mesh, tmp_path / "surface.msh"), radius=RADIUS, multiplicity=8)
    assert set(counts(read)) == {SURFACE, *SYMMETRY}


def test_an_octant_on_the_other_side_of_the_planes(tmp_path):
    mesh = bare(OCTANT)
    mesh.points *= [-1, 1, -1]
    assert set(counts(import_mesh(saved(mesh, tmp_path), RADIUS, 8))) == {SURFACE, *SYMMETRY}


def test_rounded_coordinates_are_in_the_plane(tmp_path):
    mesh = bare(OCTANT)
    mesh.points += 1e-7 * RADIUS * np.random.default_rng(1).uniform(-1, 1, mesh.points.shape)
    exact = counts(import_mesh(saved(bare(OCTANT), tmp_path), RADIUS, 8))
    assert counts(import_mesh(saved(mesh, tmp_path), RADIUS, 8)) == exact


def moved(sides: tuple[tuple[int, ...], ...], by: list[float]) -> meshio.Mesh:
    mesh = bare(sides, order=1)
    mesh.points += np.array(by) * RADIUS
    return mesh


@pytest.mark.parametrize(
    ("mesh", "copies", "words"),
    [
        (moved(OCTANT, [0.5, 0, 0]), 8, ["flat side x = 75 does not pass", "y = 0 and z = 0"]),
        (moved(OCTANT, [0.5, 0.5, 0.5]), 8, ["are none, which make 1 copy", "flat side z = 75"]),
        (bare(OCTANT, 1), 4, ["x = 0, y = 0 and z = 0, which make 8 copies", "set multiplicity: 8"]),
        (bare(HEMISPHERE, 1), 8, ["are x = 0, which make 2", "Along y it extends from -150 to 150"]),
        (moved(HEMISPHERE, [-0.5, 0, 0]), 2, ["Along x it extends from -75 to 75"]),
        (bare(HALF, 1), 2, ["are none", "Along y it extends from -150 to 150"]),
        (bare(QUARTER, 1), 4, ["are y = 0, which make 2 copies", "(1, 2)"]),
    ],
)  # fmt: skip
def test_a_multiplicity_that_the_cuts_do_not_make_is_refused(mesh, copies, words, tmp_path):
    with pytest.raises(MeshError) as caught:
        import_mesh(saved(mesh, tmp_path), radius=RADIUS, multiplicity=copies)
    for word in words:
        assert word in str(caught.value)


def test_groups_keep_precedence_and_a_cut_in_the_surface_is_a_contradiction(tmp_path):
    faces = [[1, 2, 3], [0, 2, 3]]
    mesh = meshio.Mesh(
        np.array(TETRAHEDRON, dtype=float),
        [("tetra", np.array([[0, 1, 2, 3]])), ("triangle", np.array(faces))],
        cell_data={"gmsh:physical": [np.array([1]), np.array([SURFACE, SURFACE])]},
    )
    path = write(mesh, tmp_path / "surface.msh")
    # Two planes are left, and the third is the group's.
    assert counts(import_mesh(path, 1.0, 4)) == {SURFACE: 2, SYMMETRY[1]: 1, SYMMETRY[2]: 1}
    with pytest.raises(MeshError, match="in the plane x = 0 are in the group of the surface"):
        import_mesh(path, 1.0, 8)


def test_cuts_of_a_single_body_are_told_but_stay_surface(tmp_path):
    read = import_mesh(saved(bare(OCTANT, 1), tmp_path), radius=RADIUS)
    assert set(counts(read)) == {SURFACE}
    (remark,) = read.remarks
    assert "x = 0, y = 0 and z = 0" in remark
    assert "set multiplicity: 8" in remark


def test_symmetry_planes_of_a_single_body_are_told(tmp_path):
    path = write(foreign(ball_arrays(OCTANT, 0.1, COARSE)), tmp_path / "groups.msh")
    (remark,) = import_mesh(path, radius=RADIUS).remarks
    assert "would make 8 copies, but multiplicity is 1" in remark


@pytest.mark.parametrize("sides", [HALF, ((1, -1), (1, -1), (1, -1))])
def test_a_whole_body_needs_no_remark(sides, tmp_path):
    assert import_mesh(saved(bare(sides, 1), tmp_path), radius=RADIUS).remarks == ()


def test_a_flat_facet_inside_the_body_is_no_cut(tmp_path):
    # Two tetrahedra on both sides of x = 0, of which one is wider: its rim in the plane is exterior.
    points = [[0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [-1, 0, 0], [0, -1, 0]]
    mesh = straight("tetra", [[0, 1, 2, 3], [0, 1, 2, 4], [0, 2, 5, 4]], points)
    read = import_mesh(saved(mesh, tmp_path), radius=1.0, multiplicity=2)
    assert set(counts(read)) == {SURFACE, SYMMETRY[2]}


def test_a_group_whose_plane_misses_the_origin_is_refused(tmp_path):
    mesh = meshio.Mesh(
        np.array(TETRAHEDRON, dtype=float) + np.array([0.5, 0, 0]),
        [("tetra", np.array([[0, 1, 2, 3]])), ("triangle", np.array([[0, 2, 3]]))],
        cell_data={"gmsh:physical": [np.array([1]), np.array([SYMMETRY[0]])]},
    )
    with pytest.raises(MeshError, match=r"in the plane x = 0\.5, which does not pass through the origin"):
        import_mesh(write(mesh, tmp_path / "off.msh"), radius=1.0)


def test_a_plane_without_a_group_beside_those_with_one_is_told(tmp_path):
    mesh = meshio.Mesh(
        np.array(TETRAHEDRON, dtype=float),
        [("tetra", np.array([[0, 1, 2, 3]])), ("triangle", np.array([[0, 2, 3], [1, 2, 3]]))],
        cell_data={"gmsh:physical": [np.array([1]), np.array([SYMMETRY[0], SURFACE])]},
    )
    given, flat = import_mesh(write(mesh, tmp_path / "part.msh"), radius=1.0).remarks
    assert "symmetry plane x = 0, which would make 2 copies" in given
    assert "ends at y = 0 and z = 0" in flat
    assert "set multiplicity: 8" in flat
