"""Time stepping of the oxygen: contents that the elements hold exactly.

At a steady ion content r = p (1 − e^{−kt}), and the mobile content is chosen as α (w + w² r²), w = e^{−kt}.
The sink then fills as Γ_max (1 − e^{−q}), q = k_c ∫c dt/Γ_max at the surface: nonlinear in time and state.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import ufl
from dolfinx import fem

from oxyshell.models.base.properties import Constant
from oxyshell.models.oxygen.model import OverOxidation, OxygenModel, OxygenTransport
from oxyshell.models.oxygen.surface import SurfaceExchange
from oxyshell.solver import spaces
from oxyshell.solver.driving import Forcing
from oxyshell.solver.following import FollowingSystem
from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from oxyshell.solver.state import State
from tests.oxygen import discretised, forcing
from tests.verification.manufactured import sources, strong
from tests.verification.manufactured.stepping import (
    DURATION,
    TOLERANCE,
    bent,
    line,
    of_content,
    stepped,
    straightened,
)
from tests.verification.manufactured.units import unit_host

START, ONSET, ELECTRONS, RATE = 0.9, 0.1, 0.25, 192.0
CAPACITY, CAPTURE, ESCAPE = 0.8, 1.5, 0.5
SIZE = 0.4
HIGH, LOW = 0.7, 0.3  # occupancies
SEALED = SurfaceExchange(capacity=CAPACITY)
CATCHING = SurfaceExchange(capacity=CAPACITY, capture=CAPTURE, escape=ESCAPE)


def model(surface: SurfaceExchange) -> OxygenModel:
    return OxygenModel(
        radius=1.0,
        initial=1.0,
        host=unit_host(START),
        transport=OxygenTransport(bulk=Constant(1.0), layer=Constant(1.0)),
        source=OverOxidation(onset=ONSET, electrons=ELECTRONS, rate=RATE),
        surface=surface,
    )


def releasable(theta: float) -> float:
    """p(θ)."""
    return ELECTRONS * (START - theta - ONSET)


def _system(surface: SurfaceExchange) -> FollowingSystem[OxygenModel]:
    mesh = line()
    scalars = fem.functionspace(mesh.mesh, spaces.scalar_element(mesh, 2))
    return discretised(mesh, model(surface), 2, scalars)


def _drive(system: FollowingSystem[OxygenModel], time: float, theta: float) -> Forcing:
    return forcing(time, np.full(system.fields.rows["mobile"].size, theta))


@dataclass(frozen=True)
class Exact:
    """The chosen content of a catching surface; `decay` is w."""

    decay: Any

    def mobile(self, x: Any) -> Any:
        return SIZE * bent(self.decay, x[0])

    @property
    def dose(self) -> Any:
        """∫c dt at the surface, from e^{−kt} + e^{−2kt}."""
        return SIZE * ((1 - self.decay) + (1 - self.decay**2) / 2) / RATE

    @property
    def held(self) -> Any:
        exponential = ufl.exp if isinstance(self.decay, ufl.core.expr.Expr) else math.exp
        return CAPACITY * (1 - exponential(-CAPTURE * self.dose / CAPACITY))

    @property
    def left(self) -> float:
        return float(4 * math.pi * ESCAPE * self.dose)


def source(domain: Any, mobile: Any, test: Any) -> Any:
    """∂c/∂t − Δc − S inside; at the surface, what it takes beyond N·n."""
    x, decay = domain.x, fem.Constant(domain.measure.mesh, 1.0)
    exact = Exact(decay)
    content = exact.mobile(x)
    flux = -ufl.grad(content)
    change = -RATE * SIZE * (decay + 2 * decay**2 * x[0] ** 2)
    inside = change + strong.SPHERE.divergence(flux, x) - RATE * releasable(LOW) * decay
    taken = CAPTURE * content * (1 - exact.held / CAPACITY) + ESCAPE * content
    present = straightened(mobile / SIZE, x[0])
    within, surplus = (of_content(part, decay, present) for part in (inside, taken - flux[0]))
    return domain.volume(within * test) + domain.surface(surplus * test)


def catching_errors(steps: int) -> dict[str, float]:
    """Of c, r, Γ and what was released, at a steady ion content."""
    with sources.to_oxygen(source):
        system = _system(CATCHING)
    still = _drive(system, 0.0, LOW)
    system.drive(still, replace(still, time=DURATION))
    radius = system.fields.spaces["mobile"].tabulate_dof_coordinates()[:, 0]
    start = system.initial_state()
    unknowns = start.unknowns.copy()
    unknowns[system.fields.rows["mobile"]] = SIZE * bent(1.0, radius)
    passed = stepped(Rosenbrock(system, TOLERANCE), replace(start, unknowns=unknowns), steps)

    def misses(state: State) -> tuple[float, ...]:
        exact = Exact(math.exp(-RATE * state.time))
        mobile, released, held = (state.unknowns[rows] for rows in system.fields.rows.values())
        return (
            float(np.abs(mobile - SIZE * bent(exact.decay, radius)).max()),
            float(np.abs(released - releasable(LOW) * (1 - exact.decay)).max()),
            abs(float(held[0]) - exact.held),
            abs(state.left - exact.left),
        )

    return _largest(("c", "r", "Γ", "O2 that was released"), [misses(one) for one in passed])


def driven_errors(steps: int) -> dict[str, float]:
    """Of r and c in a sealed particle whose ions leave evenly: p = p0 + p1 t."""
    system = _system(SEALED)
    system.drive(_drive(system, 0.0, HIGH), _drive(system, DURATION, LOW))
    p0 = releasable(HIGH)
    p1 = (releasable(LOW) - p0) / DURATION
    lag = p1 / RATE

    def misses(state: State) -> tuple[float, ...]:
        exact = p0 + p1 * state.time - lag + (lag - p0) * math.exp(-RATE * state.time)
        mobile, released, _ = (state.unknowns[rows] for rows in system.fields.rows.values())
        return float(np.abs(released - exact).max()), float(np.abs(mobile - 1 - exact).max())

    passed = stepped(Rosenbrock(system, TOLERANCE), system.initial_state(), steps)
    return _largest(("r", "c"), [misses(one) for one in passed])


def _largest(names: tuple[str, ...], misses: list[tuple[float, ...]]) -> dict[str, float]:
    columns = zip(*misses, strict=True)
    return {f"{name}, largest at any time": max(column) for name, column in zip(names, columns, strict=True)}
