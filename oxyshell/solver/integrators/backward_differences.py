"""Backward differences in time for systems that are solved field by field."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np

from oxyshell.errors import SolverError
from oxyshell.solver.extrapolation import extrapolate
from oxyshell.solver.integrators.passage import Passage, Uncounted
from oxyshell.solver.rounding import is_round_off
from oxyshell.solver.state import Array, Attempt, State

# The longest first step that is taken on trust, in units of the diffusion time, and the most ions that it may
# move, over the sites: a particle that diffuses slowly may be charged within a short share of that time.
_DAMPING = 1e-5
_DAMPED = 5e-3
# A step that is shorter than this, over the one before: the solution may have a bend since. Then the share is
# no less than that of a bend, while that of a smooth solution would be far less.
_SHORTER, _LEAST_SHARE = 0.4, 0.3
_UNCOUNTED = Uncounted()


class SequentialSystem(Protocol):
    """A system that solves its fields one after the other, for one that is transported and counted."""

    volume: float

    @property
    def time_unit(self) -> float:
        """Seconds in one unit of time."""

    @property
    def amount_unit(self) -> float:
        """Moles in one unit of amount."""

    def occupancy(self, state: State) -> Array:
        """The transported field of a state, this process's part."""

    def solve_step(
        self, past: list[State], lead: float, weights: list[float], time: float, tolerance: float
    ) -> tuple[Array, Array]:
        """Solve the difference formula = dy/dt of what evolves, and what is in equilibrium, at a time.

        Args:
            past: States to extrapolate from, latest first.
            lead: Factor of the new values in the formula, per time unit.
            weights: Factors of those of the past states, likewise; there may be fewer of them.
            time: s.
            tolerance: Largest error that may be left in the transported field.

        Returns:
            The unknowns of the new state, the transported field first, and what was extrapolated for them.
        """

    def outflow(self) -> float:
        """Outflow per time at the last solution, in the system's units."""

    def content(self, occupancy: Array) -> float:
        """Amount in the particle at an occupancy, in the system's units."""

    def settled(self, unknowns: Array) -> Array:
        """The unknowns with the numbers that settle in equilibrium with all else.

        Raises:
            SolverError: If there is no equilibrium.
        """

    def error_norm(self, unknowns: Array) -> float:
        """The size of a change of the unknowns that the tolerance is about, over all processes."""


class BackwardDifferences:
    """Variable-step BDF2 on a split system, begun anew in every protocol step by two of backward Euler.

    The first of them takes no part in the history. If it is as short as `StepControl.first_step` is by
    default and moves hardly anything, it is always accepted: it damps whatever jump a new surface condition
    brings, and no difference measures how well. A longer one has to pass the estimate like any other.

    After that the local error is the difference to the extrapolated occupancy, scaled by the two methods'
    error constants (Hairer, Nørsett & Wanner, Solving ODEs I, section III.5).
    """

    order = 2

    def __init__(self, system: SequentialSystem, tolerance: float, passage: Passage = _UNCOUNTED) -> None:
        """Set up.

        Args:
            system: What to integrate.
            tolerance: Largest error of the occupancy in one step.
            passage: Measure for errors of what leaves.
        """
        self._system = system
        self._tolerance, self._passage = tolerance, passage

    def attempt(self, state: State, step: float) -> Attempt:
        """Try one step of `step` seconds; the error is NaN if the equations could not be solved."""
        system = self._system
        past = [state, *state.earlier]
        times = [one.time for one in past]
        h = step / system.time_unit
        lead, weights = _differences(step, times)
        time = state.time + step
        try:
            unknowns, predicted = system.solve_step(
                past, lead / h, [w / h for w in weights], time, self._tolerance
            )
            left = system.outflow() * system.amount_unit * h
            left = (left - sum(w * one.left for w, one in zip(weights, past, strict=False))) / lead
            unknowns = self._mended(unknowns, state, (left - state.left) / system.amount_unit, h)
        except SolverError as failure:
            return Attempt(state, float("nan"), str(failure))
        difference = system.error_norm(unknowns - predicted)
        share = _error_share(step, times)
        error = share * difference / self._tolerance
        passed = (left - state.left) / system.amount_unit
        unforeseen = (left - _foreseen(past, time)) / system.amount_unit
        error = max(error, self._passage.error(share * unforeseen, passed, h))
        if state.age == 0:
            moved = abs(passed) / system.volume
            trusted = h <= _DAMPING and moved <= _DAMPED
            begun = replace(state, time=time, unknowns=unknowns, left=left, earlier=(), age=1)
            return Attempt(begun, 0.0 if trusted else error)
        earlier = (replace(state, earlier=(), followers={}), *state.earlier[:1])
        reached = replace(state, time=time, unknowns=unknowns, left=left, earlier=earlier, age=state.age + 1)
        return Attempt(reached, error)

    def _mended(self, unknowns: Array, before: State, passed: float, step: float) -> Array:
        """The unknowns without what round-off has done to the balance of a step, see `rounding`."""
        system = self._system
        former = system.occupancy(before)
        occupancy = unknowns[: former.size]
        lost = system.content(occupancy) - system.content(former) + passed
        if not is_round_off(lost, system.volume, step):
            return unknowns
        occupancy -= lost / system.content(np.ones_like(occupancy))
        return system.settled(unknowns)


def _foreseen(past: list[State], time: float) -> float:
    """Amount that will have left at a time, mol, by that of some states."""
    return float(extrapolate([(one.time, np.array([one.left])) for one in past], time)[0])


def _differences(step: float, times: list[float]) -> tuple[float, list[float]]:
    """Weights of h dθ/dt = lead θ_new + Σ weights θ_past."""
    if len(times) < 2:
        return 1.0, [-1.0]
    ratio = step / (times[0] - times[1])
    return (1 + 2 * ratio) / (1 + ratio), [-(1 + ratio), ratio**2 / (1 + ratio)]


def _error_share(step: float, times: list[float]) -> float:
    """Which share of (solved − extrapolated) is the solved value's own error."""
    if len(times) == 1:  # against a constant: what backward Euler errs by is at most half of the change
        return 0.5
    first = times[0] - times[1]
    if len(times) == 2:  # BDF2 against a straight line
        return 1 / 3
    second = times[1] - times[2]
    ratio = step / first
    solved = step**3 * (1 + 1 / ratio) ** 2 * ratio / (6 * (1 + 2 * ratio))
    extrapolated = step * (step + first) * (step + first + second) / 6
    share = solved / (solved + extrapolated)
    return share if ratio > _SHORTER else max(share, _LEAST_SHARE)
