"""The numbers of the systems of a comparison that were chosen, as paths for its file and as words."""

from __future__ import annotations

from collections.abc import Iterable

from oxyshell.scenario.scenario import Scenario
from oxyshell.scenario.words import in_words, numbers_in_words

type ByPath = dict[str, dict[str, None]]
"""Texts of the values that a parameter has, in order, by its path."""


def by_path(scenarios: Iterable[Scenario]) -> ByPath:
    """The chosen numbers of some scenarios, each with all values that it has in them."""
    values: ByPath = {}
    for scenario in scenarios:
        for path, text in scenario.chosen().items():
            values.setdefault(path, {})[text] = None
    return values


def listed(values: ByPath) -> str:
    """As the file of a comparison has them: "shell.thickness = 4 nm / 5 nm, …"."""
    return ", ".join(f"{path} = {' / '.join(texts)}" for path, texts in values.items())


def put_into_words(text: str, scenarios: Iterable[Scenario]) -> str:
    """A paragraph of the file with its list, and its other paths, in words.

    Args:
        text: It contains `listed` of the scenarios' numbers.
        scenarios: Of all systems as in the files.
    """
    values = by_path(scenarios)
    return in_words(text.replace(listed(values), numbers_in_words(values)))
