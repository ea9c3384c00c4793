"""Marches a particle through its protocol: adaptive steps that land on every target and lose no ions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol as Interface

from oxyshell.errors import BalanceError, SolverError
from oxyshell.models.protocol import Progress, Protocol, ProtocolStep, Target
from oxyshell.solver.moment import Moment, Onward
from oxyshell.solver.settings import StepControl
from oxyshell.solver.state import Attempt, Observation, State

# A target counts as reached within this share of its own scale; round-off of the sums behind it is smaller.
_LANDING = 1e-10
# The largest share of the ions that a run may lose or gain before it stops with an error.
BALANCE_LIMIT = 1e-8


class Method(Interface):
    """A one-step time-stepping method."""

    @property
    def order(self) -> int:
        """Order of the error estimate."""

    def attempt(self, state: State, step: float) -> Attempt:
        """Try one step of `step` seconds; the error is NaN if the equations could not be solved."""


@dataclass(frozen=True)
class Subject:
    """What is marched.

    Attributes:
        method: Tries single steps.
        observe: Reads off a state what targets and the balance need.
        begin: Called with each protocol step and the state in which it starts or goes on: puts its surface
            condition in force, and returns the state in which the step starts.
        initial: The as-made state.
        diffusion_time: R²/D, s, the scale of the step limits.
        formula_units: Formula units in the particle, mol.
    """

    method: Method
    observe: Callable[[State], Observation]
    begin: Callable[[ProtocolStep, State], State]
    initial: State
    diffusion_time: float
    formula_units: float


def march(subject: Subject, protocol: Protocol, control: StepControl) -> Iterator[Moment]:
    """Run a protocol.

    Args:
        subject: The particle and the method.
        protocol: What to do.
        control: Time step control.

    Yields:
        The start, every accepted step, and among them exactly every output target and every end of a step.

    Raises:
        SolverError: If a step fails even at the smallest size, or a target cannot be reached.
        BalanceError: If ions appear or vanish.
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
        self._steps = 0
        self._rejected = 0

    def run(self) -> Iterator[Moment]:
        subject = self._subject
        state = subject.initial
        subject.begin(self._protocol.steps[0], state)
        observation = subject.observe(state)
        outputs = self._protocol.outputs
        pending = tuple(target for target in outputs if not self._is_behind(target, state, observation))
        onward = Onward(0, math.nan, (), 0.0, pending, observation.ions_in + state.left)
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
        ends = tuple(_absolute(target, onward.began) for target in step.until)
        observation = subject.observe(state)
        if not onward.directions:
            drive = step.exchange.extraction - step.exchange.insertion
            reached = [end for end in ends if self._is_behind(end, state, observation, drive)]
            if reached:
                onward = _next(onward)
                yield self._moment(state, observation, 0.0, 0.0, onward, index, last, reached[0])
                return
            onward = replace(
                onward,
                directions=tuple(self._distance(end, state, observation) for end in ends),
                wanted=self._control.first_step * subject.diffusion_time,
            )
        began = onward.began
        while True:
            attempt, new, taken = self._land(state, observation, [*ends, *onward.pending], onward.wanted)
            state, observation = attempt.state, new
            self._steps += 1
            pending = tuple(t for t in onward.pending if not self._reached(t, state, observation))
            is_output = len(pending) < len(onward.pending)
            crossed = zip(ends, onward.directions, strict=True)
            ended = next((e for e, from_ in crossed if self._passed(e, from_, state, observation)), None)
            wanted = self._next_step(onward.wanted, taken, attempt.error)
            onward = replace(onward, pending=pending, wanted=wanted)
            if ended is not None:
                onward = _next(onward)
                is_output = is_output or last
            yield self._moment(state, observation, taken, state.time - began, onward, index, is_output, ended)
            if ended is not None:
                return

    def _next_step(self, wanted: float, taken: float, error: float) -> float:
        factor: float = 0.9 * max(error, 1e-12) ** (-1.0 / (self._subject.method.order + 1))
        grown = taken * min(max(factor, 0.2), self._control.maximum_growth)
        # A step that was cut to land on a target says little about the size that accuracy needs.
        if taken < wanted * (1 - 1e-12):
            grown = max(grown, min(wanted, taken * factor))
        return min(grown, self._control.maximum_step * self._subject.diffusion_time)

    def _land(
        self, state: State, observation: Observation, targets: list[Target], wanted: float
    ) -> tuple[Attempt, Observation, float]:
        """One accepted step that passes no target: the largest at most `wanted` that the error allows."""
        distances = {target: self._distance(target, state, observation) for target in targets}
        step = min([wanted, *(self._approach(t, d, observation, wanted) for t, d in distances.items())])
        ceiling = math.inf
        for _ in range(200):
            attempt, step = self._accepted(state, min(step, ceiling))
            new = self._subject.observe(attempt.state)
            crossed = [t for t in targets if self._overshoots(t, distances[t], attempt.state, new)]
            if not crossed:
                return attempt, new, step
            # Where between here and there the first target lies, by a straight line.
            self._rejected += 1
            ceiling = step
            shares = []
            for target in crossed:
                beyond = self._distance(target, attempt.state, new)
                shares.append(distances[target] / (distances[target] - beyond))
            step *= min(shares)
        raise SolverError(f"could not land on {targets[0].progress.value} = {targets[0].value}")

    def _accepted(self, state: State, step: float) -> tuple[Attempt, float]:
        """Retry smaller until the error is at most 1; the old state stays untouched."""
        control, method = self._control, self._subject.method
        smallest = control.minimum_step * self._subject.diffusion_time
        while True:
            if self._steps + self._rejected >= control.maximum_steps:
                raise SolverError(
                    f"no end after {control.maximum_steps} steps, at t = {state.time:.6g} s; "
                    "loosen numerics.time_tolerance, or end the protocol step at something that it reaches"
                )
            attempt = method.attempt(state, step)
            # Written so that a NaN is rejected.
            if attempt.error <= 1.0:
                return attempt, step
            self._rejected += 1
            finite = math.isfinite(attempt.error)
            factor = 0.9 * attempt.error ** (-1.0 / (method.order + 1)) if finite else 0.25
            step *= min(max(factor, 0.1), 0.9)
            if step < smallest:
                raise SolverError(
                    f"the time step fell below {smallest:.3g} s at t = {state.time:.6g} s without reaching "
                    "the asked accuracy; the state before is kept. Check the properties near the present "
                    "occupancy, or loosen numerics.time_tolerance"
                )

    # Targets. A distance is signed; it changes its sign when the target is passed.

    def _distance(self, target: Target, state: State, observation: Observation) -> float:
        match target.progress:
            case Progress.TIME:
                return target.value - state.time
            case Progress.EXTRACTED:
                return target.value - state.left / self._subject.formula_units
            case Progress.SURFACE_OCCUPANCY:
                return target.value - observation.surface_occupancy

    def _scale(self, target: Target) -> float:
        return (
            max(abs(target.value), self._subject.diffusion_time * 1e-6)
            if target.progress is Progress.TIME
            else 1.0
        )

    def _reached(self, target: Target, state: State, observation: Observation) -> bool:
        return abs(self._distance(target, state, observation)) <= _LANDING * self._scale(target)

    def _is_behind(self, target: Target, state: State, observation: Observation, drive: float = 0.0) -> bool:
        """Whether a target is reached or lies where a current of the sign of `drive` leads away from."""
        heading = {Progress.TIME: 1.0, Progress.EXTRACTED: drive, Progress.SURFACE_OCCUPANCY: -drive}
        return self._reached(target, state, observation) or (
            heading[target.progress] * self._distance(target, state, observation) < 0
        )

    def _passed(self, target: Target, before: float, state: State, observation: Observation) -> bool:
        return self._reached(target, state, observation) or (
            before * self._distance(target, state, observation) < 0
        )

    def _overshoots(self, target: Target, before: float, state: State, observation: Observation) -> bool:
        if self._reached(target, state, observation):
            return False
        small = abs(before) <= _LANDING * self._scale(target)
        return not small and before * self._distance(target, state, observation) < 0

    def _approach(self, target: Target, distance: float, observation: Observation, wanted: float) -> float:
        """The step that reaches the target if all goes on as now; two equal ones if one would barely do."""
        match target.progress:
            case Progress.TIME:
                arrival = distance
            case Progress.EXTRACTED:
                speed = observation.outflow / self._subject.formula_units
                arrival = distance / speed if speed * distance > 0 else math.inf
            case Progress.SURFACE_OCCUPANCY:
                arrival = math.inf
        if arrival <= 0 or math.isinf(arrival):
            return math.inf
        return arrival if arrival <= wanted else (arrival / 2 if arrival < 2 * wanted else math.inf)

    def _moment(
        self,
        state: State,
        observation: Observation,
        step: float,
        step_time: float,
        onward: Onward,
        index: int,
        is_output: bool,
        ended_by: Target | None = None,
    ) -> Moment:
        at_start = onward.ions_at_start
        error = abs(observation.ions_in + state.left - at_start)
        balance = error / (at_start if at_start > 0 else self._ions_scale(observation))
        if not balance <= BALANCE_LIMIT:
            raise BalanceError(
                f"at t = {state.time:.6g} s the ions in the particle plus those that left differ from the "
                f"initial ones by {balance:.3g} of them (limit {BALANCE_LIMIT:g}); lower "
                "numerics.time_tolerance or refine the mesh"
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

    def _ions_scale(self, observation: Observation) -> float:
        # An empty host: measure against what has come in since.
        return max(abs(observation.ions_in), 1e-12 * self._subject.formula_units)


def _absolute(target: Target, start: float) -> Target:
    return replace(target, value=target.value + start) if target.progress is Progress.TIME else target


def _next(onward: Onward) -> Onward:
    """On to the next protocol step."""
    return replace(onward, protocol_step=onward.protocol_step + 1, began=math.nan, directions=())
