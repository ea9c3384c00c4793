"""Single time steps that are accurate enough, and their lengths."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from oxyshell.errors import SolverError, StepLimitError
from oxyshell.models.base.protocol import HOLD, Protocol, ProtocolStep, Stop
from oxyshell.solver import exhaustion
from oxyshell.solver.giving_up import GivingUp, too_small
from oxyshell.solver.integrators.step_control import after_acceptance, after_rejection, seen_order
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.settings import StepControl
from oxyshell.solver.state import Attempt, Observation, State
from oxyshell.solver.step_result import Continuation

# How far a surface may seem emptier than empty, or fuller than full.
_OUTSIDE = 1e-6
# Steps shorter than this many spacings of the floating-point numbers about the present time are round-off.
_SPACINGS = 1024
# Largest ratio of a step to the one before it, where a longer one was refused.
_AFTER_REFUSAL = 1.5


@dataclass(frozen=True)
class Taken:
    """A step that is accurate enough.

    Attributes:
        attempt: The step.
        observation: What was observed of the state to which it leads.
        step: Its length, s.
        was_refused: Whether a longer one was not accurate enough, or could not be solved.
    """

    attempt: Attempt
    observation: Observation
    step: float
    was_refused: bool = False


class Stepping:
    """Takes steps, and counts them.

    Attributes:
        steps: Steps that were kept so far.
        rejected: Steps that were not.
    """

    def __init__(self, subject: Marchable, protocol: Protocol, control: StepControl) -> None:
        """Set up.

        Args:
            subject: The particle and the method.
            protocol: What is done.
            control: Time step control.
        """
        self._subject, self._protocol, self._control = subject, protocol, control
        self._giving_up = GivingUp(subject, protocol, control)
        self.steps = 0
        self.rejected = 0

    def first(self, continuation: Continuation, time: float) -> float:
        """Length of the first step of a protocol step that begins at a time, s."""
        control = self._control
        asked = control.first_step * self._subject.diffusion_time
        first = min(asked, control.first_share * continuation.expected)
        return min(max(first, _SPACINGS * math.ulp(time)), self._largest(continuation, time))

    def following(self, continuation: Continuation, taken: Taken, before: Observation) -> float:
        """Length of the step after one that was kept, s.

        Args:
            continuation: The protocol step under way.
            taken: The step.
            before: What was observed where it began.
        """
        order, growth = self._subject.method.order, self._control.maximum_growth
        wanted = continuation.wanted
        if taken.was_refused:
            # A longer step may not be solvable; a shorter one's error does not know.
            wanted, growth = taken.step, min(growth, _AFTER_REFUSAL)
        grown = after_acceptance(taken.step, wanted, taken.attempt.error, order, growth)
        protocol_step = self._protocol.steps[continuation.protocol_step]
        surface = before.surface_occupancy, taken.observation.surface_occupancy
        most = exhaustion.longest(protocol_step, *surface, taken.step)
        return min(grown, most, self._largest(continuation, taken.attempt.state.time))

    def smallest(self, continuation: Continuation, time: float) -> float:
        """Length of the shortest step at a time that makes sense, s."""
        control = self._control
        asked = control.minimum_step * self._subject.diffusion_time
        return max(min(asked, control.smallest_share * continuation.expected), 4 * math.ulp(time))

    def accepted(self, state: State, step: float, continuation: Continuation) -> Taken:
        """Retry smaller until the error is at most 1; the old state stays untouched.

        Raises:
            SolverError: If steps become too small.
            StepLimitError: If there were too many.
        """
        method, smallest = self._subject.method, self.smallest(continuation, state.time)
        protocol_step = self._protocol.steps[continuation.protocol_step]
        asked = step
        longer, its_error = math.nan, math.nan
        while True:
            tried = self.steps + self.rejected
            if tried >= self._control.maximum_steps or self._giving_up.is_vain(state, continuation):
                raise StepLimitError(self._giving_up.no_end(state, continuation, self.steps, self.rejected))
            attempt = method.attempt(state, step)
            error = attempt.error
            # Written so that a NaN is rejected.
            if error <= 1.0:
                new = self._subject.observe(attempt.state)
                error = max(error, _beyond(new.surface_occupancy, protocol_step))
                error = error if _are_known(self._ends(continuation), new) else math.nan
                if error <= 1.0:
                    return Taken(attempt, new, step, was_refused=step < asked)
            self.rejected += 1
            order = seen_order(longer, its_error, step, error, method.order)
            longer, its_error = step, error
            step = after_rejection(step, error, order)
            if step < smallest:
                jumps = state.time == continuation.began and not protocol_step.exchange.flux_is_set
                raise SolverError(too_small(state, smallest, attempt.reason, jumps))

    def _ends(self, continuation: Continuation) -> tuple[Stop, ...]:
        return self._protocol.steps[continuation.protocol_step].until

    def _largest(self, continuation: Continuation, time: float) -> float:
        control = self._control
        duration = max(continuation.expected, time - continuation.began)
        return min(control.maximum_step * self._subject.diffusion_time, control.largest_share * duration)


def _are_known(ends: Iterable[Stop], observation: Observation) -> bool:
    """Whether the columns whose ends have a side are numbers: one that is none may be beyond any end."""
    return not any(end.rises and math.isnan(observation.more.get(end.observable, 0.0)) for end in ends)


def _beyond(occupancy: float, step: ProtocolStep) -> float:
    """By how much a current has driven an occupancy out of [0, 1], in what is allowed.

    Where a surface is exhausted, the current falls over an occupancy that may be less than the tolerance.
    A current that follows from what is held may go either way.
    """
    either = step.kind == HOLD and step.held is None
    empty = -occupancy if step.pace > 0 or either else 0.0
    full = occupancy - 1.0 if step.pace < 0 or either else 0.0
    return max(empty, full, 0.0) / _OUTSIDE
