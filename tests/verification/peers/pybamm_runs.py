"""The free homogeneous sphere in PyBaMM. Imports nothing of oxyshell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.pybamm_sphere import Equations, discretised
from tests.verification.peers.problem import Sphere

type Array = NDArray[np.float64]


@dataclass(frozen=True)
class ParticleRun:
    """What PyBaMM found.

    Attributes:
        nodes: r/R of the cells' middles, and of the surface.
        theta: θ there, shape (times, nodes).
        hoop: σ_θ at the surface, Pa, shape (times,).
    """

    nodes: Array
    theta: Array
    hoop: Array


def solve(pybamm: Any, sphere: Sphere, cells: int, times: Array, tolerance: float) -> ParticleRun:
    """Occupancies and stress at some times, s, on cells of one size."""
    equations = Equations(
        coupling=sphere.coupling,
        mobility=sphere.mobility,
        outward=sphere.outward,
        occupancy=sphere.occupancy,
        stress=sphere.biaxial_modulus * sphere.strain,
    )
    moments = np.concatenate([[0.0], np.asarray(times) / sphere.time_unit])
    solver = pybamm.IDAKLUSolver(rtol=tolerance, atol=1e-2 * tolerance)
    model = discretised(equations, cells, stretch=0.0)
    found = solver.solve(model, [0, moments[-1]], t_interp=moments)
    theta, surface, hoop = (
        found[name].entries.reshape(-1, moments.size) for name in ("theta", "surface", "hoop")
    )
    nodes = np.append((np.arange(cells) + 0.5) / cells, 1.0)
    return ParticleRun(nodes, np.vstack([theta, surface]).T[1:], hoop[0, 1:])
