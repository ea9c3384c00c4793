"""The error of a layer with a step in its host sites."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

import oxyshell
from oxyshell.models.host.step_layer import StepInSites, StepLayer
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests.lrmo import scenario_file
from tests.models.test_current import moment

STEP = scenario_file(
    "step layer",
    molar_mass="84.805 g/mol",
    shell="{thickness: 4.5 nm, deficiency: 0.22, profile: step}",
    protocol="[{charge: {rate: 0.1 C, until: {passed: 1.0}}}]",
)
VOLUME, DIFFUSIVITY = "material.chemical_strain.volume_change", "material.diffusivity"
DEFICIENCY, THICKNESS = "shell.deficiency", "shell.thickness"
# Peaks with the jump, MPa: the first three by two independent solvers; the others by finite volumes in which
# θ jumps at the step so that μ is continuous (150 cells, BDF), which gave the first three within 0.03 %.
RIGHT: list[tuple[dict[str, Any], float]] = [
    ({VOLUME: "10 %", THICKNESS: "30 nm", DEFICIENCY: 0.5}, 947.59),
    ({"particle.radius": "200 nm", DIFFUSIVITY: "2.788e-19 m^2/s"}, 426.23),
    ({DEFICIENCY: 0.4}, 453.13),
    ({THICKNESS: "15 nm", DEFICIENCY: 0.4, VOLUME: "5 %"}, 722.5),
    ({DIFFUSIVITY: "1e-18 m^2/s", VOLUME: "5 %"}, 151.9),
    ({DEFICIENCY: 0.7, THICKNESS: "10 nm"}, 531.4),
]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return loads(STEP)


@pytest.mark.parametrize(("changes", "right"), RIGHT)
def test_a_run_with_a_step_says_how_far_it_is_off(
    scenario: Scenario, changes: dict[str, Any], right: float
) -> None:
    summary = oxyshell.run(scenario.with_values(changes)).summary
    found = summary["stress"]["first_principal"]["peak_MPa"]
    error = summary["step_layer"]["error_at_peak_MPa"]
    # As the remark says.
    assert 0.8 < (found - right) / error < 1.2
    remark = summary["remarks"][-1]
    assert remark.startswith("shell.profile: step, with drift, does not converge")
    told = f"{float(f'{error:.2g}'):g}"
    assert f"off by about {told} MPa at that time ({100 * error / found:.2g} % of it)" in remark
    assert summary["step_layer"]["largest_error_MPa"] >= error


@pytest.mark.parametrize(
    "changes",
    [
        {"material.drift": "none"},
        {"shell.profile": "linear"},
        {"shell": None},
        {DEFICIENCY: 0},
        {VOLUME: "0 %"},
    ],
)
def test_where_nothing_has_to_jump_nothing_is_said(scenario: Scenario, changes: dict[str, Any]) -> None:
    summary = oxyshell.run(scenario.with_values({**changes, "numerics.time_tolerance": 1e-2})).summary
    assert "step_layer" not in summary
    assert not [remark for remark in summary["remarks"] if "step" in remark]


def test_a_disc_says_the_same_as_a_line(scenario: Scenario) -> None:
    changes = {DEFICIENCY: 0.4, THICKNESS: "15 nm", "numerics.time_tolerance": 1e-3}
    disc = {"particle.dimension": 2, "numerics.elements": {"layer": 3, "bulk": 8, "tangential": 3}}
    line, plane = (
        oxyshell.run(scenario.with_values({**changes, **more})).summary["step_layer"] for more in ({}, disc)
    )
    # The occupancy at the step, some hundredths, differs by some thousandths between the two.
    for name, value in line.items():
        assert plane[name] == pytest.approx(value, rel=0.1), name


@pytest.mark.parametrize("potential", [lambda x: math.log(x / (1 - x)), math.log])
@pytest.mark.parametrize("theta", [1e-4, 0.3, 0.9, 0.9995])
def test_the_jump_makes_the_chemical_potential_continuous(potential: Any, theta: float) -> None:
    step = StepInSites(potential, coupling=5.25, deficiency=0.5, as_made=0.999, stress=1e9)
    below = theta + step.jump(theta)
    assert potential(below) + 5.25 * (below - 0.999) == pytest.approx(
        potential(theta) + 5.25 * 0.5 * (theta - 0.999), abs=1e-9
    )
    # Stress drives ions out of the layer, whose lattice has shrunk less.
    assert (below > theta) is (theta < 0.999)


def test_an_occupancy_that_round_off_takes_out_of_its_range_has_a_jump_too() -> None:
    step = StepInSites(lambda x: math.log(x / (1 - x)), 0.4, 0.2, 0.999, 1e9)
    assert 0 <= step.jump(-1e-12) < 1e-8
    assert abs(step.jump(1 + 1e-12)) < 1e-8


def test_what_is_remembered_goes_on() -> None:
    step = StepInSites(lambda x: math.log(x / (1 - x)), 0.4, 0.2, 0.999, 1e9)
    values = iter([0.9, 0.3, 0.1, 0.5])
    finding = StepLayer(step, lambda _moment: next(values))
    for peak in (100.0, 300.0, 200.0):
        finding.look(moment(0, 1.0, 0.0, 0.0), {"first_principal_peak_MPa": peak})
    summary: Any = finding.summary()
    assert summary["step_layer"]["jump_at_peak"] == step.jump(0.3)
    again = StepLayer(step, lambda _moment: 0.5)
    again.restore(json.loads(json.dumps(finding.remembered())))
    again.look(moment(0, 1.0, 0.0, 0.0), {"first_principal_peak_MPa": 10.0})
    assert list(again.remarks()) == list(finding.remarks())
