"""Diffusion under a Butler–Volmer flux at constant current; the voltage is an unknown number.

Run as a program, it prints what a charge ends with, the same on any number of processes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import ufl

from oxyshell.meshes.ball import half_disc
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.base.dimension import Units, quantity
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.process import Fields, Lives, Process, Unknown
from oxyshell.solver import spaces
from oxyshell.solver.group_system import GroupSystem
from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from oxyshell.solver.integrators.step_control import after_acceptance, after_rejection
from oxyshell.solver.state import Array, State

START, MIDDLE, CURRENT, EXCHANGE = 0.9, 4.0, 0.4, 2.0
END = 0.3
BODIES: dict[str, Callable[[], ParticleMesh]] = {
    "line": lambda: radial_line(Spherical(), 0.0, Resolution(bulk_elements=8, surface_size=0.02)),
    "disc": lambda: half_disc(0.0, Resolution(bulk_elements=4, tangential=3, surface_size=0.1)),
}
DEGREES = {"line": 3, "disc": 2}


@dataclass(frozen=True)
class Cell:
    """A particle in an electrolyte, in its own units: R, R²/D and the sites in R³ are one.

    Attributes:
        current: Ions that leave per area and time.
        exchange: Exchange current density at half filling, twice over.
    """

    current: float = quantity("1", default=CURRENT)
    exchange: float = quantity("1", default=EXCHANGE)


class Voltage(Process[Cell]):
    """θ' = Δθ, and a voltage V in RT/F such that what leaves is the current, however the surface differs."""

    name: ClassVar[str] = "electrode"

    def unknowns(self, model: Cell, coordinates: Any) -> tuple[Unknown, ...]:
        return (
            Unknown("theta", counts=1.0),
            Unknown("voltage", lives=Lives.NUMBER, evolves=False),
        )

    def units(self, model: Cell) -> Units:
        return Units()

    def rates(self, model: Cell, domain: Domain, fields: Fields, tests: Fields) -> Mapping[str, Any]:
        gradient, theta = domain.coordinates.gradient, fields["theta"]
        flux = self.flux(model, fields)
        inside = ufl.inner(gradient(theta, domain.x), gradient(tests["theta"], domain.x))
        return {
            "theta": -domain.volume(inside) - domain.surface(flux * tests["theta"]),
            "voltage": domain.surface((flux - model.current) * tests["voltage"]),
        }

    def outflow(self, model: Cell, domain: Domain, fields: Fields) -> Any:
        return domain.surface(self.flux(model, fields))

    def start(self, model: Cell) -> Mapping[str, float]:
        return {"theta": START, "voltage": MIDDLE}

    def scales(self, model: Cell) -> Mapping[str, float]:
        return {"theta": 1.0}

    @staticmethod
    def flux(model: Cell, fields: Fields) -> Any:
        """Butler–Volmer with U(θ) = 4 − ln(θ/(1 − θ)) and equal transfer coefficients."""
        theta = fields["theta"]
        overpotential = fields["voltage"] - MIDDLE + ufl.ln(theta / (1 - theta))
        return 2 * model.exchange * ufl.sqrt(theta * (1 - theta)) * ufl.sinh(overpotential / 2)


@dataclass(frozen=True, eq=False)
class Charged:
    """A particle after a charge at constant current.

    Attributes:
        system: What was solved.
        states: At the start and after every step.
        rejected: Steps that were not accurate.
    """

    system: GroupSystem[Cell]
    states: list[State]
    rejected: int

    def content(self, state: State) -> float:
        return self.system.gained(state.unknowns)

    def outflow(self, state: State) -> float:
        """Per area."""
        return self.system.outflow(state.unknowns) / self.system.area

    def voltage(self, state: State) -> float:
        """Known to the one process that owns it; to all from here."""
        own: Array = self.system.part(state.unknowns, "voltage")
        return self.system.total(float(own.sum()))


def system_on(body: str) -> GroupSystem[Cell]:
    particle, degree = BODIES[body](), DEGREES[body]
    domain = spaces.domain(particle, 8)
    return GroupSystem(particle, Cell(), [Voltage()], degree, domain, {})


def charged(system: GroupSystem[Cell], tolerance: float = 1e-7, end: float = END) -> Charged:
    """March with error control; the voltage settles in the first steps."""
    method = Rosenbrock(system, tolerance)
    start = system.fields.gather(Voltage().start(system.numbers))
    states, wanted, rejected = [State(0.0, start, 0.0)], 1e-6, 0
    while states[-1].time < end:
        step = min(wanted, end - states[-1].time)
        attempt = method.attempt(states[-1], step)
        if not attempt.error <= 1.0:
            rejected += 1
            wanted = after_rejection(step, attempt.error, method.order)
            continue
        states.append(attempt.state)
        wanted = after_acceptance(step, wanted, attempt.error, method.order, 5.0)
    return Charged(system, states, rejected)


if __name__ == "__main__":
    found = charged(system_on(sys.argv[1]))
    last = found.states[-1]
    numbers = {
        "voltage": found.voltage(last),
        "outflow": found.outflow(last),
        "left": last.left,
        "content": found.content(last),
        "steps": len(found.states),
    }
    if found.system.comm.rank == 0:
        print(json.dumps({"processes": found.system.comm.size, **numbers}))
