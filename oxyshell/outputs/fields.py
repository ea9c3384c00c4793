"""The fields for ParaView: one VTU file per output time and a PVD index of their times."""

from __future__ import annotations

import errno
import itertools
import os
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from oxyshell.errors import OutputError
from oxyshell.outputs import disk
from oxyshell.outputs.records import FieldSnapshot
from oxyshell.outputs.vtu import read_vtu, write_vtu

_END = b"  </Collection>\n</VTKFile>\n"


@dataclass(frozen=True)
class Series:
    """Files of one kind, one per output time, and the index of their times.

    Attributes:
        index: The index, in the run folder.
        stem: Beginning of the names of the files in `fields`, before their number.
    """

    index: str
    stem: str

    def file(self, number: int) -> str:
        """One of the files, in the run folder."""
        return f"fields/{self.stem}_{number:06d}.vtu"


FIELDS = Series("fields.pvd", "fields")
BODIES = Series("fields/particle.pvd", "particle")
"""Sections of the particle made from radial profiles, when a run has ended."""
_LEFT = (f"{FIELDS.stem}_*.vtu", f"{BODIES.stem}*", disk.PARTS)


class FieldWriter:
    """Writes `fields/fields_000000.vtu`, ... and, after each of them, its line in the index `fields.pvd`.

    Args:
        folder: The run folder; nothing is touched before `clear` or `write`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._times: list[float] = []

    def clear(self) -> None:
        """Remove the field files of a previous run, the index first, and start again at number 0.

        Raises:
            OutputError: If the disk refuses.
        """
        self._times.clear()
        with disk.errors_at(self._folder):
            (self._folder / "fields.pvd").unlink(missing_ok=True)
            files = self._folder / "fields"
            files.mkdir(exist_ok=True)
            for old in itertools.chain.from_iterable(files.glob(pattern) for pattern in _LEFT):
                old.unlink()

    def stored(self) -> int:
        """Number of output times that an earlier run has left.

        Raises:
            OutputError: If the index cannot be read.
        """
        return len(StoredFields(self._folder))

    def cut(self, count: int) -> None:
        """Keep the first output times of an earlier run, and continue after them.

        Raises:
            OutputError: If the disk refuses.
        """
        self._times = StoredFields(self._folder).times[:count]
        write_index(self._folder, FIELDS, self._times)
        kept = {(self._folder / FIELDS.file(number)).name for number in range(count)}
        with disk.errors_at(self._folder):
            files = self._folder / "fields"
            for old in itertools.chain.from_iterable(files.glob(pattern) for pattern in _LEFT):
                if old.name not in kept:
                    old.unlink()

    def write(self, snapshot: FieldSnapshot) -> None:
        """Write one output time.

        Raises:
            OutputError: If the disk refuses; the index then lists what was complete before.
        """
        write_vtu(self._folder / FIELDS.file(len(self._times)), snapshot)
        self._times.append(snapshot.time_s)
        self._add_to_index()

    def _add_to_index(self) -> None:
        """Put the last output time before the end of the index, or make an index where there is none yet."""
        index, number = self._folder / FIELDS.index, len(self._times) - 1
        if number == 0:
            write_index(self._folder, FIELDS, self._times)
            return
        line = f"    {ET.tostring(_entry(FIELDS.file(number), self._times[number]), encoding='unicode')}\n"
        with disk.errors_at(index), index.open("r+b", buffering=0) as file:
            file.seek(-len(_END), os.SEEK_END)
            # At once, so that a reader finds the old end or the new one.
            content = line.encode() + _END
            if file.write(content) != len(content):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def write_index(folder: Path, series: Series, times: Sequence[float]) -> None:
    """Write the index of a series of files, which names them as seen from itself.

    Raises:
        OutputError: If the disk refuses.
    """
    index = folder / series.index
    names = [os.path.relpath(folder / series.file(number), index.parent) for number in range(len(times))]
    root = ET.Element("VTKFile", type="Collection", version="0.1", byte_order="LittleEndian")
    collection = ET.SubElement(root, "Collection")
    for name, time in zip(names, times, strict=True):
        collection.append(_entry(name, time))
    ET.indent(root)
    disk.replace_text(index, f'<?xml version="1.0"?>\n{ET.tostring(root, encoding="unicode")}\n')


def _entry(name: str, time: float) -> ET.Element:
    return ET.Element("DataSet", timestep=repr(float(time)), part="0", file=name)


def size_of(folder: Path, number: int) -> int:
    """Bytes of an output time's fields on the disk; 0 if there are none."""
    file = folder / FIELDS.file(number)
    return file.stat().st_size if file.exists() else 0


class StoredFields(Sequence[FieldSnapshot]):
    """The field snapshots of a run folder, each read from disk when it is asked for.

    Args:
        folder: The run folder; a run that stopped before its first output time has no snapshots.

    Raises:
        OutputError: If the index cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries: list[tuple[float, str]] = []
        index = folder / "fields.pvd"
        if index.exists():
            with disk.errors_at(index), disk.readable(index, "a ParaView index"):
                text = index.read_text(encoding="utf-8")
            # What a full disk has cut off is not there.
            whole = text.endswith(_END.decode()) or not text.startswith("<?xml")
            text = text if whole else text[: text.rfind("/>") + 2] + "\n" + _END.decode()
            try:
                sets = ET.fromstring(text).iter("DataSet")
                self._entries = [(float(entry.attrib["timestep"]), entry.attrib["file"]) for entry in sets]
                for number, (_, name) in enumerate(self._entries):
                    if name != FIELDS.file(number):
                        raise ValueError(f"entry {number} is {name!r}, expected {FIELDS.file(number)}")
            except (ET.ParseError, KeyError, ValueError) as error:
                raise OutputError(f"{index} is not a ParaView index that can be read: {error}.") from error

    @property
    def times(self) -> list[float]:
        """The output times in s, without reading a field."""
        return [time for time, _ in self._entries]

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> FieldSnapshot: ...

    @overload
    def __getitem__(self, index: slice) -> list[FieldSnapshot]: ...

    def __getitem__(self, index: int | slice) -> FieldSnapshot | list[FieldSnapshot]:
        chosen = self._entries[index]
        if isinstance(chosen, list):
            return [read_vtu(self._folder / name, time) for time, name in chosen]
        time, name = chosen
        return read_vtu(self._folder / name, time)
