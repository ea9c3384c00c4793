"""A sphere of NMC811 with Butler–Volmer kinetics in PyBaMM. Imports nothing of oxyshell.

θ' = D ∇²θ in units of R and R²/D, −∂θ/∂r = i R/(F D c_max) at the surface, i = 2 i0 sinh(F (V − U(θ_s))/2RT),
i > 0 where ions leave. At a set current the voltage follows from the surface, at a held voltage the current.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Array = NDArray[np.float64]

GAS_CONSTANT = 8.31446261815324
FARADAY_CONSTANT = 96485.33212331001


def open_circuit(x: Any, tanh: Callable[[Any], Any]) -> Any:
    """U of NMC811, V: Chen et al., J. Electrochem. Soc. 167 (2020) 080534, eq. 9."""
    return (
        -0.8090 * x
        + 4.4875
        - 0.0428 * tanh(18.5138 * (x - 0.5542))
        - 17.7326 * tanh(15.7890 * (x - 0.3117))
        + 17.5842 * tanh(15.9308 * (x - 0.3120))
    )


@dataclass(frozen=True, kw_only=True)
class HalfCell:
    """A sphere and the kinetics at its surface, SI.

    Attributes:
        exchange: i0 in A/m²; its value at √(θ(1 − θ)) = 1 where it follows the content.
        follows_content: Whether i0 is proportional to √(θ(1 − θ)).
        one_c: 1 C per surface of the sphere, A/m².
    """

    exchange: float
    follows_content: bool
    radius: float = 5.22e-6
    diffusivity: float = 4e-15
    site_density: float = 63104.0
    temperature: float = 298.15
    one_c: float = 2.13628747776

    @property
    def time_unit(self) -> float:
        """R²/D, s."""
        return self.radius**2 / self.diffusivity

    @property
    def flux_unit(self) -> float:
        """F D c_max/R, A/m²."""
        return FARADAY_CONSTANT * self.diffusivity * self.site_density / self.radius

    @property
    def twice_thermal(self) -> float:
        """2RT/F, V."""
        return 2 * GAS_CONSTANT * self.temperature / FARADAY_CONSTANT

    def exchange_at(self, theta: Any, sqrt: Callable[[Any], Any]) -> Any:
        """i0, A/m²."""
        return self.exchange * (sqrt(theta * (1 - theta)) if self.follows_content else 1 + 0 * theta)


@dataclass(frozen=True)
class Segment:
    """One step of a protocol.

    Attributes:
        current: That is set, A/m², positive where ions leave; None where the voltage is held.
        voltage: At which the current ends, or which is held, V.
        least: |i| at which a hold ends, A/m².
    """

    current: float | None
    voltage: float
    least: float = 0.0


@dataclass(frozen=True)
class SegmentRun:
    """One step as PyBaMM has it.

    Attributes:
        duration: s.
        voltage: At the times that were asked for, V.
        current: There, A/m².
    """

    duration: float
    voltage: Array
    current: Array


@dataclass(frozen=True)
class Solver:
    """PyBaMM on a mesh of cells of one size.

    Attributes:
        pybamm: The module.
        cells: Along the radius.
        tolerance: Of the time integration, relative; a hundredth of it is the absolute one.
    """

    pybamm: Any
    cells: int
    tolerance: float

    def run(
        self, cell: HalfCell, start: float, segments: tuple[Segment, ...], times: tuple[Array, ...]
    ) -> list[SegmentRun]:
        """Run steps one after the other, each from where the last one ended.

        Args:
            cell: The sphere.
            start: θ, the same everywhere.
            segments: The steps.
            times: Of each step, since it began, s, from 0.
        """
        profile = np.full(self.cells, start)
        found = []
        for segment, moments in zip(segments, times, strict=True):
            solution = self._solve(cell, profile, segment, moments)
            duration = float(np.squeeze(solution.t_event)) * cell.time_unit
            values = {name: solution[name] for name in ("voltage", "current")}
            inside = np.asarray(moments)[np.asarray(moments) <= duration] / cell.time_unit
            found.append(
                SegmentRun(duration, *(np.ravel(values[name](inside)) for name in ("voltage", "current")))
            )
            profile = np.ravel(solution.y_event)
        return found

    def _solve(self, cell: HalfCell, profile: Array, segment: Segment, moments: Array) -> Any:
        model = self._model(cell, profile, segment)
        solver = self.pybamm.IDAKLUSolver(rtol=self.tolerance, atol=1e-2 * self.tolerance)
        longest = 10.0
        shares = np.asarray(moments) / cell.time_unit
        return solver.solve(model, [0, longest], t_interp=np.append(shares, longest))

    def _model(self, cell: HalfCell, profile: Array, segment: Segment) -> Any:
        pybamm = self.pybamm
        model = pybamm.BaseModel()
        theta = pybamm.Variable("theta", domain="particle")
        r = pybamm.SpatialVariable("r", domain=["particle"], coord_sys="spherical polar")
        surface = pybamm.surf(theta)
        equilibrium = open_circuit(surface, pybamm.tanh)
        exchange = cell.exchange_at(surface, pybamm.sqrt)
        if segment.current is None:
            voltage = pybamm.Scalar(segment.voltage) + 0 * surface
            current = 2 * exchange * pybamm.sinh((segment.voltage - equilibrium) / cell.twice_thermal)
            end = current - segment.least
        else:
            current = pybamm.Scalar(segment.current) + 0 * surface
            voltage = equilibrium + cell.twice_thermal * pybamm.arcsinh(segment.current / (2 * exchange))
            end = np.sign(segment.current) * (segment.voltage - voltage)
        model.rhs = {theta: pybamm.div(pybamm.grad(theta))}
        slope = -current / cell.flux_unit
        sides = {"left": (pybamm.Scalar(0), "Neumann"), "right": (slope, "Neumann")}
        model.boundary_conditions = {theta: sides}
        model.initial_conditions = {theta: pybamm.Vector(profile, domain="particle")}
        model.variables = {"voltage": voltage, "current": current}
        model.events = [pybamm.Event("end", end)]
        geometry = {"particle": {r: {"min": pybamm.Scalar(0), "max": pybamm.Scalar(1)}}}
        mesh = pybamm.Mesh(geometry, {"particle": pybamm.Uniform1DSubMesh}, {r: self.cells})
        quadratic = {"extrapolation": {"order": {"gradient": "quadratic", "value": "quadratic"}}}
        pybamm.Discretisation(mesh, {"particle": pybamm.FiniteVolume(quadratic)}).process_model(model)
        return model
