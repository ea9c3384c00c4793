"""A design: what may be chosen about a particle, and what is wanted of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, PrivateAttr

from oxyshell.language.documents import Document
from oxyshell.language.mistakes import CUSTOM, Mistake, Refusal, ScenarioError, describe
from oxyshell.language.parameters import NOT_NEGATIVE, Parameter, Quantity
from oxyshell.language.reporting import located
from oxyshell.language.sections import Section, SomeEntries, Text, by_keys, tag
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.plans import Over, Range
from oxyshell.studies.engine.quantities import Interest
from oxyshell.studies.engine.references import Key, read_quantity, tried
from oxyshell.studies.sensitivity.file import wrong_range

type Resolution = Annotated[float, Field(strict=True, ge=0)]


class Result(Section):
    """A result that is to be small or large."""

    name: Text
    """What it is called."""
    quantity: Text
    """The result, as in a sweep: stress.first_principal.peak_MPa."""
    goal: Literal["minimise", "maximise"]
    """Which way is better."""
    resolution: Resolution = 0.0
    """Differences up to this, in the result's unit, count as none; by default all count."""


class Loss(Section):
    """How much less a result is than with other values, in %; to be small."""

    name: Text
    """What it is called."""
    loss_of: Text
    """The result, as in a sweep: max of history.content_particle_mol."""
    against: dict[str, Any]
    """Values by path with which it would be all there: {shell: null}."""
    resolution: Resolution = 0.0
    """Differences up to this, in %, count as none; by default all count."""


type Objective = Annotated[
    Annotated[Result, tag(Result)] | Annotated[Loss, tag(Loss)],
    Discriminator(
        by_keys(Result, Loss),
        custom_error_type=CUSTOM,
        custom_error_message="{expected}",
        custom_error_context={
            "expected": "a mapping with 'quantity' and 'goal', or with 'loss_of' and 'against'"
        },
    ),
]


class Reference(Section):
    """What the designs are set beside."""

    name: Text
    """What it is called: the paper's layer."""
    changes: dict[str, Any] = Field(alias="set")
    """Its values, by path."""


class Search(Section):
    """How long is searched (NSGA-II)."""

    population: Annotated[int, Field(ge=4)] = 40
    """Designs in a generation. Default 40."""
    generations: Annotated[int, Field(ge=1)] = 20
    """Generations. Default 20."""
    beside: Annotated[int, Field(ge=0)] = 8
    """Generations after those, spent on designs that are nowhere worse than the reference by more than
    `margin`. Default 8."""
    margin: Annotated[Parameter, Quantity("1", NOT_NEGATIVE)] = Parameter.default("1 %", "1")
    """How much worse, of the reference's own number, is still beside it. Default 1 %."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Another seed searches elsewhere; the same seed the same. Default 0."""


class Design(Section):
    """Which designs cannot be bettered in one objective without losing in another."""

    design: Text
    """What the design is called."""
    about: str = ""
    """What it is about."""
    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(alias="set", default={})
    """Values that differ from the file in all designs, by path."""
    variables: Annotated[Over, Field(min_length=1)]
    """What may be chosen, by path: a range {from, to, scale}, or a list to choose from."""
    objectives: SomeEntries[Objective]
    """What is wanted."""
    reference: Reference
    """The design that the others are set beside."""
    search: Search = Search()
    """How long is searched."""
    check: dict[str, Any] = Field(default={})
    """Values by path with which the best design and the reference are run again: {particle.dimension: 3}."""

    _base: Scenario | None = PrivateAttr(default=None)
    _interests: Mapping[str, Interest] = PrivateAttr(default_factory=dict)

    @property
    def base(self) -> Scenario:
        """The scenario that the designs change, `set` applied."""
        assert self._base is not None  # `with_scenario` has given it
        return self._base

    @property
    def interests(self) -> Mapping[str, Interest]:
        """The result that each objective is made of, by the objective's name."""
        return self._interests


def with_scenario(design: Design, document: Document, scenario: Scenario) -> Design:
    """The design of a loaded scenario, after a check of all that refers to it.

    Raises:
        ScenarioError: With every mistake at its line.
    """
    base, mistakes = tried(document, scenario, design.changes, "set")
    interests: dict[str, Interest] = {}
    for index, objective in enumerate(design.objectives):
        key, text = _asked(objective)
        if objective.name in interests:
            found = f"{describe(objective.name)} twice"
            mistakes.append(located(document, found, "a name of its own", "objectives", index, "name"))
        try:
            interests[objective.name] = read_quantity(text, base)
        except Refusal as refusal:
            mistakes.append(located(document, refusal.found, refusal.expected, "objectives", index, key))
    if len(design.objectives) < 2:
        mistakes.append(
            located(document, "one objective", "at least two, which can be at odds", "objectives")
        )
    if not mistakes:
        mistakes += _wrong_values(design, document, base, interests)
    if mistakes:
        raise ScenarioError(dict.fromkeys(mistakes))
    design._base, design._interests = base, interests
    return design


def _asked(objective: Result | Loss) -> tuple[str, str]:
    match objective:
        case Result(quantity=text):
            return "quantity", text
        case Loss(loss_of=text):
            return "loss_of", text


def _wrong_values(
    design: Design, document: Document, base: Scenario, interests: Mapping[str, Interest]
) -> Iterator[Mistake]:
    for path, values in design.variables.items():
        if isinstance(values, Range):
            yield from wrong_range(document, base, path, values, "variables", path)
            continue
        yield from _wrong_choices(document, base, path, values, "variables", path)
    wrong = tried(document, base, design.check, "check")[1]
    yield from wrong
    if design.check and not wrong:
        against = [one.against for one in design.objectives if isinstance(one, Loss)]
        for changes in (design.reference.changes, *against):
            if not tried(document, base, changes, "check")[1]:
                yield from tried(document, base, {**changes, **design.check}, "check")[1]
    for index, objective in enumerate(design.objectives):
        if isinstance(objective, Loss):
            whole, wrong = tried(document, base, objective.against, "objectives", index, "against")
            yield from wrong
            if not wrong:
                asked = [interests[objective.name]]
                yield from _without_section(document, whole, asked, "objectives", index, "against")
    reference, wrong = tried(document, base, design.reference.changes, "reference", "set")
    yield from wrong
    if not wrong:
        yield from _without_section(document, reference, [*interests.values()], "reference", "set")


def _without_section(
    document: Document, scenario: Scenario, interests: Sequence[Interest], *location: Key
) -> Iterator[Mistake]:
    """Mistakes if changed values leave no section of a physics of which an objective asks."""
    for interest in interests:
        if interest.is_missing(scenario):
            found = f"no {interest.needs}, of which an objective asks {describe(interest.text)}"
            expected = f"values that leave the section '{interest.needs}'"
            yield located(document, found, expected, *location)


def _wrong_choices(
    document: Document, base: Scenario, path: str, values: Sequence[Any], *location: Key
) -> Iterator[Mistake]:
    for index, value in enumerate(values):
        for mistake in tried(document, base, {path: value}, *location, index)[1]:
            yield located(document, mistake.found, mistake.expected, *location, index)
