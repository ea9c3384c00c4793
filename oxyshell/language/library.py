"""Materials by name: those of the package's library, and files of one's own in the same form.

A section that has the key `from` takes every key that it does not have itself from the material of that name.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oxyshell.language import documents
from oxyshell.language.documents import Document, Location
from oxyshell.language.mistakes import Refusal, describe, listed, nearest

if TYPE_CHECKING:
    from oxyshell.language.former import Renamed

FROM = "from"
"""The key of a section that names its material."""

DESCRIPTION = ("name", "about", "references")
"""Keys of a material's file that are about the material, and no properties of it."""

# Not taken over by a material that is made of this one.
_OF_ITS_OWN = ("name", "about")
_FOLDER = Path(__file__).parents[1] / "materials"
_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class TakenOver:
    """Values in the data of a file that come from the materials that it names.

    Attributes:
        data: The data with it; None where there is none.
        places: By the location of each value that was taken over, and of each section that has the key
            `from`: where that key stands.
        titles: By the location of such a key: the name of its material in messages.
    """

    data: Any = None
    places: Mapping[Location, Location] = field(default_factory=dict)
    titles: Mapping[Location, str] = field(default_factory=dict)

    def in_document(self, document: Document) -> Document:
        """The document with what was taken over, at the places of the keys that name its materials."""
        if self.data is None:
            return document
        spans = {
            location: replace(document.place(key)[1], text=None, taken_from=self.titles[key])
            for location, key in self.places.items()
        }
        return replace(document, data=self.data, places=document.places | spans)


@dataclass(frozen=True)
class Source:
    """A material as it was read.

    Attributes:
        name: As the key `from` has it: a name of the library, or a path.
        document: The material's file; mistakes in it are named by "library material NMC111", or by the path.
        files: Files of the user's own that it was read from; none for one of the library.
        notices: Former names in them.
    """

    name: str
    document: Document
    files: tuple[Path, ...] = ()
    notices: tuple[Renamed, ...] = ()

    def made_of(self, base: Source) -> Source:
        """This material with what its file does not have taken over from another one."""
        document = self.document
        own = {key: value for key, value in document.data.items() if key != FROM}
        base_data = base.document.data
        taken = {key: base_data[key] for key in base_data if key not in own and key not in _OF_ITS_OWN}
        places = dict.fromkeys(locations(taken), (FROM,)) | {(FROM,): (FROM,)}
        over = TakenOver({**taken, **own}, places, {(FROM,): base.title})
        return replace(
            self,
            document=over.in_document(document),
            files=(*self.files, *base.files),
            notices=(*self.notices, *base.notices),
        )

    @property
    def title(self) -> str:
        """The material in a message."""
        return self.document.name

    @property
    def folder(self) -> Path:
        """Start of relative paths in the material's file."""
        return self.files[0].parent if self.files else _FOLDER

    @property
    def properties(self) -> Mapping[str, Any]:
        """Plain data of what a section can take over."""
        data = self.document.data
        items = data.items() if isinstance(data, Mapping) else ()
        return {key: value for key, value in items if key not in DESCRIPTION}


def names() -> tuple[str, ...]:
    """The materials of the library, in alphabetical order."""
    return tuple(sorted((file.stem for file in _FOLDER.glob("*.yaml")), key=str.lower))


@functools.cache
def material(name: str) -> Source:
    """A material of the library; a name is one of `names()`."""
    text = documents.read_text(_FOLDER / f"{name}.yaml")
    found = Source(name, documents.parse(text, f"library material {name}"))
    base = found.document.data.get(FROM)
    return found if base is None else found.made_of(material(base))


def source(name: Any, folder: Path) -> Source:
    """The material that a key `from` names.

    Args:
        name: A name of the library, or the path of a file.
        folder: Start of relative paths.

    Raises:
        Refusal: If it names nothing.
        ScenarioError: If the file cannot be read, or is no YAML.
    """
    expected = "a material of the library, or the path of a file of one's own, such as ./mine.yaml"
    if not isinstance(name, str) or not name.strip():
        raise Refusal(describe(name), f"{expected}: {listed(names())}")
    if name in names():
        return material(name)
    if not name.endswith(_SUFFIXES):
        near = nearest(name, names())
        found = f"the unknown material {describe(name)}"
        raise Refusal(found, f"'{near}'" if near else f"{expected}: {listed(names())}")
    path = folder / name
    if not _is_file(path):
        raise Refusal(describe(name), f"a file of a material that exists ({path} does not)")
    return Source(name, documents.read_file(path), (path.resolve(),))


def locations(value: Any, location: Location = ()) -> Iterator[Location]:
    """The location of a value, and of everything in it."""
    yield location
    match value:
        case Mapping():
            entries = list(value.items())
        case list():
            entries = list(enumerate(value))
        case _:
            entries = []
    for key, entry in entries:
        yield from locations(entry, (*location, key))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
