"""Marches a particle through its protocol: steps that land on every stop and conserve the content."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol as Interface

from oxyshell.errors import BalanceError, SolverError, StepLimitError
from oxyshell.models.base.protocol import Capacity, Protocol, ProtocolStep, Stop
from oxyshell.solver.moment import Moment, Onward
from oxyshell.solver.settings import StepControl
from oxyshell.solver.state import Attempt, Observation, State
from oxyshell.solver.step_control import after_acceptance, after_rejection
from oxyshell.solver.targets import Targets, absolute, nearest, returns

# The largest loss or gain of ions, over the host's sites, before a run stops with an error.
BALANCE_LIMIT = 1e-8
# How far a surface may seem emptier than empty, or fuller than full.
_OUTSIDE = 1e-6
# So many time steps for a protocol step are nothing unusual.
_FEW = 200
# Steps shorter than this many spacings of the floating-point numbers about the present time are round-off.
_SPACINGS = 1024


class Method(Interface):
    """A one-step time-stepping method."""

    @property
    def order(self) -> int:
        """Order of the error estimate."""

    def attempt(self, state: State, step: float) -> Attempt:
        """Try one step of `step` seconds; the error is NaN if the equations could not be solved."""


@dataclass(frozen=True)
class Subject:
    """The leading group and its observation, ready to be marched.

    Attributes:
        method: Tries single steps.
        observe: Reads off a state what targets and the balance need.
        begin: Called with each protocol step and the state in which it starts or goes on: puts its surface
            condition in force, and returns the state in which the step starts.
        initial: The as-made state.
        diffusion_time: R²/D, s, the scale of the step limits.
        formula_units: Formula units in the particle, mol.
        sites: Host sites in the particle, mol: what there is room for.
        content: Name of what is in the particle, plural, for messages.
    """

    method: Method
    observe: Callable[[State], Observation]
    begin: Callable[[ProtocolStep, State], State]
    initial: State
    diffusion_time: float
    formula_units: float
    sites: float
    content: str = "amounts"

    def capacity(self, content: float) -> Capacity:
        """Content and sites per formula unit of a particle that was made with this content, mol."""
        return Capacity(content / self.formula_units, self.sites / self.formula_units)


def march(subject: Subject, protocol: Protocol, control: StepControl) -> Iterator[Moment]:
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


def march_on(subject: Subject, protocol: Protocol, control: StepControl, moment: Moment) -> Iterator[Moment]:
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
    def __init__(self, subject: Subject, protocol: Protocol, control: StepControl) -> None:
        self._subject = subject
        self._protocol = protocol
        self._control = control
        self._targets = Targets(subject.formula_units)
        self._contents = tuple(filter(returns, protocol.outputs))
        self._steps = 0
        self._rejected = 0

    def run(self) -> Iterator[Moment]:
        subject = self._subject
        state = subject.initial
        subject.begin(self._protocol.steps[0], state)
        observation = subject.observe(state)
        outputs = self._protocol.outputs
        pending = tuple(
            target for target in outputs if not self._targets.is_behind(target, state, observation)
        )
        onward = Onward(0, math.nan, (), math.nan, 0.0, pending, observation.content + state.left)
        start = self._moment(state, observation, 0.0, 0.0, onward, index=0, is_output=True)
        yield start
        yield from self.run_on(start)

    def run_on(self, moment: Moment) -> Iterator[Moment]:
        """All that comes after a moment."""
        self._steps, self._rejected = moment.steps, moment.rejected
        while moment.onward.protocol_step < len(self._protocol.steps):
            for later in self._protocol_step(moment.state, moment.onward):
                yield later
                moment = later

    def _protocol_step(self, state: State, onward: Onward) -> Iterator[Moment]:
        """Go on in a protocol step, or begin it, to its end."""
        subject, index = self._subject, onward.protocol_step
        step, last = self._protocol.steps[index], index == len(self._protocol.steps) - 1
        entered = subject.begin(step, state)
        if not onward.directions:
            # What an earlier method remembered belongs to another current.
            state = replace(entered, earlier=(), age=0)
            onward = replace(onward, began=state.time)
        ends = tuple(absolute(target, onward.began) for target in step.until)
        observation = subject.observe(state)
        if not onward.directions:
            drive = step.exchange.set_flux
            behind = [self._targets.is_behind(end, state, observation, drive) for end in ends]
            if any(behind):
                onward = _next(onward)
                reached = step.until[behind.index(True)]
                yield self._moment(state, observation, 0.0, 0.0, onward, index, last, reached)
                return
            onward = self._begun(step, ends, state, observation, onward)
        began = onward.began
        while True:
            attempt, new, taken = self._land(state, observation, [*ends, *nearest(onward.pending)], onward)
            state, observation = attempt.state, new
            self._steps += 1
            pending = self._still_pending(onward.pending, state, observation)
            is_output = len(pending) < len(onward.pending)
            onward = replace(
                onward,
                pending=(*pending, *self._pending_again(onward.pending, state, observation)),
                wanted=self._next_step(onward, taken, attempt.error, state.time),
            )
            crossed = zip(step.until, ends, onward.directions, strict=True)
            ended = next(
                (e for e, at, from_ in crossed if self._targets.passed(at, from_, state, observation)), None
            )
            if ended is not None:
                onward = _next(onward)
                is_output = True
            yield self._moment(state, observation, taken, state.time - began, onward, index, is_output, ended)
            if ended is not None:
                return

    def _begun(
        self,
        step: ProtocolStep,
        ends: tuple[Stop, ...],
        state: State,
        observation: Observation,
        onward: Onward,
    ) -> Onward:
        """The start of a protocol step none of whose ends lies behind."""
        subject, control = self._subject, self._control
        extracted = state.left / subject.formula_units
        expected = step.expected_duration(extracted, subject.capacity(onward.content_at_start))
        first = min(control.first_step * subject.diffusion_time, control.first_share * expected)
        onward = replace(
            onward,
            directions=tuple(self._targets.distance(end, state, observation) for end in ends),
            expected=expected,
        )
        wanted = min(max(first, _SPACINGS * math.ulp(state.time)), self._largest_step(onward, state.time))
        return replace(onward, wanted=wanted)

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

    def _largest_step(self, onward: Onward, time: float) -> float:
        control = self._control
        duration = max(onward.expected, time - onward.began)
        return min(control.maximum_step * self._subject.diffusion_time, control.largest_share * duration)

    def _pace(self, onward: Onward) -> float:
        """Amount per formula unit that the set current takes out in a second."""
        return self._protocol.steps[onward.protocol_step].pace

    def _smallest_step(self, onward: Onward, time: float) -> float:
        control = self._control
        asked = control.minimum_step * self._subject.diffusion_time
        return max(min(asked, control.smallest_share * onward.expected), 4 * math.ulp(time))

    def _next_step(self, onward: Onward, taken: float, error: float, time: float) -> float:
        order, growth = self._subject.method.order, self._control.maximum_growth
        grown = after_acceptance(taken, onward.wanted, error, order, growth)
        return min(grown, self._largest_step(onward, time))

    def _land(
        self, state: State, observation: Observation, targets: list[Stop], onward: Onward
    ) -> tuple[Attempt, Observation, float]:
        """One accepted step that passes no target: the largest at most as wanted that the error allows."""
        wanted = onward.wanted
        distances = {target: self._targets.distance(target, state, observation) for target in targets}
        step = min(
            [wanted, *(self._targets.approach(t, d, observation, wanted) for t, d in distances.items())]
        )
        ceiling = math.inf
        for _ in range(200):
            attempt, new, step = self._accepted(state, min(step, ceiling), onward)
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

    def _accepted(self, state: State, step: float, onward: Onward) -> tuple[Attempt, Observation, float]:
        """Retry smaller until the error is at most 1; the old state stays untouched."""
        method, smallest = self._subject.method, self._smallest_step(onward, state.time)
        while True:
            if self._steps + self._rejected >= self._control.maximum_steps:
                raise StepLimitError(self._no_end(state, onward))
            attempt = method.attempt(state, step)
            error = attempt.error
            # Written so that a NaN is rejected.
            if error <= 1.0:
                new = self._subject.observe(attempt.state)
                error = max(error, _beyond(new.surface_occupancy, self._pace(onward)))
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

    def _no_end(self, state: State, onward: Onward) -> str:
        """Why the steps did not suffice, and what helps."""
        index, passed = onward.protocol_step, state.time - onward.began
        said = (
            f"no end after {self._control.maximum_steps} steps (numerics.steps_per_run), {self._rejected} of "
            f"them rejected, at t = {state.time:.6g} s, {passed:.3g} s into "
            f"'{self._protocol.steps[index].label}', step {index + 1} of {len(self._protocol.steps)} of the "
            "protocol"
        )
        if passed > 2 * onward.expected:
            return (
                f"{said}; at its set current it would have taken {onward.expected:.3g} s: the current has "
                "fallen. Let the step end at a time or a surface occupancy as well, or lower its current"
            )
        longest = self._control.maximum_step * self._subject.diffusion_time
        if onward.wanted >= longest:
            return f"{said}. The steps are as long as numerics.maximum_step allows, {longest:.3g} s: raise it"
        if index > 0 and self._control.maximum_steps < _FEW * (index + 1):
            return f"{said}. The protocol is long: raise numerics.steps_per_run"
        return (
            f"{said}. The accuracy allows steps of {onward.wanted:.3g} s: loosen numerics.time_tolerance, or "
            "raise numerics.steps_per_run"
        )

    def _moment(
        self,
        state: State,
        observation: Observation,
        step: float,
        step_time: float,
        onward: Onward,
        index: int,
        is_output: bool,
        ended_by: Stop | None = None,
    ) -> Moment:
        balance = abs(observation.content + state.left - onward.content_at_start) / self._subject.sites
        if not balance <= BALANCE_LIMIT:
            raise BalanceError(
                f"at t = {state.time:.6g} s the {self._subject.content} in the particle plus those that left "
                f"differ from the initial ones by {balance:.3g} of the host's sites (limit "
                f"{BALANCE_LIMIT:g}); lower numerics.time_tolerance or refine the mesh"
            )
        return Moment(
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
            onward=onward,
        )


def _beyond(occupancy: float, pace: float) -> float:
    """By how much a current has driven an occupancy out of [0, 1], in what is allowed.

    Where a surface is exhausted, the current falls over an occupancy that may be less than the tolerance.
    """
    beyond = -occupancy if pace > 0 else occupancy - 1.0
    return max(beyond, 0.0) / _OUTSIDE if pace else 0.0


def _next(onward: Onward) -> Onward:
    """On to the next protocol step."""
    return replace(
        onward, protocol_step=onward.protocol_step + 1, began=math.nan, directions=(), expected=math.nan
    )
