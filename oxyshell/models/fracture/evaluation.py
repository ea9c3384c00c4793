"""Stress intensity of flaws of many depths in a state, by one matrix."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from oxyshell.models.fracture.weight_function import weights
from oxyshell.solver.evaluation import Evaluation, cell_regions
from oxyshell.solver.recorder import Discretised
from oxyshell.solver.state import Array, State

# Parts of a cell between points of its stress. Cubic fields leave σ a quartic but for u/r: with four parts K
# is within 3e-6 of the exact integral of the elements' stress, with eight within 1e-8.
_PARTS = 8
# Depths of flaws per cell of a short line, as closely as peaks of the stress are sought, and per panel of a
# long one, so that a parabola goes through those of a panel.
_CLOSE, _WIDE = 8, 2
_SHORT = 60
# Panels of a long line, which are neighbouring cells: most time steps would be spent on more depths.
_PANELS = 100


@dataclass(frozen=True)
class Deepest:
    """The flaw of the largest stress intensity.

    Attributes:
        value: K, Pa √m; at least 0, that of no flaw.
        depth: a, in R.
    """

    value: float
    depth: float


@dataclass(frozen=True)
class Tip:
    """The material at the end of a flaw.

    Attributes:
        occupancy: θ.
        region: Name of its cells in the mesh.
    """

    occupancy: float
    region: str


class FlawEvaluation:
    """Stress intensity of flaws along the radius; compiled once for all runs of a particle.

    Attributes:
        depths: Depths of flaws, in R, ascending from 0, which is none, shape (depths,).
    """

    def __init__(self, particle: Discretised) -> None:
        """Compile the hoop stress and integrate the weight function.

        Args:
            particle: The discretised particle, along a line.
        """
        self._solved = particle.system
        self._points = Evaluation(self._solved, line_divisions=_PARTS)
        domain, fields = self._solved.domain, self._solved.expressions
        hoop = self._solved.particle.coordinates.hoop(fields.stress, domain.x)
        self._values = self._points.compiled([hoop, fields.occupancy])
        self._nodes = self._points.lattice[:, 0]
        mesh = self._solved.particle
        self._tags, self._names = cell_regions(mesh), {tag: name for name, tag in mesh.regions.items()}
        of_cells = self._points.depth.reshape(-1, self._points.points_per_cell)
        self._ends = of_cells[:, [0, -1]]
        cells = len(self._ends)
        self._divisions = _CLOSE if cells <= _SHORT else _WIDE
        starts = np.sort(self._ends.min(axis=1))[:: math.ceil(cells / _PANELS)]
        self._panels = len(starts)
        self.depths = _between(starts, float(self._ends.max()), self._divisions)
        self._sampled = np.sqrt(particle.everywhere.depth)
        self._matrix = weights(self.depths, self._ends, self._nodes)

    def of_depth(self, depth: float) -> Array:
        """Weights of the stresses for `intensity` of one flaw of a depth in R, shape (1, points)."""
        return weights(np.array([depth]), self._ends, self._nodes)

    def fields(self, state: State) -> tuple[Array, Array]:
        """Hoop stress, Pa, and θ of a state, each of shape (points,)."""
        self._solved.load(state)
        hoop, theta = self._points.values(self._values).T
        return hoop * self._solved.units.stress, theta

    def intensity(self, hoop: Array, of: Array | None = None) -> Array:
        """K of flaws under a hoop stress, Pa √m; below 0 where the stress would press them shut.

        Args:
            hoop: Pa, shape (points,).
            of: Weights that `of_depth` gave; by default, those of the flaws of all `depths`.
        """
        found: Array = (self._matrix if of is None else of) @ hoop * self._solved.units.length**0.5
        return found

    def largest(self, intensity: Array, up_to: float = np.inf) -> Deepest:
        """The flaw of the largest K, also between `depths` by a parabola through three of one panel.

        Args:
            intensity: K of the flaws of all `depths`.
            up_to: Depth in R of the deepest flaw, which is between those of `depths` as `at_profile` has it.
        """
        within = intensity[: int(np.searchsorted(self.depths, up_to, side="right"))]
        i = int(np.argmax(within))
        best = Deepest(float(within[i]), float(self.depths[i]))
        if up_to < self.depths[-1]:
            last = float(np.interp(np.sqrt(up_to), np.sqrt(self.depths), intensity))
            best = max(best, Deepest(last, up_to), key=lambda one: one.value)
        if i == 0:
            return best
        panels = {(i - 1) // self._divisions, min(i // self._divisions, self._panels - 1)}
        tops = [self._top(intensity, i, panel * self._divisions) for panel in sorted(panels)]
        return max([best, *(top for top in tops if top.depth <= up_to)], key=lambda one: one.value)

    def at_profile(self, intensity: Array) -> Array:
        """K of flaws to the points of profiles: between `depths` linear in √a, as K is of a short flaw."""
        return np.interp(self._sampled, np.sqrt(self.depths), intensity)

    def shortest(self, intensity: Array, critical: float) -> float:
        """The smallest depth at which K comes to a critical value, in R; infinite where it does not."""
        reached = np.flatnonzero(intensity >= critical)
        if reached.size == 0:
            return float("inf")
        i = int(reached[0])
        (before, here), (low, high) = intensity[i - 1 : i + 1], np.sqrt(self.depths[i - 1 : i + 1])
        root = low + (high - low) * (critical - before) / (here - before)
        return float(root * root)

    def tip(self, theta: Array, depth: float) -> Tip:
        """Where a flaw of a depth in R ends; at an interface, the material into which it would grow.

        Args:
            theta: θ, shape (points,).
            depth: In R.
        """
        near, far = self._ends.min(axis=1), self._ends.max(axis=1)
        within = np.flatnonzero((near <= depth) & (depth <= far))
        cell = int(within[np.argmax(far[within])])
        first, last = self._ends[cell]
        of_cell = theta.reshape(len(self._ends), -1)[cell]
        occupancy = np.interp((depth - first) / (last - first), self._nodes, of_cell)
        return Tip(float(occupancy), self._names.get(int(self._tags[cell]), ""))

    def _top(self, intensity: Array, i: int, first: int) -> Deepest:
        """The vertex of the parabola through a flaw and its neighbours in a panel that begins at `first`."""
        place = min(max(i, first + 1), first + self._divisions - 1)
        before, here, after = intensity[place - 1 : place + 2].tolist()
        slope, bend = 0.5 * (after - before), after - 2 * here + before
        shift = min(max(-slope / bend, -1.0), 1.0) if bend < 0 else 0.0
        step = 0.5 * float(self.depths[place + 1] - self.depths[place - 1])
        return Deepest(here + shift * (slope + 0.5 * shift * bend), float(self.depths[place]) + shift * step)


def _between(starts: Array, end: float, divisions: int) -> Array:
    """Depths that divide panels into equal parts, from their smallest depths and the largest of all."""
    edges = np.append(starts, end)
    inner = edges[:-1, None] + np.diff(edges)[:, None] * np.arange(divisions) / divisions
    return np.append(inner.reshape(-1), end)
