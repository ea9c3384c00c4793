"""A design study with its scenario, after a check of all that its file refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oxyshell.language.documents import Location
from oxyshell.language.mistakes import describe
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.design.file import DesignFile, Loss, Result
from oxyshell.studies.engine.plans import Range
from oxyshell.studies.engine.quantities import Interest
from oxyshell.studies.engine.references import References, is_valid
from oxyshell.studies.engine.study_file import StudyFile


@dataclass(frozen=True)
class Design:
    """A design study.

    Attributes:
        file: Its file.
        base: The scenario that the designs change, `set` applied.
        interests: The result that each objective is made of, by the objective's name.
    """

    file: DesignFile
    base: Scenario
    interests: Mapping[str, Interest]

    @property
    def quantities(self) -> tuple[Interest, ...]:
        """The results, each once."""
        return tuple({one.text: one for one in self.interests.values()}.values())


def resolve(file: DesignFile, references: References) -> Design:
    """The design study of a file; mistakes are left in the references, or raised as `ScenarioError`."""
    scenario = references.scenario(file.scenario)
    base = references.with_changes_checked(scenario, file.changes, "set") or scenario
    interests: dict[str, Interest] = {}
    for index, objective in enumerate(file.objectives):
        key, text = _asked(objective)
        if objective.name in interests:
            found = f"{describe(objective.name)} twice"
            references.refuse(found, "a name of its own", "objectives", index, "name")
        interest = references.quantity(text, base, "objectives", index, key)
        if interest is not None:
            interests[objective.name] = interest
    if len(file.objectives) < 2:
        references.refuse("one objective", "at least two, which can be at odds", "objectives")
    references.check()
    design = Design(file, base, interests)
    _check_variables(design, references)
    _check_check(design, references)
    for index, objective in enumerate(file.objectives):
        if isinstance(objective, Loss):
            here = ("objectives", index, "against")
            whole = references.with_changes_checked(base, objective.against, *here)
            if whole is not None:
                references.has_section(interests[objective.name], whole, *here)
    reference = references.with_changes_checked(base, file.reference.changes, "reference", "set")
    for interest in interests.values() if reference is not None else ():
        references.has_section(interest, reference or base, "reference", "set")
    return design


FILE = StudyFile(DesignFile, resolve)


def _asked(objective: Result | Loss) -> tuple[str, str]:
    match objective:
        case Result(quantity=text):
            return "quantity", text
        case Loss(loss_of=text):
            return "loss_of", text


def _check_variables(design: Design, references: References) -> None:
    for path, values in design.file.variables.items():
        if isinstance(values, Range):
            references.range_ends(design.base, path, values, "variables", path)
            continue
        for index, value in enumerate(values):
            places: dict[str, Location] = {path: ("variables", path, index)}
            references.with_changes_checked(design.base, {path: value}, places=places)


def _check_check(design: Design, references: References) -> None:
    """Values that the reference and the wholes of losses are run again with."""
    file, base = design.file, design.base
    if references.with_changes_checked(base, file.check, "check") is None or not file.check:
        return
    against = [one.against for one in file.objectives if isinstance(one, Loss)]
    for changes in (file.reference.changes, *against):
        if is_valid(base, changes):  # else it is noted where it stands
            references.with_changes_checked(base, {**changes, **file.check}, "check")
