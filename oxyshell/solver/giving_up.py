"""When a march gives up, and the words in which it says why."""

from __future__ import annotations

import math
from dataclasses import dataclass

from oxyshell.models.base.protocol import Protocol
from oxyshell.presentation.numbers import duration, time_in_words
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.settings import StepControl
from oxyshell.solver.state import State
from oxyshell.solver.step_result import Continuation
from oxyshell.solver.targets import returns

# So many time steps for a protocol step are nothing unusual.
_FEW = 200
# A step that no time ends is given up after so many times its expected duration, or R²/D if that is longer:
# by then nothing changes any more, and steps grow without bounds.
_GIVEN_UP = 1e6


@dataclass(frozen=True)
class GivingUp:
    """Knows when steps do not suffice.

    Attributes:
        subject: The particle and the method.
        protocol: What is done.
        control: Time step control.
    """

    subject: Marchable
    protocol: Protocol
    control: StepControl

    def is_vain(self, state: State, continuation: Continuation) -> bool:
        """Whether a step that no time ends has lasted so long that it never comes to its end."""
        step, expected = self.protocol.steps[continuation.protocol_step], continuation.expected
        usual = max(expected if math.isfinite(expected) else 0.0, self.subject.diffusion_time)
        return state.time - continuation.began > _GIVEN_UP * usual and all(map(returns, step.until))

    def no_end(self, state: State, continuation: Continuation, steps: int, rejected: int) -> str:
        """Why the steps did not suffice, and what helps.

        Args:
            state: Where the run stands.
            continuation: The protocol step under way.
            steps: Accepted steps.
            rejected: Rejected steps.
        """
        index, listed = continuation.protocol_step, self.protocol.steps
        step, passed = listed[index], state.time - continuation.began
        said = (
            f"no end after {steps + rejected} of {self.control.maximum_steps} steps "
            f"(numerics.steps_per_run), {rejected} of them rejected, at {time_in_words(state.time)}, "
            f"{duration(passed)} into '{step.label}', step {index + 1} of {len(listed)} of the protocol"
        )
        if self.is_vain(state, continuation):
            ends = " or ".join(f"{end.key} = {end.value:g}" for end in step.until)
            return f"{said}: nothing changes any more, and {ends} is not reached. Let it end at a time too"
        if passed > 2 * continuation.expected:
            return (
                f"{said}; at its set current it would have taken {duration(continuation.expected)}: the "
                "current has fallen. Let the step end at a time or a surface occupancy as well, or lower its "
                "current"
            )
        longest = self.control.maximum_step * self.subject.diffusion_time
        if continuation.wanted >= longest:
            allowed = f"numerics.maximum_step allows, {duration(longest)}"
            return f"{said}. The steps are as long as {allowed}: raise it"
        if index > 0 and self.control.maximum_steps < _FEW * (index + 1):
            return f"{said}. The protocol is long: raise numerics.steps_per_run"
        return (
            f"{said}. The accuracy allows steps of {duration(continuation.wanted)}: loosen "
            "numerics.time_tolerance, or raise numerics.steps_per_run"
        )


def too_small(state: State, smallest: float, reason: str, jumps: bool = False) -> str:
    """Words for steps that had to become shorter than any that make sense.

    Args:
        state: Where the run stands.
        smallest: The shortest step that makes sense, s.
        reason: Why the equations could not be solved; empty if they could, but not accurately.
        jumps: Whether a protocol step begins here that holds something at once.
    """
    helps = "Check the properties near the present occupancy, or loosen numerics.time_tolerance"
    if jumps:
        helps = (
            "What the step of the protocol holds from here on is too far from the state that it begins with: "
            "let a current lead up to it"
        )
        reason = f"{reason}. {helps}" if reason else helps
    return (
        f"the time step fell below {duration(smallest)} at {time_in_words(state.time)} without "
        f"reaching the asked accuracy; the state before is kept. {reason or helps}"
    )
