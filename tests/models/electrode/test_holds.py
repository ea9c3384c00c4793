"""Holds at a voltage: how long they take, and where they begin."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.errors import SolverError
from oxyshell.scenario.loading import loads
from tests.electrode import FIRST_CYCLE, scenario_file
from tests.models.electrode.potentials import NMC811

ELECTRODE = (
    f"{{open_circuit: {{formula: '{NMC811}'}}, kinetics: {{law: constant, exchange_current: 1 A/m^2}}}}"
)
# Its differences of occupancy are a few times the default tolerance, and less where the hold ends.
FAST = "1.568e-16 m^2/s"
FULL_TO_HELD = "[charge at 1 C until 4.3 V, hold at 4.3 V until C/50]"


@functools.cache
def run(protocol: str, diffusivity: str, numerics: str) -> Any:
    text = scenario_file("hold", ELECTRODE, protocol, diffusivity=diffusivity, numerics=numerics)
    return oxyshell.run(loads(text))


def length_of_hold(diffusivity: str, numerics: str) -> float:
    charge, hold = run(FULL_TO_HELD, diffusivity, numerics).summary["protocol"]
    return float(hold["time_s"] - charge["time_s"])


@pytest.mark.parametrize(
    ("strategy", "allowed"),
    [
        # A share of what passes in a step is that of the current's rate for backward differences.
        ("split", 2e-3),
        # Of an order higher, by about a tenth of it.
        ("monolithic", 2e-4),
    ],
)
@pytest.mark.parametrize("diffusivity", [FAST, "1.568e-18 m^2/s"])
def test_the_length_of_a_hold(strategy: str, allowed: float, diffusivity: str) -> None:
    exact = length_of_hold(diffusivity, "{time_tolerance: 1e-7}")
    assert length_of_hold(diffusivity, f"{{strategy: {strategy}}}") == pytest.approx(exact, rel=allowed)


@pytest.mark.parametrize("strategy", ["split", "monolithic"])
def test_a_hold_may_begin_far_from_equilibrium(strategy: str) -> None:
    found = run("[hold at 4.3 V for 1 h]", "1.568e-18 m^2/s", f"{{strategy: {strategy}}}")
    current, voltage = found.history["current_A_m2"], found.history["voltage_V"]
    # η falls by orders of RT/F within the first steps.
    assert current[1] > 1e4
    assert np.all(np.diff(current[1:]) < 0)
    assert voltage[1:] == pytest.approx(4.3, abs=1e-12)
    assert found.summary["ions"]["balance_error"] < 1e-10


def test_parts_of_the_voltage_add_up_on_a_coarse_curved_surface() -> None:
    sections = {
        "particle": "{shape: sphere, radius: 150 nm, dimension: 2, extent: quarter}",
        "numerics": "{elements: {layer: 2, bulk: 3, tangential: 2}, degree: 1, time_tolerance: 1e-2}",
    }
    history = oxyshell.run(
        loads(scenario_file("disc", ELECTRODE, "[charge at 1 C for 60 s]", **sections))
    ).history
    parts = [f"{name}_overpotential_V" for name in ("concentration", "stress", "kinetic", "film")]
    total = history["open_circuit_voltage_V"] + sum(history[name] for name in parts)
    np.testing.assert_allclose(total, history["voltage_V"], rtol=0, atol=1e-12)


def test_a_jump_that_is_too_large_says_what_helps() -> None:
    # After an hour, a step of time is 1e-12 s or more.
    text = scenario_file("jump", FIRST_CYCLE, "[rest for 1 h, hold at 4.8 V for 1 h]")
    with pytest.raises(SolverError, match="let a current lead up to it"):
        oxyshell.run(loads(text))
