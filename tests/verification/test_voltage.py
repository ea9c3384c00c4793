"""Voltage curves of one sphere against an independent solver."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from oxyshell.outputs import Result
from oxyshell.scenario.loading import parse
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.verification.voltage import Case, cases

CASES = cases()
of_every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
TIGHT: dict[str, Any] = {
    "numerics.time_tolerance": 1e-9,
    "numerics.elements.bulk": 48,
    "numerics.degree": 4,
    "numerics.elements.surface_size": 1e-3,
}


def steps_of(result: Result) -> list[dict[str, np.ndarray]]:
    """The history, step by step: a step begins with a row at the time at which the last one ended."""
    time = result.history["time_s"]
    starts = np.flatnonzero(np.diff(time) == 0) + 1
    edges = [*([] if 0 in starts else [0]), *starts, time.size]
    return [
        {name: values[first:last] for name, values in result.history.items()}
        for first, last in zip(edges, edges[1:], strict=False)
    ]


def at(step: dict[str, np.ndarray], times: np.ndarray) -> np.ndarray:
    """Indices of the rows at some times, which the march has landed on; the ends are the first and the last."""
    inside = np.searchsorted(step["time_s"], times[1:-1])
    assert step["time_s"][inside] == pytest.approx(times[1:-1], rel=1e-14)
    return np.concatenate([[0], inside, [step["time_s"].size - 1]])


def compare(case: Case, result: Result, voltage: float, share: float) -> dict[str, float]:
    """The largest deviations: of voltages, V, of θ at the surface, and of step lengths, as a share of them.

    Args:
        case: The other solver's run.
        result: Ours.
        voltage: V that is allowed.
        share: Of an event time that is allowed.
    """
    found = steps_of(result)
    assert len(found) == len(case.ends)
    worst = {"voltage": 0.0, "theta": 0.0, "event": 0.0}
    begins = 0.0
    for index, (step, ends) in enumerate(zip(found, case.ends, strict=True)):
        rows = case.step(index)
        here = at(step, rows["time_s"])
        for name, column, theirs in (
            ("voltage", "voltage_V", "voltage_V"),
            ("theta", "surface_occupancy", "theta_surface"),
        ):
            worst[name] = max(worst[name], np.abs(step[column][here] - rows[theirs]).max())
        length = step["time_s"][-1] - step["time_s"][0]
        worst["event"] = max(worst["event"], abs(length / (ends - begins) - 1))
        begins = ends
    return worst


@of_every_case
def test_the_voltage_at_default_numerics(case: Case, bench: SimulationCache) -> None:
    worst = compare(case, bench.run(parse(case.text)), 1e-4, 1e-4)
    assert worst["voltage"] < 1e-4, worst


@pytest.mark.slow
@of_every_case
def test_the_voltage_at_tight_numerics(case: Case, bench: SimulationCache) -> None:
    worst = compare(case, bench.run(parse(case.text).with_values(TIGHT)), 1e-6, 1e-7)
    assert worst["voltage"] < 1e-6, worst
    assert worst["theta"] < 1e-6, worst
    assert worst["event"] < 1e-7, worst
