"""Marches a particle through its protocol: steps that land on every stop and conserve the content."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from oxyshell.errors import BalanceError, SolverError, StepLimitError
from oxyshell.models.base.protocol import Protocol, ProtocolStep, Stop
from oxyshell.solver.integrators.step_control import after_acceptance, after_rejection
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.settings import BALANCE_LIMIT, StepControl
from oxyshell.solver.state import Attempt, Observation, State
from oxyshell.solver.step_result import Continuation, StepResult
from oxyshell.solver.targets import Targets, absolute, nearest, returns

# How far a surface may seem emptier than empty, or fuller than full.
_OUTSIDE = 1e-6
# So many time steps for a protocol step are nothing unusual.
_FEW = 200
# Steps shorter than this many spacings of the floating-point numbers about the present time are round-off.
_SPACINGS = 1024


def march(subject: Marchable, protocol: Protocol, control: StepControl) -> Iterator[StepResult]:
    """Run a protocol.

    Args:
        subject: The particle and the method.
        protocol: What to do.
        control: Time step control.

    Yields:
        The start, every accepted step, and among them exactly every output target and every end of a protocol
        step, which is an output too.

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
        self._control = control
        self._targets = Targets(subject.formula_units)
        self._contents = tuple(filter(returns, protocol.outputs))
        self._steps = 0
        self._rejected = 0

    def run(self) -> Iterator[StepResult]:
        subject = self._subject
        state = subject.initial
        subject.begin(self._protocol.steps[0], state)
        observation = subject.observe(state)
        outputs = self._protocol.outputs
        pending = tuple(
            target for target in outputs if not self._targets.is_behind(target, state, observation)
        )
        continuation = Continuation(0, math.nan, (), math.nan, 0.0, pending, observation.content + state.left)
        start = self._moment(state, observation, 0.0, 0.0, continuation, index=0, is_output=True)
        yield start
        yield from self.run_on(start)

    def run_on(self, moment: StepResult) -> Iterator[StepResult]:
        """All that comes after a moment."""
        self._steps, self._rejected = moment.steps, moment.rejected
        while moment.continuation.protocol_step < len(self._protocol.steps):
            for later in self._protocol_step(moment.state, moment.continuation):
                yield later
                moment = later

    def _protocol_step(self, state: State, continuation: Continuation) -> Iterator[StepResult]:
        """Go on in a protocol step, or begin it, to its end."""
        subject, index = self._subject, continuation.protocol_step
        step, last = self._protocol.steps[index], index == len(self._protocol.steps) - 1
        entered = subject.begin(step, state)
        if not continuation.directions:
            # What an earlier method remembered belongs to another current.
            state = replace(entered, earlier=(), age=0)
            continuation = replace(continuation, began=state.time)
        ends = tuple(absolute(target, continuation.began) for target in step.until)
        observation = subject.observe(state)
        if not continuation.directions:
            drive = step.exchange.set_flux
            behind = [self._targets.is_behind(end, state, observation, drive) for end in ends]
            if any(behind):
                continuation = _next(continuation)
                reached = step.until[behind.index(True)]
                yield self._moment(state, observation, 0.0, 0.0, continuation, index, last, reached)
                return
            continuation = self._begun(step, ends, state, observation, continuation)
        began = continuation.began
        while True:
            attempt, new, taken = self._land(
                state, observation, [*ends, *nearest(continuation.pending)], continuation
            )
            state, observation = attempt.state, new
            self._steps += 1
            pending = self._still_pending(continuation.pending, state, observation)
            is_output = len(pending) < len(continuation.pending)
            continuation = replace(
                continuation,
                pending=(*pending, *self._pending_again(continuation.pending, state, observation)),
                wanted=self._next_step(continuation, taken, attempt.error, state.time),
            )
            crossed = zip(step.until, ends, continuation.directions, strict=True)
            ended = next(
                (e for e, at, from_ in crossed if self._targets.passed(at, from_, state, observation)), None
            )
            if ended is not None:
                continuation = _next(continuation)
                is_output = True
            yield self._moment(
                state, observation, taken, state.time - began, continuation, index, is_output, ended
            )
            if ended is not None:
                return

    def _begun(
        self,
        step: ProtocolStep,
        ends: tuple[Stop, ...],
        state: State,
        observation: Observation,
        continuation: Continuation,
    ) -> Continuation:
        """The start of a protocol step none of whose ends lies behind."""
        subject, control = self._subject, self._control
        extracted = state.left / subject.formula_units
        expected = step.expected_duration(extracted, subject.capacity(continuation.content_at_start))
        first = min(control.first_step * subject.diffusion_time, control.first_share * expected)
        continuation = replace(
            continuation,
            directions=tuple(self._targets.distance(end, state, observation) for end in ends),
            expected=expected,
        )
        wanted = min(
            max(first, _SPACINGS * math.ulp(state.time)), self._largest_step(continuation, state.time)
        )
        return replace(continuation, wanted=wanted)

    def _still_pending(
        self, pending: tuple[Stop, ...], state: State, observation: Observation
    ) -> tuple[Stop, ...]:
        """The outputs that are waited for and not reached."""
        targets = self._targets
        if not any(targets.reached(target, state, observation) for target in nearest(pending)):
            return pending
        return tuple(target for target in pending if not targets.reached(target, state, observation))

    def _pending_again(
        self, pending: tuple[Stop, ...], state: State, observation: Observation
    ) -> tuple[Stop, ...]:
        """The contents that were reached, and have been left since."""
        left = (one for one in self._contents if one not in pending)
        return tuple(one for one in left if self._targets.left(one, state, observation))

    def _largest_step(self, continuation: Continuation, time: float) -> float:
        control = self._control
        duration = max(continuation.expected, time - continuation.began)
        return min(control.maximum_step * self._subject.diffusion_time, control.largest_share * duration)

    def _pace(self, continuation: Continuation) -> float:
        """Amount per formula unit that the set current takes out in a second."""
        return self._protocol.steps[continuation.protocol_step].pace

    def _smallest_step(self, continuation: Continuation, time: float) -> float:
        control = self._control
        asked = control.minimum_step * self._subject.diffusion_time
        return max(min(asked, control.smallest_share * continuation.expected), 4 * math.ulp(time))

    def _next_step(self, continuation: Continuation, taken: float, error: float, time: float) -> float:
        order, growth = self._subject.method.order, self._control.maximum_growth
        grown = after_acceptance(taken, continuation.wanted, error, order, growth)
        return min(grown, self._largest_step(continuation, time))

    def _land(
        self, state: State, observation: Observation, targets: list[Stop], continuation: Continuation
    ) -> tuple[Attempt, Observation, float]:
        """One accepted step that passes no target: the largest at most as wanted that the error allows."""
        wanted = continuation.wanted
        distances = {target: self._targets.distance(target, state, observation) for target in targets}
        step = min(
            [wanted, *(self._targets.approach(t, d, observation, wanted) for t, d in distances.items())]
        )
        ceiling = math.inf
        for _ in range(200):
            attempt, new, step = self._accepted(state, min(step, ceiling), continuation)
            crossed = [t for t in targets if self._targets.overshoots(t, distances[t], attempt.state, new)]
            if not crossed:
                return attempt, new, step
            # Where between here and there the first target lies, by a straight line.
            self._rejected += 1
            ceiling = step
            shares = []
            for target in crossed:
                beyond = self._targets.distance(target, attempt.state, new)
                shares.append(distances[target] / (distances[target] - beyond))
            step *= min(shares)
        raise SolverError(f"could not land on {targets[0].key} = {targets[0].value}")

    def _accepted(
        self, state: State, step: float, continuation: Continuation
    ) -> tuple[Attempt, Observation, float]:
        """Retry smaller until the error is at most 1; the old state stays untouched."""
        method, smallest = self._subject.method, self._smallest_step(continuation, state.time)
        while True:
            if self._steps + self._rejected >= self._control.maximum_steps:
                raise StepLimitError(self._no_end(state, continuation))
            attempt = method.attempt(state, step)
            error = attempt.error
            # Written so that a NaN is rejected.
            if error <= 1.0:
                new = self._subject.observe(attempt.state)
                error = max(error, _beyond(new.surface_occupancy, self._pace(continuation)))
                if error <= 1.0:
                    return attempt, new, step
            self._rejected += 1
            step = after_rejection(step, error, method.order)
            if step < smallest:
                found = (
                    f"the time step fell below {smallest:.3g} s at t = {state.time:.6g} s without reaching "
                    "the asked accuracy; the state before is kept"
                )
                what_helps = (
                    "Check the properties near the present occupancy, or loosen numerics.time_tolerance"
                )
                raise SolverError(f"{found}. {attempt.reason or what_helps}")

    def _no_end(self, state: State, continuation: Continuation) -> str:
        """Why the steps did not suffice, and what helps."""
        index, passed = continuation.protocol_step, state.time - continuation.began
        said = (
            f"no end after {self._control.maximum_steps} steps (numerics.steps_per_run), {self._rejected} of "
            f"them rejected, at t = {state.time:.6g} s, {passed:.3g} s into "
            f"'{self._protocol.steps[index].label}', step {index + 1} of {len(self._protocol.steps)} of the "
            "protocol"
        )
        if passed > 2 * continuation.expected:
            return (
                f"{said}; at its set current it would have taken {continuation.expected:.3g} s: the current "
                "has fallen. Let the step end at a time or a surface occupancy as well, or lower its current"
            )
        longest = self._control.maximum_step * self._subject.diffusion_time
        if continuation.wanted >= longest:
            return f"{said}. The steps are as long as numerics.maximum_step allows, {longest:.3g} s: raise it"
        if index > 0 and self._control.maximum_steps < _FEW * (index + 1):
            return f"{said}. The protocol is long: raise numerics.steps_per_run"
        return (
            f"{said}. The accuracy allows steps of {continuation.wanted:.3g} s: loosen "
            "numerics.time_tolerance, or raise numerics.steps_per_run"
        )

    def _moment(
        self,
        state: State,
        observation: Observation,
        step: float,
        step_time: float,
        continuation: Continuation,
        index: int,
        is_output: bool,
        ended_by: Stop | None = None,
    ) -> StepResult:
        balance = abs(observation.content + state.left - continuation.content_at_start) / self._subject.sites
        if not balance <= BALANCE_LIMIT:
            raise BalanceError(
                f"at t = {state.time:.6g} s the {self._subject.content} in the particle plus those that left "
                f"differ from the initial ones by {balance:.3g} of the host's sites (limit "
                f"{BALANCE_LIMIT:g}); lower numerics.time_tolerance or refine the mesh"
            )
        return StepResult(
            state=state,
            observation=observation,
            extracted=state.left / self._subject.formula_units,
            balance_error=balance,
            step=step,
            steps=self._steps,
            rejected=self._rejected,
            is_output=is_output,
            ended_by=ended_by,
            protocol_step=index,
            step_time=step_time,
            continuation=continuation,
        )


def _beyond(occupancy: float, pace: float) -> float:
    """By how much a current has driven an occupancy out of [0, 1], in what is allowed.

    Where a surface is exhausted, the current falls over an occupancy that may be less than the tolerance.
    """
    beyond = -occupancy if pace > 0 else occupancy - 1.0
    return max(beyond, 0.0) / _OUTSIDE if pace else 0.0


def _next(continuation: Continuation) -> Continuation:
    """On to the next protocol step."""
    return replace(
        continuation,
        protocol_step=continuation.protocol_step + 1,
        began=math.nan,
        directions=(),
        expected=math.nan,
    )
