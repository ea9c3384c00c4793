"""Backward differences for diffusion with a stress drift and equilibrium, solved in turn.

The scheme of oxyshell's solids, with the steps that it took given: nothing is estimated or rejected, one pass
is made per step, and all linear operators are assembled once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from benchmarks.octant.problem import Array, Charge

# Last change of θ by Newton's method.
_NEWTON = 1e-6
# Error of the displacement in the energy norm, relative to its own.
_ENERGY = 1e-5
_LIMIT = 300

Operator = Callable[[Array], Array]


class Discretisation(Protocol):
    """What a library provides: P1 for θ and φ, P2 for u.

    Attributes:
        mass: ∫ θ v.
        load: ∫ (3λ + 2μ) θ div v, of θ to forces.
        trace: ∫ (3λ + 2μ) div u v, of displacements to P1.
        project: Solves with the mass matrix.
    """

    mass: Operator
    load: Operator
    trace: Operator
    project: Operator

    def residual(self, theta: Array, phi: Array, lead: float) -> Array:
        """∫ lead θ v + ∫ ((1 + b m)∇θ − m ∇φ)·∇v + ∫ flux v dA, m = θ(1 − θ)."""

    def factorised(self, theta: Array, phi: Array, lead: float) -> Operator:
        """Solves with the derivative of the residual."""

    def displacement(self, forces: Array, guess: Array) -> Array:
        """The displacement in equilibrium with forces."""

    def hoop(self, theta: Array, displacement: Array) -> float:
        """Hoop stress, mean over the surface, in units of E Ω c_s/3."""


class March:
    """Takes the steps of a charge.

    Attributes:
        hoop: Hoop stress at the surface after the steps that are reported, MPa.
    """

    def __init__(self, charge: Charge, library: Discretisation, sizes: tuple[int, int]) -> None:
        """Begin with a full particle without stress.

        Args:
            charge: The charge.
            library: Its discretisation.
            sizes: Unknowns of θ and of u.
        """
        self._charge, self._library = charge, library
        start = (np.full(sizes[0], charge.occupancy), np.zeros(sizes[0]), np.zeros(sizes[1]))
        self._past: list[tuple[float, tuple[Array, Array, Array]]] = [(0.0, start)]
        self.hoop: list[float] = []

    def run(self) -> None:
        """March from the beginning to the end."""
        for number, time in enumerate(self._charge.times[1:], start=1):
            fields = self._step(float(time))
            # The first step damps the jump of the flux and takes no part in the differences.
            self._past = [(float(time), fields), *([] if number == 1 else self._past[:2])]
            if number in self._charge.reported:
                theta, _, displacement = fields
                self.hoop.append(self._charge.stress * self._library.hoop(theta, displacement))

    def _step(self, time: float) -> tuple[Array, Array, Array]:
        charge, library = self._charge, self._library
        lead, weights = _differences(time, [then for then, _ in self._past])
        past = [weight * fields[0] for weight, (_, fields) in zip(weights, self._past, strict=False)]
        history = library.mass(np.sum(past, axis=0))
        theta, phi, displacement = self._extrapolated(time)
        solve: Operator | None = None
        for _ in range(20):
            residual = library.residual(theta, phi, lead) + history
            solve = solve or library.factorised(theta, phi, lead)
            change = solve(residual)
            theta = theta - change
            if np.max(np.abs(change)) <= _NEWTON:
                break
        else:
            raise RuntimeError(f"Newton's method did not converge at {time}")
        moved = theta - charge.occupancy
        displacement = library.displacement(library.load(moved), displacement)
        rest = charge.coupling - 3 * charge.bulk * charge.work
        phi = library.project(charge.work * library.trace(displacement) + rest * library.mass(moved))
        return theta, phi, displacement

    def _extrapolated(self, time: float) -> list[Array]:
        times = [then for then, _ in self._past]
        weights = [
            np.prod([(time - other) / (one - other) for other in times if other != one]) for one in times
        ]
        return [
            np.asarray(
                sum(weight * fields[which] for weight, (_, fields) in zip(weights, self._past, strict=True))
            )
            for which in range(3)
        ]


def _differences(time: float, past: list[float]) -> tuple[float, list[float]]:
    """Factors of the new value and of the past ones in dθ/dt, by variable-step BDF2."""
    step = time - past[0]
    if len(past) < 2:
        return 1 / step, [-1 / step]
    ratio = step / (past[0] - past[1])
    lead, *weights = (1 + 2 * ratio) / (1 + ratio), -(1 + ratio), ratio**2 / (1 + ratio)
    return lead / step, [weight / step for weight in weights]


def conjugate_gradients(
    matrix: Operator, preconditioner: Operator, forces: Array, guess: Array
) -> tuple[Array, int]:
    """Solve with a symmetric positive definite matrix; the number of iterations too."""
    enough = _ENERGY**2 * float(forces @ preconditioner(forces))
    solution, residual = guess.copy(), forces - matrix(guess)
    direction = improved = preconditioner(residual)
    size = float(residual @ improved)
    iterations = 0
    while size > enough:
        if iterations == _LIMIT:
            raise RuntimeError("the conjugate gradients did not converge")
        product = matrix(direction)
        length = size / float(direction @ product)
        solution += length * direction
        residual = residual - length * product
        improved = preconditioner(residual)
        before, size = size, float(residual @ improved)
        direction = improved + size / before * direction
        iterations += 1
    return solution, iterations
