"""A particle and a method, as a march takes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol as Interface

from oxyshell.models.base.protocol import Capacity, ProtocolStep
from oxyshell.solver.state import Attempt, Observation, State
from oxyshell.solver.step_result import StepResult


class Method(Interface):
    """A one-step time-stepping method."""

    @property
    def order(self) -> int:
        """Order of the error estimate."""

    def attempt(self, state: State, step: float) -> Attempt:
        """Try one step of `step` seconds; the error is NaN if the equations could not be solved."""


class Cycles(Interface):
    """Changes of a particle between two cycles."""

    def after(self, moment: StepResult) -> StepResult:
        """The moment from which the march goes on.

        Args:
            moment: The end of a cycle, which whoever runs the march has seen.
        """

    def taken_back(self, moment: StepResult) -> StepResult | None:
        """The moment from which the march goes on after a failure; None if it is over.

        Args:
            moment: The last one before it.
        """


class EqualCycles:
    """The null change: a march goes on where it is."""

    def after(self, moment: StepResult) -> StepResult:
        return moment

    def taken_back(self, moment: StepResult) -> StepResult | None:
        return None


@dataclass(frozen=True)
class Marchable:
    """The leading group and its observation, ready to be marched.

    Attributes:
        method: Tries single steps.
        observe: Reads off a state what targets and the balance need.
        begin: Called with each protocol step, the state in which it starts or goes on, and the time at which
            it started, s: puts its surface condition in force, and returns the state in which it starts.
        initial: The as-made state.
        diffusion_time: R²/D, s, the scale of the step limits.
        formula_units: Formula units in the particle, mol.
        sites: Host sites in the particle, mol: what there is room for.
        content: Name of what is in the particle, plural, for messages.
        cycles: Changes between cycles.
        shows_starts: Whether the start of every protocol step is shown, because observables jump there.
    """

    method: Method
    observe: Callable[[State], Observation]
    begin: Callable[[ProtocolStep, State, float], State]
    initial: State
    diffusion_time: float
    formula_units: float
    sites: float
    content: str = "amounts"
    cycles: Cycles = field(default_factory=EqualCycles)
    shows_starts: bool = False

    def capacity(self, content: float) -> Capacity:
        """Content and sites per formula unit of a particle that was made with this content, mol."""
        return Capacity(content / self.formula_units, self.sites / self.formula_units)
