"""Values of the solved fields at points: cell by cell, exactly as the finite elements have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import basix
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, la
from mpi4py import MPI

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.dimension import Units
from oxyshell.models.particle import ParticleModel
from oxyshell.models.weak_forms import Domain
from oxyshell.solver import compiling
from oxyshell.solver.state import Array, State

MEASURES = ("first_principal", "hoop", "von_mises")
# Points per cell along an edge, minus one: of a radial line, and of a two- or three-dimensional cell.
_LINE_DIVISIONS = 4
_CELL_DIVISIONS = 2
PROFILE_DIVISIONS = 16
"""Of a radial line whose points are joined by straight lines: with the shipped meshes and scenarios those are
off by less than 1e-3 of the largest value."""
# Peaks are sought in so many steps along a line's cell, and in a parabola through the best three places.
_PEAK_DIVISIONS = 8
# Stresses that differ by less than this share are as large: round-off does not say where the peak is.
_AS_LARGE = 1e-9


class Solved(Protocol):
    """What the evaluation needs of a solved system."""

    particle: ParticleMesh
    domain: Domain
    fields: tuple[ufl.core.expr.Expr, ...]

    @property
    def symbols(self) -> ParticleModel:
        """The model whose numbers are symbols."""

    @property
    def units(self) -> Units:
        """The units of the fields."""

    def load(self, state: State) -> None:
        """Put a state's values into `fields`."""


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
class Sample:
    """All fields at points.

    Attributes:
        occupancy: θ, shape (points,).
        concentration: c, mol/m³, shape (points,).
        displacement: m, in the mesh's own directions, shape (points, components).
        radial_displacement: m, shape (points,).
        stress: Stresses, Pa.
    """

    occupancy: Array
    concentration: Array
    displacement: Array
    radial_displacement: Array
    stress: StressSample


@dataclass(frozen=True)
class Peak:
    """Where a stress is largest.

    Attributes:
        value: Pa.
        depth: m.
        radius: m.
    """

    value: float
    depth: float
    radius: float


class Evaluation:
    """Evaluates fields on a lattice of points in every cell of this process, or at its vertices.

    Attributes:
        coordinates: Positions in units of R, shape (points, 3).
        depth: Depths in units of R, shape (points,).
        radius: Distances from the centre in units of R, shape (points,).
        points_per_cell: How many points one cell has; points are ordered cell by cell (not at vertices).
    """

    def __init__(
        self, solved: Solved, at_vertices: bool = False, line_divisions: int = _LINE_DIVISIONS
    ) -> None:
        """Compile the expressions.

        Args:
            solved: The system that holds the fields.
            line_divisions: Into how many parts the points divide a cell of a radial line.
            at_vertices: Whether to give each vertex one value, the mean over the cells of one region that
                meet there, instead of every cell its own values. Stresses that are linear in a cell peak at
                its vertices, and their mean is closer to the truth than what a single cell says.
        """
        self._solved = solved
        particle, domain = solved.particle, solved.domain
        mesh, coordinates = particle.mesh, particle.coordinates
        line = mesh.topology.dim == 1
        chosen = 1 if at_vertices else (line_divisions if line else _CELL_DIVISIONS)
        lattice = basix.create_lattice(mesh.basix_cell(), chosen, basix.LatticeType.equispaced, True)
        self.points_per_cell = len(lattice)
        self.lattice = lattice
        self._cells = np.arange(mesh.topology.index_map(mesh.topology.dim).size_local, dtype=np.int32)
        self._merge = _vertex_means(particle, self._cells) if at_vertices else _as_they_are
        sigma = solved.fields[3]
        direction = coordinates.radial_direction(domain.x)
        along = ufl.dot(direction, sigma * direction)
        # Where there is no direction, at the centre, the stress is the same in all.
        missing = 1 - ufl.dot(direction, direction)
        radial = along + missing * ufl.tr(sigma) / 3
        self._components = coordinates.displacement_components
        self._stress = self.compiled(
            [
                *(sigma[i, j] for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))),
                radial,
                coordinates.hoop(sigma, domain.x),
            ]
        )
        place = self.compiled([domain.position.depth, coordinates.radius(domain.x), *domain.x])
        fixed = self.values(place)
        # Quadratic cells follow a sphere to a few parts in a million; a depth just below zero is the surface.
        self.depth: Array = np.maximum(fixed[:, 0], 0.0)
        self.radius: Array = fixed[:, 1]
        self.coordinates: Array = np.zeros((len(fixed), 3))
        self.coordinates[:, : fixed.shape[1] - 2] = fixed[:, 2:]
        self._surface = self._nearest(self.depth)
        self._centre = self._nearest(self.radius)
        self._sought: _Sought = (
            _BetweenPoints(lattice[:, 0], self.depth, self.radius)
            if line
            else _AtPoints(self.depth, self.radius)
        )

    @cached_property
    def _content(self) -> fem.Expression:
        theta, displacement, _, _ = self._solved.fields
        moved = [displacement] if self._components == 1 else [*displacement]
        sites = self._solved.symbols.host.sites(self._solved.domain.position)
        return self.compiled([theta, theta * sites, *moved])

    def sample(self, state: State) -> Sample:
        """All fields of a state."""
        self._solved.load(state)
        units = self._solved.units
        values = self.values(self._content)
        displacement = values[:, 2:] * units.length
        return Sample(
            occupancy=values[:, 0],
            concentration=values[:, 1] * units.amount / units.length**3,
            displacement=displacement,
            radial_displacement=self._along_radius(displacement),
            stress=self._stresses(),
        )

    def stress(self, state: State) -> StressSample:
        """The stresses of a state."""
        self._solved.load(state)
        return self._stresses()

    def peaks(self, stress: StressSample) -> Mapping[str, Peak]:
        """Where each of `MEASURES` is largest, over all processes; of equal ones, nearest to the surface.

        On a radial line also between the points, of solids at them.
        """
        return {name: self._peak(values) for name, values in self._sought.measures(stress).items()}

    def at_surface(self, values: Array) -> float:
        """Mean of values over the points nearest to the surface, over all processes."""
        return self._mean_over(values, self._surface)

    def at_centre(self, values: Array) -> float:
        """Mean of values over the points nearest to the centre, over all processes."""
        return self._mean_over(values, self._centre)

    def _nearest(self, key: Array) -> npt.NDArray[np.intp]:
        comm = self._solved.particle.mesh.comm
        nearest = comm.allreduce(float(key.min(initial=np.inf)), MPI.MIN)
        return np.flatnonzero(key <= nearest + 1e-9)

    def _mean_over(self, values: Array, chosen: npt.NDArray[np.intp]) -> float:
        total, count = float(values[chosen].sum()), chosen.size
        comm = self._solved.particle.mesh.comm
        if comm.size > 1:
            total, count = comm.allreduce(total), comm.allreduce(count)
        return total / count

    def _peak(self, values: Array) -> Peak:
        length, comm = self._solved.units.length, self._solved.particle.mesh.comm
        value = float(values.max(initial=-np.inf))
        if comm.size > 1:
            value = comm.allreduce(value, MPI.MAX)
        as_large = np.flatnonzero(values >= value - _AS_LARGE * abs(value))
        place = (np.inf, 0.0)
        if as_large.size:
            i = int(as_large[np.argmin(self._sought.depth[as_large])])
            beyond, *place_of_top = self._sought.top(values, i)
            value, place = max(value, beyond), (place_of_top[0], place_of_top[1])
        if comm.size > 1:
            place = comm.allreduce(place, MPI.MIN)
        return Peak(value=value, depth=place[0] * length, radius=place[1] * length)

    def _stresses(self) -> StressSample:
        values = self.values(self._stress) * self._solved.units.stress
        components = values[:, :6]
        hydrostatic = components[:, :3].sum(axis=1) / 3
        deviator = components.copy()
        deviator[:, :3] -= hydrostatic[:, None]
        norm = (deviator[:, :3] ** 2).sum(axis=1) + 2 * (deviator[:, 3:] ** 2).sum(axis=1)
        return StressSample(
            radial=values[:, 6],
            hoop=values[:, 7],
            first_principal=hydrostatic + _largest_principal(deviator, norm),
            von_mises=np.sqrt(1.5 * norm),
            hydrostatic=hydrostatic,
            components=components,
        )

    def _along_radius(self, displacement: Array) -> Array:
        if self._components == 1:
            return displacement[:, 0]
        outwards = self.coordinates[:, : self._components]
        radial: Array = (displacement * outwards).sum(axis=1) / np.maximum(self.radius, 1e-12)
        return radial

    def compiled(self, entries: list[ufl.core.expr.Expr]) -> fem.Expression:
        """Compile scalar expressions for `values`."""
        return compiling.expression(ufl.as_vector(entries), self.lattice)

    def values(self, expression: fem.Expression) -> Array:
        """The present values of compiled expressions, shape (points, expressions)."""
        values = expression.eval(self._solved.particle.mesh, self._cells)
        width = expression.value_size
        return self._merge(np.asarray(values).reshape(-1, width))


class _Sought(Protocol):
    """Where peaks are sought."""

    depth: Array

    def measures(self, stress: StressSample) -> Mapping[str, Array]:
        """Each of `MEASURES` where it is sought, shape (places,)."""

    def top(self, values: Array, i: int) -> tuple[float, float, float]:
        """The peak at or beside a place: its value, and its depth and radius in R."""


class _AtPoints:
    """Peaks at the points themselves."""

    def __init__(self, depth: Array, radius: Array) -> None:
        self.depth, self._radius = depth, radius

    def measures(self, stress: StressSample) -> Mapping[str, Array]:
        return {name: getattr(stress, name) for name in MEASURES}

    def top(self, values: Array, i: int) -> tuple[float, float, float]:
        return float(values[i]), float(self.depth[i]), float(self._radius[i])


class _BetweenPoints:
    """Peaks anywhere on a radial line.

    The components of the stress are smooth in a cell, unlike the largest of them: they are interpolated by
    one polynomial through a cell's points, and the measures made from that. Cubic fields leave σ a cubic but
    for u/r, so that five points have it nearly exactly.
    """

    def __init__(self, lattice: Array, depth: Array, radius: Array) -> None:
        fine = np.linspace(0.0, 1.0, _PEAK_DIVISIONS + 1)
        self._points = len(lattice)
        self._interpolation = _lagrange(lattice, fine)
        self.depth = _along(fine, depth.reshape(-1, self._points))
        self._radius = _along(fine, radius.reshape(-1, self._points))

    def measures(self, stress: StressSample) -> Mapping[str, Array]:
        first, second, third = self._between(stress.components[:, :3].T).reshape(3, -1)
        one, other = first - second, second - third
        return {
            "first_principal": np.maximum(np.maximum(first, second), third),
            "hoop": second,
            # (a² + b² + (a + b)²)/2, from the differences of the principal stresses.
            "von_mises": np.sqrt(one * one + other * other + one * other),
        }

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

    def _between(self, values: Array) -> Array:
        between: Array = values.reshape(-1, self._points) @ self._interpolation.T
        return between


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


def _as_they_are(values: Array) -> Array:
    return values


def _vertex_means(particle: ParticleMesh, cells: npt.NDArray[np.int32]) -> Callable[[Array], Array]:
    """Takes values at cells' vertices, cell by cell, to one value per owned vertex and region."""
    topology = particle.mesh.topology
    dimension = topology.dim
    topology.create_connectivity(dimension, 0)
    corners = topology.connectivity(dimension, 0).array.reshape(-1, dimension + 1)[: len(cells)].reshape(-1)
    tags = np.array(sorted(particle.regions.values()))
    places = corners * len(tags) + np.searchsorted(tags, cell_regions(particle).repeat(dimension + 1))
    vertices = topology.index_map(0)
    everything = (vertices.size_local + vertices.num_ghosts) * len(tags)

    sums: dict[int, la.Vector] = {}

    def total(values: Array) -> Array:
        width = values.shape[1]
        if width not in sums:
            sums[width] = la.vector(vertices, bs=len(tags) * width)
        columns = [np.bincount(places, weights=column, minlength=everything) for column in values.T]
        sums[width].array[:] = np.column_stack(columns).reshape(-1)
        # Cells of other processes meet at the vertices that they share with this one.
        sums[width].scatter_reverse(la.InsertMode.add)
        own: Array = sums[width].array.reshape(everything, width)[: vertices.size_local * len(tags)]
        return own

    counts = total(np.ones((len(places), 1)))
    met = counts[:, 0] > 0
    counts = counts[met]

    def mean(values: Array) -> Array:
        return total(values)[met] / counts

    return mean


def cell_regions(particle: ParticleMesh) -> npt.NDArray[np.int32]:
    """The region tag of each cell of this process, shape (cells,)."""
    tags = particle.cell_tags
    count = particle.mesh.topology.index_map(particle.mesh.topology.dim).size_local
    values = np.zeros(count, dtype=np.int32)
    mine = tags.indices < count
    values[tags.indices[mine]] = tags.values[mine]
    return values


def _largest_principal(deviator: Array, norm: Array) -> Array:
    """The largest eigenvalue of trace-free symmetric tensors (Smith, Commun. ACM 4 (1961) 168).

    The discriminant is a sum of seven squares, the minors of s beside s² (Parlett, Electron. Trans. Numer.
    Anal. 14 (2002) 117, with what tr s = 0 and s s² = s² s leave of them), so that also a double eigenvalue,
    which equal biaxial stress has, is right to round-off.

    Args:
        deviator: (11, 22, 33, 12, 13, 23), shape (points, 6).
        norm: s:s, shape (points,).
    """
    if not deviator[:, 3:].any():  # along a radius nothing shears
        diagonal: Array = deviator[:, :3].max(axis=1)
        return diagonal
    a, b, c, d, e, f = deviator.T
    mean, dd, ee, ff = norm / 3, d * d, e * e, f * f
    de, df, ef = d * e, d * f, e * f
    determinant = a * (b * c - ff) - c * dd - b * ee + 2 * d * ef
    # The diagonal of s², without its trace.
    first, second, third = a * a + dd + ee - mean, b * b + dd + ff - mean, c * c + ee + ff - mean
    once = (
        (a * second - b * first) ** 2
        + (d * (c * c + third) - c * ef) ** 2
        + (e * (b * b + second) - b * df) ** 2
        + (f * (a * a + first) - a * de) ** 2
    )
    off = (
        (ef * (b - a) + d * (ee - ff)) ** 2
        + (df * (c - a) + e * (dd - ff)) ** 2
        + (de * (c - b) + f * (dd - ee)) ** 2
    )
    discriminant = 9 * once + 15 * off
    angle = np.arctan2(np.sqrt(discriminant / 27), determinant) / 3
    result: Array = 2 * np.sqrt(norm / 6) * np.cos(angle)
    return result


# Which of the lattice's points are VTK's nodes, in VTK's order.
_VTK = {
    basix.CellType.triangle: ("triangle6", (0, 2, 5, 1, 4, 3)),
    basix.CellType.tetrahedron: ("tetra10", (0, 2, 5, 9, 1, 4, 3, 6, 7, 8)),
}


def vtk_cells(
    particle: ParticleMesh, evaluation: Evaluation, points: int
) -> dict[str, npt.NDArray[np.int64]]:
    """Connectivity for VTK of that many points, cell by cell as in an evaluation.

    Quadratic cells, or short lines on a radial line.
    """
    per_cell = evaluation.points_per_cell
    first = np.arange(0, points, per_cell, dtype=np.int64)
    cell = particle.mesh.basix_cell()
    if cell == basix.CellType.interval:
        starts = (first[:, None] + np.arange(per_cell - 1)).reshape(-1)
        return {"line": np.column_stack([starts, starts + 1])}
    name, order = _VTK[cell]
    return {name: first[:, None] + np.array(order, dtype=np.int64)}
