"""A physics that conserves joules, with a number and a field of one region among its unknowns."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

import oxyshell
from oxyshell.models import registry
from oxyshell.outputs import Result
from oxyshell.scenario.scenario import Scenario
from tests.extending.heat import Heat

ROOT = Path(__file__).parents[2]
RADIUS, LAYER = 150e-9, 4.5e-9
CONDUCTIVITY, CAPACITY, TRANSFER, SOURCE, SURROUNDINGS, UPTAKE = 1e-11, 3e6, 2e-4, 1e3, 1e-13, 1e-3
AREA, VOLUME = 4 * math.pi * RADIUS**2, 4 / 3 * math.pi * RADIUS**3
LAYER_VOLUME = VOLUME - 4 / 3 * math.pi * (RADIUS - LAYER) ** 3
SCALE = SOURCE * RADIUS / (3 * TRANSFER)
SECONDS = 3000.0
# Step errors, each at most 1e-5 of the scale, add up over some tens of steps.
TOLERANCE = 2e-5


@pytest.fixture(autouse=True)
def heat() -> Iterator[None]:
    with registry.registered(Heat()):
        yield


def scenario(**changes: Any) -> Scenario:
    section = {
        "conductivity": f"{CONDUCTIVITY} W/(m K)",
        "heat_capacity": "3 J/(cm^3 K)",
        "transfer": f"{TRANSFER} W/(m^2 K)",
        "source": f"{SOURCE} W/m^3",
        "surroundings": f"{SURROUNDINGS} J/K",
        "uptake": f"{UPTAKE} 1/s",
    }
    return oxyshell.load(ROOT / "scenarios" / "lrmo-ru1.yaml").with_values(
        {
            "heat": section,
            "output.at": {"time": ["600 s"]},
            "protocol": [{"rest": {"time": f"{SECONDS} s"}}],
            **changes,
        }
    )


def columns(result: Result, *names: str) -> list[np.ndarray]:
    return [np.asarray(result.history[name]) for name in names]


def mean_rise(time: float) -> float:
    """Mean T in a sphere with an even source: what leaves a unit of content, over time (Crank, 6.43)."""
    biot, fourier = TRANSFER * RADIUS / CONDUCTIVITY, CONDUCTIVITY / CAPACITY * time / RADIUS**2

    def root(n: int) -> float:
        condition = lambda b: b * math.cos(b) - (1 - biot) * math.sin(b)  # noqa: E731
        return float(brentq(condition, n * math.pi + 1e-9, (n + 1) * math.pi - 1e-9, xtol=1e-14))

    b = np.array([root(n) for n in range(500)])
    series = 6 * biot**2 / (b**2 * (b**2 + biot * (biot - 1))) / b**2 * -np.expm1(-(b**2) * fourier)
    return SOURCE * RADIUS**2 / CONDUCTIVITY * math.fsum(series)


def test_the_mean_temperature_is_the_exact_one() -> None:
    # Surroundings that stay cold: they take 1e-9 of the scale.
    result = oxyshell.run(scenario(**{"heat.surroundings": "1e-4 J/K"}))
    time, stored = columns(result, "time_s", "heat_stored_J")
    exact = np.array([mean_rise(one) for one in time])
    assert exact[-1] > 0.5 * SCALE
    assert stored / (CAPACITY * VOLUME) == pytest.approx(exact, abs=TOLERANCE * SCALE)


@pytest.mark.parametrize("dimension", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_particle_that_conducts_well_is_a_pot_that_warms_another(dimension: int) -> None:
    changes = {"heat.conductivity": "1e-6 W/(m K)", "particle.dimension": dimension}
    result = oxyshell.run(scenario(**changes))
    names = ("time_s", "heat_stored_J", "heat_of_surroundings_J", "heat_memory_K_m3", "heat_brought_J")
    time, stored, given, memory, brought = columns(result, *names)

    def rates(_time: float, y: np.ndarray) -> list[float]:
        passed = TRANSFER * AREA * (y[0] - y[1])
        source = SOURCE * VOLUME
        return [
            (source - passed) / (CAPACITY * VOLUME),
            passed / SURROUNDINGS,
            UPTAKE * (y[0] - y[2]),
        ]

    exact = solve_ivp(rates, (0, SECONDS), [0, 0, 0], "Radau", t_eval=time, rtol=1e-10, atol=1e-13).y
    found = stored / (CAPACITY * VOLUME), given / SURROUNDINGS, memory / LAYER_VOLUME
    for one, expected in zip(found, exact, strict=True):
        assert one == pytest.approx(expected, abs=TOLERANCE * SCALE)
    # The surroundings become warm by something.
    assert exact[1, -1] > 0.5 * SCALE
    assert stored + given == pytest.approx(brought, rel=1e-11)
    assert max(result.history["heat_balance_error"]) < 1e-12
