"""A process that follows the leading group: steps of its own between two states of the latter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property

import numpy as np
from dolfinx import fem

from oxyshell.errors import BalanceError, SolverError, StepLimitError
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.process import RATE_OF, Offer, Process
from oxyshell.presentation.numbers import duration, time_in_words
from oxyshell.solver import spaces
from oxyshell.solver.assembly import largest
from oxyshell.solver.boundary import jump
from oxyshell.solver.cell_means import means_of
from oxyshell.solver.driving import Drive, Forcing
from oxyshell.solver.group_system import GroupSystem
from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from oxyshell.solver.integrators.step_control import after_acceptance, after_rejection
from oxyshell.solver.process_rules import check_names
from oxyshell.solver.settings import BALANCE_LIMIT, StepControl
from oxyshell.solver.state import Array, Attempt, FollowerState, State

# Amounts that only rise may be negative by this share of the tolerance.
_NEGATIVE = 1e-6
# Of the tolerance, in one step: what begins or ends within a step is more than estimates see.
_SHARE = 0.5
_NO_RATE = (math.nan, np.empty(0), np.empty(0))


class FollowingSystem[Model](GroupSystem[Model]):
    """The equations of one process that is driven by a leading group, which goes evenly in time."""

    def __init__(
        self,
        particle: ParticleMesh,
        process: Process[Model],
        model: Model,
        degree: int,
        scalars: fem.FunctionSpace,
        offers: Mapping[str, Offer],
        compiled: bool = True,
    ) -> None:
        """Build spaces and forms.

        Args:
            particle: The mesh.
            process: Its equations.
            model: Its physics, SI.
            degree: Polynomial degree of scalar fields.
            scalars: Space in which the leading group offers its fields.
            offers: What that offers.
            compiled: Whether a small system is assembled and solved by the compiled loop.

        Raises:
            ExtensionError: If the process does not keep the rules of `Process`.
        """
        unknowns = process.unknowns(model, particle.coordinates)
        check_names(process, model, unknowns, offers, particle.regions)
        self.process = process
        wanted = {name: offers[name.removeprefix(RATE_OF)] for name in process.reads}
        self._offers = {offer.name: offer for offer in wanted.values()}
        functions = {name: fem.Function(scalars) for name, offer in wanted.items() if not offer.is_number}
        constants = {
            name: fem.Constant(particle.mesh, 0.0) for name, offer in wanted.items() if offer.is_number
        }
        names = [name for name, _ in process.parts(model)]
        domain = spaces.domain(particle, 2 * degree + 2, parts=names)
        super().__init__(particle, model, [process], degree, domain, {**functions, **constants}, compiled)
        self.hold(process.held(self.numbers))
        self._has_numbers = bool(constants)
        self._drive = Drive(functions, constants, self.comm)
        self._set = self._algebra.driven_by(self._drive)
        self._time = math.nan
        self._last_rate = _NO_RATE
        self._take_over()

    # What drives it.

    def drive(self, before: Forcing, after: Forcing) -> None:
        """Let the leading group go from one state to another, evenly in time; `start_of` begins there."""
        self._drive.between(before, after, self._sizes, self.time_unit)
        # What was set and found belongs to another drive.
        self._time, self._last_rate = math.nan, _NO_RATE
        self.set_time(before.time)

    def set_time(self, time: float) -> None:
        """Be the system at a time, s."""
        if time == self._time:
            return
        self._set(time - self._drive.begins)
        if self._has_numbers:
            self.refresh_rate()
        self._time = time

    def time_slope(self, unknowns: Array, ahead: float) -> tuple[Array | float, float]:
        """∂f/∂t per unit of time and that of the outflow, by differences over some units of time ahead."""
        if self._drive.is_steady:
            return 0.0, 0.0
        now = self._time
        self.set_time(now + ahead * self.time_unit)
        later, leaving = super().rate(unknowns), self.outflow(unknowns)
        self.set_time(now)
        # The last one is the one that the first stage asks for again.
        slope: Array = (later - self.rate(unknowns)) / ahead
        return slope, (leaving - self.outflow(unknowns)) / ahead

    def rate(self, unknowns: Array) -> Array:
        """f(y) at the time that was set; what was asked for last is not evaluated again."""
        time, of, rate = self._last_rate
        if time != self._time or not np.array_equal(of, unknowns):
            rate = super().rate(unknowns)
            self._last_rate = (self._time, unknowns.copy(), rate)
        return rate.copy()

    # What a run asks for.

    def update(self, model: Model) -> None:
        """Take over another model of the same kind, compiling nothing."""
        super().update(model)
        self._last_rate = _NO_RATE
        self._take_over()

    def _take_over(self) -> None:
        """Follow the present model."""
        self._sizes = {name: self.units.size(offer.dimension) for name, offer in self._offers.items()}
        self._cells = means_of(self, self.fields.unknowns)
        self._room = self.volume * self.amount_unit
        held = self.process.held(self.numbers)
        self._holds = bool(held)
        self.hold(held)

    @property
    def room(self) -> float:
        """Amount in a particle that holds one unit of content throughout, mol."""
        return self._room

    def initial_state(self) -> State:
        """The state at the start of a run."""
        start = self.fields.gather(self.process.start(self.numbers))
        return State(0.0, start, 0.0, group=self.process.name)

    def start_of(self, state: State) -> State:
        """A state at the start of the present drive, its surface where it is held, if it is."""
        if not self._holds:
            return state
        change = jump(self, state.unknowns)
        left = state.left + self.leaving(0.0, change) * self.amount_unit
        return State(state.time, state.unknowns + change, left, group=state.group)

    def load(self, state: State) -> None:
        """Put a state's values into the functions of `fields`."""
        self.put(state.unknowns)

    def contents(self, state: State) -> Mapping[str, float]:
        """Amounts of the unknowns that evolve, by name, mol."""
        unit, own = self.amount_unit, (self._weights @ state.unknowns).tolist()
        return {name: self.total(one) * unit for name, one in zip(self._evolving, own, strict=True)}

    @cached_property
    def _weights(self) -> Array:
        """By what values of each unknown that evolves add up to its amount, shape (evolving, size)."""
        ones = np.zeros((len(self._evolving), self.size))
        for one, name in zip(ones, self._evolving, strict=True):
            one[self.fields.rows[name]] = 1.0
        # M is symmetric.
        return np.array([self.amounts(one) for one in ones])

    def reassemble_mass(self) -> None:
        super().reassemble_mass()
        self.__dict__.pop("_weights", None)

    def observed_outflow(self) -> float:
        """Amount leaving in the state that was loaded last, mol/s."""
        return self._observed_outflow() * self.amount_unit / self.time_unit

    def falls(self, before: State, after: State) -> float:
        """The largest decrease of what can only rise, from one state to another.

        Of what lives in cells it is that of a cell's mean: where a source begins within a cell, values at its
        other corners fall however small the steps are.
        """
        if before.unknowns is after.unknowns:
            return 0.0
        change, most = before.unknowns - after.unknowns, 0.0
        for name in self._rising:
            one = self.part(change, name)
            decrease = self._cells[name](one) if name in self._cells else one
            most = max(largest(np.maximum(decrease, 0.0), self.comm), most)
        return most

    @cached_property
    def _rising(self) -> list[str]:
        return [unknown.name for unknown in self.fields.unknowns if unknown.only_rises]

    def least_rise(self, contents: Mapping[str, float]) -> float:
        """The least amount of what can only rise, over the room; infinity if nothing does."""
        return min((contents[name] / self.room for name in self._rising), default=math.inf)


class FollowingMarch[Model]:
    """Adaptive steps of a following process, with a balance after each.

    Attributes:
        system: The discretised process.
        initial: Its state at the start of a run.
    """

    def __init__(self, system: FollowingSystem[Model], control: StepControl, tolerance_key: str) -> None:
        """Set up.

        Args:
            system: The discretised process.
            control: Its time step control, in shares of its own diffusion time.
            tolerance_key: Where a user sets its tolerance, for messages.
        """
        self.system = system
        self._control = control
        self._key = tolerance_key
        self._tolerance = _SHARE * control.tolerance
        self._method = Rosenbrock(system, self._tolerance, stages=system.stage_loop)
        self._counts = {unknown.name: unknown.counts for unknown in system.fields.unknowns}
        initial = system.initial_state()
        self._at_start = self._balance(system.contents(initial))
        self.initial = FollowerState(initial, control.first_step * system.time_unit)

    def advance(self, follower: FollowerState, before: Forcing, after: Forcing) -> FollowerState:
        """March to the later of two states of the leading group, which goes evenly from one to the other.

        Raises:
            SolverError: If a step fails even at the smallest size.
            StepLimitError: If there are too many.
            BalanceError: If something appears or vanishes.
        """
        system, order = self.system, self._method.order
        system.drive(before, after)
        state = system.start_of(follower.state)
        wanted, steps, rejected = follower.step, follower.steps, follower.rejected
        worst = follower.balance_error
        while state.time < after.time:
            self._check_number(steps + rejected, state.time)
            remaining = after.time - state.time
            # Two equal steps rather than one that barely falls short of the end.
            last = wanted >= remaining * (1 - 1e-9)
            step = remaining if last else min(wanted, remaining / 2)
            attempt = self._method.attempt(state, step)
            contents = system.contents(attempt.state)
            error = self._error(state, attempt, contents)
            # Written so that a NaN is rejected.
            if not error <= 1.0:
                rejected += 1
                wanted = after_rejection(step, error, order)
                self._check_size(wanted, state.time)
                continue
            steps += 1
            reached = after.time if last else attempt.state.time
            state = State(reached, attempt.state.unknowns, attempt.state.left, group=state.group)
            worst = max(worst, self._balance_error(state, contents))
            wanted = after_acceptance(step, wanted, error, order, self._control.maximum_growth)
        return FollowerState(state, wanted, steps, rejected, worst)

    def _error(self, before: State, attempt: Attempt, contents: Mapping[str, float]) -> float:
        """The estimate, or by how much what only rises would have fallen: never, but for a step's error.

        Where a source stops at once, a long step whose linearisation still has it run would not notice, and
        take back what it has released. Nor would it notice, after a quiet start, that the source begins
        within it: as a whole, less than nothing cannot have been released.
        """
        tolerance = self._tolerance
        falls = self.system.falls(before, attempt.state) / tolerance
        least = self.system.least_rise(contents)
        # In this order a NaN of the estimate stays one.
        return max(attempt.error, falls, -least / (_NEGATIVE * tolerance))

    def _check_size(self, step: float, time: float) -> None:
        smallest = max(self._control.minimum_step * self.system.time_unit, 4 * math.ulp(time))
        if step < smallest:
            raise SolverError(
                f"the time step of the {self.system.process.name} fell below {duration(smallest)} at "
                f"{time_in_words(time)} without reaching the asked accuracy; the state before is kept. "
                f"Check the surface law's velocities and rates, or loosen {self._key}"
            )

    def _check_number(self, tries: int, time: float) -> None:
        if tries >= self._control.maximum_steps:
            raise StepLimitError(
                f"the steps of the {self.system.process.name} did not suffice: {tries} "
                f"(numerics.steps_per_run) have led to {time_in_words(time)}. Loosen {self._key}, or "
                "raise numerics.steps_per_run"
            )

    def _balance(self, contents: Mapping[str, float], sign: float | None = None) -> float:
        """Sum of amounts as the balance counts them; with a sign, of those that have it."""
        counted = [
            self._counts[name] * content
            for name, content in contents.items()
            if sign is None or math.copysign(1.0, self._counts[name]) == sign
        ]
        return math.fsum(counted)

    def _balance_error(self, state: State, contents: Mapping[str, float]) -> float:
        # What only rises and counts against the rest has been brought in by a source.
        there = self._at_start - self._balance(contents, -1.0)
        scale = max(self.system.room, abs(there), abs(state.left))
        error = abs(self._balance(contents, 1.0) + state.left - there) / scale
        if not error <= BALANCE_LIMIT:
            raise BalanceError(
                f"at {time_in_words(state.time)} {self.system.process.name} in the particle, at its surface "
                f"and beyond it differs from the initial and the generated by {error:.3g} of the most that "
                f"the particle can hold (limit {BALANCE_LIMIT:g}); lower {self._key} or refine the mesh"
            )
        return error
