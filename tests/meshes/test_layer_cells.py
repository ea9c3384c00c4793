"""Layers in imported meshes: resolved, or told."""

from __future__ import annotations

import meshio
import pytest

from oxyshell.errors import MeshError
from oxyshell.meshes.ball import ball_arrays
from oxyshell.meshes.importing import import_mesh
from oxyshell.meshes.layer_cells import WantedLayers, check_layers
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
