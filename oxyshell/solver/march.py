"""Marches a particle through its protocol: steps that land on every stop and conserve the content."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from oxyshell.errors import BalanceError, SolverError, StepLimitError
from oxyshell.models.base.protocol import TIME, Protocol, ProtocolStep, Stop
from oxyshell.presentation.numbers import time_in_words
from oxyshell.solver.landing import Landing
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.repetition import Repetition
from oxyshell.solver.settings import BALANCE_LIMIT, StepControl
from oxyshell.solver.state import Observation, State
from oxyshell.solver.step_result import Continuation, StepResult
from oxyshell.solver.stepping import Stepping
from oxyshell.solver.targets import Targets, absolute, nearest, returns


def march(subject: Marchable, protocol: Protocol, control: StepControl) -> Iterator[StepResult]:
    """Run a protocol.

    Args:
        subject: The particle and the method.
        protocol: What to do.
        control: Time step control.

    Yields:
        The start, every accepted step, and among them exactly every output target and every end of a protocol
        step, which is an output too; where the subject shows starts, every start of a protocol step as well.

    Raises:
        SolverError: If a step fails even at the smallest size, or a target cannot be reached.
        BalanceError: If content appears or vanishes.
    """
    return _March(subject, protocol, control).run()


def march_on(
    subject: Marchable, protocol: Protocol, control: StepControl, moment: StepResult
) -> Iterator[StepResult]:
    """Run the rest of a protocol, to the last bit as `march` would have gone on from a moment of its own.

    What a factorisation chooses once, by the first matrix that it meets, has to be what it was: therefore the
    first step of the run is taken once more, and forgotten.

    Args:
        subject: The particle and the method, as at the start of the run.
        protocol: What to do, as then.
        control: Time step control, as then.
        moment: Where the run stands.

    Yields:
        Every accepted step after the moment.

    Raises:
        SolverError: As `march`.
        BalanceError: As `march`.
    """
    next((again for again in march(subject, protocol, control) if again.step > 0), None)
    yield from _March(subject, protocol, control).run_on(moment)


class _March:
    def __init__(self, subject: Marchable, protocol: Protocol, control: StepControl) -> None:
        self._subject = subject
        self._protocol = protocol
        self._targets = Targets(subject.formula_units)
        self._stepping = Stepping(subject, protocol, control)
        self._landing = Landing(self._stepping, self._targets)
        self._repetition = Repetition(protocol, subject.formula_units)
        self._contents = tuple(filter(returns, protocol.outputs))

    def run(self) -> Iterator[StepResult]:
        subject = self._subject
        state = subject.initial
        entered = subject.begin(self._protocol.steps[0], state, state.time)
        if subject.shows_starts:
            state = entered
        observation = subject.observe(state)
        outputs = self._protocol.outputs
        pending = tuple(
            target for target in outputs if not self._targets.is_behind(target, state, observation)
        )
        continuation = Continuation(0, math.nan, (), math.nan, 0.0, pending, observation.content + state.left)
        start = self._moment(state, observation, continuation, index=0, is_output=True)
        yield start
        yield from self.run_on(start)

    def run_on(self, moment: StepResult) -> Iterator[StepResult]:
        """All that comes after a moment."""
        is_turned = False
        while True:
            try:
                moment = moment if is_turned else self._turned(moment)
                self._stepping.steps, self._stepping.rejected = moment.steps, moment.rejected
                if self._is_over(moment.continuation):
                    return
                for later in self._protocol_step(moment.state, moment.continuation):
                    yield later
                    moment = later
                is_turned = False
            except StepLimitError:
                raise
            except SolverError:
                before = self._subject.cycles.taken_back(moment)
                if before is None:
                    raise
                moment, is_turned = before, True

    def _turned(self, moment: StepResult) -> StepResult:
        """The moment from which the march goes on: another one where a cycle has ended, if cycles differ."""
        if moment.ended_by is None or not self._protocol.steps[moment.protocol_step].ends_cycle:
            return moment
        return self._subject.cycles.after(moment)

    def _protocol_step(self, state: State, continuation: Continuation) -> Iterator[StepResult]:
        """Go on in a protocol step, or begin it, to its end."""
        subject, index = self._subject, continuation.protocol_step
        step, is_fresh = self._protocol.steps[index], not continuation.directions
        began = state.time if is_fresh else continuation.began
        entered = subject.begin(step, state, began)
        if is_fresh:
            # What an earlier method remembered belongs to another current.
            state = replace(entered, earlier=(), age=0)
            continuation = replace(continuation, began=began, began_with=state.left)
        ends = tuple(absolute(target, began) for target in step.until)
        observation = subject.observe(state)
        if is_fresh:
            met = self._met_at_once(step, ends, state, observation)
            if met:
                yield self._end(state, observation, 0.0, continuation, met, already_met=True)
                return
            continuation = self._begun(step, ends, state, observation, continuation)
            if subject.shows_starts and index > 0:
                yield self._moment(state, observation, continuation, index, is_output=False)
        sided = any(end.rises for end in ends)
        while True:
            knots = self._next_knot(step, began, state, observation)
            before = self._distances(ends, state, observation) if sided else ()
            waited_for = nearest(continuation.pending)
            taken = self._landing.land(state, observation, ends, [*knots, *waited_for], continuation)
            wanted = self._stepping.following(continuation, taken, observation)
            start, state, observation = state.time, taken.attempt.state, taken.observation
            if any(self._targets.reached(knot, state, observation) for knot in knots):
                # What is set has a corner here, over which nothing is extrapolated.
                state, before = replace(state, earlier=(), age=0), ()
            self._stepping.steps += 1
            pending = continuation.pending
            if any(self._targets.reached(target, state, observation) for target in waited_for):
                pending = self._still_pending(pending, state, observation)
            is_output = len(pending) < len(continuation.pending) and self._protocol.recorded(step.cycle)
            again = self._pending_again(continuation.pending, state, observation)
            continuation = continuation.followed_by(
                wanted, (*pending, *again), (start, *before) if before else ()
            )
            met = self._met(step, ends, continuation, state, observation)
            if met:
                yield self._end(state, observation, taken.step, continuation, met)
                return
            yield self._moment(state, observation, continuation, index, is_output, taken.step)

    def _is_over(self, continuation: Continuation) -> bool:
        return continuation.protocol_step >= len(self._protocol.steps)

    def _distances(self, ends: Sequence[Stop], state: State, observation: Observation) -> tuple[float, ...]:
        return tuple(self._targets.distance(end, state, observation) for end in ends)

    def _begun(
        self,
        step: ProtocolStep,
        ends: tuple[Stop, ...],
        state: State,
        observation: Observation,
        continuation: Continuation,
    ) -> Continuation:
        """The start of a protocol step none of whose ends is met."""
        subject = self._subject
        extracted = state.left / subject.formula_units
        expected = step.expected_duration(extracted, subject.capacity(continuation.content_at_start))
        directions = self._distances(ends, state, observation)
        continuation = replace(continuation, directions=directions, expected=expected)
        return replace(continuation, wanted=self._stepping.first(continuation, state.time))

    def _met_at_once(
        self, step: ProtocolStep, ends: tuple[Stop, ...], state: State, observation: Observation
    ) -> tuple[Stop, ...]:
        """Ends of a protocol step that are met where it begins, as the protocol has them."""
        drive = step.exchange.set_flux
        listed = zip(step.until, ends, strict=True)
        return tuple(e for e, at in listed if self._targets.is_behind(at, state, observation, drive))

    def _met(
        self,
        step: ProtocolStep,
        ends: tuple[Stop, ...],
        continuation: Continuation,
        state: State,
        observation: Observation,
    ) -> tuple[Stop, ...]:
        """Ends that a time step has come to, as the protocol has them: those it has passed come first."""
        targets = self._targets
        listed = zip(step.until, ends, continuation.directions, strict=True)
        met = [(e, at) for e, at, from_ in listed if targets.passed(at, from_, state, observation)]
        if len(met) < 2:
            return tuple(e for e, _ in met)
        # A column may have jumped over its value; ends that are landed on are reached together.
        return tuple(e for e, _ in sorted(met, key=lambda pair: targets.reached(pair[1], state, observation)))

    def _next_knot(
        self, step: ProtocolStep, began: float, state: State, observation: Observation
    ) -> tuple[Stop, ...]:
        """The next time on which a time step has to land; none if there is no further one."""
        if not step.knots:
            return ()
        first = bisect.bisect_right(step.knots, state.time - began)
        ahead = (Stop(TIME, began + knot) for knot in step.knots[first : first + 2])
        return tuple(one for one in ahead if not self._targets.reached(one, state, observation))[:1]

    def _still_pending(
        self, pending: tuple[Stop, ...], state: State, observation: Observation
    ) -> tuple[Stop, ...]:
        """The outputs that are waited for and not reached."""
        reached = self._targets.reached
        return tuple(target for target in pending if not reached(target, state, observation))

    def _pending_again(
        self, pending: tuple[Stop, ...], state: State, observation: Observation
    ) -> tuple[Stop, ...]:
        """The contents that were reached, and have been left since."""
        waited_for = set(pending)
        left = (one for one in self._contents if one not in waited_for)
        return tuple(one for one in left if self._targets.left(one, state, observation))

    def _end(
        self,
        state: State,
        observation: Observation,
        step: float,
        continuation: Continuation,
        met: tuple[Stop, ...],
        already_met: bool = False,
    ) -> StepResult:
        """The moment in which a protocol step is over."""
        index = continuation.protocol_step
        after, repeat_end = self._repetition.after(continuation, state, met)
        # Where a step begins nothing is new, unless nothing comes after it. That a cycle is the last one of
        # its repetition shows at its end only, which is then kept.
        kept = not already_met and self._protocol.recorded(self._protocol.steps[index].cycle)
        is_output = kept or repeat_end is not None or self._is_over(after)
        ended = self._moment(state, observation, after, index, is_output, step, continuation.began)
        return replace(ended, ended_by=met[0], also=met[1:], already_met=already_met, repeat_end=repeat_end)

    def _moment(
        self,
        state: State,
        observation: Observation,
        continuation: Continuation,
        index: int,
        is_output: bool,
        step: float = 0.0,
        began: float | None = None,
    ) -> StepResult:
        since = continuation.began if began is None else began
        balance = abs(observation.content + state.left - continuation.content_at_start) / self._subject.sites
        if not balance <= BALANCE_LIMIT:
            raise BalanceError(
                f"at {time_in_words(state.time)} the {self._subject.content} in the particle plus those that "
                f"left differ from the initial ones by {balance:.3g} of the host's sites (limit "
                f"{BALANCE_LIMIT:g}); lower numerics.time_tolerance or refine the mesh"
            )
        return StepResult(
            state=state,
            observation=observation,
            extracted=state.left / self._subject.formula_units,
            balance_error=balance,
            step=step,
            steps=self._stepping.steps,
            rejected=self._stepping.rejected,
            is_output=is_output,
            ended_by=None,
            protocol_step=index,
            step_time=0.0 if math.isnan(since) else state.time - since,
            continuation=continuation,
        )
