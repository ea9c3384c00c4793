"""The charge of a uniform octant without units, its mesh, and the time steps that are to be taken.

θ' = ∇·(∇θ − θ(1 − θ) ∇W), W = w tr σ, σ = C(1, ν):(ε(u) − (θ − θ0) I), w = b (1 − ν)/2;
∇·σ = 0, free surface. Lengths are in R, times in R²/D, stresses in E Ω c_s/3.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Mesh:
    """Tetrahedra of second order.

    Attributes:
        points: Vertices, shape (vertices, 3).
        cells: Vertices of the tetrahedra, shape (cells, 4).
        edges: Vertices of the edges, shape (edges, 2).
        middles: Points in the middle of the edges, shape (edges, 3).
        surface: Vertices of the facets on the sphere, shape (facets, 3).
        planes: Those on the symmetry planes x = 0, y = 0 and z = 0.
    """

    points: Array
    cells: Integers
    edges: Integers
    middles: Array
    surface: Integers
    planes: tuple[Integers, Integers, Integers]

    @classmethod
    def read(cls, path: Path) -> Mesh:
        """The mesh of a file of arrays."""
        with np.load(path) as arrays:
            planes = tuple(arrays[f"plane_{axis}"] for axis in "xyz")
            return cls(**{name: arrays[name] for name in arrays if "plane" not in name}, planes=planes)

    def middles_of(self, edges: Integers) -> Array:
        """The middles of edges in another order, shape (edges, 3)."""
        key = len(self.points) * np.sort(self.edges, axis=1)[:, 0] + np.sort(self.edges, axis=1)[:, 1]
        order = np.argsort(key)
        ends = np.sort(edges, axis=1)
        wanted = len(self.points) * ends[:, 0] + ends[:, 1]
        return np.asarray(self.middles[order[np.searchsorted(key[order], wanted)]])


@dataclass(frozen=True)
class Charge:
    """The numbers of a charge.

    Attributes:
        coupling: b.
        flux: Outward flux while the surface is not exhausted.
        margin: Occupancy of the surface below which the flux falls.
        occupancy: θ0.
        poisson_ratio: ν.
        stress: E Ω c_s/3, MPa.
        times: Ends of the time steps, beginning with 0.
        reported: Number of the steps after which the stress is asked for.
    """

    coupling: float
    flux: float
    margin: float
    occupancy: float
    poisson_ratio: float
    stress: float
    times: Array
    reported: tuple[int, ...]

    @classmethod
    def of(cls, task: dict[str, Any]) -> Charge:
        """The charge of a worker's task."""
        names = ("coupling", "flux", "margin", "occupancy", "poisson_ratio")
        unit = task["stress_MPa"] * (1 - task["poisson_ratio"])
        return cls(
            **{name: task[name] for name in names}, stress=unit, times=np.array(task["times"]),
            reported=tuple(task["reported"]),
        )  # fmt: skip

    @property
    def work(self) -> float:
        """The factor w of the stress work."""
        return self.coupling * (1 - self.poisson_ratio) / 2

    @property
    def lame(self) -> tuple[float, float]:
        """λ and μ over E."""
        nu = self.poisson_ratio
        return nu / ((1 + nu) * (1 - 2 * nu)), 1 / (2 * (1 + nu))

    @property
    def bulk(self) -> float:
        """3λ + 2μ over E."""
        return 1 / (1 - 2 * self.poisson_ratio)
