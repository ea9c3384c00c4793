"""A voltage that holds the current: an algebraic unknown number in a system that diffuses."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from tests.processes import MPIEXEC, on_processes
from tests.solver.butler_volmer import (
    CURRENT,
    END,
    EXCHANGE,
    MIDDLE,
    START,
    Cell,
    Charged,
    charged,
    system_on,
)
from tests.verification.closed_forms import SPHERE

ROOT = Path(__file__).parents[2]
# The voltage begins at random; stiffly accurate steps bring it to where it belongs by the square of its miss.
SETTLED = 4


@pytest.fixture(scope="module", params=["line", "disc"])
def body(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def run(body: str) -> Charged:
    return charged(system_on(body))


def exact_voltage(time: float) -> float:
    """Of a sphere under constant flux, by the series for the occupancy of its surface."""
    (rise,) = SPHERE.rise(np.array([1.0]), time)
    theta = START - CURRENT * float(rise)
    equilibrium = MIDDLE - math.log(theta / (1 - theta))
    return equilibrium + 2 * math.asinh(CURRENT / (2 * EXCHANGE * math.sqrt(theta * (1 - theta))))


def test_the_voltage_holds_the_current(run: Charged) -> None:
    assert len(run.states) > 50
    misses = [abs(run.outflow(state) / CURRENT - 1) for state in run.states[SETTLED:]]
    assert max(misses) < 1e-8


def test_the_charge_that_has_passed_is_current_times_time(run: Charged) -> None:
    # The algebraic equation holds in the sum of a step's stages, also while the voltage settles.
    area = run.system.area
    for state in run.states[1:]:
        assert state.left == pytest.approx(CURRENT * area * state.time, rel=1e-12)


def test_no_ion_is_lost(run: Charged) -> None:
    first = run.content(run.states[0])
    errors = [abs(first - run.content(state) - state.left) / first for state in run.states]
    assert max(errors) < 1e-12


# On a line as good as the steps; on the disc the surface of cells of a tenth of the radius errs by a few
# times 1e-5 in occupancy, which has a slope of four in the voltage.
@pytest.mark.parametrize(("body", "within"), [("line", 1e-7), ("disc", 4e-4)], indirect=["body"])
def test_the_voltage_is_that_of_the_series(run: Charged, within: float) -> None:
    late = [state for state in run.states if state.time > 0.02]
    assert len(late) > 20
    for state in late:
        assert run.voltage(state) == pytest.approx(exact_voltage(state.time), abs=within)
    # It rises by more than one of its units meanwhile.
    assert run.voltage(late[-1]) - run.voltage(late[0]) > 1.0


def test_steps_of_fixed_length_are_of_order_three_at_least() -> None:
    system = system_on("line")
    start = next(state for state in charged(system, 1e-9, end=0.1).states if state.time >= 0.1)

    def ends(steps: int) -> tuple[float, float]:
        state, method = replace(start, time=0.1, left=0.0), Rosenbrock(system, 1.0)
        for _ in range(steps):
            state = method.attempt(state, 0.1 / steps).state
        surface = system.part(state.unknowns, "theta").min()
        return float(surface), float(system.part(state.unknowns, "voltage")[0])

    fine = ends(64)
    errors = [[abs(one - other) for one, other in zip(ends(n), fine, strict=True)] for n in (4, 8)]
    for coarse, finer in zip(*errors, strict=True):
        # A differential-algebraic system that is stiff besides: the order of the error estimate at least.
        assert math.log2(coarse / finer) > 3.0


def test_another_current_needs_no_other_system(run: Charged) -> None:
    system = run.system
    system.update(Cell(current=0.1))
    try:
        slower = charged(system, 1e-6, end=0.01)
        assert slower.outflow(slower.states[-1]) == pytest.approx(0.1, rel=1e-6)
        slower_voltage = slower.voltage(slower.states[-1])
    finally:
        system.update(Cell())
    assert slower_voltage < run.voltage(next(state for state in run.states if state.time > 0.01))


@pytest.mark.slow
@pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")
@pytest.mark.parametrize("body", ["disc"], indirect=True)
def test_two_processes_have_the_voltage_of_one(run: Charged) -> None:
    done = on_processes(2, "-m", "tests.solver.butler_volmer", "disc", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    together = json.loads(done.stdout.splitlines()[-1])
    last = run.states[-1]
    assert (together["processes"], together["steps"]) == (2, len(run.states))
    assert last.time == END
    for name, alone in (
        ("voltage", run.voltage(last)),
        ("outflow", run.outflow(last)),
        ("content", run.content(last)),
        ("left", last.left),
    ):
        # Sums in another order, over some hundred steps.
        assert together[name] == pytest.approx(alone, rel=1e-10), name
