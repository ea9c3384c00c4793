"""Solids of concentric regions in closed form: stress of a radial eigenstrain, ions at rest, slow extraction.

Imports nothing of oxyshell. Lengths are in R. In a region with E and ν, an isotropic eigenstrain e(r) gives
u = A r + (B + k J(r)) r^{1−d} with k = (1 + ν)/(1 − ν) and J(r) = ∫ e r^{d−1} dr from the region's inner edge
(Timoshenko & Goodier, Theory of Elasticity (1970), chapter 13, with the chemical strain in the place of the
thermal one); d is 3 for a sphere, 2 for a cylinder with free ends, whose axial strain ε_z is one number. A
and B of every region, and ε_z, follow from a continuous u and σ_r, from σ_r(R) = 0 and from no axial force.
A plate (d = 1) is kept flat: its stress in the plane is E/(1 − ν) (ε − e) with one ε and no force.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

type Array = NDArray[np.float64]

GAS_CONSTANT = 8.31446261815324


@dataclass(frozen=True, kw_only=True)
class Part:
    """One region, in SI units.

    Attributes:
        edge: Its outer radius in R.
        site_density: c_s, mol/m³.
        diffusivity: D, m²/s.
        young: E, Pa.
        poisson: ν.
        volume: Ω, m³/mol.
        occupancy: θ0, as made.
        offset: μ⁰/RT.
        resistance: r of its inner interface, s/m: N = c_sb g/r, with the site density of the innermost region
            for both sides.
    """

    edge: float
    site_density: float
    diffusivity: float
    young: float
    poisson: float
    volume: float
    occupancy: float = 0.999
    offset: float = 0.0
    resistance: float = 0.0

    @property
    def biaxial(self) -> float:
        """E/(1 − ν), Pa."""
        return self.young / (1 - self.poisson)

    @property
    def shear(self) -> float:
        """G, Pa."""
        return self.young / (2 * (1 + self.poisson))

    @property
    def bulk(self) -> float:
        """K, Pa."""
        return self.young / (3 * (1 - 2 * self.poisson))

    @property
    def lame(self) -> float:
        """λ, Pa."""
        return self.bulk - 2 * self.shear / 3

    @property
    def constraint(self) -> float:
        """k."""
        return (1 + self.poisson) / (1 - self.poisson)

    def strain(self, theta: Any) -> Any:
        """e of an occupancy."""
        return self.site_density * self.volume * (theta - self.occupancy) / 3


def edges_of(parts: Sequence[Part]) -> list[float]:
    """Radii of the regions' ends in R, from the centre."""
    return [0.0, *(part.edge for part in parts)]


@dataclass(frozen=True)
class Elastic:
    """A, B and ε of regions whose strain is known, each of shape (..., as the moments)."""

    parts: Sequence[Part]
    dimensions: int
    a: Any
    b: Any
    extension: Any

    def hydrostatic(self, region: int, strain: Any) -> Any:
        """σ_h where the eigenstrain is `strain`: a constant of the region, less 2E e/(3 (1 − ν))."""
        part = self.parts[region]
        if self.dimensions == 1:
            return 2 / 3 * part.biaxial * (self.extension - strain)
        whole = self.dimensions * self.a[region] + self.extension
        return part.bulk * whole - 2 / 3 * part.biaxial * strain

    def stresses(self, region: int, radius: Array, integral: Array, strain: Array) -> tuple[Array, Array]:
        """σ_r and σ_θ; for a plate σ_θ is that in the plane.

        Args:
            region: Number of the region, from the innermost.
            radius: r in R.
            integral: J there.
            strain: e there.
        """
        part, d = self.parts[region], self.dimensions
        if d == 1:
            return 0 * radius, part.biaxial * (self.extension - strain)
        even = (d * part.lame + 2 * part.shear) * self.a[region] + part.lame * self.extension
        bent = part.constraint * strain
        # (B + k J)/r^d is k e/d in the centre.
        within = np.where(radius > 0, radius, 1.0) ** -float(d) * (
            self.b[region] + part.constraint * integral
        )
        within = np.where(radius > 0, within, bent / d)
        return even - 2 * part.shear * (d - 1) * within, even + 2 * part.shear * (within - bent)


def elastic(parts: Sequence[Part], dimensions: int, moments: Any) -> Elastic:
    """The elastic solution of given ∫ e r^{d−1} dr over each region.

    Args:
        parts: From the innermost.
        dimensions: d.
        moments: Shape (regions,) or (regions, several).
    """
    given, d, count = np.asarray(moments), dimensions, len(parts)
    edges = edges_of(parts)
    if d == 1:
        stiffness = np.array([part.biaxial for part in parts])
        extension = np.tensordot(stiffness, given, 1) / (stiffness @ np.diff(edges))
        return Elastic(parts, d, None, None, extension)
    matrix, right = np.zeros((2 * count + 1, 2 * count + 1)), np.zeros((2 * count + 1, *given.shape[1:]))

    def pressure(region: int, radius: float) -> tuple[float, float, float]:
        """Coefficients of A, B and ε_z in σ_r; k J counts as B."""
        part = parts[region]
        return d * part.lame + 2 * part.shear, -2 * part.shear * (d - 1) * radius**-d, part.lame

    def moved(region: int, radius: float) -> tuple[float, float, float]:
        """Likewise in u."""
        return radius, radius ** (1.0 - d), 0.0

    def add(row: int, region: int, at: tuple[float, float, float], sign: float, at_outer_edge: bool) -> None:
        matrix[row, [2 * region, 2 * region + 1]] += sign * np.array(at[:2])
        matrix[row, -1] += sign * at[2]
        if at_outer_edge:
            right[row] -= sign * at[1] * parts[region].constraint * given[region]

    matrix[0, 1] = 1.0
    for region in range(count - 1):
        for row, of in ((2 * region + 1, pressure), (2 * region + 2, moved)):
            add(row, region, of(region, edges[region + 1]), 1.0, True)
            add(row, region + 1, of(region + 1, edges[region + 1]), -1.0, False)
    add(2 * count - 1, count - 1, pressure(count - 1, edges[-1]), 1.0, True)
    if d == 3:
        matrix[:, -1], matrix[-1, -1] = 0.0, 1.0
    else:
        # ∫ σ_z r dr = 0, σ_z = 2λ A + (λ + 2G) ε_z − 2G k e.
        for region, part in enumerate(parts):
            area = (edges[region + 1] ** 2 - edges[region] ** 2) / 2
            matrix[-1, 2 * region] = 2 * part.lame * area
            matrix[-1, -1] += (part.lame + 2 * part.shear) * area
            right[-1] += 2 * part.shear * part.constraint * given[region]
    # Rows of stress and of displacement differ by the modulus.
    size = np.abs(matrix).max(axis=1)
    scaled = (right.reshape(2 * count + 1, -1) / size[:, None]).reshape(right.shape)
    found = np.linalg.solve(matrix / size[:, None], scaled.reshape(2 * count + 1, -1)).reshape(right.shape)
    return Elastic(parts, d, found[0:-1:2], found[1:-1:2], found[-1] if d == 2 else 0.0)


def evenly_strained(parts: Sequence[Part], dimensions: int, strains: Sequence[float]) -> Elastic:
    """The elastic solution of an eigenstrain that is the same all over each region."""
    volumes = np.diff(np.array(edges_of(parts)) ** dimensions) / dimensions
    return elastic(parts, dimensions, volumes * np.asarray(strains))


def edge_stresses(parts: Sequence[Part], dimensions: int, strains: Sequence[float]) -> list[list[float]]:
    """σ_θ at the inner and the outer end of every region, Pa, of even strains."""
    solution, edges = evenly_strained(parts, dimensions, strains), np.array(edges_of(parts))
    found = []
    for region, strain in enumerate(strains):
        radius = edges[region : region + 2]
        integral = strain * (radius**dimensions - radius[0] ** dimensions) / dimensions
        _, hoop = solution.stresses(region, radius, integral, np.full(2, strain))
        found.append([float(one) for one in hoop])
    return found


def at_rest(
    parts: Sequence[Part], dimensions: int, extracted: float, temperature: float, drift: str = "lattice"
) -> tuple[float, float]:
    """θ of a core and of a shell at rest, in which μ = ln(θ/(1−θ)) + μ⁰ − W is the same everywhere.

    Within a region μ rises with θ, and the work of stress W differs between two places by −b times their
    difference of θ: at rest θ is even, and so is the strain.

    Args:
        parts: Core and shell.
        dimensions: d.
        extracted: Share of the ions as made that have left.
        temperature: T, K.
        drift: "lattice", "dilute" (μ = ln θ) or "none" (without W).
    """
    core, shell = parts
    edges = np.array(edges_of(parts))
    sites = np.diff(edges**dimensions) * [core.site_density, shell.site_density]
    content = (1 - extracted) * float(sites @ [core.occupancy, shell.occupancy])

    def beside(theta: float) -> float:
        return (content - sites[0] * theta) / float(sites[1])

    def difference(theta: float) -> float:
        thetas = (theta, beside(theta))
        strains = [part.strain(one) for part, one in zip(parts, thetas, strict=True)]
        solution = evenly_strained(parts, dimensions, strains)
        potentials = []
        for region, (part, one) in enumerate(zip(parts, thetas, strict=True)):
            work = part.volume * solution.hydrostatic(region, strains[region]) / (GAS_CONSTANT * temperature)
            mixing = math.log(one) if drift == "dilute" else math.log(one / (1 - one))
            potentials.append(mixing + part.offset - (0.0 if drift == "none" else float(work)))
        return potentials[0] - potentials[1]

    least = max(0.0, (content - sites[1]) / sites[0])
    most = min(1.0, content / sites[0])
    span = most - least
    found = float(brentq(difference, least + 1e-12 * span, most - 1e-12 * span, xtol=1e-15, rtol=1e-14))
    return found, beside(found)


@dataclass(frozen=True)
class Slow:
    """Ions that leave a sphere of a core and a shell at a constant rate, long after the start, without drift.

    θ falls everywhere at the same rate s, its profile stays: N(r) r² = s ∫ c_s r² dr in both, a parabola in
    the core, and in the shell a parabola and a part in 1/r. At the interface N = c_sb (θ_c − θ_s)/r, which is
    g/r without drift and without an offset of μ⁰. Positions are in R, times in seconds.

    Attributes:
        parts: Core and shell.
        radius: R, m.
        rate: s, 1/s.
    """

    parts: tuple[Part, Part]
    radius: float
    rate: float

    @property
    def flux(self) -> float:
        """N at the surface, mol/(m² s)."""
        core, shell = self.parts
        filled = core.site_density * core.edge**3 + shell.site_density * (1 - core.edge**3)
        return self.rate * self.radius * filled / 3

    @property
    def drop(self) -> float:
        """θ_c − θ_s at the interface."""
        return self.parts[1].resistance * self.rate * self.parts[0].edge * self.radius / 3

    def shapes(self, radius: Array) -> tuple[Array, Array]:
        """θ less that of the core at the interface, by the formula of the core and by that of the shell."""
        core, shell = self.parts
        a, ratio = core.edge, core.site_density / shell.site_density
        pace = self.rate * self.radius**2
        within = pace / (6 * core.diffusivity) * (a**2 - radius**2)
        bent = (radius**2 - a**2) / 2 + (ratio - 1) * a**3 * (1 / a - 1 / np.maximum(radius, a))
        return within, -self.drop - pace / (3 * shell.diffusivity) * bent

    def occupancy(self, radius: Array, in_shell: Array, extracted: float) -> Array:
        """θ once a share of all ions has left.

        Args:
            radius: r in R.
            in_shell: Whether a place is to be seen from the shell.
            extracted: Share of the ions as made.
        """
        core, shell = self.parts
        within, outside = self.shapes(radius)
        shape = np.where(in_shell, outside, within)
        mean = self._mean(lambda r: self.shapes(r))
        made = self._mean(lambda r: (0 * r + core.occupancy, 0 * r + shell.occupancy))
        level: Array = shape - mean + made * (1 - extracted)
        return level

    def _mean(self, profiles: Any) -> float:
        """Mean of θ over the sites; profiles of fourth degree and 1/r are exact to round-off."""
        points, weights = np.polynomial.legendre.leggauss(12)
        total = sites = 0.0
        for region, (start, end) in enumerate(
            zip((0.0, self.parts[0].edge), (self.parts[0].edge, 1.0), strict=True)
        ):
            radius = start + (end - start) * (points + 1) / 2
            here = self.parts[region].site_density * weights * (end - start) / 2 * radius**2
            total += float(here @ profiles(radius)[region])
            sites += float(here.sum())
        return total / sites


def pair(core: Part, **of_shell: float) -> tuple[Part, Part]:
    """A core and a shell of the same material but for what is given, which reaches the surface."""
    return core, replace(core, edge=1.0, **of_shell)
