"""The scenarios and studies that come with the package: where they are, their list, and copies of them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxyshell import shipped
from oxyshell.errors import InputError
from oxyshell.language import documents
from oxyshell.language.kinds import FileKind, kind_of
from oxyshell.outputs import disk
from oxyshell.studies.registry import kinds

_SUFFIX = ".yaml"


@dataclass(frozen=True)
class Example:
    """A file that comes with the package.

    Attributes:
        path: Where it is.
        title: The name that it gives itself.
        kind: Kind of file: "scenario", "comparison" and so on.
        command: The command that runs it: "run", "compare" and so on.
    """

    path: Path
    title: str
    kind: str
    command: str

    @property
    def name(self) -> str:
        """Its file name without the ending."""
        return self.path.stem


def folder() -> Path:
    """The folder of the shipped scenarios and studies.

    Raises:
        OxyshellError: If the installation has none.
    """
    return shipped.scenarios()


def examples() -> tuple[Example, ...]:
    """All of them, scenarios first, each kind in alphabetical order.

    Raises:
        OxyshellError: If the installation has none.
    """
    order = [kind.name for kind in kinds()]
    found = [_example(path) for path in sorted(folder().glob(f"*{_SUFFIX}"))]
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def file_of(name: str) -> Path | None:
    """The shipped file of a name such as "lrmo-ru1"; None if there is none."""
    return next((path for path in folder().glob(f"*{_SUFFIX}") if path.stem == name), None)


def or_shipped(path: str | Path) -> Path:
    """A path; the shipped file of that name where there is no file and the name has no ending."""
    given = Path(path)
    if given.suffix or given.exists():
        return given
    return file_of(str(given)) or given


def copy(target: Path) -> tuple[Path, ...]:
    """Copy all of them, and the files that they name, into a folder, where they work as they are.

    Args:
        target: The folder; it is made if it does not exist.

    Returns:
        The copied files.

    Raises:
        InputError: If a file of another content has the name of one of them; nothing is copied then.
        OutputError: If the disk refuses.
    """
    source = folder()
    files = [path.relative_to(source) for path in sorted(source.rglob("*")) if path.is_file()]
    for file in files:
        there = target / file
        if there.exists() and (not there.is_file() or there.read_bytes() != (source / file).read_bytes()):
            raise InputError(f"found {there}, which is not the shipped file, expected a folder without it")
    for file in files:
        with disk.errors_at(target / file):
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / file, target / file)
    return tuple(target / file for file in files)


def _example(path: Path) -> Example:
    data = documents.read_file(path).data
    kind = kind_of(data, kinds()) or kinds()[0]
    return Example(path, _title(data, kind) or path.stem, kind.name, kind.command)


def _title(data: Mapping[str, Any], kind: FileKind) -> str:
    """The title of a file: studies have theirs under the name of their kind or of its command."""
    titles = (data[key] for key in (kind.name, kind.command, "name") if key in data)
    return next((title for title in titles if isinstance(title, str)), "")
