"""VTU files of field snapshots, written and read: a grid in XML and, behind it, its arrays in binary.

The format is that of the VTK file formats documentation, "XML file formats": every array is appended as a
header of unsigned 64-bit integers (number of blocks, size of a block, size of the last one if it is shorter,
compressed size of each) and its blocks, compressed with zlib. Arrays are little-endian.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oxyshell.errors import OutputError
from oxyshell.outputs import disk
from oxyshell.outputs.records import FieldSnapshot

type Values = NDArray[np.generic]

_FORMAT = {
    "type": "UnstructuredGrid",
    "version": "1.0",
    "byte_order": "LittleEndian",
    "header_type": "UInt64",
    "compressor": "vtkZLibDataCompressor",
}
_APPENDED, _END = b'<AppendedData encoding="raw">\n_', b"\n</AppendedData>\n</VTKFile>\n"
_HEADER = np.dtype("<u8")
_BLOCK = 2**20
# Of zlib: higher levels take twice the time and save 3 % of the bytes.
_LEVEL = 1
_CELL_TYPES = {
    "vertex": 1,
    "line": 3,
    "triangle": 5,
    "quad": 9,
    "tetra": 10,
    "hexahedron": 12,
    "triangle6": 22,
    "tetra10": 24,
}
_CELL_NAMES = {number: name for name, number in _CELL_TYPES.items()}
_TYPES: dict[str, np.dtype[Any]] = {
    "Float64": np.dtype("<f8"),
    "Float32": np.dtype("<f4"),
    "Int64": np.dtype("<i8"),
    "Int32": np.dtype("<i4"),
    "UInt8": np.dtype("<u1"),
}
_TYPE_NAMES = {dtype: name for name, dtype in _TYPES.items()}


def write_vtu(path: Path, snapshot: FieldSnapshot) -> None:
    """Write one output time, every value to the last bit.

    Args:
        path: The file, replaced as a whole.
        snapshot: The fields; their numbers are floating-point or signed integers of 32 or 64 bits.

    Raises:
        OutputError: If VTK has no such cells or numbers, or the disk refuses.
    """
    unknown = snapshot.cells.keys() - _CELL_TYPES.keys()
    if unknown:
        raise OutputError(f"Cells of a VTU file are {', '.join(_CELL_TYPES)}, not {', '.join(unknown)}.")
    blocks = snapshot.cells.values()
    sizes = np.repeat([block.shape[1] for block in blocks], [len(block) for block in blocks])
    kinds = np.repeat([_CELL_TYPES[name] for name in snapshot.cells], [len(block) for block in blocks])
    connectivity = np.concatenate([np.ravel(block) for block in blocks])
    root = ET.Element("VTKFile", _FORMAT)
    grid = ET.SubElement(root, "UnstructuredGrid")
    numbers = {"NumberOfPoints": str(len(snapshot.points)), "NumberOfCells": str(len(sizes))}
    piece = ET.SubElement(grid, "Piece", numbers)
    appended = io.BytesIO()
    for part, arrays in (
        ("Points", {"Points": snapshot.points}),
        (
            "Cells",
            {
                "connectivity": connectivity.astype("<i8", copy=False),
                "offsets": np.cumsum(sizes, dtype="<i8"),
                "types": kinds.astype("<u1"),
            },
        ),
        ("PointData", snapshot.point_data),
        ("CellData", snapshot.cell_data),
    ):
        _append(ET.SubElement(piece, part), arrays, appended)
    head = f'<?xml version="1.0"?>\n{ET.tostring(root, encoding="unicode")}'.removesuffix("</VTKFile>")
    disk.replace_bytes(path, b"".join((head.encode(), _APPENDED, appended.getvalue(), _END)))


def read_vtu(path: Path, time: float) -> FieldSnapshot:
    """Read an output time, also of a run of an earlier version, which wrote its arrays as text (base64).

    Args:
        path: The file.
        time: Its time in s.

    Raises:
        OutputError: If the file is not there or is not such a file.
    """
    with disk.errors_at(path):
        content = path.read_bytes()
    try:
        head, mark, rest = content.partition(_APPENDED)
        if not mark:
            return _read_text(path, time)
        root = ET.fromstring(head + b"</VTKFile>")
        if {name: root.get(name) for name in _FORMAT} != _FORMAT:
            return _read_text(path, time)
        return _snapshot(root, memoryview(rest), time)
    except Exception as error:  # of meshio, XML, zlib, base64, NumPy
        raise OutputError(f"{path} is not a VTU file that can be read: {error}.") from error


def _append(part: ET.Element, arrays: Mapping[str, Values], appended: io.BytesIO) -> None:
    for name, values in arrays.items():
        dtype = values.dtype.newbyteorder("<")
        if dtype not in _TYPE_NAMES:
            raise OutputError(f"A VTU file cannot hold '{name}' of type {values.dtype}.")
        described = {
            "Name": name,
            "type": _TYPE_NAMES[dtype],
            "format": "appended",
            "offset": str(appended.tell()),
        }
        if values.ndim > 1:
            described["NumberOfComponents"] = str(values.shape[1])
        ET.SubElement(part, "DataArray", described)
        data = memoryview(np.ascontiguousarray(values, dtype=dtype).reshape(-1).view(np.uint8))
        blocks = [zlib.compress(data[i : i + _BLOCK], _LEVEL) for i in range(0, len(data), _BLOCK)]
        sizes = [len(blocks), _BLOCK, len(data) % _BLOCK, *map(len, blocks)]
        appended.write(np.array(sizes, dtype=_HEADER))
        appended.writelines(blocks)


def _snapshot(root: ET.Element, appended: memoryview, time: float) -> FieldSnapshot:
    parts = {
        part: dict(_arrays(root.findall(f".//{part}/DataArray"), appended))
        for part in ("Points", "Cells", "PointData", "CellData")
    }
    point_data: dict[str, Any] = parts["PointData"]
    points: Any = parts["Points"]["Points"]
    return FieldSnapshot(
        time_s=time,
        points=points,
        cells=_cells(**parts["Cells"]),
        point_data=point_data,
        cell_data=parts["CellData"],
    )


def _arrays(described: list[ET.Element], appended: memoryview) -> Iterator[tuple[str, Values]]:
    for one in described:
        values = _values(appended[int(one.attrib["offset"]) :], _TYPES[one.attrib["type"]])
        components = one.get("NumberOfComponents")
        yield one.attrib["Name"], values.reshape(-1, int(components)) if components else values


def _values(appended: memoryview, dtype: np.dtype[Any]) -> Values:
    """An array at the beginning of the data.

    Raises:
        ValueError: If blocks do not have the sizes that their header gives.
    """
    count, size, last = (int(number) for number in np.frombuffer(appended, _HEADER, 3))
    lengths = np.frombuffer(appended, _HEADER, count, 3 * _HEADER.itemsize)
    at, found = (3 + count) * _HEADER.itemsize, bytearray()
    for number, length in enumerate(map(int, lengths)):
        expected = last if last and number == count - 1 else size
        # One byte more than expected, so that a longer block is noticed, and no more.
        block = zlib.decompressobj().decompress(appended[at : at + length], expected + 1)
        if len(block) != expected:
            raise ValueError(f"a block has {len(block)} bytes or more, expected {expected}")
        found += block
        at += length
    return np.frombuffer(found, dtype)


def _cells(connectivity: Values, offsets: Values, types: Values) -> dict[str, NDArray[np.int64]]:
    """Connectivity by the kind of cell; cells of one kind follow one another."""
    nodes = np.asarray(connectivity, dtype=np.int64)
    sizes = np.diff(np.asarray(offsets, dtype=np.int64), prepend=0)
    begins = np.flatnonzero(np.diff(types, prepend=0))
    cells = {}
    for begin, end in zip(begins, [*begins[1:], len(types)], strict=True):
        block = nodes[sizes[:begin].sum() :][: sizes[begin:end].sum()]
        cells[_CELL_NAMES[int(types[begin])]] = block.reshape(-1, sizes[begin])
    return cells


def _read_text(path: Path, time: float) -> FieldSnapshot:
    # Runs of today do without this import, which takes longer than to read them.
    import meshio

    mesh = meshio.vtu.read(path)
    return FieldSnapshot(
        time_s=time,
        points=mesh.points,
        cells={block.type: block.data for block in mesh.cells},
        point_data=mesh.point_data,
        cell_data={name: np.concatenate(blocks) for name, blocks in mesh.cell_data.items()},
    )
