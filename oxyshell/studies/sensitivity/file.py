"""A sensitivity analysis: ranges of parameters, and how results react to each within them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from oxyshell.language.sections import Section, SomeEntries, Text
from oxyshell.studies.engine.plans import PowerOfTwo, Range


class SensitivityFile(Section):
    """How results react: each alone from one end of its range to the other, and all together."""

    sensitivity: Text
    """What the analysis is called."""
    about: str = ""
    """What it is about."""
    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(alias="set", default={})
    """Values that differ from the file in all runs, by path."""
    ranges: Annotated[dict[Text, Range], Field(min_length=1)]
    """From where to where each parameter may be, by path: {from, to, scale}."""
    quantities: SomeEntries[Text] = ("stress.first_principal.peak_MPa",)
    """The results, as in a sweep."""
    sobol: PowerOfTwo | None = None
    """Base sample (a power of two) and seed of Sobol' indices, which take points × (parameters + 2) runs;
    null (default): only one parameter at a time."""
