"""Kinds of files: keys that identify each, and the command that runs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# So many hints identify a kind, whatever else stands in the file.
_ENOUGH = 2


@dataclass(frozen=True)
class FileKind:
    """A kind of file.

    Attributes:
        name: Its name, as `oxyshell schema --kind` takes it.
        article: The name in a sentence: "a sweep".
        command: The command that runs it.
        keys: Keys at the top of a file that only this kind has, or that decide for it among several.
        hints: Keys that decide where no other kind's `keys` do.
    """

    name: str
    article: str
    command: str
    keys: frozenset[str] = frozenset()
    hints: frozenset[str] = frozenset()

    def with_command(self, file: str) -> str:
        """The kind of a file, with the command that runs it."""
        return f"{self.article}, which 'oxyshell {self.command} {file}' runs"


def kind_of(data: object, kinds: Iterable[FileKind]) -> FileKind | None:
    """The first kind that the keys of a file identify; None if they identify none."""
    keys = set(data) if isinstance(data, Mapping) else set()
    known = tuple(kinds)
    candidates = (
        *(kind for kind in known if len(kind.hints & keys) >= _ENOUGH),
        *(kind for kind in known if kind.keys & keys),
        *(kind for kind in known if kind.hints & keys),
    )
    return next(iter(candidates), None)


def owner_of(key: str, kinds: Iterable[FileKind]) -> FileKind | None:
    """The kind of file that a key at the top of a file belongs to; None for a key of any kind."""
    known = tuple(kinds)
    candidates = (
        *(kind for kind in known if key in kind.keys),
        *(kind for kind in known if key in kind.hints),
    )
    return next(iter(candidates), None)
