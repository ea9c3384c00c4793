from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import meshio
import numpy as np
import pytest

from oxyshell.errors import OutputError
from oxyshell.outputs import FieldSnapshot
from oxyshell.outputs.vtu import read_vtu, write_vtu
from tests.outputs.sample_run import fields

# Arrays are compressed in blocks of 2²⁰ bytes: in one that is not full, in full ones only, in both.
COUNTS = {"small": 8, "full": 2**17, "over": 2**17 + 7}
SPECIAL = [np.nan, -0.0, np.inf, -np.inf, 5e-324, 1e38, 1 / 3, -1.0]


def snapshot(count: int) -> FieldSnapshot:
    """Lines with every kind of number that fields have."""
    rng = np.random.default_rng(7)
    values = rng.standard_normal(count)
    values[: len(SPECIAL)] = SPECIAL
    return FieldSnapshot(
        time_s=3.0,
        points=rng.standard_normal((count, 3)),
        cells={"line": np.arange(count - count % 2).reshape(-1, 2)},
        point_data={
            "scalar": values,
            "single": values.astype(np.float32),
            '<vector> & "more"': np.outer(values, [1.0, 2.0, -3.0]),
        },
        cell_data={"region": np.arange(count // 2, dtype=np.int32)},
    )


def by_meshio(path: Path) -> FieldSnapshot:
    found = meshio.vtu.read(path)
    return FieldSnapshot(
        time_s=3.0,
        points=found.points,
        cells={block.type: block.data for block in found.cells},
        point_data=found.point_data,
        cell_data={name: np.concatenate(blocks) for name, blocks in found.cell_data.items()},
    )


def by_pyvista(path: Path) -> FieldSnapshot:
    import pyvista

    found: Any = pyvista.read(path)
    return FieldSnapshot(
        time_s=3.0,
        points=np.asarray(found.points),
        cells={"line": found.cells_dict[3]},
        point_data={name: np.asarray(found.point_data[name]) for name in found.point_data},
        cell_data={name: np.asarray(found.cell_data[name]) for name in found.cell_data},
    )


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
@pytest.mark.parametrize("read", [lambda path: read_vtu(path, 3.0), by_meshio, by_pyvista])
def test_every_reader_finds_the_same_bits(read: Any, count: int, tmp_path: Path) -> None:
    expected, path = snapshot(count), tmp_path / "one.vtu"
    write_vtu(path, expected)
    found = read(path)
    assert found.time_s == expected.time_s
    assert found.points.tobytes() == expected.points.tobytes()
    np.testing.assert_array_equal(found.cells["line"], expected.cells["line"])
    for ours, theirs in ((expected.point_data, found.point_data), (expected.cell_data, found.cell_data)):
        assert list(ours) == list(theirs)
        for name, values in ours.items():
            assert theirs[name].dtype == values.dtype, name
            assert theirs[name].tobytes() == np.ascontiguousarray(values).tobytes(), name


@pytest.mark.parametrize("kind", ["line", "triangle6", "tetra10"])
def test_files_of_earlier_versions_are_read(kind: str, tmp_path: Path) -> None:
    expected, path = fields(2, kind), tmp_path / "one.vtu"
    regions = [expected.cell_data["region"]]
    mesh = meshio.Mesh(
        expected.points, list(expected.cells.items()), dict(expected.point_data), {"region": regions}
    )
    meshio.vtu.write(path, mesh, binary=True, compression="zlib")
    found = read_vtu(path, 20.0)
    np.testing.assert_array_equal(found.points, expected.points)
    np.testing.assert_array_equal(found.cells[kind], expected.cells[kind])
    np.testing.assert_array_equal(found.cell_data["region"], [1, 2])
    for name, values in expected.point_data.items():
        np.testing.assert_array_equal(found.point_data[name], values)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.97])
def test_a_file_that_was_cut_off_is_refused(share: float, tmp_path: Path) -> None:
    path = tmp_path / "one.vtu"
    write_vtu(path, fields(1))
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(OutputError, match=r"one\.vtu is not a VTU file that can be read"):
        read_vtu(path, 10.0)


@pytest.mark.parametrize("size", [2**20 + 1, 2**62, 100])
def test_a_block_of_another_size_than_its_header_says_is_refused(size: int, tmp_path: Path) -> None:
    path = tmp_path / "one.vtu"
    write_vtu(path, replace(fields(0), points=np.zeros((20, 3))))
    head, mark, rest = path.read_bytes().partition(b'encoding="raw">\n_')
    # Of the first array, 480 bytes in one block: the size of its last block.
    path.write_bytes(head + mark + rest[:16] + np.uint64(size).tobytes() + rest[24:])
    with pytest.raises(OutputError, match="bytes or more, expected"):
        read_vtu(path, 0.0)


def test_cells_and_numbers_that_vtk_does_not_know_are_refused(tmp_path: Path) -> None:
    one = fields(0)
    with pytest.raises(OutputError, match=r"Cells of a VTU file are vertex, .*not heptagon"):
        write_vtu(tmp_path / "one.vtu", replace(one, cells={"heptagon": np.arange(14).reshape(2, 7)}))
    with pytest.raises(OutputError, match="cannot hold 'region' of type complex128"):
        write_vtu(tmp_path / "one.vtu", replace(one, cell_data={"region": np.array([1j, 2j])}))
    assert not list(tmp_path.iterdir())
