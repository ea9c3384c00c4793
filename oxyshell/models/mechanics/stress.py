"""Stresses and displacements at points, and where stresses are largest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import ufl
from mpi4py import MPI

from oxyshell.models.base.geometry import CORE
from oxyshell.models.mechanics.observables import MEASURES
from oxyshell.models.mechanics.principal import largest_principal
from oxyshell.solver.evaluation import Evaluate, Evaluation, Solved
from oxyshell.solver.state import Array, State

# Peaks are sought in so many steps along a line's cell, and in a parabola through the best three places.
_PEAK_DIVISIONS = 8
# Stresses that differ by less than this share are as large: round-off does not say where the peak is.
_AS_LARGE = 1e-9
# Lengths below this, in R, are round-off.
_LEAST = 1e-9
_NOWHERE = (0.0, 0.0, 0.0)
# Of a ball, depth and distance from the centre add up to R within the error of its geometry.
_BALL = 1e-2
# Column of the hoop stress among `stress_entries`.
_HOOP = 7


@dataclass(frozen=True, eq=False)
class StressSample:
    """Stress at points, Pa; every array has shape (points,).

    Attributes:
        radial: σ_r, along the direction away from the centre.
        hoop: Stress along the circumference; in a solid, the mean of the two directions across the radius.
        first_principal: Largest principal stress σ_1.
        von_mises: Equivalent stress.
        hydrostatic: σ_h = tr σ/3.
        components: σ in the local frame as (11, 22, 33, 12, 13, 23), shape (points, 6).
    """

    radial: Array
    hoop: Array
    first_principal: Array
    von_mises: Array
    hydrostatic: Array
    components: Array


@dataclass(frozen=True, eq=False)
class Displacements:
    """Displacements at points, m.

    Attributes:
        vectors: In the mesh's own directions, shape (points, components).
        radial: Away from the centre, shape (points,).
    """

    vectors: Array
    radial: Array


class Peak(NamedTuple):
    """Where a stress is largest.

    Attributes:
        value: Pa.
        depth: m.
        radius: m.
        region: Name of the region; empty where there is only one.
        position: x, y and z of a solid, m; of a body of revolution (r, 0, z); zeros on a line.
    """

    value: float
    depth: float
    radius: float
    region: str = ""
    position: tuple[float, float, float] = _NOWHERE


class StressEvaluation:
    """Stresses, their peaks and displacements at the points of an evaluation."""

    def __init__(self, points: Evaluation) -> None:
        """Compile the expressions.

        Args:
            points: Where values are wanted.
        """
        self._points, self._solved, self._comm = points, points.solved, points.solved.particle.mesh.comm
        coordinates = self._solved.particle.coordinates
        self._components = coordinates.displacement_components
        self._radial = coordinates.radial_components
        self._stress = points.compiled(stress_entries(self._solved))
        line = self._solved.particle.mesh.topology.dim == 1
        self._sought = _BetweenPoints(points) if line else _AtPoints(points)
        core, *others = (name for name, _ in self._solved.symbols.parts)
        self._regions = [core or CORE, *others] if others else [""]

    @cached_property
    def _displacement(self) -> Evaluate:
        displacement = self._solved.expressions.displacement
        return self._points.compiled([displacement] if self._components == 1 else [*displacement])

    def stress(self, state: State) -> StressSample:
        """The stresses of a state."""
        return stress_sample(self._values(state))

    def step(self, state: State) -> tuple[Mapping[str, Peak], float, float]:
        """The peaks of a state, its hoop stress at the surface and its hydrostatic one at the centre, Pa."""
        values, points = self._values(state), self._points
        return (
            self._peaks(self._sought.of_values(values)),
            points.at_surface(values[:, _HOOP]),
            points.mean(_hydrostatic(values[points.centre])),
        )

    def _values(self, state: State) -> Array:
        """Values of `stress_entries`, Pa, shape (points, entries)."""
        self._solved.load(state)
        return self._points.values(self._stress) * self._solved.units.stress

    def displacement(self, state: State) -> Displacements:
        """The displacements of a state."""
        self._solved.load(state)
        vectors = self._points.values(self._displacement) * self._solved.units.length
        if self._components == 1:
            return Displacements(vectors, vectors[:, 0])
        outwards = self._points.coordinates[:, : self._radial]
        along = (vectors[:, : self._radial] * outwards).sum(axis=1)
        radial: Array = along / np.maximum(self._points.radius, 1e-12)
        return Displacements(vectors, radial)

    def peaks(self, stress: StressSample) -> Mapping[str, Peak]:
        """Where each of `MEASURES` is largest, over all processes; of equal ones, nearest to the surface.

        On a radial line also between the points, of solids at them.
        """
        return self._peaks(self._sought.measures(stress))

    def _peaks(self, values: Array) -> Mapping[str, Peak]:
        """As `peaks`, of `MEASURES` at the places where they are sought, shape (measures, places)."""
        length, comm, sought = self._solved.units.length, self._comm, self._sought
        largest, is_shared = np.maximum.reduce(values, axis=1, initial=-np.inf), comm.size > 1
        if is_shared:
            largest = np.array([comm.allreduce(value, MPI.MAX) for value in largest.tolist()])
        as_large = values >= (largest - _AS_LARGE * np.abs(largest))[:, None]
        outermost = sought.outermost(as_large)
        found = {}
        for name, value, own, i in zip(MEASURES, largest.tolist(), values, outermost, strict=True):
            place = (np.inf, 0.0, 0, _NOWHERE)
            if i is not None:
                beyond, depth, radius = sought.top(own, i)
                value, place = max(value, beyond), (depth, radius, sought.parts.item(i), sought.position(i))
            if is_shared:
                place = comm.allreduce(place, MPI.MIN)
            depth, radius, *position = (
                length * at if abs(at) >= _LEAST else 0.0 for at in (*place[:2], *place[3])
            )
            x, y, z = position
            found[name] = Peak(value, depth, radius, self._regions[place[2]], (x, y, z))
        return found

    def is_placed(self) -> bool:
        """Whether a peak's depth leaves its place open: of a body in two or three dimensions but a ball."""
        if self._solved.particle.mesh.topology.dim == 1:
            return False
        points, comm = self._points, self._comm
        sizes = points.depth + np.linalg.norm(points.coordinates, axis=1)
        largest = comm.allreduce(float(sizes.max(initial=-np.inf)), MPI.MAX)
        least = comm.allreduce(float(sizes.min(initial=np.inf)), MPI.MIN)
        return bool(largest - least > _BALL * largest)


def stress_entries(solved: Solved) -> list[Any]:
    """Scalar expressions from whose values, in units of a system's stress, `stress_sample` makes its own."""
    domain, coordinates, sigma = solved.domain, solved.particle.coordinates, solved.expressions.stress
    direction = coordinates.radial_direction(domain.x)
    along = ufl.dot(direction, sigma * direction)
    # Where there is no direction, at the centre, the stress is the same in all.
    missing = 1 - ufl.dot(direction, direction)
    radial = along + missing * ufl.tr(sigma) / 3
    return [
        *(sigma[i, j] for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))),
        radial,
        coordinates.hoop(sigma, domain.x),
    ]


def stress_sample(values: Array) -> StressSample:
    """The stresses of points.

    Args:
        values: Of `stress_entries`, Pa, shape (points, entries).
    """
    components = values[:, :6]
    # Column by column: sums along such short rows take several times as long.
    deviator = components.T.copy()
    hydrostatic = (deviator[0] + deviator[1] + deviator[2]) / 3
    deviator[:3] -= hydrostatic
    a, b, c, d, e, f = deviator**2
    norm = a + b + c + 2 * (d + e + f)
    return StressSample(
        radial=values[:, 6],
        hoop=values[:, _HOOP],
        first_principal=hydrostatic + largest_principal(deviator, norm),
        von_mises=np.sqrt(1.5 * norm),
        hydrostatic=hydrostatic,
        components=components,
    )


def _hydrostatic(values: Array) -> Array:
    """σ_h of `stress_entries`."""
    first, second, third = values.T[:3]
    trace: Array = first + second + third
    return trace / 3


class _AtPoints:
    """Peaks at the points themselves."""

    def __init__(self, points: Evaluation) -> None:
        self.depth, self._radius, self.parts = points.depth, points.radius, points.parts
        self._coordinates = points.coordinates
        self._turned = points.solved.particle.mesh.topology.dim == 2

    @cached_property
    def _from_outside(self) -> npt.NDArray[np.intp]:
        """The places, nearest to the surface first."""
        return np.argsort(self.depth, kind="stable")

    def of_values(self, values: Array) -> Array:
        """`MEASURES` where they are sought, of the values of `stress_entries`, shape (measures, places)."""
        return self.measures(stress_sample(values))

    def measures(self, stress: StressSample) -> Array:
        """The same, of stresses at the points."""
        return np.array([getattr(stress, name) for name in MEASURES])

    def outermost(self, chosen: npt.NDArray[np.bool_]) -> list[int | None]:
        """Of each measure the chosen place that is nearest to the surface, if there is one.

        Args:
            chosen: Shape (measures, places).
        """
        if not self.depth.size:
            return [None for _ in chosen]
        first = self._from_outside[chosen.take(self._from_outside, axis=1).argmax(axis=1)].tolist()
        return [place if chosen.item(number, place) else None for number, place in enumerate(first)]

    def position(self, i: int) -> tuple[float, float, float]:
        """x, y and z of a place in R."""
        x, y, z = self._coordinates[i].tolist()
        return (x, 0.0, y) if self._turned else (x, y, z)

    def top(self, values: Array, i: int) -> tuple[float, float, float]:
        """The peak at or beside a place: its value, and its depth and radius in R."""
        return float(values[i]), float(self.depth[i]), float(self._radius[i])


class _BetweenPoints(_AtPoints):
    """Peaks anywhere on a radial line.

    The components of the stress are smooth in a cell, unlike the largest of them: they are interpolated by
    one polynomial through a cell's points, and the measures made from that. Cubic fields leave σ a cubic but
    for u/r, so that five points have it nearly exactly.
    """

    def __init__(self, points: Evaluation) -> None:
        super().__init__(points)
        fine, lattice = np.linspace(0.0, 1.0, _PEAK_DIVISIONS + 1), points.lattice[:, 0]
        self._points = len(lattice)
        self._interpolation = _lagrange(lattice, fine)
        self.depth, self._radius = (
            _along(fine, place.reshape(-1, self._points)) for place in (points.depth, points.radius)
        )
        self.parts = points.parts[:: self._points].repeat(len(fine))

    def of_values(self, values: Array) -> Array:
        return self._between(values[:, :3])

    def measures(self, stress: StressSample) -> Array:
        return self._between(stress.components[:, :3])

    def position(self, i: int) -> tuple[float, float, float]:
        """Nowhere: of a place on a line, depth and radius say all."""
        return _NOWHERE

    def top(self, values: Array, i: int) -> tuple[float, float, float]:
        """The vertex of the parabola through a place and its two neighbours in the cell."""
        in_cell = i % (_PEAK_DIVISIONS + 1)
        place = i - in_cell + min(max(in_cell, 1), _PEAK_DIVISIONS - 1)
        before, here, after = values[place - 1 : place + 2].tolist()
        slope, bend = 0.5 * (after - before), after - 2 * here + before
        shift = min(max(-slope / bend, -1.0), 1.0) if bend < 0 else 0.0
        value, found = here + shift * (slope + 0.5 * shift * bend), values.item(i)
        # Round-off does not say where the peak is.
        if value - found <= _AS_LARGE * abs(value):
            return found, self.depth.item(i), self._radius.item(i)
        step = 0.5 * (self._radius.item(place + 1) - self._radius.item(place - 1))
        return value, self.depth.item(place) - shift * step, self._radius.item(place) + shift * step

    def _between(self, principal: Array) -> Array:
        """The measures between the points, of the principal stresses at them, shape (points, 3)."""
        fine = principal.T.reshape(-1, self._points) @ self._interpolation.T
        first, second, third = fine.reshape(3, -1)
        one, other = first - second, second - third
        found = np.empty((len(MEASURES), second.size))
        np.maximum(np.maximum(first, second), third, out=found[0])
        found[1] = second
        # (a² + b² + (a + b)²)/2, from the differences of the principal stresses.
        np.sqrt(one * one + other * other + one * other, out=found[2])
        return found


def _lagrange(nodes: Array, places: Array) -> Array:
    """The polynomials that are 1 at one node and 0 at the others, at places, shape (places, nodes)."""
    others = ~np.eye(len(nodes), dtype=bool)
    factors = (places[:, None, None] - nodes) / np.where(others, nodes[:, None] - nodes, 1.0)
    polynomials: Array = np.prod(factors, axis=2, where=others)
    return polynomials


def _along(fine: Array, ends: Array) -> Array:
    """A coordinate at places in cells of a line, from that at their points, shape (cells, points)."""
    first, last = ends[:, :1], ends[:, -1:]
    return np.asarray((1.0 - fine) * first + fine * last).reshape(-1)
