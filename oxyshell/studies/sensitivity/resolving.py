"""A sensitivity analysis with its scenario, after a check of its ranges and quantities."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.language.documents import Location
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.quantities import Interest
from oxyshell.studies.engine.references import References
from oxyshell.studies.engine.study_file import StudyFile
from oxyshell.studies.sensitivity.file import SensitivityFile


@dataclass(frozen=True)
class Sensitivity:
    """A sensitivity analysis.

    Attributes:
        file: Its file.
        base: The scenario in the middle, `set` applied.
        interests: The results.
    """

    file: SensitivityFile
    base: Scenario
    interests: tuple[Interest, ...]


def resolve(file: SensitivityFile, references: References) -> Sensitivity:
    """The analysis of a file; mistakes are left in the references, or raised as `ScenarioError`."""
    scenario = references.scenario(file.scenario)
    base = references.with_changes_checked(scenario, file.changes, "set") or scenario
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
    return Sensitivity(file, base, tuple(interests.values()))


FILE = StudyFile(SensitivityFile, resolve)
