"""Words for the parameters of a scenario, which its files name by their paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from oxyshell.models import registry
from oxyshell.presentation.numbers import with_printed_units
from oxyshell.scenario.content import Content

_PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")
# Parts of a path that say nothing about the number that stands below them.
_SILENT = ("material", "elasticity", "chemical_strain", "protocol", "repeat", "steps", "value")
_MOST_VALUES = 4
_TERMS = {
    "young modulus": "Young's modulus",
    "poisson ratio": "Poisson's ratio",
    "biot": "Biot number",
    "msmr": "MSMR",
    "charge rate": "rate of the charge",
    "discharge rate": "rate of the discharge",
    "surface exhausted below": "occupancy of an exhausted surface",
    "gitt": "titration",
    "electrode open circuit": "open-circuit",
    "diffusivity c": "diffusivity along c",
    "strain a": "strain along a",
    "strain c": "strain along c",
}
_TERM = re.compile(rf"\b(?:{'|'.join(sorted(_TERMS, key=len, reverse=True))})\b")


def in_words(text: str) -> str:
    """A text in which the paths of parameters are words.

    Args:
        text: A path, or a text with paths: "shell.thickness = 4 nm".

    Returns:
        The words of each path: "shell thickness = 4 nm"; addresses and names of files stay as they are.
    """
    return _PATH.sub(lambda found: of_path(found[0]), text)


def of_path(path: str) -> str:
    """The words of a path: "Young's modulus"; the path itself if it is not one of a scenario."""
    first, *others = path.split(".")
    if first not in {"protocol", *Content.keys(), *(one.name for one in registry.physics())}:
        return path
    # The surface is that of the particle or of the physics that the words begin with.
    below = [part for part in others if part != "surface" and not part.isdecimal()]
    words = " ".join(part for part in (first, *below) if part not in _SILENT).replace("_", " ")
    return _TERM.sub(lambda found: _TERMS[found[0]], words) or path


def numbers_in_words(numbers: Mapping[str, Iterable[str]]) -> str:
    """Numbers as "shell thickness = 4 nm / 5 nm", of each parameter once; many of a list are counted.

    Args:
        numbers: Texts of the values by path.
    """
    values: dict[str, dict[str, None]] = {}
    for path, texts in numbers.items():
        values.setdefault(of_path(path), {}).update(dict.fromkeys(map(with_printed_units, texts)))
    return ", ".join(f"{words} = {_together(list(texts))}" for words, texts in values.items())


def _together(texts: list[str]) -> str:
    return " / ".join(texts) if len(texts) <= _MOST_VALUES else f"{len(texts)} numbers"
