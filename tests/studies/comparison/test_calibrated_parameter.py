from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from oxyshell import load
from oxyshell.errors import SolverError
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.comparison.calibrated_parameter import (
    calibrate_parameter,
    with_number,
)
from oxyshell.studies.comparison.sections import ParameterCalibration
from oxyshell.studies.engine.simulation_cache import SimulationCache

PRISTINE = load(Path(__file__).parents[3] / "scenarios" / "lrmo-pristine.yaml")
BOUNDS = (1e-20, 1e-16)


def wanted(parameter: str) -> ParameterCalibration:
    """A peak of 567 within 0.1."""
    bounds: tuple[float | str, ...] = (0.0, 1.0)
    return ParameterCalibration(
        parameter=parameter, system="one", target="peak", value=567.0, tolerance=0.1, bounds=bounds
    )


GOAL = wanted("material.diffusivity")


class Formula(SimulationCache):
    """A simulation cache whose results are a formula of the diffusivity instead of a run."""

    def __init__(self, formula: Callable[[float], float]) -> None:
        super().__init__()
        self.asked: list[float] = []
        self._formula = formula

    def quantity(self, scenario: Scenario, path: str) -> float:
        assert path == "peak"
        self.asked.append(scenario.get("material.diffusivity"))
        return self._formula(self.asked[-1])


@pytest.mark.parametrize("exact", [2e-20, 1.568e-19, 3e-18, 9e-17])
def test_a_power_law_is_solved_in_a_few_runs_from_any_distance(exact: float) -> None:
    cache = Formula(lambda diffusivity: 567.0 * (diffusivity / exact) ** -0.83)
    found = calibrate_parameter(cache, PRISTINE, GOAL, BOUNDS)
    assert abs(found.reached - 567.0) <= 0.1
    # 0.1 MPa of 567 MPa, through the power.
    assert found.parameter == pytest.approx(exact, rel=0.1 / 567 / 0.83 * 1.01)
    assert found.runs == len(cache.asked) <= 4


def test_where_secants_stray_the_bounds_are_searched() -> None:
    # Flat around the first guess, so the first secant points far outside.
    cache = Formula(lambda d: 900.0 if d > 1e-19 else 900.0 * d / 1e-19)
    found = calibrate_parameter(cache, PRISTINE, GOAL, BOUNDS)
    assert abs(found.reached - 567.0) <= 0.1
    assert found.parameter == pytest.approx(567.0 / 900.0 * 1e-19, rel=0.1 / 567 * 1.01)


def test_a_result_that_is_zero_somewhere_is_no_obstacle() -> None:
    cache = Formula(lambda d: max(0.0, 1000.0 * (1e-19 - d) / 1e-19))
    assert abs(calibrate_parameter(cache, PRISTINE, GOAL, BOUNDS).reached - 567.0) <= 0.1


def test_an_unreachable_goal_says_what_there_is_at_the_bounds() -> None:
    cache = Formula(lambda d: 100.0 + 1e18 * d)
    with pytest.raises(
        SolverError, match=r"567 is not reached .* there it is 100\.01 and 200; widen the bounds"
    ):
        calibrate_parameter(cache, PRISTINE, GOAL, BOUNDS)


def test_an_unreachable_goal_says_how_close_it_comes_between_the_bounds() -> None:
    # Largest, 100, at 1e-18: halfway between the bounds' logarithms, so that it is one of the places tried.
    cache = Formula(lambda d: 100.0 - math.log(d / 1e-18) ** 2)
    with pytest.raises(SolverError, match=r"The closest of \d+ runs is 100, at 1e-18$"):
        calibrate_parameter(cache, PRISTINE, GOAL, BOUNDS)


def test_a_goal_that_is_passed_twice_gives_the_nearer_value_and_a_remark() -> None:
    # 567 a factor of 30 below and above 1e-18, and flat at the first guess, from where no secant leads.
    width = math.log(30.0)
    cache = Formula(lambda d: 500.0 + 67.0 * max((math.log(d / 1e-18) / width) ** 2, 0.5))
    found = calibrate_parameter(cache, PRISTINE, GOAL, BOUNDS, start=0.9e-18)
    assert abs(found.reached - 567.0) <= 0.1
    # 0.1 MPa of 2 · 67 MPa / ln 30 at the root.
    assert found.parameter == pytest.approx(1e-18 / 30, rel=0.1 / (2 * 67 / width) * 1.01)
    (remark,) = found.remarks
    assert "peak = 567 is passed 2 times or more for material.diffusivity between its bounds" in remark
    assert "nearest to the first guess" in remark


def test_a_result_that_jumps_over_the_goal_is_said_to_jump() -> None:
    cache = Formula(lambda d: 500.0 if d > 1e-19 else 600.0)
    with pytest.raises(SolverError, match=r"the result jumps at 1e-19, with 600 and 500 on its two sides"):
        calibrate_parameter(cache, PRISTINE, GOAL, BOUNDS)


def test_a_parameter_that_is_nothing_in_the_scenario_starts_at_its_lower_bound() -> None:
    shelled = load(Path(__file__).parents[3] / "scenarios" / "lrmo-ru1.yaml").with_values(
        {"shell.deficiency": 0}
    )
    asked = []

    class Deficiency(SimulationCache):
        def quantity(self, scenario: Scenario, path: str) -> float:
            asked.append(scenario.get("shell.deficiency"))
            return 567.0 * asked[-1] / 0.2

    found = calibrate_parameter(Deficiency(), shelled, wanted("shell.deficiency"), (0.01, 0.4))
    assert asked[0] == pytest.approx(0.01)
    assert found.parameter == pytest.approx(0.2, rel=0.1 / 567 * 1.01)


def test_every_asked_parameter_lies_between_the_bounds() -> None:
    cache = Formula(lambda d: 567.0 * (d / 1.01e-20) ** -0.3)
    calibrate_parameter(cache, PRISTINE, GOAL, BOUNDS, start=1e-10)
    assert min(cache.asked) >= 1e-20 * (1 - 1e-12)
    assert max(cache.asked) <= 1e-16 * (1 + 1e-12)


def test_a_calibrated_number_says_so_in_the_scenario() -> None:
    changed = with_number(PRISTINE, "material.diffusivity", 2.5e-19, "calibrated", "567 MPa")
    fact = next(f for f in changed.provenance() if f.path == "material.diffusivity")
    assert (changed.get("material.diffusivity"), fact.status, fact.source) == (
        2.5e-19,
        "calibrated",
        "567 MPa",
    )
