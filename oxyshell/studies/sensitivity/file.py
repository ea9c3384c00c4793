"""File of a sensitivity analysis: ranges of parameters, and results that react to them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from oxyshell.language.sections import Section, SomeEntries, Text
from oxyshell.studies.engine.plans import PowerOfTwo, Range


class SensitivityFile(Section):
    """Reactions of results: to each parameter alone from end to end of its range, and to all together."""

    sensitivity: Text
    """Title of the analysis."""
    about: str = ""
    """Its subject, in a sentence."""
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
