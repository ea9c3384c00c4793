"""A design: what may be chosen about a particle, and what is wanted of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field

from oxyshell.language.mistakes import CUSTOM
from oxyshell.language.parameters import NOT_NEGATIVE, Parameter, Quantity
from oxyshell.language.sections import Section, SomeEntries, Text, by_keys, tag
from oxyshell.studies.engine.plans import Over

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
    """The result, as in a sweep: max of history.ions_in_particle_mol."""
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
