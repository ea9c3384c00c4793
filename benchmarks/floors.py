"""Lower bounds for the time of a step, measured on the matrices of a run; see README.md for each.

Reads private parts of the systems: nothing else needs these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from benchmarks.clock import now

if TYPE_CHECKING:
    from petsc4py import PETSc

    from oxyshell.solver.linear.krylov import LinearSolver

_STAGES = 6
_ITERATIONS = 12


def measure(system: Any) -> dict[str, Any]:
    """The floors of a system that has just been run, s."""
    if not hasattr(system, "elasticity"):
        return {"rosenbrock": _stages(system, 200)}
    if system.particle.mesh.topology.dim == 2:
        return {"back_substitution": _elastic_solve(system), "occupancy_solve": _occupancy_solve(system)}
    assembly = _quickest(system._residual) + _quickest(system._jacobian)
    if system.elasticity._direct:
        return {"elastic_solve": _elastic_solve(system), "step": _elastic_solve(system) + assembly}
    solver = system.elasticity._solver
    iteration = _iteration(solver, system.elasticity._load())
    kind = solver.ksp.getOperators()[0].getType()
    return {"iteration": iteration, "assembly": assembly, "step": iteration + assembly, "matrix": kind}


def oxygen(system: Any) -> float:
    """A step of the oxygen without the Python around it, s; on the matrix of its last step."""
    return _stages(system, 200 if system.size < 1000 else 10)


def petsc_algebra(system: Any) -> Any:
    """The system's assembly and factorisation by PETSc, also where a compiled loop takes its place.

    Where one unknown is eliminated cell by cell, that of the others.
    """
    from oxyshell.solver.petsc_algebra import PetscAlgebra

    algebra = system._algebra
    if hasattr(algebra, "_others"):
        return algebra._others
    return PetscAlgebra(algebra._equations, system.degrees_of_freedom)


def _stages(system: Any, repeats: int) -> float:
    """One Jacobian, one factorisation, six residuals, six back-substitutions."""
    algebra = petsc_algebra(system)
    direct = algebra._solver
    factors = direct._solver

    def factorise() -> None:
        direct.factorise(algebra._matrix())
        factors.setUp()

    factorised = _quickest(factorise, repeats)
    solve = _quickest(lambda: factors.solve(direct._right, direct._solution), repeats)
    residual = sum(_quickest(rate, repeats) for rate, _, _ in algebra._rates)
    return factorised + _STAGES * (residual + solve)


def _elastic_solve(system: Any) -> float:
    elasticity = system.elasticity
    load, solution = elasticity._load(), elasticity._load().duplicate()
    return _quickest(lambda: elasticity._solver.ksp.solve(load, solution), 10)


def _occupancy_solve(system: Any) -> float:
    """One factorisation and one solve with the occupancy's matrix."""
    residual = system._residual.vector
    change = residual.duplicate()

    def solve() -> None:
        system._jacobian()
        system._ions.refresh()
        system._ions.ksp.solve(residual, change)

    return _quickest(solve, 10)


def _iteration(solver: LinearSolver, right: PETSc.Vec) -> float:
    """One iteration of CG with the run's matrix and preconditioner: the slope between few and many.

    With a Krylov solver of its own, so that guess and stopping of the run's do not matter.
    """
    from petsc4py import PETSc

    ksp, solution = PETSc.KSP().create(right.comm), right.duplicate()
    ksp.setOperators(*solver.ksp.getOperators())
    ksp.setPC(solver.ksp.getPC())
    ksp.setType(ksp.Type.CG)
    ksp.setNormType(ksp.NormType.NONE)

    def iterate(count: int) -> Callable[[], None]:
        def solve() -> None:
            ksp.setTolerances(rtol=1e-50, atol=1e-300, max_it=count)
            ksp.solve(right, solution)

        return solve

    return (_quickest(iterate(_ITERATIONS)) - _quickest(iterate(2))) / (_ITERATIONS - 2)


def _quickest(what: Callable[[], Any], repeats: int = 4) -> float:
    best = float("inf")
    for _ in range(repeats):
        started = now()
        what()
        best = min(best, now() - started)
    return best
