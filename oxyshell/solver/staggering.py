"""Groups that are stepped in turn: the leading one first, those that follow it within its step.

Where a follower acts back on the leading group, the step of the latter is taken with what the follower's last
rate predicts for its end; by how much the follower then misses the prediction is part of the step's error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol

import numpy as np
from dolfinx import fem

from oxyshell.errors import ExtensionError, SolverError, StepLimitError
from oxyshell.models.base.dimension import Dimension, Units
from oxyshell.solver.assembly import largest
from oxyshell.solver.driving import Forcing
from oxyshell.solver.following import FollowingMarch
from oxyshell.solver.marchable import Method
from oxyshell.solver.process_rules import check_ports
from oxyshell.solver.state import Array, Attempt, Feedback, FollowerState, State


class Port(Protocol):
    """Where a following group acts on the leading one."""

    @property
    def dimension(self) -> Dimension:
        """Dimension of the values that it takes."""

    @property
    def weight(self) -> float:
        """Weight of an error of its values relative to an error of the controlled quantity."""

    def project(self, function: fem.Function) -> Array:
        """Another group's function as values in the leading group's scalar space, in the same unit."""


class LeadingSystem(Protocol):
    """A discretised group that others follow."""

    @property
    def units(self) -> Units:
        """Units of its fields."""

    port_names: ClassVar[tuple[str, ...]]
    """Names of all ports that it can have."""

    @property
    def ports(self) -> Mapping[str, Port]:
        """Where following groups act on it, by name: those that its model has."""

    def forcing(self, state: State) -> Forcing:
        """Fields and numbers that it offers to groups that follow it."""

    def load(self, state: State) -> None:
        """Be as in a state."""

    def with_feedback(self, state: State, values: Mapping[str, Array]) -> State:
        """A state, and those that it looks back on, under other feedback."""


@dataclass(frozen=True, eq=False)
class _Feeding:
    """A follower's unknown that acts on a port."""

    follower: str
    march: FollowingMarch[Any]
    function: fem.Function
    port: Port
    unit: float

    def present(self, state: State) -> Array:
        """Its values, in the leading group's space and units."""
        self.march.system.load(state.followers[self.follower].state)
        return self.port.project(self.function) * self.unit


class StaggeredStep:
    """A method that takes a step of the leading group and lets the others follow through it, in order."""

    def __init__(
        self,
        leading: Method,
        system: LeadingSystem,
        marches: Sequence[FollowingMarch[Any]],
        tolerance: float,
    ) -> None:
        """Set up.

        Args:
            leading: The leading group's own method.
            system: Its system.
            marches: Those that follow.
            tolerance: Largest miss of the prediction in one step, as the leading group counts errors.

        Raises:
            ExtensionError: If two processes have the same name or feed the same port, or one feeds a port
                that the system never has.
        """
        processes = [march.system.process for march in marches]
        _refuse_twice([process.name for process in processes], "are named")
        _refuse_twice([port for process in processes for port in process.feeds_back], "feed the port")
        for process in processes:
            check_ports(process, system.port_names)
        self._leading, self._system, self._tolerance = leading, system, tolerance
        self._marches = {march.system.process.name: march for march in marches}
        self._feeding = {
            name: _feeding(system, port, name, march)
            for name, port in system.ports.items()
            for march in marches
            if name in march.system.process.feeds_back
        }

    @property
    def order(self) -> int:
        """Order of the leading group's error estimate."""
        return self._leading.order

    def start(self, state: State, size: int) -> State:
        """The leading group's state at the start of a run, with those that follow it.

        Args:
            state: As it is alone.
            size: Values that a port takes on this process.
        """
        nothing = np.zeros(size)
        feedback = {name: Feedback(nothing, nothing) for name in self._feeding}
        followers = {name: march.initial for name, march in self._marches.items()}
        return replace(state, feedback=feedback, followers=followers)

    def attempt(self, state: State, step: float) -> Attempt:
        """Try one step of `step` seconds; the error is NaN if the equations could not be solved."""
        before = {name: feeding.present(state) for name, feeding in self._feeding.items()}
        predicted = {name: before[name] + step * state.feedback[name].rate for name in before}
        start = self._system.with_feedback(state, predicted)
        self._system.load(start)
        leading = self._leading.attempt(start, step)
        if not leading.error <= 1.0:
            return Attempt(state, leading.error, leading.reason)
        from_, to = self._system.forcing(state), self._system.forcing(leading.state)
        followers: dict[str, FollowerState] = {}
        for name, march in self._marches.items():
            try:
                followers[name] = march.advance(state.followers[name], from_, to)
            except StepLimitError:
                raise
            except SolverError as failure:
                return Attempt(state, float("nan"), str(failure))
        reached = replace(leading.state, followers=followers)
        if not self._feeding:
            return Attempt(reached, leading.error)
        feedback, missed = self._compared(reached, before, predicted, step)
        return Attempt(replace(reached, feedback=feedback), max(leading.error, missed))

    def _compared(
        self, reached: State, before: Mapping[str, Array], predicted: Mapping[str, Array], step: float
    ) -> tuple[dict[str, Feedback], float]:
        """Feedback after a step, and the largest miss of its prediction over the tolerance."""
        feedback: dict[str, Feedback] = {}
        worst = 0.0
        for name, feeding in self._feeding.items():
            present = feeding.present(reached)
            comm = feeding.march.system.comm
            missed = feeding.port.weight * largest(present - predicted[name], comm) / self._tolerance
            worst = max(worst, missed)
            feedback[name] = Feedback(predicted[name], (present - before[name]) / step)
        return feedback, worst


def _refuse_twice(names: Sequence[str], relation: str) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise ExtensionError(
                f"{count} processes that follow the particle {relation} '{name}', expected one; remove the "
                "section of one of them from the scenario"
            )


def _feeding(system: LeadingSystem, port: Port, name: str, march: FollowingMarch[Any]) -> _Feeding:
    process, fields = march.system.process, march.system.fields
    block = fields.blocks[fields.block_of[process.feeds_back[name]]]
    unit = march.system.units.size(port.dimension) / system.units.size(port.dimension)
    return _Feeding(process.name, march, block.function, port, unit)
