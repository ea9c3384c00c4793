"""Physical groups of gmsh's formats: several to an element, some without, in every version."""

from __future__ import annotations

import struct
from pathlib import Path

import meshio
import numpy as np
import pytest

from oxyshell.errors import MeshError
from oxyshell.meshes.importing import import_mesh
from oxyshell.meshes.msh4 import split
from oxyshell.meshes.tags import BULK, LAYER, SURFACE
from tests.meshes.files import write

NAMES = {
    (3, 1): "bulk",
    (3, 77): "all",
    (3, 5): "outer",
    (3, 6): "rare",
    (2, 10): "surface",
    (2, 11): "closed",
}
# Two tetrahedra in two volumes, and the facet of each that is on the surface, in two faces.
POINTS = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0]]
CELLS = [[1, 2, 3, 4], [1, 3, 4, 5]]
FACETS = [[2, 3, 4], [3, 4, 5]]


def header(version: str, used: set[tuple[int, int]]) -> list[str]:
    names = [f'{dim} {number} "{NAMES[dim, number]}"' for dim, number in sorted(used)]
    return ["$MeshFormat", f"{version} 0 8", "$EndMeshFormat", "$PhysicalNames", str(len(names)), *names,
            "$EndPhysicalNames"]  # fmt: skip


def msh4(version: str, cells: list[list[int]], facets: list[list[int]]) -> str:
    """As gmsh writes format 4.1 ("4.1") and 4.0 ("4"); the groups of both cells and both facets."""
    groups = {3: cells, 2: facets}
    used = {(dim, abs(g)) for dim, lists in groups.items() for found in lists for g in found}
    box = "0 0 0 1 1 1"
    entities = [
        f"{number} {box} {' '.join(map(str, [len(found), *found]))} 0"
        for dim in (2, 3)
        for number, found in enumerate(groups[dim], 1)
    ]
    # A point with its coordinates, in format 4.0 twice.
    point = f"1 {'0 0 0' if version == '4.1' else '0 0 0 0 0 0'} 0"
    lines = [*header(version, used), "$Entities", "1 0 2 2", point, *entities, "$EndEntities", "$Nodes"]
    rows = [" ".join(map(str, row)) for row in POINTS]
    elements = [(2, 1, 2), (2, 2, 2), (3, 1, 4), (3, 2, 4)]
    nodes = [*FACETS, *CELLS]
    if version == "4.1":
        lines += ["1 5 1 5", "3 1 0 5", *map(str, range(1, 6)), *rows, "$EndNodes", "$Elements", "4 4 1 4"]
        lines += [
            line
            for i, (dim, entity, kind) in enumerate(elements)
            for line in (f"{dim} {entity} {kind} 1", " ".join(map(str, [i + 1, *nodes[i]])))
        ]
    else:
        lines += [
            "1 5",
            "1 3 0 5",
            *(f"{i} {row}" for i, row in enumerate(rows, 1)),
            "$EndNodes",
            "$Elements",
            "4 4",
        ]
        lines += [
            line
            for i, (dim, entity, kind) in enumerate(elements)
            for line in (f"{entity} {dim} {kind} 1", " ".join(map(str, [i + 1, *nodes[i]])))
        ]
    return "\n".join([*lines, "$EndElements", ""])


def msh2(cells: list[list[int]], facets: list[list[int]]) -> str:
    """As gmsh writes format 2.2: an element once for each of its groups."""
    used = {(dim, g) for dim, lists in ((3, cells), (2, facets)) for found in lists for g in found}
    rows = [f"{i} {' '.join(map(str, row))}" for i, row in enumerate(POINTS, 1)]
    elements = [
        f"{kind} 2 {group} {i + 1} {' '.join(map(str, nodes[i]))}"
        for kind, lists, nodes in ((2, facets, FACETS), (4, cells, CELLS))
        for i, found in enumerate(lists)
        for group in found or [0]
    ]
    numbered = [f"{i} {element}" for i, element in enumerate(elements, 1)]
    lines = [
        *header("2.2", used),
        "$Nodes",
        "5",
        *rows,
        "$EndNodes",
        "$Elements",
        str(len(numbered)),
        *numbered,
    ]
    return "\n".join([*lines, "$EndElements", ""])


def text(version: str, cells: list[list[int]], facets: list[list[int]]) -> str:
    return msh2(cells, facets) if version == "2.2" else msh4(version, cells, facets)


VERSIONS = pytest.mark.parametrize("version", ["2.2", "4", "4.1"])


@VERSIONS
@pytest.mark.parametrize(
    ("cells", "regions", "remark"),
    [
        # The name that is known counts, then the smaller group, whatever the order.
        ([[1, 77], [1, 77]], {"bulk": 2}, "2 cells of the mesh are in several physical groups (bulk, all)"),
        ([[77, 1], [77, 1]], {"bulk": 2}, "the region that counts is bulk."),
        ([[77, 5], [77]], {"outer": 1, "all": 1}, "1 cells"),
        ([[5, 77, 6], [77, 5]], {"rare": 1, "outer": 1}, "the region that counts is outer or rare"),
        ([[5], []], {"outer": 1, "bulk": 1}, ""),
        ([[], []], {"bulk": 2}, ""),
    ],
)
def test_one_of_several_groups_is_the_region(version, cells, regions, remark, tmp_path, integral):
    path = tmp_path / "groups.msh"
    path.write_text(text(version, cells, [[10], [10]]))
    read = import_mesh(path, radius=1.0)
    tags = {tag: name for name, tag in read.regions.items()}
    found = [tags[tag] for tag in read.cell_tags.values.tolist()]
    assert {name: found.count(name) for name in found} == regions
    assert remark in " ".join(read.remarks)
    assert ("several" in " ".join(read.remarks)) == bool(remark)
    # Both tetrahedra, each once.
    assert integral(read.measure.volume(1, 2)) == pytest.approx(1 / 3, rel=1e-14)
    assert read.facet_tags.values.tolist() == [SURFACE, SURFACE]


@VERSIONS
def test_a_facet_in_the_surface_may_be_in_other_groups(version, tmp_path):
    path = tmp_path / "groups.msh"
    path.write_text(text(version, [[1], [1]], [[11, 10], [10]]))
    assert import_mesh(path, radius=1.0).facet_tags.values.tolist() == [SURFACE, SURFACE]
    path.write_text(text(version, [[1], [1]], [[11], [10]]))
    with pytest.raises(MeshError, match="in a group 'closed'; the known names are surface"):
        import_mesh(path, radius=1.0)


def test_a_cell_in_bulk_and_layer_is_refused(tmp_path):
    mesh = meshio.Mesh(
        np.array(POINTS, dtype=float),
        [("tetra", np.array([CELLS[0], CELLS[1], CELLS[1]]) - 1)],
        cell_data={"gmsh:physical": [np.array([BULK, BULK, LAYER])]},
    )
    with pytest.raises(MeshError, match="1 cells are in the physical groups of the bulk and of the layer"):
        import_mesh(write(mesh, tmp_path / "both.msh"), radius=1.0)


def test_a_facet_in_two_known_groups_is_refused(tmp_path):
    mesh = meshio.Mesh(
        np.array(POINTS, dtype=float),
        [("tetra", np.array(CELLS[:1]) - 1), ("triangle", np.array([[0, 2, 3], [0, 2, 3]]))],
        cell_data={"gmsh:physical": [np.array([BULK]), np.array([SURFACE, 11])]},
    )
    with pytest.raises(MeshError, match="in another group of the surface or of a symmetry plane too"):
        import_mesh(write(mesh, tmp_path / "both.msh"), radius=1.0)


def test_a_group_seen_from_its_other_side_is_the_same(tmp_path):
    path = tmp_path / "groups.msh"
    path.write_text(msh4("4.1", [[1], [1]], [[-10], [10]]))
    assert import_mesh(path, radius=1.0).facet_tags.values.tolist() == [SURFACE, SURFACE]


def test_entities_of_a_binary_file():
    volume = struct.pack("=i6dQ2iQ", 7, *[0.0] * 6, 2, 5, -77, 0)
    point = struct.pack("=i3dQ", 1, 0, 0, 0, 0)
    section = struct.pack("=4Q", 1, 0, 0, 1) + point + volume
    start = b"$MeshFormat\n4.1 1 8\n" + struct.pack("=i", 1) + b"\n$EndMeshFormat\n"
    parts = split(start + b"$Entities\n" + section + b"\n$EndEntities\n$Nodes\n...")
    assert parts.groups == {(0, 1): (), (3, 7): (5, 77)}
    assert parts.content == start + b"$Nodes\n..."


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("$Entities", "$PartitionedEntities", "partitioned"),
        ("$EndEntities", "$EndOfAll", "has no end"),
        ("1 0 2 2", "9 0 2 2", "does not hold what the format says"),
        ("1 0 2 2", "one 0 2 2", "does not hold what the format says"),
        ("4.1 0 8", "4.1 1 3", "does not hold what the format says"),
    ],
)
def test_broken_entities_are_refused(old, new, words, tmp_path: Path):
    path = tmp_path / "broken.msh"
    path.write_text(msh4("4.1", [[1], [1]], [[10], [10]]).replace(old, new))
    with pytest.raises(MeshError, match=words):
        import_mesh(path, radius=1.0)


@pytest.mark.parametrize("version", [2.2, 4.0, 4.1])
@pytest.mark.parametrize("binary", [0, 1])
def test_gmsh_writes_what_is_read(version, binary, gmsh, tmp_path, integral):
    if binary and version == 4.0:
        pytest.skip("gmsh writes format 4.0 as text only")
    ball = gmsh.model.occ.addSphere(0, 0, 0, 1, angle1=0, angle3=np.pi / 2)
    gmsh.model.occ.synchronize()
    for name in ("bulk", "all"):
        gmsh.model.addPhysicalGroup(3, [ball], name=name)
    gmsh.option.setNumber("Mesh.MeshSizeMax", 0.5)
    gmsh.model.mesh.generate(3)
    gmsh.option.setNumber("Mesh.Binary", binary)
    gmsh.option.setNumber("Mesh.MshFileVersion", version)
    gmsh.write(str(tmp_path / "octant.msh"))
    read = import_mesh(tmp_path / "octant.msh", radius=1.0, multiplicity=8)
    assert set(read.cell_tags.values) == {BULK}
    # Straight facets of h = 0.5 lie up to h²/8 = 0.03 below the sphere.
    assert integral(read.measure.volume(1, 2)) == pytest.approx(4 * np.pi / 3, rel=0.1)
    assert len(read.remarks) == 2
