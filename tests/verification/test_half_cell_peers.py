"""The voltage of a particle of NMC811 beside PyBaMM's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.outputs import Result
from oxyshell.scenario.loading import load
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.verification.exact import Record
from tests.verification.histories import rows_at, steps_of
from tests.verification.peers.half_cells import (
    CHEN,
    CONSTANT,
    FIRST,
    PROTOCOLS,
    Protocol,
    StepFigures,
    pybamm_figures,
    row,
)
from tests.verification.peers.pybamm_half_cell import HalfCell

SCENARIO = Path(__file__).parents[2] / "scenarios" / "nmc811-half-cell.yaml"
REFINED: tuple[dict[str, Any], ...] = (
    {"numerics.elements": {"bulk": 16, "surface_size": 2e-3}, "numerics.time_tolerance": 1e-7},
    {"numerics.elements": {"bulk": 32, "surface_size": 1e-3}, "numerics.time_tolerance": 1e-8},
)
CELLS = (400, 800, 1600)
TOLERANCE = 1e-10
# Promised: at every moment, V, and of the length of a step.
VOLTAGE, LENGTH = 1e-4, 1e-5
KINETICS: dict[str, tuple[HalfCell, dict[str, Any]]] = {
    "i0 constant": (CONSTANT, {"law": "constant", "exchange_current": "1.0 A/m^2"}),
    "i0 of Chen et al. 2020": (
        CHEN,
        {"law": "content", "rate_constant": f"{3.42e-6 * 1000**0.5 / 96485.33212331!r} m/s"},
    ),
}


@pytest.fixture(scope="module")
def pybamm() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYBAMM_DISABLE_TELEMETRY", "true")
        yield pytest.importorskip("pybamm", reason="PyBaMM is not installed (`--extra peers`)")


def our_figures(result: Result, theirs: list[StepFigures]) -> list[StepFigures]:
    """The same steps and moments in ours."""
    found, begins = [], 0.0
    for step, other in zip(steps_of(result.history), theirs, strict=True):
        rows = np.concatenate([[0], rows_at(step, begins + other.times[1:])])
        duration = step["time_s"][-1] - step["time_s"][0]
        found.append(StepFigures(duration, other.times, step["voltage_V"][rows], step["current_A_m2"][rows]))
        begins += other.duration
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kinetics", KINETICS)
@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
def test_pybamm_has_the_same_voltage(
    protocol: Protocol, kinetics: str, pybamm: Any, bench: SimulationCache, record: Record
) -> None:
    cell, section = KINETICS[kinetics]
    coarse, fine = pybamm_figures(pybamm, cell, protocol, CELLS, TOLERANCE)
    begins, times = 0.0, []
    for figures in fine:
        times += [f"{begins + moment!r} s" for moment in figures.times[1:].tolist()]
        begins += figures.duration
    scenario = load(SCENARIO).with_values(
        {
            "electrode.kinetics": section,
            "material.ion.occupancy": protocol.start,
            "protocol": [step.entry for step in protocol.steps],
            "output": {"at": {"time": times}},
        }
    )
    default, ours_coarse, ours = (
        our_figures(bench.run(scenario.with_values(values)), fine) for values in ({}, *REFINED)
    )
    what, solver = f"{protocol.name}, {kinetics}", f"PyBaMM {pybamm.__version__}"
    runs = zip(coarse, fine, ours_coarse, ours, default, strict=True)
    for step, of_step in zip(protocol.steps, runs, strict=True):
        length = row(what, f"length of the {step.name}, s", of_step, "duration", solver)
        record(length)
        assert length["difference"] < LENGTH * length["theirs"], length
        if step.rate is None:
            record(row(what, f"current of the {step.name}, A/m²", of_step, "current", solver))
            continue
        voltage = row(what, f"voltage of the {step.name}, V", of_step, "voltage", solver)
        record(voltage)
        assert voltage["difference"] < VOLTAGE, voltage
        theirs, by_default = of_step[1], of_step[-1]
        later = ~np.isin(theirs.times, FIRST)
        assert np.abs(by_default.voltage - theirs.voltage)[later].max() < VOLTAGE
