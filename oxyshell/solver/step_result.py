"""Where a march stands between two steps, and how it goes on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from oxyshell.models.base.protocol import Stop
from oxyshell.solver.jumping import JumpMemory
from oxyshell.solver.state import Observation, State


@dataclass(frozen=True)
class CycleMemory:
    """Discharge capacities of a repetition, as far as it compares them.

    Attributes:
        discharged: That of the present cycle, of its steps that are over: the amount put back in steps of the
            kind "discharge", per formula unit.
        reference: That of the repetition's second cycle, likewise; NaN until that is over.
    """

    discharged: float = 0.0
    reference: float = math.nan


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
        began_with: Amount that had left when the protocol step began, mol; NaN if it has yet to.
        before: Time of the state before the present one, s, and its signed distances to the ends of the
            protocol step; none at its beginning, and where no end has a side from which it is met.
        cycle: What the repetition under way remembers.
        jumps: Jumps over cycles so far.
        followers: The groups that follow, where the present cycle began; none where no cycle is jumped over.
        gained: Their gains in the cycle before, if it was simulated.
    """

    protocol_step: int
    began: float
    directions: tuple[float, ...]
    expected: float
    wanted: float
    pending: tuple[Stop, ...]
    content_at_start: float
    began_with: float = math.nan
    before: tuple[float, ...] = ()
    cycle: CycleMemory = CycleMemory()
    jumps: JumpMemory = field(default_factory=JumpMemory)
    followers: Mapping[str, State] = field(default_factory=dict)
    gained: Mapping[str, State] = field(default_factory=dict)

    def followed_by(
        self, wanted: float, pending: tuple[Stop, ...], before: tuple[float, ...]
    ) -> Continuation:
        """The same after a time step; `dataclasses.replace` takes several times as long.

        Args:
            wanted: Length of the next step if no target cuts it, s.
            pending: Outputs that are waited for.
            before: As the attribute.
        """
        return Continuation(
            self.protocol_step,
            self.began,
            self.directions,
            self.expected,
            wanted,
            pending,
            self.content_at_start,
            self.began_with,
            before,
            self.cycle,
            self.jumps,
            self.followers,
            self.gained,
        )


@dataclass(frozen=True)
class RepeatEnd:
    """A repetition that is over before its last cycle.

    Attributes:
        name: Its name.
        cycle: Number of its last cycle in the repetition, from 1.
        capacity_share: Discharge capacity of that cycle over that of the second one, if it is over because
            of that; None if an end was reached that ends the repetition.
    """

    name: str
    cycle: int
    capacity_share: float | None = None


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
        ended_by: The end of the protocol step that was reached here, as the protocol states it, if one was:
            of several the one that comes first in time, and in the protocol.
        protocol_step: Index of the protocol step.
        step_time: Time since the protocol step began, s.
        continuation: How the run goes on from here.
        already_met: Whether that end was met where the protocol step began, which then has no length.
        also: Other ends of the protocol step that were reached here, in the order of the protocol.
        repeat_end: The repetition that is over here before its last cycle, if one is.
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
    already_met: bool = False
    also: tuple[Stop, ...] = ()
    repeat_end: RepeatEnd | None = None

    @property
    def ends(self) -> tuple[Stop, ...]:
        """All ends of the protocol step that were reached here, the one that counts first."""
        return () if self.ended_by is None else (self.ended_by, *self.also)

    @property
    def ends_run(self) -> bool:
        """Whether a limit of the whole run was reached here."""
        return any(stop.ends_run for stop in self.ends)
