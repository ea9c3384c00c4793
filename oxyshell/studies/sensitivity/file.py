"""File of a sensitivity analysis: ranges of parameters, and results that react to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from oxyshell.language.documents import Location
from oxyshell.language.sections import Section, SomeEntries, Text
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.plans import PowerOfTwo, Range
from oxyshell.studies.engine.quantities import Interest
from oxyshell.studies.engine.references import References
from oxyshell.studies.engine.study_file import StudyFile


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


@dataclass(frozen=True)
class Sensitivity:
    """A sensitivity analysis.

    Attributes:
        file: Its file.
        base: The scenario in the middle, `set` applied.
        interests: The results.
        ends: Both ends of each range, by path, as a file would have them.
    """

    file: SensitivityFile
    base: Scenario
    interests: tuple[Interest, ...]
    ends: Mapping[str, tuple[Any, Any]]


def resolve(file: SensitivityFile, references: References) -> Sensitivity:
    """The analysis of a file; mistakes are left in the references, or raised as `ScenarioError`."""
    base = references.base(file.scenario, file.changes)
    interests: dict[str, Interest] = {}
    for index, text in enumerate(file.quantities):
        interest = references.quantity(text, base, "quantities", index)
        if interest is not None:
            interests[interest.text] = interest
    references.check()
    ends = {
        path: references.range_ends(base, path, values, "ranges", path)
        for path, values in file.ranges.items()
    }
    references.check()
    places: dict[str, Location] = {path: ("ranges", path) for path in ends}
    known = {path: both for path, both in ends.items() if both is not None}
    references.ends_together(base, known, places)
    return Sensitivity(file, base, tuple(interests.values()), known)


FILE = StudyFile(SensitivityFile, resolve)
