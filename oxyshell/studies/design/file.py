"""A design: what may be chosen about a particle, and what is wanted of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from oxyshell.language.mistakes import describe
from oxyshell.language.parameters import NOT_NEGATIVE, Parameter, Quantity
from oxyshell.language.sections import Section, SomeEntries, Text, tag, told_by_keys
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.plans import Over, Range
from oxyshell.studies.engine.quantities import Interest
from oxyshell.studies.engine.references import References
from oxyshell.studies.engine.scenario_quantities import is_valid
from oxyshell.studies.engine.study_file import StudyFile

type Resolution = Annotated[float, Field(strict=True, ge=0)]


class Result(Section):
    """A result that is to be small or large."""

    name: Text
    """Its name."""
    quantity: Text
    """The result, as in a sweep: stress.first_principal.peak_MPa."""
    goal: Literal["minimise", "maximise"]
    """Which way is better."""
    resolution: Resolution = 0.0
    """Differences up to this, in the result's unit, count as none; by default all count."""


class Loss(Section):
    """Loss of a result against other values, in %; to be small."""

    name: Text
    """Its name."""
    loss_of: Text
    """The result, as in a sweep: max of history.content_particle_mol."""
    against: dict[str, Any]
    """Values by path with which it would be all there: {shell: null}."""
    resolution: Resolution = 0.0
    """Differences up to this, in %, count as none; by default all count."""


type Objective = Annotated[
    Annotated[Result, tag(Result)] | Annotated[Loss, tag(Loss)],
    told_by_keys("a mapping with 'quantity' and 'goal', or with 'loss_of' and 'against'", Result, Loss),
]


class Reference(Section):
    """The design that the others are set beside."""

    name: Text
    """Its name: the paper's layer."""
    changes: dict[str, Any] = Field(alias="set")
    """Its values, by path."""


class Search(Section):
    """Length of the search (NSGA-II)."""

    population: Annotated[int, Field(ge=4)] = 40
    """Designs in a generation. Default 40."""
    generations: Annotated[int, Field(ge=1)] = 20
    """Generations. Default 20."""
    beside: Annotated[int, Field(ge=0)] = 8
    """Generations after those, spent on designs that are nowhere worse than the reference by more than
    `margin`. Default 8."""
    margin: Annotated[Parameter, Quantity("1", NOT_NEGATIVE)] = Parameter.default("1 %", "1")
    """Margin that counts as none, of the reference's own number. Default 1 %."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Another seed searches elsewhere; the same seed the same. Default 0."""


class DesignFile(Section):
    """Pareto-optimal designs: none is better in one objective without being worse in another."""

    design: Text
    """Title of the study."""
    about: str = ""
    """Its subject, in a sentence."""
    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(alias="set", default={})
    """Values that differ from the file in all designs, by path."""
    variables: Annotated[Over, Field(min_length=1)]
    """The variables, by path: a range {from, to, scale}, or a list to choose from."""
    objectives: SomeEntries[Objective]
    """The objectives."""
    reference: Reference
    """The design that the others are set beside."""
    search: Search = Search()
    """Length of the search."""
    check: dict[str, Any] = Field(default={})
    """Values by path with which the best design and the reference are run again: {particle.dimension: 3}."""


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
    base = references.base(file.scenario, file.changes)
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
            references.with_value_checked(design.base, path, value, "variables", path, index)


def _check_check(design: Design, references: References) -> None:
    """Values that the reference and the wholes of losses are run again with."""
    file, base = design.file, design.base
    if references.with_changes_checked(base, file.check, "check") is None or not file.check:
        return
    against = [one.against for one in file.objectives if isinstance(one, Loss)]
    for changes in (file.reference.changes, *against):
        if is_valid(base, changes):  # else it is noted where it stands
            references.with_changes_checked(base, {**changes, **file.check}, "check")
