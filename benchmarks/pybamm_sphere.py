"""A sphere in PyBaMM: θ' = ∇·((1 + b m(θ)) ∇θ) on 0 < r < 1, exact for a free homogeneous sphere.

Used by the benchmarks and by `tests/verification/test_peers.py`. Imports nothing of oxyshell, so that a
process that solves it is PyBaMM's own.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Equations:
    """The equation to solve, without units.

    Attributes:
        coupling: b, how much a gradient of stress adds to diffusion.
        mobility: m(θ).
        outward: The flux that leaves at an occupancy of the surface, given PyBaMM's `minimum` too.
        occupancy: θ at the start.
        stress: E Ω c_s/(3(1 − ν)), in the unit that stresses are wanted in.
    """

    coupling: float
    mobility: Callable[[Any], Any]
    outward: Callable[[Any, Callable[[Any, Any], Any]], Any]
    occupancy: float
    stress: float


def discretised(equations: Equations, cells: int, stretch: float) -> Any:
    """PyBaMM's model on finite volumes, with the variables `theta`, `surface` and `hoop`, σ_θ at the surface.

    Args:
        equations: The equation to solve.
        cells: Along the radius.
        stretch: How strongly they are drawn to the surface; 0: not at all.
    """
    import numpy as np

    # An optional dependency, without types.
    pybamm: Any = importlib.import_module("pybamm")

    def conductance(theta: Any) -> Any:
        return 1 + equations.coupling * equations.mobility(theta)

    model = pybamm.BaseModel()
    theta = pybamm.Variable("theta", domain="particle")
    r = pybamm.SpatialVariable("r", domain=["particle"], coord_sys="spherical polar")
    surface = pybamm.surf(theta)
    slope = -equations.outward(surface, pybamm.minimum) / conductance(surface)
    model.rhs = {theta: pybamm.div(conductance(theta) * pybamm.grad(theta))}
    model.boundary_conditions = {theta: {"left": (pybamm.Scalar(0), "Neumann"), "right": (slope, "Neumann")}}
    model.initial_conditions = {theta: pybamm.Scalar(equations.occupancy)}
    mean = pybamm.Integral(theta, r) / (4 * np.pi / 3)
    # σ_θ(R) = E Ω c_s/(3(1 − ν)) (mean θ − θ at R)
    model.variables = {"theta": theta, "surface": surface, "hoop": equations.stress * (mean - surface)}
    graded = pybamm.MeshGenerator(pybamm.Exponential1DSubMesh, {"side": "right", "stretch": stretch})
    kind = graded if stretch > 0 else pybamm.Uniform1DSubMesh
    geometry = {"particle": {r: {"min": pybamm.Scalar(0), "max": pybamm.Scalar(1)}}}
    mesh = pybamm.Mesh(geometry, {"particle": kind}, {r: cells})
    quadratic = {"extrapolation": {"order": {"gradient": "quadratic", "value": "quadratic"}}}
    pybamm.Discretisation(mesh, {"particle": pybamm.FiniteVolume(quadratic)}).process_model(model)
    return model
