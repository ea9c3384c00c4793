"""Ions and stress in a sphere, cylinder or plate of regions by finite volumes; imports no oxyshell.

Cell-centred, with θ on both sides of an interface as unknowns of their own: two equations at a time, equal
flux and equal chemical potential (or N = c_sb g/r), are solved to round-off whenever the rates are asked for.
In a region W is a constant of the region less b θ (`layered.Elastic.hydrostatic`), so that the flux is the
gradient of a potential φ(θ) = ∫ (1 + b m(θ)) dθ, which makes it exact between two cells; the constants, by
which regions act on each other from afar, are those of the cells' own strain. Time is taken by BDF of order 1
to 5 (scipy). Lengths are in R, times in R²/D, contents in c_s, D and c_s those of the innermost region.

In space the error falls with the square of the cell: `extrapolated` makes use of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from tests.verification.layered import GAS_CONSTANT, Array, Elastic, Part, edges_of, elastic

# φ(θ) less θ, over b.
_DRIVEN: dict[str, Callable[[Any], Any]] = {
    "lattice": lambda theta: theta**2 / 2 - theta**3 / 3,
    "dilute": lambda theta: theta**2 / 2,
    "none": lambda theta: 0 * theta,
}
_MOBILITY: dict[str, Callable[[Any], Any]] = {
    "lattice": lambda theta: theta * (1 - theta),
    "dilute": lambda theta: theta,
    "none": lambda theta: 0 * theta,
}


@dataclass(frozen=True)
class Course:
    """A flux out of the particle, in D c_s/R of the innermost region, for a time in R²/D."""

    flux: float
    duration: float


@dataclass(frozen=True)
class RegionFields:
    """Values at the faces of a region's cells, its ends included: each interface is there from both sides."""

    radius: Array
    theta: Array
    radial: Array
    hoop: Array
    potential: Array


@dataclass(frozen=True)
class Peak:
    """Largest tension of a run: Pa, time in R²/D, and the fields then."""

    tension: float
    time: float
    fields: list[RegionFields]


class Volumes:
    """The discretised particle."""

    def __init__(
        self,
        parts: Sequence[Part],
        radius: float,
        cells: Sequence[int],
        *,
        dimensions: int = 3,
        drift: str = "lattice",
        margin: float = 1e-3,
        temperature: float = 298.15,
    ) -> None:
        """Make cells that grow away from the ends of a region.

        Args:
            parts: From the innermost.
            radius: R, m.
            cells: Number of cells of each.
            dimensions: 3, 2 or 1.
            drift: A key of `_DRIVEN`.
            margin: Occupancy of the surface below which the current falls.
            temperature: T, K.
        """
        self.parts, self.dimensions, self._drift, self._margin = parts, dimensions, drift, margin
        self._rt = GAS_CONSTANT * temperature
        self.time_unit = radius**2 / parts[0].diffusivity
        first = parts[0]
        self._content = [part.site_density / first.site_density for part in parts]
        self._conductivity = [
            part.diffusivity * part.site_density / (first.diffusivity * first.site_density) for part in parts
        ]
        self._resistances = [part.resistance * parts[0].diffusivity / radius for part in parts]
        self._couplings = [
            2 * part.biaxial * part.volume**2 * part.site_density / (9 * self._rt) for part in parts
        ]
        edges = edges_of(parts)
        self._faces: list[Array] = []
        for region, count in enumerate(cells):
            share = np.linspace(0, 1, count + 1)
            # Fine at both ends, but not in the centre.
            bent = 1 - (1 - share) ** 2 if region == 0 else (1 - np.cos(np.pi * share)) / 2
            self._faces.append(edges[region] + (edges[region + 1] - edges[region]) * bent)
        starts = np.cumsum([0, *cells])
        self._cells = [slice(*ends) for ends in pairwise(starts)]
        self._volumes = [np.diff(faces**dimensions) / dimensions for faces in self._faces]
        self._widths = [np.diff(faces) for faces in self._faces]
        self.last = np.concatenate(
            [np.full(count, part.occupancy) for part, count in zip(parts, cells, strict=True)]
        )

    def _phi(self, region: int, theta: Any) -> Any:
        return theta + self._couplings[region] * _DRIVEN[self._drift](theta)

    def _slope(self, region: int, theta: Any) -> Any:
        return 1 + self._couplings[region] * _MOBILITY[self._drift](theta)

    def _elastic(self, theta: Array) -> Elastic:
        moments = [
            np.tensordot(self._volumes[region], part.strain(theta[self._cells[region]]), 1)
            for region, part in enumerate(self.parts)
        ]
        return elastic(self.parts, self.dimensions, moments)

    def _work(self, stressed: Elastic, region: int, theta: Any) -> Any:
        if self._drift == "none":
            return 0 * theta
        part = self.parts[region]
        return part.volume * stressed.hydrostatic(region, part.strain(theta)) / self._rt

    def _between(self, theta: Array, stressed: Elastic, inner: int) -> tuple[Any, Any, Any]:
        """Flux from a region into the next, and θ on both sides, by Newton's method."""
        outer = inner + 1
        here, beyond = theta[self._cells[inner]][-1], theta[self._cells[outer]][0]
        left = 2 * self._conductivity[inner] / self._widths[inner][-1]
        right = 2 * self._conductivity[outer] / self._widths[outer][0]
        resistance, offset = self._resistances[outer], self.parts[inner].offset - self.parts[outer].offset
        dilute = self._drift == "dilute"
        shift = [0.0 if self._drift == "none" else one for one in self._couplings]
        x, y = np.clip(here, 1e-9, 1 - 1e-9), np.clip(beyond, 1e-9, 1 - 1e-9)
        for _ in range(60):
            work = self._work(stressed, inner, x) - self._work(stressed, outer, y) - offset
            down, up = np.exp(-work / 2), np.exp(work / 2)
            forth, back = (x, y) if dilute else (x * (1 - y), y * (1 - x))
            drive, stiff = forth * down - back * up, -(forth * down + back * up) / 2
            by_x = (down if dilute else (1 - y) * down + y * up) - stiff * shift[inner]
            by_y = (-up if dilute else -x * down - (1 - x) * up) + stiff * shift[outer]
            first = left * (self._phi(inner, here) - self._phi(inner, x))
            second = right * (self._phi(outer, y) - self._phi(outer, beyond))
            first_x, second_y = -left * self._slope(inner, x), right * self._slope(outer, y)
            uneven, off = first - second, drive - resistance * first
            off_x = by_x - resistance * first_x
            determinant = first_x * by_y + second_y * off_x
            dx = -(uneven * by_y + second_y * off) / determinant
            dy = -(first_x * off - off_x * uneven) / determinant
            # At most nine tenths of the way to empty or full.
            room = np.minimum(_room(x, dx), _room(y, dy))
            x, y = x + room * dx, y + room * dy
            if max(np.abs(dx).max(), np.abs(dy).max()) < 1e-14:
                break
        return left * (self._phi(inner, here) - self._phi(inner, x)), x, y

    def _supplied(self, flux: float, theta: Any) -> Any:
        """The flux that the surface can carry."""
        filled = theta if flux > 0 else 1 - theta
        return flux * (1 - (1 - np.minimum(filled / self._margin, 1)) ** 3)

    def _surface(self, theta: Array, flux: float) -> tuple[Any, Any]:
        """Flux through the surface and θ there, by Newton's method."""
        region = len(self.parts) - 1
        left = 2 * self._conductivity[region] / self._widths[region][-1]
        here = theta[-1]
        x, apart = np.array(here), 1e-7
        for _ in range(60):
            off = left * (self._phi(region, here) - self._phi(region, x)) - self._supplied(flux, x)
            rise = (self._supplied(flux, x + apart) - self._supplied(flux, x - apart)) / (2 * apart)
            change = off / (left * self._slope(region, x) + rise)
            x = x + change
            if np.abs(change).max() < 1e-14:
                break
        return self._supplied(flux, x), x

    def rate(self, theta: Array, flux: float) -> Array:
        """dθ/dt of the cells, shape (cells,) or (cells, several)."""
        stressed, rates = self._elastic(theta), np.empty_like(theta)
        column = (-1, *[1] * (theta.ndim - 1))
        through = []
        for region in range(len(self.parts)):
            own = theta[self._cells[region]]
            flows = np.zeros((len(own) + 1, *own.shape[1:]))
            centres = (self._faces[region][1:] + self._faces[region][:-1]) / 2
            fall = -np.diff(self._phi(region, own), axis=0) / np.diff(centres).reshape(column)
            flows[1:-1] = self._conductivity[region] * fall
            through.append(flows)
        for inner in range(len(self.parts) - 1):
            through[inner][-1] = through[inner + 1][0] = self._between(theta, stressed, inner)[0]
        through[-1][-1] = self._surface(theta, flux)[0]
        for region, flows in enumerate(through):
            area = (self._faces[region] ** (self.dimensions - 1)).reshape(column)
            room = (self._content[region] * self._volumes[region]).reshape(column)
            rates[self._cells[region]] = -np.diff(area * flows, axis=0) / room
        return rates

    def fields(self, theta: Array, flux: float) -> list[RegionFields]:
        """Values at the faces of each region's cells."""
        stressed, count = self._elastic(theta), len(self.parts)
        both = [self._between(theta, stressed, inner)[1:] for inner in range(count - 1)]
        starts = [None, *(beyond for _, beyond in both)]
        ends = [*(here for here, _ in both), self._surface(theta, flux)[1]]
        return [
            self._region_fields(region, theta[self._cells[region]], starts[region], ends[region], stressed)
            for region in range(count)
        ]

    def _region_fields(
        self, region: int, theta: Array, start: Any, end: Any, stressed: Elastic
    ) -> RegionFields:
        part, faces = self.parts[region], self._faces[region]
        centres = (faces[1:] + faces[:-1]) / 2
        if start is None:
            # Even in r about the centre.
            bend = (theta[1] - theta[0]) / (centres[1] ** 2 - centres[0] ** 2)
            start = theta[0] - bend * centres[0] ** 2
        at = np.array([start, *np.interp(faces[1:-1], centres, theta), end])
        integral = np.concatenate([[0.0], np.cumsum(self._volumes[region] * part.strain(theta))])
        radial, hoop = stressed.stresses(region, faces, integral, part.strain(at))
        mixing = np.log(at) if self._drift == "dilute" else np.log(at / (1 - at))
        return RegionFields(faces, at, radial, hoop, mixing + part.offset - self._work(stressed, region, at))

    def run(self, courses: Sequence[Course], moments: int = 400, tolerance: float = 1e-7) -> Peak:
        """The largest of σ_r and σ_θ over all places and times; `last` is where it ends.

        Args:
            courses: What is done, one after the other.
            moments: At so many times of each course, besides its time steps.
            tolerance: Of one step, relative; a hundredth of it absolute.
        """
        began, best = 0.0, Peak(-np.inf, 0.0, [])
        for course in courses:
            found = solve_ivp(
                lambda _time, theta, flux=course.flux: self.rate(theta, flux),
                (0.0, course.duration),
                self.last,
                "BDF",
                dense_output=True,
                vectorized=True,
                rtol=tolerance,
                atol=1e-2 * tolerance,
            )
            assert found.success, found.message
            times = np.union1d(np.linspace(0, course.duration, moments + 1), found.t)
            for time in times[1:]:
                fields = self.fields(found.sol(time), course.flux)
                tension = max(max(one.radial.max(), one.hoop.max()) for one in fields)
                if tension > best.tension:
                    best = Peak(float(tension), began + float(time), fields)
            self.last, began = found.y[:, -1], began + course.duration
        return best


def _room(x: Any, dx: Any) -> Any:
    ahead = np.where(dx > 0, 1 - x, x)
    return np.minimum(1.0, 0.9 * ahead / np.maximum(np.abs(dx), 1e-300))


def extrapolated(coarse: float, fine: float) -> float:
    """The value on infinitely many cells, from one number of cells and from twice as many."""
    return fine + (fine - coarse) / 3
