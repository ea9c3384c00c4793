"""Words for quantities and parameters of studies, which files name by their paths."""

from __future__ import annotations

import re

from oxyshell.language.mistakes import Refusal
from oxyshell.scenario import words
from oxyshell.studies.engine import quantities

_PATH = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")


def in_words(text: str) -> str:
    """A quantity or parameter in the words of a reader.

    Args:
        text: A path into the summary, a reduction of a column, a path of a scenario, or a text with paths.

    Returns:
        The declared label of a quantity, the words of a parameter; other texts as they are.
    """
    try:
        return quantities.read(text).label
    except Refusal:
        return _PATH.sub(lambda found: _path_in_words(found[0]), text)


def _path_in_words(path: str) -> str:
    return quantities.read(path).label if path in quantities.summary_names() else words.of_path(path)


def different(texts: list[str]) -> list[str]:
    """The words of several texts; the texts themselves where two would have the same words."""
    made = [in_words(text) for text in texts]
    return [text if made.count(one) > 1 else one for text, one in zip(texts, made, strict=True)]
