"""Voltage curves of one sphere against an independent solver."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from oxyshell.outputs import Result
from oxyshell.scenario.loading import loads
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.verification.histories import rows_at, steps_of
from tests.verification.voltage import Case, cases

CASES = cases()
of_every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
FINE: dict[str, Any] = {
    "numerics.time_tolerance": 1e-7,
    "numerics.elements.bulk": 16,
    "numerics.elements.surface_size": 2e-3,
}


def deviations(case: Case, result: Result) -> dict[str, float]:
    """The largest ones: of the voltage, V, of θ at the surface, and of a step's length as a share of it."""
    found = steps_of(result.history)
    assert len(found) == len(case.ends)
    worst = {"voltage": 0.0, "theta": 0.0, "length": 0.0}
    begins = 0.0
    for index, (step, ends) in enumerate(zip(found, case.ends, strict=True)):
        rows = case.step(index)
        here = np.concatenate([[0], rows_at(step, rows["time_s"][1:-1]), [step["time_s"].size - 1]])
        voltage = np.abs(step["voltage_V"][here] - rows["voltage_V"]).max()
        theta = np.abs(step["surface_occupancy"][here] - rows["theta_surface"]).max()
        length = abs((step["time_s"][-1] - step["time_s"][0]) / (ends - begins) - 1)
        for name, deviation in (("voltage", voltage), ("theta", theta), ("length", length)):
            worst[name] = max(worst[name], float(deviation))
        begins = ends
    return worst


@of_every_case
def test_the_voltage_with_default_settings(case: Case, bench: SimulationCache) -> None:
    worst = deviations(case, bench.run(loads(case.text)))
    assert worst["voltage"] < 1e-4, worst


@pytest.mark.slow
@of_every_case
def test_the_voltage_with_fine_settings(case: Case, bench: SimulationCache) -> None:
    worst = deviations(case, bench.run(loads(case.text).with_values(FINE)))
    assert worst["voltage"] < 1e-6, worst
    assert worst["theta"] < 1e-6, worst
    assert worst["length"] < 1e-7, worst
