"""Words for quantities and parameters of studies, which files name by their paths."""

from __future__ import annotations

import re

from oxyshell.language.mistakes import Refusal
from oxyshell.models import registry
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import quantities

_PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")
# Sections that say nothing about the number that stands in them.
_SILENT = ("material", "elasticity", "protocol", "value")


def in_words(text: str) -> str:
    """A quantity or parameter in the words of a reader.

    Args:
        text: A path into the summary, a reduction of a column, a path of a scenario, or a text with paths.

    Returns:
        The declared label of a quantity, the path of a parameter without its dots; other texts as they are.
    """
    try:
        return quantities.read(text).label
    except Refusal:
        return _PATH.sub(lambda found: _path_in_words(found[0]), text)


def _path_in_words(path: str) -> str:
    if path in quantities.summary_names():
        return quantities.read(path).label
    # Names of files and addresses have dots as well.
    sections = {entry.alias or name for name, entry in Scenario.model_fields.items()}
    if path.partition(".")[0] not in {*sections, *(one.name for one in registry.physics())}:
        return path
    parts = [part for part in path.split(".") if part not in _SILENT and not part.isdecimal()]
    words = " ".join(parts).replace("_", " ")
    return (
        words.replace("young modulus", "Young's modulus").replace("poisson ratio", "Poisson's ratio") or path
    )


def different(texts: list[str]) -> list[str]:
    """The words of several texts; the texts themselves where two would have the same words."""
    words = [in_words(text) for text in texts]
    return [text if words.count(word) > 1 else word for text, word in zip(texts, words, strict=True)]
