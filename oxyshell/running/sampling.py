"""Radial profiles from the values at an evaluation's points."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
from mpi4py import MPI

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.solver.evaluation import Evaluation, cell_regions
from oxyshell.solver.state import Array

# In R: two sides of an interface whose places differ by less, by round-off, are at one place.
_ALIKE = 1e-9


class Sampler(Protocol):
    """A way in which radial profiles are taken from an evaluation's points, from the centre outwards.

    Attributes:
        radius: Distances from the centre in units of R, shape (points of the profile,).
        depth: Depths in units of R, shape (points of the profile,).
    """

    radius: Array
    depth: Array

    def average(self, values: Array) -> Array:
        """A profile of values at the evaluation's points."""


class PointSampler:
    """Profiles of a radial line: the points themselves, element by element.

    Where two elements meet, the profile has the values of both.
    """

    def __init__(self, evaluation: Evaluation) -> None:
        per_cell = evaluation.points_per_cell
        middle = evaluation.radius.reshape(-1, per_cell).mean(axis=1).repeat(per_cell)
        self._order = np.lexsort((evaluation.radius, middle))
        self.radius = evaluation.radius[self._order]
        self.depth = evaluation.depth[self._order]

    def average(self, values: Array) -> Array:
        return values[self._order]


class LevelSampler:
    """Profiles of a body: means over the points of (nearly) the same depth, over all processes.

    Means are over the points of one region, where regions are given: at an interface there are two.
    """

    def __init__(
        self, evaluation: Evaluation, levels: Array, regions: npt.NDArray[np.int64], comm: MPI.Comm
    ) -> None:
        """Assign the points to levels.

        Args:
            evaluation: The points.
            levels: Depths in R, ascending from 0.
            regions: Number of each point's region, from 0, shape (points,).
            comm: Communicator of the mesh.
        """
        self._comm = comm
        ranks = self._from_the_surface(evaluation.depth, regions)
        edges = 0.5 * (levels[1:] + levels[:-1])
        self._place = np.searchsorted(edges, evaluation.depth) * len(ranks) + ranks[regions]
        self._count = len(levels) * len(ranks)
        total = self._sum(np.ones_like(evaluation.depth))
        self._used = total > 0
        self._points = total[self._used]
        self.radius = self.average(evaluation.radius)
        self.depth = self.average(evaluation.depth)
        if len(ranks) > 1:
            together = np.flatnonzero(np.abs(np.diff(self.depth)) <= _ALIKE)
            for place in (self.radius, self.depth):
                place[together + 1] = place[together]

    def average(self, values: Array) -> Array:
        # From the centre outwards, as on a line: levels ascend from the surface.
        mean: Array = (self._sum(values)[self._used] / self._points)[::-1]
        return mean

    def _from_the_surface(self, depth: Array, regions: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
        """The place of each region among all, those with points near the surface first."""
        count = self._comm.allreduce(int(regions.max(initial=0)), op=MPI.MAX) + 1
        sums = [np.bincount(regions, weights=weights, minlength=count) for weights in (depth, None)]
        depths, points = (np.asarray(self._comm.allreduce(one)) for one in sums)
        return np.argsort(np.argsort(depths / np.maximum(points, 1), kind="stable"))

    def _sum(self, values: Array) -> Array:
        own = np.bincount(self._place, weights=values, minlength=self._count)
        return np.asarray(self._comm.allreduce(own)) if self._comm.size > 1 else own


def sampler(particle: ParticleMesh, evaluation: Evaluation) -> Sampler:
    """The way in which radial profiles of a particle are taken."""
    if particle.mesh.topology.dim == 1:
        return PointSampler(evaluation)
    regions = cell_regions(particle).astype(np.int64).repeat(evaluation.points_per_cell)
    # Without interfaces fields are continuous, and a depth has one mean.
    return LevelSampler(evaluation, particle.levels, regions * particle.interfaces, particle.mesh.comm)
