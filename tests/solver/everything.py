"""A process with every kind of unknown, all of them coupled, by rates that are quadratic in them.

Run as a program, it prints numbers that are the same on any number of processes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import ufl

from oxyshell.meshes.ball import half_disc, octant
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
from oxyshell.solver.state import Array, State

COARSE = Resolution(layer_elements=1, bulk_elements=2, tangential=2)
LAYER = 0.2
BODIES: dict[str, Callable[[], ParticleMesh]] = {
    "line": lambda: radial_line(Spherical(), LAYER, COARSE),
    "disc": lambda: half_disc(LAYER, COARSE),
    "octant": lambda: octant(LAYER, COARSE),
}
DEGREE = 2
SHIFT = 2.5


@dataclass(frozen=True)
class Numbers:
    """Of what there is nothing to choose but the diffusivity."""

    diffusivity: float = quantity("m^2/s", default=1.0)


class Everything(Process[Numbers]):
    """Three unknowns share a mixed space, and the displacement among them is not the last."""

    name: ClassVar[str] = "everything"

    def unknowns(self, model: Numbers, coordinates: Any) -> tuple[Unknown, ...]:
        return (
            Unknown("content", counts=1.0),
            Unknown("level", lives=Lives.NUMBER, evolves=False),
            Unknown("shift", order=1, is_displacement=True, evolves=False),
            Unknown("captured", lives=Lives.SURFACE, counts=1.0),
            Unknown("other"),
            Unknown("layered", region="layer"),
            Unknown("released", lives=Lives.CELLS, counts=-1.0),
        )

    def units(self, model: Numbers) -> Units:
        return Units()

    def rates(self, model: Numbers, domain: Domain, fields: Fields, tests: Fields) -> Mapping[str, Any]:
        c, o, level, gamma = (fields[name] for name in ("content", "other", "level", "captured"))
        layered, released = fields["layered"], fields["released"]
        strain = domain.coordinates.strain(fields["shift"], domain.x)
        virtual = domain.coordinates.strain(tests["shift"], domain.x)
        gradient = domain.coordinates.gradient
        flux = -model.diffusivity * (1 + 0.3 * o) * gradient(c, domain.x)
        source = c * o - released + level * released
        taken = c * (1 - gamma)
        return {
            "content": domain.volume(
                ufl.inner(flux, gradient(tests["content"], domain.x)) + source * tests["content"]
            )
            - domain.surface(taken * tests["content"]),
            "level": domain.volume((c + 0.1 * level * o - 2 * level) * tests["level"])
            + domain.volume(layered * tests["level"], "layer")
            + domain.surface(gamma * tests["level"]),
            "shift": domain.volume(c * o * ufl.tr(virtual) - ufl.inner(strain, virtual)),
            "captured": domain.surface((taken - 0.3 * level * gamma) * tests["captured"]),
            "other": domain.volume((c * ufl.tr(strain) - level * o) * tests["other"])
            + domain.volume(0.2 * layered * o * tests["other"], "layer"),
            "layered": domain.volume((c * o - layered - layered * level) * tests["layered"], "layer"),
            "released": domain.volume(source * tests["released"]),
        }

    def outflow(self, model: Numbers, domain: Domain, fields: Fields) -> Any:
        return domain.surface(0.3 * fields["level"] * fields["captured"])

    def scales(self, model: Numbers) -> Mapping[str, float]:
        return {"content": 1.0}


def system_on(particle: ParticleMesh, compiled: bool = True) -> GroupSystem[Numbers]:
    domain = spaces.domain(particle, 2 * DEGREE + 4)
    return GroupSystem(particle, Numbers(), [Everything()], DEGREE, domain, {}, compiled)


def somewhere(system: GroupSystem[Numbers], phase: float) -> Array:
    """Smooth values around 0.5 of all unknowns, by where they stand and not by who owns them."""
    x, y, z, _, component = system.dof_positions.T
    values = 0.5 + 0.2 * np.cos(phase + 1.3 * x - 0.7 * y + 0.4 * z + component)
    for number, name in enumerate(system.fields.rows):
        values[system.fields.rows[name]] += 0.01 * number
    # A displacement is zero where it is held, as the rate is there.
    system.rate(values)
    values[held_rows(system)] = 0.0
    return values


def held_rows(system: GroupSystem[Numbers]) -> Array:
    """Rows of a displacement that is held."""
    return system.held


def measured(system: GroupSystem[Numbers]) -> dict[str, float]:
    """Numbers to which everything contributes: weighted sums of f, of a solution, and of a step."""
    comm, found = system.comm, {}
    y, weights, right = (somewhere(system, phase) for phase in (0.0, 1.0, 2.0))

    def note(what: str, values: Array, but: tuple[str, ...] = ()) -> None:
        # In one order on all processes.
        for name in (one for one in system.fields.rows if one not in but):
            own = float(system.part(weights, name) @ system.part(values, name))
            found[f"{what}, {name}"] = comm.allreduce(own)

    note("rate", system.rate(y))
    note("mass", system.mass(y), but=("level", "shift"))
    system.prepare(y, SHIFT)
    note("solution", system.solve(system.mass(right) + system.rate(right)))
    found["outflow"] = system.outflow(y)
    found["outflow's change"] = system.outflow_change(right)
    state = Rosenbrock(system, 1.0).attempt(State(0.0, y, 0.0), 1e-3).state
    note("step", state.unknowns)
    found["left"] = state.left
    found["gained"] = system.gained(state.unknowns - y)
    found["size"] = float(system.degrees_of_freedom)
    return found


if __name__ == "__main__":
    numbers = measured(system_on(BODIES[sys.argv[1]]()))
    from mpi4py import MPI

    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps({"processes": MPI.COMM_WORLD.size, **numbers}))
