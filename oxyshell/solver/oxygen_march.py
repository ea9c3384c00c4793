"""Marches the oxygen along with the ions: steps of its own between two states of theirs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from oxyshell.errors import BalanceError, SolverError, StepLimitError
from oxyshell.solver.march import BALANCE_LIMIT
from oxyshell.solver.oxygen import Drive, OxygenSystem
from oxyshell.solver.rosenbrock import Rosenbrock
from oxyshell.solver.settings import StepControl
from oxyshell.solver.state import Attempt, State

# What the lattice has released may be negative by this share of the tolerance.
_NEGATIVE = 1e-6


@dataclass(frozen=True)
class OxygenState:
    """The oxygen at one time. Never changed in place.

    Attributes:
        state: c, r, Γ and what has escaped.
        step: What the next step may be, s.
        steps: Accepted steps so far.
        rejected: Rejected steps so far.
        balance_error: |lattice + captured + escaped − initial − generated| over the most that the lattice
            can hold, or over what has been there or passed the surface if that is more; the largest so far.
    """

    state: State
    step: float
    steps: int = 0
    rejected: int = 0
    balance_error: float = 0.0


class OxygenMarch:
    """Adaptive steps of the oxygen, driven by the ions, with a balance after each."""

    def __init__(self, system: OxygenSystem, control: StepControl) -> None:
        """Set up.

        Args:
            system: The discretised oxygen.
            control: Its time step control, in shares of its own diffusion time.
        """
        self.system = system
        self._control = control
        self._method = Rosenbrock(system, control.tolerance)
        initial = system.initial_state()
        self._at_start = system.contents(initial)[0]
        self.initial = OxygenState(initial, control.first_step * system.time_unit)

    def advance(self, oxygen: OxygenState, before: Drive, after: Drive) -> OxygenState:
        """March to the later of two states of the ions, which go evenly from one to the other.

        Raises:
            SolverError: If a step fails even at the smallest size.
            StepLimitError: If there are too many.
            BalanceError: If oxygen appears or vanishes.
        """
        system = self.system
        system.drive(before, after)
        state = system.start_of(oxygen.state)
        wanted, steps, rejected, worst = oxygen.step, oxygen.steps, oxygen.rejected, oxygen.balance_error
        while state.time < after.time:
            self._check_number(steps + rejected, state.time)
            remaining = after.time - state.time
            # Two equal steps rather than one that barely falls short of the end.
            last = wanted >= remaining * (1 - 1e-9)
            step = remaining if last else min(wanted, remaining / 2)
            attempt = self._method.attempt(state, step)
            error = self._error(state, attempt)
            factor = self._factor(error)
            # Written so that a NaN is rejected.
            if not error <= 1.0:
                rejected += 1
                wanted = step * min(max(factor, 0.1), 0.9)
                self._check_size(wanted, state.time)
                continue
            steps += 1
            reached = after.time if last else attempt.state.time
            state = State(reached, attempt.state.unknowns, attempt.state.left)
            worst = max(worst, self._balance_error(state))
            # A step that was cut to end with the ions' says little about the size that accuracy needs.
            grown = step * min(max(factor, 0.2), self._control.maximum_growth)
            wanted = max(grown, min(wanted, step * factor)) if step < wanted else grown
        return OxygenState(state, wanted, steps, rejected, worst)

    def _error(self, before: State, attempt: Attempt) -> float:
        """The estimate, or by how much released oxygen would have gone back: never, but for a step's error.

        Where ions come back, the source stops at once; a long step whose linearisation still has it run
        would not notice, and take back what has left. Nor would it notice, after a quiet start, that the
        source begins within it: as a whole, less than nothing cannot have been released.
        """
        tolerance = self._control.tolerance
        taken_back = self.system.taken_back(before, attempt.state) / tolerance
        released = self.system.contents(attempt.state)[2] / self.system.room
        # In this order a NaN of the estimate stays one.
        return max(attempt.error, taken_back, -released / (_NEGATIVE * tolerance))

    def _factor(self, error: float) -> float:
        if not math.isfinite(error):
            return 0.25
        return float(0.9 * max(error, 1e-12) ** (-1.0 / (self._method.order + 1)))

    def _check_size(self, step: float, time: float) -> None:
        smallest = max(self._control.minimum_step * self.system.time_unit, 4 * math.ulp(time))
        if step < smallest:
            raise SolverError(
                f"the oxygen's time step fell below {smallest:.3g} s at t = {time:.6g} s without reaching "
                "the asked accuracy; the state before is kept. Check the surface law's velocities and rates, "
                "or loosen numerics.oxygen_tolerance"
            )

    def _check_number(self, tries: int, time: float) -> None:
        if tries >= self._control.maximum_steps:
            raise StepLimitError(
                f"the oxygen's steps did not suffice: {tries} (numerics.steps_per_run) have led to "
                f"t = {time:.6g} s. Loosen numerics.oxygen_tolerance, or raise numerics.steps_per_run"
            )

    def _balance_error(self, state: State) -> float:
        lattice, captured, generated = self.system.contents(state)
        there = self._at_start + generated
        scale = max(self.system.room, abs(there), abs(state.left))
        error = abs(lattice + captured + state.left - there) / scale
        if not error <= BALANCE_LIMIT:
            raise BalanceError(
                f"at t = {state.time:.6g} s oxygen in the lattice, captured and escaped differs from what "
                f"there was and was generated by {error:.3g} of the most that the lattice can hold (limit "
                f"{BALANCE_LIMIT:g}); lower numerics.oxygen_tolerance or refine the mesh"
            )
        return error
