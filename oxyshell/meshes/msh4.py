"""Physical groups of gmsh's MSH format 4, of which meshio keeps one per element at most.

In format 4 groups belong to the entities (volumes, faces, …) and elements to an entity. meshio takes the
first group of an entity, and reads no file in which only some entities have one. So the section `$Entities`
is read here, and meshio reads the rest.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

GroupsOfEntities = Mapping[tuple[int, int], tuple[int, ...]]
"""Physical groups by dimension and number of the entity."""

_HEADER = b"$MeshFormat"
_BEGIN, _END = b"$Entities", b"$EndEntities"


@dataclass(frozen=True)
class SplitFile:
    """A file in two parts.

    Attributes:
        content: The file without its entities, for meshio.
        groups: The entities' physical groups.
    """

    content: bytes
    groups: GroupsOfEntities


class UnreadableError(ValueError):
    """The file cannot be read; the message says why and what to do."""


def is_msh4(content: bytes) -> bool:
    """True for a file of MSH format 4.0 or 4.1."""
    return _HEADER in content[:4096] and _format(content)[0].split(b".")[0] == b"4"


def split(content: bytes) -> SplitFile:
    """Take the entities out of a file of format 4.0 or 4.1.

    Raises:
        UnreadableError: If the mesh is partitioned, or its entities are cut off.
    """
    if b"$PartitionedEntities" in content:
        raise UnreadableError("the mesh is partitioned; save it in one part (gmsh: unpartition the mesh)")
    version, binary, size = _format(content)
    old = version == b"4.0" or (version == b"4" and _counts_of_nodes(content) == 2)
    # gmsh writes format 4.0 as "4", which meshio takes for 4.1.
    content = content.replace(version, b"4.0" if old else b"4.1", 1)
    begin = content.find(_BEGIN)
    if begin < 0:
        return SplitFile(content, {})
    end = content.find(_END, begin)
    if end < 0:
        raise UnreadableError("the section $Entities has no end")
    section = content[content.index(b"\n", begin) + 1 : end]
    try:
        numbers: _Numbers = _Bytes(section, int(size)) if binary == b"1" else _Words(section)
        groups = _groups(numbers, corners_of_points=6 if old else 3)
    except (ValueError, KeyError, StopIteration, struct.error):
        raise UnreadableError("the section $Entities does not hold what the format says") from None
    rest = content[end + len(_END) :].lstrip(b"\r\n")
    return SplitFile(content[:begin] + rest, groups)


def _format(content: bytes) -> tuple[bytes, bytes, bytes]:
    """Version, 1 for a binary file, size of an integer."""
    words = content[content.index(_HEADER) + len(_HEADER) :][:200].split()
    version, binary, size = (*words[:3], b"", b"", b"")[:3]
    return version, binary, size


def _counts_of_nodes(content: bytes) -> int:
    """Numbers that the section of the nodes begins with: 2 in format 4.0, 4 in format 4.1."""
    _, _, nodes = content.partition(b"$Nodes")
    return len(nodes.lstrip().split(b"\n", 1)[0].split())


def _groups(numbers: _Numbers, corners_of_points: int) -> GroupsOfEntities:
    groups = {}
    counts = [numbers.size() for _ in range(4)]
    for dimension, count in enumerate(counts):
        for _ in range(count):
            entity = numbers.integer()
            numbers.skip_reals(corners_of_points if dimension == 0 else 6)
            # A negative number is a group that sees the entity from its other side.
            groups[dimension, entity] = tuple(abs(numbers.integer()) for _ in range(numbers.size()))
            if dimension > 0:
                for _ in range(numbers.size()):
                    numbers.integer()
    return groups


class _Numbers(Protocol):
    """The numbers of a section, one after the other."""

    def integer(self) -> int: ...

    def size(self) -> int: ...

    def skip_reals(self, count: int) -> None: ...


class _Words:
    def __init__(self, section: bytes) -> None:
        self._words = iter(section.split())

    def integer(self) -> int:
        return int(next(self._words))

    def size(self) -> int:
        return self.integer()

    def skip_reals(self, count: int) -> None:
        for _ in range(count):
            next(self._words)


class _Bytes:
    def __init__(self, section: bytes, size: int) -> None:
        self._section = section
        self._size = {4: "I", 8: "Q"}[size]
        self._place = 0

    def integer(self) -> int:
        return self._next("i")

    def size(self) -> int:
        return self._next(self._size)

    def skip_reals(self, count: int) -> None:
        self._place += 8 * count

    def _next(self, kind: str) -> int:
        (number,) = struct.unpack_from("=" + kind, self._section, self._place)
        self._place += struct.calcsize("=" + kind)
        return int(number)
