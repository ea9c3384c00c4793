"""What one step cannot do without, measured on the very matrices of a run; see README.md for each.

Reaches into private parts of the systems: nobody else needs these.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from petsc4py import PETSc

    from oxyshell.solver.linear import LinearSolver

_STAGES = 6
_ITERATIONS = 12


def measure(system: Any) -> dict[str, float]:
    """The floors of a system that has just been run, s."""
    if not hasattr(system, "_elasticity"):
        return {"rosenbrock": _rosenbrock(system)}
    if system.particle.mesh.topology.dim == 2:
        return {"back_substitution": _elastic_solve(system), "occupancy_solve": _occupancy_solve(system)}
    assembly = _quickest(system._residual) + _quickest(system._jacobian)
    if system._direct:
        return {"elastic_solve": _elastic_solve(system), "step": _elastic_solve(system) + assembly}
    iteration = _iteration(system._elasticity, system._load())
    return {"iteration": iteration, "assembly": assembly, "step": iteration + assembly}


def _rosenbrock(system: Any) -> float:
    """One Jacobian, one factorisation, six residuals, six back-substitutions."""

    def factorise() -> None:
        system._solver.setOperators(system._matrix())
        system._solver.setUp()

    solve = _quickest(lambda: system._solver.solve(system._right, system._solution), 200)
    return _quickest(factorise, 200) + _STAGES * (_quickest(system._rate, 200) + solve)


def _elastic_solve(system: Any) -> float:
    load, solution = system._load(), system._load().duplicate()
    return _quickest(lambda: system._elasticity.ksp.solve(load, solution), 10)


def _occupancy_solve(system: Any) -> float:
    """One factorisation and one solve with the occupancy's matrix."""

    def solve() -> None:
        system._jacobian()
        system._ions.refresh()
        system._ions.ksp.solve(system._residual.vector, system._change)

    return _quickest(solve, 10)


def _iteration(solver: LinearSolver, right: PETSc.Vec) -> float:
    """One iteration of preconditioned CG: the slope between few and many."""
    ksp, solution = solver.ksp, right.duplicate()
    relative, absolute, divergence, limit = ksp.getTolerances()
    ksp.setNormType(ksp.NormType.PRECONDITIONED)

    def iterate(count: int) -> Callable[[], None]:
        def solve() -> None:
            solution.set(0.0)
            ksp.setTolerances(rtol=1e-50, atol=1e-300, max_it=count)
            ksp.solve(right, solution)

        return solve

    seconds = _quickest(iterate(_ITERATIONS)) - _quickest(iterate(2))
    ksp.setTolerances(rtol=relative, atol=absolute, divtol=divergence, max_it=limit)
    return seconds / (_ITERATIONS - 2)


def _quickest(what: Callable[[], Any], repeats: int = 4) -> float:
    best = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        what()
        best = min(best, time.perf_counter() - started)
    return best
