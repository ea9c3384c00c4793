"""Physical groups of gmsh's MSH format 4, of which meshio keeps one per element at most.

In format 4 groups belong to the entities (volumes, faces, …) and elements to an entity. meshio takes the
first group of an entity, and reads no file in which only some entities have one. So the section `$Entities`
is read here, and meshio reads the rest.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

GroupsOfEntities = Mapping[tuple[int, int], tuple[int, ...]]
"""Physical groups by dimension and number of the entity."""

type _Read = Callable[[str], int]

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
        read = _reader(section, binary == b"1")
        groups = _groups(read, "I" if size == b"4" else "Q", corners_of_points=6 if old else 3)
    except (ValueError, StopIteration, struct.error):
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


def _groups(read: _Read, count: str, corners_of_points: int) -> GroupsOfEntities:
    """The groups of all entities.

    Args:
        read: Reads the numbers of the section, one after the other.
        count: Format of the numbers that count others.
        corners_of_points: Coordinates of a point; other entities have those of two corners.
    """
    groups = {}
    for dimension, entities in enumerate([read(count) for _ in range(4)]):
        for _ in range(entities):
            entity = read("i")
            for _ in range(corners_of_points if dimension == 0 else 6):
                read("d")
            # A negative number is a group that sees the entity from its other side.
            groups[dimension, entity] = tuple(abs(read("i")) for _ in range(read(count)))
            for _ in range(read(count) if dimension > 0 else 0):
                read("i")
    return groups


def _reader(section: bytes, binary: bool) -> _Read:
    """Reads the next number of a section, given its format in the module `struct`; of a real one, 0."""
    words = iter(section.split())
    place = 0

    def read_word(kind: str) -> int:
        word = next(words)
        return 0 if kind == "d" else int(word)

    def read(kind: str) -> int:
        nonlocal place
        (number,) = struct.unpack_from("=" + kind, section, place)
        place += struct.calcsize("=" + kind)
        return 0 if kind == "d" else int(number)

    return read if binary else read_word
