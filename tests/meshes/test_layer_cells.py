"""Layers in imported meshes: resolved, or told."""

from __future__ import annotations

import meshio
import numpy as np
import pytest

from oxyshell.errors import MeshError
from oxyshell.meshes.ball import ball_arrays
from oxyshell.meshes.importing import import_mesh
from oxyshell.meshes.layer_cells import WantedLayer, WantedLayers, check_layers
from oxyshell.meshes.resolution import Resolution
from oxyshell.meshes.tags import REGIONS
from tests.meshes.files import COARSE, HALF, OCTANT, RADIUS, foreign, write


@pytest.mark.parametrize("sides", [HALF, OCTANT])
@pytest.mark.parametrize(("cells", "resolved"), [(2, False), (3, True), (8, True)])
def test_a_layer_needs_cells_across_it(sides, cells, resolved):
    arrays = ball_arrays(sides, 0.06, Resolution(cells, 10, 6))
    # Under straight sides the shells, 0.03 R apart, are up to 2 % nearer.
    remarks = check_layers(arrays, REGIONS, WantedLayers.one(0.062))
    assert bool(remarks) != resolved
    if remarks:
        assert "The layer is 0.062 R thick and the cells at the surface 0.029" in remarks[0]


def test_no_layer_needs_no_cells():
    assert check_layers(ball_arrays(HALF, 0.0, COARSE), REGIONS, WantedLayers()) == ()


def test_a_step_without_its_region_is_refused(tmp_path):
    mesh = foreign(ball_arrays(HALF, 0.1, COARSE))
    path = write(mesh, tmp_path / "layer.msh")
    (remark,) = import_mesh(path, RADIUS, layers=WantedLayers.one(0.1, by_region=True)).remarks
    assert "at least 3 cells across" in remark
    meshio.write(tmp_path / "bare.vtu", meshio.Mesh(mesh.points, mesh.cells[:1]))
    with pytest.raises(MeshError, match="Put its cells into a physical group 'layer'"):
        import_mesh(tmp_path / "bare.vtu", RADIUS, layers=WantedLayers.one(0.1, by_region=True))


def coated(sides=HALF, elements: int = 3, **groups: int) -> meshio.Mesh:
    """Core, layer and coating as another program would hand them over, with these names of their groups."""
    resolution = Resolution(layer_elements=elements, bulk_elements=6, tangential=5)
    mesh = foreign(ball_arrays(sides, (0.2, 0.1), resolution))
    dimension = len(sides)
    for name in ("bulk", "layer"):
        del mesh.field_data[name]
    for name, tag in groups.items():
        mesh.field_data[name] = np.array([tag, dimension])
    return mesh


def wanted(*names: str) -> WantedLayers:
    return WantedLayers(tuple(WantedLayer(name) for name in names), by_region=True, interfaces=True)


@pytest.mark.parametrize(("sides", "copies"), [(HALF, 1), (OCTANT, 8)])
def test_groups_of_an_imported_mesh_are_the_regions_of_their_names(sides, copies, tmp_path, integral):
    path = write(coated(sides, bulk=1, inner=2, coating=3), tmp_path / "coated.msh")
    particle = import_mesh(path, RADIUS, copies, wanted("inner", "coating"))
    assert particle.remarks == ()
    whole = integral(particle.measure.volume(1, 6))
    for name, begin, end in (("bulk", 0, 0.7), ("inner", 0.7, 0.9), ("coating", 0.9, 1)):
        share = integral(particle.measure.region(1, particle.regions[name], 6)) / whole
        # The file has 16 digits, so what remains is round-off as in a mesh of ours.
        assert share == pytest.approx(end**3 - begin**3, rel=1e-9)


def test_a_region_of_few_cells_is_told(tmp_path):
    path = write(coated(elements=2, bulk=1, inner=2, coating=3), tmp_path / "coated.msh")
    first, second = import_mesh(path, RADIUS, layers=wanted("inner", "coating")).remarks
    assert "The region 'inner' is about 0.19" in first
    assert "and its cells 0.09" in first
    assert "The region 'coating' is about 0.09" in second


def test_a_region_without_cells_is_refused(tmp_path):
    path = write(coated(bulk=1, inner=2, coating=3), tmp_path / "coated.msh")
    with pytest.raises(MeshError, match="in the region 'outer'; its regions are bulk, inner, coating"):
        import_mesh(path, RADIUS, layers=wanted("inner", "outer"))


def test_cells_that_no_region_describes_are_refused(tmp_path):
    path = write(coated(bulk=1, inner=2, coating=3), tmp_path / "coated.msh")
    with pytest.raises(MeshError, match="cells of the mesh are in the regions 'inner', expected: bulk, coat"):
        import_mesh(path, RADIUS, layers=wanted("coating"))
