"""Particles with an electrode, taken through a short protocol."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.base.protocol import TIME, Protocol, ProtocolStep, Stop, SurfaceCondition
from oxyshell.models.electrode.exchange import ElectrodeExchange
from oxyshell.models.electrode.kinetics import ConstantExchange
from oxyshell.models.electrode.memory import Single
from oxyshell.models.electrode.potential import Potential
from oxyshell.models.electrode.potentials.constant import ConstantCurve
from oxyshell.models.electrode.potentials.formula import FormulaCurve
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.strategies import choose
from oxyshell.models.particle.system import as_made, enter
from oxyshell.solver.march import march
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.settings import Discretisation, StepControl, StrategyChoice
from oxyshell.solver.state import Observation, State
from oxyshell.solver.step_result import StepResult
from tests import lrmo
from tests.models.electrode.potentials import NMC811, THERMAL_VOLTAGE

VOLTAGE = "voltage"
LEVEL = Single(ConstantCurve(4.0))
FALLING = Single(FormulaCurve.parse(NMC811))


def electrode(
    potential: Potential = FALLING, exchange_current: float = 1.0, stress: float = 1.0
) -> ElectrodeExchange:
    """Of an exchange current density in A/m², all sites exchangeable."""
    return ElectrodeExchange(
        potential=potential,
        kinetics=ConstantExchange(exchange_current / FARADAY_CONSTANT),
        sites=1.0,
        exchangeable=1.0,
        thermal_voltage=THERMAL_VOLTAGE,
        work_voltage=stress * THERMAL_VOLTAGE,
    )


def step(exchange: SurfaceCondition, *until: Stop, held: float | None = None) -> ProtocolStep:
    return ProtocolStep("step", exchange, until, held=held)


def seconds(time: float) -> Stop:
    return Stop(TIME, time)


def volts(voltage: float, rises: int) -> Stop:
    return Stop(VOLTAGE, voltage, rises=rises)


@dataclass(frozen=True, eq=False)
class Cell:
    """A discretised particle with an electrode, or without."""

    model: ParticleModel
    strategy: Any

    @property
    def system(self) -> Any:
        return self.strategy.system

    def subject(self, tolerance: float) -> Marchable:
        system = self.system
        return Marchable(
            method=self.strategy.method(tolerance),
            observe=self.observe,
            begin=partial(enter, system, as_made(self.model)),
            initial=system.initial_state(self.model.host.occupancy),
            diffusion_time=system.time_unit,
            formula_units=system.formula_units,
            sites=system.observe(system.initial_state(1.0)).content,
        )

    def run(self, steps: Sequence[ProtocolStep], tolerance: float = 1e-4) -> list[StepResult]:
        """Bounded by the error alone."""
        return list(march(self.subject(tolerance), Protocol(tuple(steps)), bounded_by_error(tolerance)))

    def observe(self, state: State) -> Observation:
        return replace(self.system.observe(state), more=self.system.numbers_of(state))

    def voltage(self, moment: StepResult) -> float:
        return float(self.system.numbers_of(moment.state)[VOLTAGE])

    def flux(self, moment: StepResult) -> float:
        """Mean over the surface, mol/(m² s)."""
        area = self.system.area * self.system.units.length**2
        return float(moment.observation.outflow / area)

    def voltages_at(self, moments: Sequence[StepResult], times: np.ndarray) -> np.ndarray:
        """By cubics between the steps of the first protocol step."""
        from scipy.interpolate import CubicSpline

        own = [one for one in moments if one.protocol_step == 0 and one.step > 0]
        curve = CubicSpline([one.state.time for one in own], [self.voltage(one) for one in own])
        result: np.ndarray = curve(times)
        return result


def bounded_by_error(tolerance: float) -> StepControl:
    return StepControl(tolerance=tolerance, largest_share=math.inf)


def cell(particle: ParticleMesh, exchange: SurfaceCondition, kind: StrategyChoice, **model: Any) -> Cell:
    """The standard particle behind a surface; degree 3 on a line, 2 elsewhere."""
    made = lrmo.particle(exchange=exchange, **model)
    degree = 3 if particle.mesh.topology.dim == 1 else 2
    strategy = choose(particle, made, Discretisation(strategy=kind, degree=degree))
    strategy.system.update(made)
    return Cell(made, strategy)


def ends(moments: Sequence[StepResult]) -> Iterator[StepResult]:
    """The last moment of each protocol step."""
    for index in sorted({one.protocol_step for one in moments}):
        yield [one for one in moments if one.protocol_step == index][-1]
