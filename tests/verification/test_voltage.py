"""Voltage curves of one sphere against an independent solver."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from oxyshell.outputs import Result
from oxyshell.scenario.loading import loads
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.verification.histories import Columns, rows_at, steps_of
from tests.verification.voltage import Case, cases

CASES = cases()
of_every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
FINE: dict[str, Any] = {
    "numerics.time_tolerance": 1e-9,
    "numerics.elements.bulk": 16,
    "numerics.elements.surface_size": 2e-3,
}
# As promised.
VOLTAGE, OCCUPANCY, LENGTH = 1e-6, 1e-6, 1e-7
WITH_DEFAULTS = 1e-4
# With default elements, the outermost one is 0.05 R wide, and in a step's first 2 s the depth √(D t) that its
# current has reached is a third of that.
FIRST, WITHIN_THE_FIRST = 2.0, 4e-4


def compared(case: Case, result: Result, begins: Sequence[float]) -> list[Columns]:
    """Our rows of each step at the other solver's times since the step began.

    Args:
        case: The other solver's run.
        result: Ours, with outputs at these times.
        begins: Starts of our steps to which outputs refer, s.
    """
    found = []
    for index, (step, start) in enumerate(zip(steps_of(result.history), begins, strict=True)):
        outputs = start + case.elapsed(index)[1:-1]
        here = np.concatenate([[0], rows_at(step, outputs), [-1]])
        found.append({name: values[here] for name, values in step.items()})
    return found


@pytest.mark.slow
@of_every_case
def test_the_voltage_with_fine_settings(case: Case, bench: SimulationCache) -> None:
    result = bench.run(loads(case.text).with_values(FINE))
    for index, step in enumerate(compared(case, result, case.begins)):
        rows = case.step(index)
        assert step["voltage_V"] == pytest.approx(rows["voltage_V"], abs=VOLTAGE)
        assert step["surface_occupancy"] == pytest.approx(rows["theta_surface"], abs=OCCUPANCY)
        assert np.ptp(step["time_s"]) == pytest.approx(case.length(index), rel=LENGTH)


@of_every_case
def test_the_voltage_with_default_settings(case: Case, bench: SimulationCache) -> None:
    scenario = loads(case.text)
    # A step that ends at a current begins the next one a little early or late: outputs follow it.
    begins = [float(step["time_s"][0]) for step in steps_of(bench.run(scenario).history)]
    outputs = [start + time for index, start in enumerate(begins) for time in case.elapsed(index)[1:-1]]
    moments = {"output": {"at": {"time": [f"{time!r} s" for time in map(float, outputs)]}}}
    result = bench.run(scenario.with_values(moments))
    for index, step in enumerate(compared(case, result, begins)):
        error = np.abs(step["voltage_V"] - case.step(index)["voltage_V"])
        early = (case.elapsed(index) > 0) & (case.elapsed(index) < FIRST)
        assert error[~early].max() < WITH_DEFAULTS
        assert error[early].max(initial=0.0) < WITHIN_THE_FIRST
