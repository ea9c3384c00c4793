"""Textbook solutions for a sphere, a long cylinder and a plate of unit radius (half thickness) and unit D.

Crank, The Mathematics of Diffusion (1975), chapters 4 to 6; Timoshenko & Goodier, Theory of Elasticity
(1970), chapter 13, with the chemical strain in the place of the thermal one; Cheng & Verbrugge, J. Power
Sources 190 (2009) 453. Time is the Fourier number Fo = D t/R².
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import j0, j1, jn_zeros

from oxyshell.solver.state import Array

# Terms of a series: the first one left out is below 1e-12 from Fo = 0.001 on.
TERMS = 60
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)


@dataclass(frozen=True)
class Shape:
    """One of the three geometries.

    Attributes:
        name: As in a scenario.
        dimensions: How many directions the radius spans: 3, 2, 1.
        remaining: Share that is left at Fo if the surface is emptied at once and held so.
        rise: (c − c0) D/(F R) at (r, Fo) while a flux F enters.
        radial: σ_r of means (over the whole, within r) and local values of a strain −e, in E/(1 − ν).
        hoop: σ_θ likewise; of a plate, both stresses in its plane.
        axial: σ_z likewise; of a sphere, the hoop stress again.
        cut: Weight w(r) with ∫ σ_θ w dr = 0 on a cut through the middle.
    """

    name: str
    dimensions: int
    remaining: Callable[[float], float]
    rise: Callable[[Array, float], Array]
    radial: Callable[[Any, Any, Any], Array]
    hoop: Callable[[Any, Any, Any], Array]
    axial: Callable[[Any, Any, Any], Array]
    cut: Callable[[Array], Array]


def mean_within(shape: Shape, profile: Callable[[Array], Array], radius: Array) -> Array:
    """Mean of a smooth radial profile over the part of the particle within each radius."""
    share = 0.5 * (_NODES + 1)
    weight = 0.5 * _WEIGHTS * shape.dimensions * share ** (shape.dimensions - 1)
    values = profile((radius[:, None] * share).reshape(-1)).reshape(len(radius), -1)
    mean: Array = values @ weight
    return mean


@dataclass(frozen=True)
class Stresses:
    """Stresses in E/(1 − ν) for a unit strain scale, shape (points,)."""

    radial: Array
    hoop: Array
    axial: Array


def stresses(shape: Shape, strain: Callable[[Array], Array], radius: Array) -> Stresses:
    """Stresses of a free particle with an isotropic eigenstrain e(r), a cylinder's ends included."""
    whole = mean_within(shape, strain, np.ones(1))[0]
    within, local = mean_within(shape, strain, radius), strain(radius)
    return Stresses(*(part(whole, within, local) for part in (shape.radial, shape.hoop, shape.axial)))


def _sphere_roots() -> Array:
    """Positive solutions of tan α = α."""
    spans = [(k * np.pi, (k + 0.5) * np.pi) for k in range(1, TERMS + 1)]
    return np.array([brentq(lambda a: np.sin(a) - a * np.cos(a), *span, xtol=1e-14) for span in spans])


_N = np.arange(1, TERMS + 1)
_ODD = 2 * _N - 1
_SPHERE_ROOTS = _sphere_roots()
_HELD_ROOTS, _FLUX_ROOTS = jn_zeros(0, TERMS), jn_zeros(1, TERMS)


def _sphere_rise(r: Array, fo: float) -> Array:
    a = _SPHERE_ROOTS
    # sin(αr)/r through numpy's sinc, which knows its limit at the centre.
    waves = a * np.sinc(np.outer(r, a) / np.pi) @ (np.exp(-(a**2) * fo) / (a**2 * np.sin(a)))
    return 3 * fo + r**2 / 2 - 0.3 - 2 * waves


def _cylinder_rise(r: Array, fo: float) -> Array:
    a = _FLUX_ROOTS
    return 2 * fo + r**2 / 2 - 0.25 - 2 * j0(np.outer(r, a)) @ (np.exp(-(a**2) * fo) / (a**2 * j0(a)))


def _plate_rise(r: Array, fo: float) -> Array:
    a = np.pi * _N
    return fo + r**2 / 2 - 1 / 6 - 2 * np.cos(np.outer(r, a)) @ ((-1.0) ** _N * np.exp(-(a**2) * fo) / a**2)


SPHERE = Shape(
    name="sphere",
    dimensions=3,
    remaining=lambda fo: float(6 / np.pi**2 * (np.exp(-((_N * np.pi) ** 2) * fo) / _N**2).sum()),
    rise=_sphere_rise,
    radial=lambda whole, within, local: 2 / 3 * (whole - within),
    hoop=lambda whole, within, local: (2 * whole + within) / 3 - local,
    axial=lambda whole, within, local: (2 * whole + within) / 3 - local,
    cut=lambda r: r,
)
CYLINDER = Shape(
    name="cylinder",
    dimensions=2,
    remaining=lambda fo: float(4 * (np.exp(-(_HELD_ROOTS**2) * fo) / _HELD_ROOTS**2).sum()),
    rise=_cylinder_rise,
    radial=lambda whole, within, local: (whole - within) / 2,
    hoop=lambda whole, within, local: (whole + within) / 2 - local,
    axial=lambda whole, within, local: whole - local,
    cut=np.ones_like,
)
PLATE = Shape(
    name="plate",
    dimensions=1,
    remaining=lambda fo: float(8 / np.pi**2 * (np.exp(-((_ODD * np.pi / 2) ** 2) * fo) / _ODD**2).sum()),
    rise=_plate_rise,
    radial=lambda whole, within, local: 0 * local,
    hoop=lambda whole, within, local: whole - local,
    axial=lambda whole, within, local: whole - local,
    cut=np.ones_like,
)
SHAPES = (SPHERE, CYLINDER, PLATE)


def sphere_held(r: Array, fo: float) -> Array:
    """(c − c0)/(c_surface − c0) in a sphere whose surface value changed at once at Fo = 0."""
    waves = np.sinc(np.outer(r, _N)) @ ((-1.0) ** _N * np.exp(-((_N * np.pi) ** 2) * fo))
    return 1 + 2 * waves


def _robin_sphere(transfer: float) -> tuple[Array, Array]:
    """Solutions of β cot β = 1 − L, and the weights of e^{−β²Fo}."""
    roots = _roots(lambda b: b * np.cos(b) + (transfer - 1) * np.sin(b), np.pi * np.arange(TERMS + 1))
    return roots, 6 * transfer**2 / (roots**2 * (roots**2 + transfer * (transfer - 1)))


def _robin_cylinder(transfer: float) -> tuple[Array, Array]:
    """Solutions of β J1(β) = L J0(β), and the weights of e^{−β²Fo}."""
    between = np.concatenate([[0.0], jn_zeros(1, TERMS)])
    roots = _roots(lambda b: b * j1(b) - transfer * j0(b), between)
    return roots, 4 * transfer**2 / (roots**2 * (roots**2 + transfer**2))


def _robin_plate(transfer: float) -> tuple[Array, Array]:
    """Solutions of β tan β = L, and the weights of e^{−β²Fo}."""
    roots = _roots(lambda b: b * np.sin(b) - transfer * np.cos(b), np.pi * np.arange(TERMS + 1))
    return roots, 2 * transfer**2 / (roots**2 * (roots**2 + transfer**2 + transfer))


def _roots(equation: Callable[[float], float], between: npt.NDArray[np.floating]) -> Array:
    spans = zip(between[:-1] + 1e-9, between[1:] - 1e-9, strict=True)
    return np.array([brentq(equation, *span, xtol=1e-14) for span in spans])


_ROBIN = {"sphere": _robin_sphere, "cylinder": _robin_cylinder, "plate": _robin_plate}


def robin_remaining(transfer: float, fo: float, shape: str = "sphere") -> float:
    """Share left in a particle that loses L c D/R through its surface, L = `transfer`."""
    roots, weights = _ROBIN[shape](transfer)
    return float((weights * np.exp(-(roots**2) * fo)).sum())


@dataclass(frozen=True)
class Misfit:
    """Stresses of a core in a shell, both elastic with the same E and ν but with different strains.

    Attributes:
        core: The uniform stress in the core, tensile where positive.
        hoop_inside: σ_θ of the shell at its inner edge.
        hoop_outside: σ_θ at the surface.
    """

    core: float
    hoop_inside: float
    hoop_outside: float


def misfit(core: float, shell: float, edge: float, radius: float, young: float, poisson: float) -> Misfit:
    """Lamé's hollow sphere around a solid one, joined at `edge`; strains `core` and `shell`."""
    # In the shell σ_r = A − 2B/r³ and σ_θ = A + B/r³, with σ_r(R) = 0 and σ_r(edge) = q.
    b_per_q = 1 / (2 * (1 / radius**3 - 1 / edge**3))
    a_per_q = 2 * b_per_q / radius**3
    hoop_per_q = a_per_q + b_per_q / edge**3
    # u/edge of core and shell: e + q (1 − 2ν)/E = e + ((1 − ν) σ_θ − ν q)/E.
    compliance = ((1 - 2 * poisson) - ((1 - poisson) * hoop_per_q - poisson)) / young
    q = (shell - core) / compliance
    return Misfit(q, q * hoop_per_q, q * (a_per_q + b_per_q / radius**3))
