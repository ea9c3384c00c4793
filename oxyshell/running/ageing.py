"""Changes of a run's particle between cycles, and jumps over cycles that need not be simulated."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from oxyshell.models.base.cycle_law import CycleCells, CycleLaw, CycleNumbers
from oxyshell.models.base.protocol import TIME, Protocol, Repeat, Stop
from oxyshell.running.group_jumps import Factors, GroupJumps, differences
from oxyshell.running.held_back import HeldBackOutput
from oxyshell.running.recording import Recording
from oxyshell.solver import extrapolated_groups, jumping
from oxyshell.solver.jumping import JumpMemory
from oxyshell.solver.state import State
from oxyshell.solver.step_result import StepResult

_CAPACITY, _CHARGED = "discharged_per_formula", "charged_per_formula"
_DURATION = "duration_s"


@dataclass(frozen=True)
class _Measured:
    """A cycle that was simulated, and from which a jump begins or to which it led.

    Attributes:
        number: Its number.
        numbers: In force in it.
        gains: What it added to them.
        followers: What it added to the groups that follow.
        capacity: Its discharge capacity.
        passed: What was passed in it in the direction in which that is more, per formula unit.
        drift: What it left taken out of the particle, per formula unit: 0 if it led back to where it began.
        extracted: What is taken out at its end, per formula unit.
        duration: s.
    """

    number: int
    numbers: CycleNumbers
    gains: CycleNumbers
    followers: Mapping[str, State]
    capacity: float
    passed: float
    drift: float
    extracted: float
    duration: float


@dataclass(frozen=True)
class _Jump:
    """A jump that is being tried.

    Attributes:
        length: Cycles from the measured one before it to the one after it.
        origin: The end of the measured cycle before it.
        measured: That cycle.
        recorded: What recorders remembered there.
        ends: Number of ends of protocol steps there.
        factors: Predicted sums of what the groups that follow gain in the cycles that are jumped over.
    """

    length: int
    origin: StepResult
    measured: _Measured
    recorded: Mapping[str, Any]
    ends: int
    factors: Factors

    @property
    def settles(self) -> int:
        """Number of the cycle in which the particle settles after the jump."""
        return self.measured.number + self.length - 1


class AgeingCycles:
    """Lets the numbers of a law change at the ends of cycles, and jumps over cycles where that is allowed.

    After a jump one cycle lets the particle settle, and the next one is measured: it says whether the jump
    was too long. What a jump writes is held back until then, and taken back with it.
    """

    def __init__(
        self,
        law: CycleLaw,
        protocol: Protocol,
        recording: Recording,
        output: HeldBackOutput,
        ends: list[Any],
        groups: GroupJumps,
    ) -> None:
        """Set up.

        Args:
            law: What changes from cycle to cycle.
            protocol: What is done.
            recording: Has the rows of cycles that have ended.
            output: Where the run is written.
            ends: Ends of protocol steps so far, which grow outside.
            groups: Knows what groups that follow gain.
        """
        self._law, self._protocol, self._recording = law, protocol, recording
        self._output, self._ends, self._groups = output, ends, groups
        self._jump: _Jump | None = None
        self._jumps: JumpMemory | None = None

    def jumps(self, last: StepResult) -> JumpMemory:
        """The jumps so far.

        Args:
            last: The last moment that was seen.
        """
        # A run that goes on after its last cycle has seen no end of one.
        return last.continuation.jumps if self._jumps is None else self._jumps

    def after(self, moment: StepResult) -> StepResult:
        step = self._protocol.steps[moment.protocol_step]
        repeat = self._protocol.repeat_of(moment.protocol_step)
        assert repeat is not None  # a cycle is one of a repetition
        over_early = moment.repeat_end is not None or moment.ends_run
        if self._jump is not None and over_early:
            # In which cycle it is over lies within the jump.
            return self._taken_back(moment, math.nan, repeat)
        measured = self._measured(moment, step.cycle)
        if self._jump is None:
            return self._onward(moment, measured, repeat, over_early)
        if step.cycle == self._jump.settles:
            return self._settled(moment, measured, repeat)
        return self._judged(moment, measured, repeat)

    def taken_back(self, moment: StepResult) -> StepResult | None:
        if self._jump is None:
            return None
        repeat = self._protocol.repeat_of(self._jump.origin.protocol_step)
        assert repeat is not None
        return self._taken_back(moment, math.nan, repeat)

    def _measured(self, moment: StepResult, number: int) -> _Measured:
        cells: CycleCells = self._recording.ended_cycle
        numbers, state = moment.state.cycle_numbers, moment.state
        following = self._law.after(numbers, cells, number)
        charged, discharged = float(cells[_CHARGED]), float(cells[_CAPACITY])
        return _Measured(
            number=number,
            numbers=numbers,
            gains={name: following[name] - value for name, value in numbers.items()},
            followers=extrapolated_groups.gains(
                moment.continuation.followers, extrapolated_groups.states(state.followers)
            ),
            capacity=discharged,
            passed=max(charged, discharged) / state.active,
            drift=(charged - discharged) / state.active,
            extracted=moment.extracted,
            duration=float(cells[_DURATION]),
        )

    def _onward(
        self, moment: StepResult, measured: _Measured, repeat: Repeat, over_early: bool
    ) -> StepResult:
        """On to the next cycle, or over some."""
        jumps, policy = moment.continuation.jumps, repeat.jump
        first = self._protocol.steps[repeat.first].cycle
        last = first + repeat.times - 1
        remaining = jumping.onward(measured.number, last, self._law.singular_cycles())
        length = jumping.length_of_jump(jumps.ahead, policy.longest, remaining)
        if over_early or length == 1 or measured.number < first + policy.simulated_first - 1:
            numbers = jumping.along(measured.numbers, measured.gains, 1)
            return self._with(moment, numbers, repeat, measured.followers, jumps.one_more())
        factors = self._groups.predicted(measured.followers, moment.continuation.gained, length - 2)
        self._jump = _Jump(
            length=length,
            origin=moment,
            measured=measured,
            recorded=copy.deepcopy(self._recording.remembered()),
            ends=len(self._ends),
            factors=factors,
        )
        self._output.hold()
        groups = self._groups.changed(moment.state.followers, measured.followers, factors)
        state = replace(moment.state, followers=groups)
        state = extrapolated_groups.later(state, (length - 2) * measured.duration)
        place = repeat.first + repeat.length * (self._jump.settles - first)
        pending, missed = _outputs(moment.continuation.pending, state.time)
        continuation = replace(
            moment.continuation,
            protocol_step=place,
            pending=pending,
            jumps=replace(jumps, missed=(*jumps.missed, *missed)),
        )
        onward = replace(moment, state=state, continuation=continuation)
        numbers = jumping.along(measured.numbers, measured.gains, length - 1)
        return self._with(onward, numbers, repeat)

    def _settled(self, moment: StepResult, settling: _Measured, repeat: Repeat) -> StepResult:
        """After the cycle in which the particle settles: the jump by what that has gained, too."""
        jump = self._jump
        assert jump is not None
        before, ahead = jump.measured, jump.length - 1
        numbers = jumping.between(before.numbers, before.gains, settling.gains, ahead)
        factors = self._groups.interpolated(before.followers, settling.followers, ahead, jump.length - 2)
        groups = self._groups.changed(
            moment.state.followers, before.followers, differences(factors, jump.factors)
        )
        onward = replace(moment, state=replace(moment.state, followers=groups))
        return self._with(onward, jumping.along(numbers, settling.gains, 1), repeat, settling.followers)

    def _judged(self, moment: StepResult, measured: _Measured, repeat: Repeat) -> StepResult:
        """After the cycle that says whether the jump was too long."""
        jump = self._jump
        assert jump is not None
        before, length = jump.measured, jump.length
        reached = jumping.between(before.numbers, before.gains, measured.gains, length)
        error = jumping.error_of_capacity(
            before.numbers,
            reached,
            jumping.errors(before.gains, measured.gains, length),
            (before.capacity, measured.capacity),
            self._law.retention,
        )
        factors = self._groups.interpolated(before.followers, measured.followers, length, length - 2)
        missed = differences(factors, jump.factors)
        drifted = jumping.error_of_content(
            (before.extracted, measured.extracted), (before.drift, measured.drift), measured.passed, length
        )
        errors = (error, self._groups.error(before.followers, missed, length - 2), drifted)
        # An error that is no number is not below any tolerance.
        error = math.nan if any(map(math.isnan, errors)) else max(errors)
        if not error <= repeat.jump.tolerance:
            return self._taken_back(moment, error, repeat)
        self._jump = None
        self._output.release()
        jumps = moment.continuation.jumps.accepted(length, error, repeat.jump.tolerance)
        kept = replace(moment, continuation=replace(moment.continuation, jumps=jumps))
        return self._onward(kept, replace(measured, numbers=reached), repeat, over_early=False)

    def _taken_back(self, moment: StepResult, error: float, repeat: Repeat) -> StepResult:
        """The end of the cycle before the jump, from which a shorter one is tried."""
        jump = self._jump
        assert jump is not None
        self._jump = None
        self._output.drop()
        del self._ends[jump.ends :]
        origin = jump.origin
        self._recording.restore(jump.recorded, origin)
        jumps = moment.continuation.jumps.taken_back(jump.length, error, repeat.jump.tolerance)
        jumps = replace(jumps, missed=origin.continuation.jumps.missed)
        in_vain = moment.steps - origin.steps + moment.rejected
        again = replace(origin, rejected=in_vain, continuation=replace(origin.continuation, jumps=jumps))
        return self._onward(again, jump.measured, repeat, over_early=False)

    def _with(
        self,
        moment: StepResult,
        numbers: CycleNumbers,
        repeat: Repeat,
        gained: Mapping[str, State] = MappingProxyType({}),
        jumps: JumpMemory | None = None,
    ) -> StepResult:
        """The moment in which numbers come into force.

        Args:
            moment: The end of a cycle, or the moment to which a jump leads.
            numbers: The numbers.
            repeat: The repetition.
            gained: Gains, in the cycle before, of the groups that follow; none after a jump.
            jumps: The jumps so far, if that has changed.
        """
        continuation = moment.continuation
        if jumps is not None:
            continuation = replace(continuation, jumps=jumps)
        self._jumps = continuation.jumps
        if repeat.jump.jumps:
            present = extrapolated_groups.states(moment.state.followers)
            continuation = replace(continuation, followers=present, gained=gained)
        state = replace(moment.state, cycle_numbers=numbers, active=self._law.active(numbers))
        self._recording.turned(state.time)
        return replace(moment, state=state, continuation=continuation)


def _outputs(pending: tuple[Stop, ...], time: float) -> tuple[tuple[Stop, ...], tuple[float, ...]]:
    """Outputs that are still waited for after a jump to a time, s, and the times of those it led over."""
    led_over = [one for one in pending if one.observable == TIME and one.value <= time]
    return tuple(one for one in pending if one not in led_over), tuple(one.value for one in led_over)
