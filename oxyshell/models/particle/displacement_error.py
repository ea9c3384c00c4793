"""Error of the displacement that an iterative solver may leave, by the tolerance of a step."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from dolfinx import fem
from petsc4py import PETSc

# What is left has no more energy than an error of the occupancy by this share of a step's tolerance gives; of
# no larger tolerance than this.
_SHARE, _LARGEST = 0.01, 1e-4
# Occupancies at which that is measured: the lowest, and how much higher it is at the radius 1.
_LOWEST, _SPAN = 0.1, 0.8


def allowed(tolerance: float, unit_energy: float) -> float:
    """The largest error of the displacement in the norm of energy, (GPa R³)^½.

    Args:
        tolerance: Largest error of the occupancy in a step.
        unit_energy: As `energy_of_unit_occupancy` has it.
    """
    return _SHARE * min(tolerance, _LARGEST) * math.sqrt(unit_energy)


def energy_of_unit_occupancy(
    theta: fem.Function,
    changing: Sequence[fem.Function],
    load: Callable[[], PETSc.Vec],
    energy: Callable[[PETSc.Vec], float],
) -> float:
    """The energy of the displacement by an occupancy that rises by 1 as the square of the radius, GPa R³.

    It is that of a material, not of a state: a run that is resumed has been in other states.

    Args:
        theta: Occupancy.
        changing: Further functions that the load depends on.
        load: The load at their present values; the same vector at every call.
        energy: Energy of the displacement by a load, at their present values.
    """
    functions = [theta, *changing]
    present = [function.x.array.copy() for function in functions]
    for function in functions:
        function.x.array[:] = 0.0
    theta.x.array[:] = _LOWEST
    uniform = load().copy()
    theta.x.array[:] += _SPAN * (theta.function_space.tabulate_dof_coordinates() ** 2).sum(axis=1)
    curved = load()
    curved.axpy(-1.0, uniform)
    found = energy(curved) / _SPAN**2
    for function, values in zip(functions, present, strict=True):
        function.x.array[:] = values
    return found
