"""A number in equilibrium with a state: its own equation solved, all other unknowns being as they are."""

from __future__ import annotations

import math

import ufl
from dolfinx import fem

from oxyshell.errors import SolverError
from oxyshell.solver.assembly import Scalar

# Newton's method is left for a bracket where it has not converged by then, or jumps by more than this.
_NEWTON_LIMIT = 6
_JUMP = 0.02
# A change by less than this, of the value or of one, is round-off: it is not made, so that a value in
# equilibrium stays the same to the last bit.
ROUND_OFF = 4e-16
# A bracket grows from this by factors of two.
_FIRST, _GROWTH, _GROWTHS = 0.05, 2.0, 12


class Settling:
    """Solves f(v) = 0 for the one value v of a function, f monotone in v."""

    def __init__(self, name: str, function: fem.Function, residual: ufl.Form, test: ufl.Argument) -> None:
        """Compile f and its derivative.

        Args:
            name: Of the value, for messages.
            function: In a space of one number.
            residual: Its equation, linear in the test function.
            test: The test function.
        """
        mesh = function.function_space.mesh
        self._name, self._function, self._comm = name, function, mesh.comm
        one = fem.Constant(mesh, 1.0)
        trial = ufl.TrialFunction(function.function_space)
        slope = ufl.replace(ufl.derivative(residual, function, trial), {test: one, trial: one})
        self._residual = Scalar(ufl.replace(residual, {test: one}), mesh.comm)
        self._slope = Scalar(slope, mesh.comm)

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        self._residual.refresh()
        self._slope.refresh()

    def __call__(self) -> float:
        """The value, which the function has from then on.

        Raises:
            SolverError: If there is none.
        """
        present = float(self._function.x.array[0])
        found = self._by_newton(present)
        if not math.isfinite(found):
            found = self._by_bracket(present)
        self._put(found)
        return found

    def _put(self, value: float) -> None:
        self._function.x.array[:] = value

    def _at(self, value: float) -> float:
        self._put(value)
        return self._residual()

    def _by_newton(self, value: float) -> float:
        """The solution near a value; not a number if it is not near."""
        for _ in range(_NEWTON_LIMIT):
            residual = self._at(value)
            slope = self._slope()
            change = -residual / slope if slope else math.nan
            if not abs(change) <= _JUMP:
                return math.nan
            if abs(change) <= ROUND_OFF * max(abs(value), 1.0):
                return value
            value += change
        # Round-off of the residual may be more than that: what is left of the change is as small as it gets.
        return value if abs(change) <= 1e-11 * max(abs(value), 1.0) else math.nan

    def _by_bracket(self, value: float) -> float:
        from scipy.optimize import brentq

        start = self._at(value)
        if start == 0.0:
            return value
        if not math.isfinite(start):
            raise SolverError(f"the equation of the {self._name} is no longer finite")
        width = -math.copysign(_FIRST, start)
        for _ in range(_GROWTHS):
            if self._at(value + width) * start <= 0:
                return float(brentq(self._at, value, value + width, xtol=1e-15, rtol=8.9e-16))
            width *= _GROWTH
        reach = abs(width) / _GROWTH
        raise SolverError(
            f"what is set would drive the {self._name} farther than {reach:.3g} away from {value:.4g}"
        )
