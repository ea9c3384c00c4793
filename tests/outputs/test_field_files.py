from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest

from oxyshell.errors import OutputError
from oxyshell.outputs import FieldSnapshot, RunFolder, read_run
from oxyshell.outputs.fields import StoredFields
from tests.outputs.sample_run import MESHES, RADIUS, SCENARIO, fields, profile, quadratic

STEPS = (0, 2, 7)
VTK_CELL_TYPES = {"line": 3, "triangle6": 22, "tetra10": 24}
# An interior point of the first cell in units of the radius, away from its nodes.
INSIDE = {"triangle6": (0.2, 0.3, 0), "tetra10": (0.2, 0.15, 0.3)}


@pytest.fixture(params=list(MESHES))
def kind(request):
    return request.param


@pytest.fixture
def run_path(tmp_path, kind):
    with RunFolder(tmp_path / "run") as folder:
        folder.start(SCENARIO)
        for step in STEPS:
            folder.snapshot(profile(step), fields(step, kind))
        folder.finish({})
    return tmp_path / "run"


def test_fields_read_back_as_they_were(run_path, kind):
    stored = read_run(run_path).fields
    assert len(stored) == len(STEPS)
    for snapshot, step in zip(stored, STEPS, strict=True):
        expected = fields(step, kind)
        assert snapshot.time_s == expected.time_s
        np.testing.assert_array_equal(snapshot.points, expected.points)
        np.testing.assert_array_equal(snapshot.cells[kind], expected.cells[kind])
        assert snapshot.point_data.keys() == expected.point_data.keys()
        for name, values in expected.point_data.items():
            np.testing.assert_array_equal(snapshot.point_data[name], values)
        np.testing.assert_array_equal(snapshot.cell_data["region"], [1, 2])


def test_pyvista_sees_times_cells_and_values(run_path, kind):
    import pyvista

    reader = pyvista.PVDReader(str(run_path / "fields.pvd"))
    assert reader.time_values == [10.0 * step for step in STEPS]
    for step in STEPS:
        reader.set_active_time_value(10.0 * step)
        grid: Any = reader.read()[0]
        expected = fields(step, kind)
        assert list(grid.celltypes) == [VTK_CELL_TYPES[kind]] * 2
        np.testing.assert_array_equal(grid.points, expected.points)
        for name, values in expected.point_data.items():
            np.testing.assert_array_equal(grid.point_data[name], values)
        np.testing.assert_array_equal(grid.cell_data["region"], [1, 2])


@pytest.mark.parametrize("kind", ["triangle6", "tetra10"])
def test_nodes_are_in_the_order_of_vtk(run_path, kind):
    """A quadratic field probed inside a quadratic cell is exact only if each node is in its place.

    VTK finds the place in the cell by a Newton iteration that stops at a step of 1e-4, for a field with a
    slope of up to 4 (the error comes out at 2e-5). Of all pairs of mid-nodes, swapping those of edges (0, 2)
    and (1, 3) shows least, with 4e-3.
    """
    import pyvista

    grid = pyvista.read(run_path / "fields" / "fields_000001.vtu")
    point = RADIUS * np.array([INSIDE[kind]])
    probed = pyvista.PolyData(point).sample(grid)
    assert probed.point_data["occupancy"][0] == pytest.approx(quadratic(point, 2)[0], abs=4e-4)


def test_values_that_jump_between_cells_keep_both_sides(run_path, kind):
    snapshot = read_run(run_path).fields[0]
    shared = np.flatnonzero(np.all(snapshot.points == 0.0, axis=1))
    assert len(shared) == 2
    assert np.ptp(snapshot.point_data["occupancy"][shared]) == 5.0


def test_cells_of_several_kinds_keep_their_own_cell_data(tmp_path):
    both = np.concatenate([MESHES["tetra10"], MESHES["triangle6"]])
    snapshot = FieldSnapshot(
        time_s=1.0,
        points=both,
        cells={"tetra10": np.arange(10)[None, :], "triangle6": np.arange(10, 16)[None, :]},
        point_data={},
        cell_data={"region": np.array([7, 9])},
    )
    with RunFolder(tmp_path) as folder:
        folder.start(SCENARIO)
        folder.snapshot(profile(0), snapshot)
    (again,) = read_run(tmp_path).fields
    assert list(again.cells) == ["tetra10", "triangle6"]
    np.testing.assert_array_equal(again.cell_data["region"], [7, 9])


@pytest.mark.parametrize("kind", ["line"])
def test_fields_are_read_when_asked_for(run_path):
    stored = read_run(run_path).fields
    (run_path / "fields" / "fields_000001.vtu").write_text("<VTKFile")
    assert stored[0].time_s == 0.0
    assert [snapshot.time_s for snapshot in stored[::2]] == [0.0, 70.0]
    assert StoredFields(run_path).times == [0.0, 20.0, 70.0]
    with pytest.raises(OutputError, match=r"fields_000001\.vtu is not a VTU file"):
        stored[1]
    (run_path / "fields" / "fields_000001.vtu").unlink()
    with pytest.raises(OutputError, match=r"fields_000001\.vtu"):
        stored[1]


PARAVIEW = """
import json, sys
from paraview.simple import OpenDataFile
reader = OpenDataFile(sys.argv[1])
seen = []
for time in list(reader.TimestepValues):
    reader.UpdatePipeline(time)
    # What Fetch gives is updated to no particular time; the reader's own output is at the time asked for.
    data = reader.GetClientSideObject().GetOutputDataObject(0)
    while data.IsA("vtkMultiBlockDataSet"):
        data = data.GetBlock(0)
    points, cells = data.GetPointData(), data.GetCellData()
    arrays = {points.GetArrayName(i): points.GetArray(i) for i in range(points.GetNumberOfArrays())}
    seen.append({
        "time": time,
        "cell_type": data.GetCellType(0),
        "components": {name: array.GetNumberOfComponents() for name, array in arrays.items()},
        "first": {name: array.GetTuple(3) for name, array in arrays.items()},
        "cell_arrays": [cells.GetArrayName(i) for i in range(cells.GetNumberOfArrays())],
    })
print("SEEN" + json.dumps(seen))
"""


@pytest.mark.skipif(shutil.which("pvpython") is None, reason="ParaView's pvpython is not on the PATH")
@pytest.mark.parametrize("kind", ["tetra10"])
def test_paraview_sees_times_cells_and_values(run_path, tmp_path, kind):
    script = tmp_path / "look.py"
    script.write_text(PARAVIEW)
    done = subprocess.run(
        ["pvpython", str(script), str(run_path / "fields.pvd")],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    (line,) = [text for text in done.stdout.splitlines() if text.startswith("SEEN")]
    seen = json.loads(line.removeprefix("SEEN"))
    assert [state["time"] for state in seen] == [10.0 * step for step in STEPS]
    for state, step in zip(seen, STEPS, strict=True):
        expected = fields(step, kind)
        assert state["cell_type"] == VTK_CELL_TYPES[kind]
        assert state["components"] == {"occupancy": 1, "displacement": 3, "stress": 9}
        for name, values in expected.point_data.items():
            np.testing.assert_array_equal(state["first"][name], np.atleast_1d(values[3]))
        assert state["cell_arrays"] == ["region"]
