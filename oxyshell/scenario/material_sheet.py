"""Materials as a script sees them: the library, and the values of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from oxyshell.errors import InputError
from oxyshell.language import library
from oxyshell.language.library import Source
from oxyshell.language.mistakes import Refusal
from oxyshell.presentation import notebook
from oxyshell.presentation.table import Table
from oxyshell.printable import shortened
from oxyshell.scenario import material_report
from oxyshell.scenario.material_report import Value


@dataclass(frozen=True, repr=False)
class MaterialSheet(Mapping[str, Value]):
    """The values of a material by path, each with its status and source.

        >>> import oxyshell
        >>> oxyshell.material("NMC811")
        <Material 'NMC811': LiNi0.8Mn0.1Co0.1O2, 13 values; without what oxygen needs>

    Attributes:
        name: Of the library, or the path of a file.
        formula: Formula unit as made.
        about: The material in a sentence or two.
        by_path: The values, in the order of the file.
        missing: Keys that each kind of result needs and the material does not have.
    """

    name: str
    formula: str
    about: str
    by_path: Mapping[str, Value]
    missing: Mapping[str, list[str]]

    def __getitem__(self, path: str) -> Value:
        return self.by_path[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_path)

    def __len__(self) -> int:
        return len(self.by_path)

    def report_parts(self) -> Iterator[Table | str]:
        """The values as a table."""
        rows = [(one.path, one.shown, one.status, one.source) for one in self.values()]
        yield Table(f"{self.name}: {self.about}", ("value of", "", "status", "source"), rows)

    def __repr__(self) -> str:
        lacking = [name for name, keys in self.missing.items() if keys]
        told = f"; without what {', '.join(lacking)} needs" if lacking else ""
        return f"<Material '{shortened(self.name)}': {self.formula}, {len(self)} values{told}>"

    def _repr_html_(self) -> str:
        return notebook.fragment(self.report_parts())


class MaterialLibrary(Mapping[str, MaterialSheet]):
    """The materials of the library by name, each read when it is asked for.

    >>> import oxyshell
    >>> list(oxyshell.materials())[:3]
    ['LCO', 'LFP', 'Li2MnO3']
    """

    def __getitem__(self, name: str) -> MaterialSheet:
        if name not in library.names():
            raise KeyError(name)
        return sheet_of(name)

    def __iter__(self) -> Iterator[str]:
        return iter(library.names())

    def __len__(self) -> int:
        return len(library.names())

    def report_parts(self) -> Iterator[Table | str]:
        """Names, formulas, and which results each carries."""
        rows = [
            (one.name, one.formula, *("no" if keys else "yes" for keys in one.missing.values()))
            for one in self.values()
        ]
        yield Table("", ("material", "formula", *material_report.CARRIED), rows)

    def __repr__(self) -> str:
        return f"<MaterialLibrary: {', '.join(self)}>"

    def _repr_html_(self) -> str:
        return notebook.fragment(self.report_parts())


def source_of(name: str) -> Source:
    """A material as its file has it; one of the library loads no models.

    Args:
        name: Of the library, or the path of a file, whose mistakes are told.

    Raises:
        InputError: If there is no such material.
        ScenarioError: With every mistake in the file.
    """
    if name in library.names():
        return library.material(name)
    from oxyshell.scenario import material_file

    try:
        return material_file.given(name, Path.cwd())
    except Refusal as refusal:
        raise InputError(f"found {refusal.found}, expected {refusal.expected}") from None


def sheet_of(name: str) -> MaterialSheet:
    """The values of a material.

    Args:
        name: Of the library, or the path of a file.

    Raises:
        InputError: If there is no such material.
        ScenarioError: With every mistake in the file.
    """
    source = source_of(name)
    return MaterialSheet(
        name=source.name,
        formula=str(source.document.data["formula"]),
        about=material_report.about(source),
        by_path={one.path: one for one in material_report.values(source)},
        missing=material_report.missing(source),
    )
