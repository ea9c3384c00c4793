"""Where a march stands between two steps, and how it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from oxyshell.models.base.protocol import Stop
from oxyshell.solver.state import Observation, State


@dataclass(frozen=True)
class Continuation:
    """Data besides the state with which a march continues with identical steps.

    Attributes:
        protocol_step: Index of the protocol step under way, or of the next to begin; their number after the
            last one.
        began: When it began, s; NaN if it has yet to.
        directions: Signed distances to its ends when it began; none if it has yet to.
        expected: How long it was expected to take when it began, s; infinity if nothing says.
        wanted: Length of the next step if no target cuts it, s.
        pending: Outputs that are waited for: times still ahead, and contents other than the present one.
        content_at_start: Amount that the balance refers to, mol.
    """

    protocol_step: int
    began: float
    directions: tuple[float, ...]
    expected: float
    wanted: float
    pending: tuple[Stop, ...]
    content_at_start: float


@dataclass(frozen=True)
class StepResult:
    """A state that the run has reached.

    Attributes:
        state: The state.
        observation: What was observed of it.
        extracted: Amount taken out since the start, per formula unit.
        balance_error: |in + out − initial| over the host's sites.
        step: Length of the step that led here, s; 0 at the start.
        steps: Accepted steps so far.
        rejected: Rejected steps so far.
        is_output: Whether profiles and fields are asked for here.
        ended_by: The end of the protocol step that was reached here, as the protocol states it, if one was.
        protocol_step: Index of the protocol step.
        step_time: Time since the protocol step began, s.
        continuation: How the run goes on from here.
    """

    state: State
    observation: Observation
    extracted: float
    balance_error: float
    step: float
    steps: int
    rejected: int
    is_output: bool
    ended_by: Stop | None
    protocol_step: int
    step_time: float
    continuation: Continuation
