"""Steps that are repeated."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from oxyshell.language.mistakes import problem, refused
from oxyshell.language.parameters import Bounds, Parameter, Quantity
from oxyshell.language.sections import Section, SomeEntries, Text
from oxyshell.models.base.jump import EVERY_CYCLE, JumpPolicy
from oxyshell.scenario.protocol.entry import SingleEntry
from oxyshell.scenario.protocol.one_of import OneOf
from oxyshell.scenario.protocol.series import MOST_CYCLES, Block, Series
from oxyshell.scenario.protocol.single import SINGLE

_NESTED = "a step: cycles stand one after the other, not one in the other"

type RepeatedStep = Annotated[
    SingleEntry, OneOf(*SINGLE, elsewhere=dict.fromkeys(("repeat", "gitt", "rate_test"), _NESTED))
]


class RepeatStop(Section):
    """An early end of the cycles."""

    capacity_below: Annotated[Parameter, Quantity("1", Bounds(above=0, below=1))]
    """Share of the second cycle's discharge capacity; a cycle with less is the last one."""


class CycleJumps(Section):
    """Cycles that are not simulated, because those around them say what they would do."""

    tolerance: Annotated[float, Field(gt=0, le=0.1)] = 1e-3
    """Largest estimated error of one jump, as a share of the capacity. Default 1e-3."""
    simulated_first: Annotated[int, Field(ge=2)] = 3
    """Cycles at the beginning that are simulated one after the other. Default 3."""
    longest: Annotated[int, Field(ge=3, le=MOST_CYCLES)] = MOST_CYCLES
    """Cycles from one measured cycle to the next, at most. Default 100000."""

    def policy(self) -> JumpPolicy:
        """As the run takes it."""
        return JumpPolicy(self.tolerance, self.simulated_first, self.longest)


class RepeatedSteps(Section):
    """Steps and how often they are run."""

    times: Annotated[int, Field(ge=1, le=MOST_CYCLES)]
    """Number of cycles."""
    name: Text = "repeat"
    """Name of these cycles in results. Default repeat."""
    stop: RepeatStop | None = None
    """Early end of the cycles; null: none."""
    jump: CycleJumps | None = None
    """Cycles that are jumped over, with control of the error; null: all are simulated."""
    steps: SomeEntries[RepeatedStep]
    """Steps of one cycle, in order."""

    @model_validator(mode="after")
    def _with_discharge(self) -> Self:
        if self.stop is not None and all(step.key not in ("discharge", "current") for step in self.steps):
            expected = "a discharge among the steps, whose capacity is compared"
            raise refused(problem("cycles without a discharge", expected, "stop"))
        return self


class Repetition(Series):
    """Steps are run again and again."""

    key: ClassVar[str] = "repeat"

    repeat: RepeatedSteps
    """The steps, and how often they are run."""

    def words(self) -> str:
        return f"{self.repeat.times} times: {'; '.join(step.words() for step in self.repeat.steps)}"

    def blocks(self) -> tuple[Block, ...]:
        repeat = self.repeat
        steps = tuple(((self.key, "steps", index, step.key), step) for index, step in enumerate(repeat.steps))
        least = 0.0 if repeat.stop is None else repeat.stop.capacity_below.value
        jump = EVERY_CYCLE if repeat.jump is None else repeat.jump.policy()
        return (Block(repeat.name, steps, repeat.times, least, jump=jump),)
