"""Runs with a toughness, and an independent integral of the stress intensity over a profile."""

from __future__ import annotations

import functools
import math
from pathlib import Path
from typing import Any

import numpy as np

import oxyshell
from oxyshell.models.fracture.weight_function import FIRST, SECOND
from oxyshell.outputs import Result
from oxyshell.scenario.scenario import Scenario

SCENARIOS = Path(__file__).parents[3] / "scenarios"
K_IC = {"toughness.k_ic": "0.24 MPa m^0.5"}


def scenario(name: str, **changes: Any) -> Scenario:
    """A shipped scenario with a toughness and other values, by path with "__" for dots.

    With a protocol of its own there are outputs at the ends of its steps alone.
    """
    values = {path.replace("__", "."): value for path, value in changes.items()}
    values |= {"output.at": {}} if "protocol" in changes else {}
    return oxyshell.load(SCENARIOS / f"{name}.yaml").with_values(K_IC | values)


@functools.cache
def first_charge(name: str) -> Result:
    """The run of a shipped scenario with a toughness."""
    return oxyshell.run(scenario(name))


def by_trapezia(depth: Any, hoop: Any, flaw: float) -> float:
    """K of a flaw, Pa √m, from a profile joined by straight lines: trapezia in √(a − x)."""
    s = np.linspace(0.0, math.sqrt(flaw), 20_001)
    stress = np.interp(flaw - s**2, depth, hoop)
    bracket = 1 + FIRST * s**2 / flaw + SECOND * (s**2 / flaw) ** 2
    return float(np.trapezoid(stress * bracket, s)) * 4 / math.sqrt(2 * math.pi)
