"""The free sphere with a graded layer by vertex-centred finite volumes, in plain numpy. Imports no oxyshell.

c_s ∂θ/∂t = ∇·(D c_s (∇θ − m(θ) ∇W)), W = Ω σ_h/RT. Between two points of a sphere σ_h differs by
−2E/(3(1 − ν)) times their difference of the eigenstrain Ω c_s (θ − θ0)/3, so that ∇W = −b ∇(s (θ − θ0)) with
s = c_s/c_sb. Lengths are in R, times in R²/D.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from tests.verification.peers.problem import Sphere

type Array = NDArray[np.float64]


@dataclass(frozen=True)
class Solution:
    """Occupancies at some times.

    Attributes:
        sphere: What was solved.
        nodes: r/R, from the centre to the surface.
        theta: θ, shape (times, nodes).
    """

    sphere: Sphere
    nodes: Array
    theta: Array

    def stresses(self) -> tuple[Array, Array]:
        """σ_r and σ_θ, Pa, shape (times, nodes): Timoshenko & Goodier's integrals of the eigenstrain."""
        sphere = self.sphere
        strain = sphere.strain * sites(sphere, self.nodes) * (self.theta - sphere.occupancy)
        within = _means(self.nodes, strain)
        whole = within[:, -1:]
        modulus = sphere.biaxial_modulus
        return modulus * 2 / 3 * (whole - within), modulus * ((2 * whole + within) / 3 - strain)


def sites(sphere: Sphere, radius: Array) -> Array:
    """Return s = c_s/c_sb of a linear layer."""
    if sphere.thickness == 0:
        return np.ones_like(radius)
    depth = (1 - radius) * sphere.radius / sphere.thickness
    return 1 - sphere.deficiency * np.maximum(1 - depth, 0)


def nodes_of(sphere: Sphere, cells: int) -> Array:
    """Nodes r = a sin(πk/2n) below the layer, close together at its inner edge a, and as close within it."""
    edge = 1 - sphere.thickness / sphere.radius
    core = edge * np.sin(np.linspace(0, np.pi / 2, cells + 1))
    if sphere.thickness == 0:
        return core
    return np.concatenate([core[:-1], np.linspace(edge, 1, cells // 2 + 1)])


def solve(sphere: Sphere, cells: int, times: Array, tolerance: float = 1e-9) -> Solution:
    """Occupancies at some times, s, with `cells` cells below the layer and half as many within it."""
    nodes = nodes_of(sphere, cells)
    faces = 0.5 * (nodes[1:] + nodes[:-1])
    bounds = np.concatenate([[0.0], faces, [1.0]])
    here, between = sites(sphere, nodes), sites(sphere, faces)
    # ∫ s r² dr over each cell: Simpson's rule on each side of the node, exact because s is linear there.
    room = _simpson(sphere, bounds[:-1], nodes) + _simpson(sphere, nodes, bounds[1:])
    conductance = between * faces**2 / np.diff(nodes)

    def rate(_time: float, theta: Array) -> Array:
        mobility = sphere.mobility(0.5 * (theta[1:] + theta[:-1]))
        drive = np.diff(theta) + sphere.coupling * mobility * np.diff(here * (theta - sphere.occupancy))
        inwards = conductance * drive
        change = np.zeros_like(theta)
        change[:-1] += inwards
        change[1:] -= inwards
        change[-1] -= sphere.outward(theta[-1], np.minimum)
        rates: Array = change / room
        return rates

    moments = np.asarray(times) / sphere.time_unit
    start = np.full(nodes.size, sphere.occupancy)
    settings = {"rtol": tolerance, "atol": 1e-2 * tolerance, "lband": 1, "uband": 1}
    found = solve_ivp(rate, (0, moments[-1]), start, "LSODA", moments, **settings)
    assert found.success, found.message
    return Solution(sphere, nodes, found.y.T)


def _simpson(sphere: Sphere, start: Array, end: Array) -> Array:
    middle = 0.5 * (start + end)
    first, second, third = (sites(sphere, r) * r**2 for r in (start, middle, end))
    area: Array = (end - start) / 6 * (first + 4 * second + third)
    return area


def _means(nodes: Array, values: Array) -> Array:
    """Mean of a profile within each node's radius; exact if the profile is linear between nodes."""
    inner, outer = nodes[:-1], nodes[1:]
    slope = np.diff(values) / np.diff(nodes)
    volume, moment = np.diff(nodes**3) / 3, np.diff(nodes**4) / 4
    pieces = (values[:, :-1] - slope * inner) * volume + slope * moment
    means = np.empty_like(values)
    means[:, 0] = values[:, 0]
    means[:, 1:] = 3 * np.cumsum(pieces, axis=1) / outer**3
    return means
