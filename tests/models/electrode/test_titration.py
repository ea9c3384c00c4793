"""Runs with a titration, whose diffusivity is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.models.base.physics import LabelledRun
from oxyshell.models.electrode.figures import declared, titration
from oxyshell.models.electrode.pulses import Pulse
from oxyshell.models.electrode.titration import Subject, TitrationRecorder, findings
from oxyshell.outputs import Result
from oxyshell.scenario.scenario import Scenario
from tests.models.electrode.test_gitt import DIFFUSIVITY, RADIUS, TIME, pulse

SCENARIO = Path(__file__).parents[3] / "scenarios" / "gitt.yaml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """A few pulses of a constant diffusivity."""
    until = {"rate": "0.1 C", "pulse": "10 min", "rest": "1 h", "until": {"voltage": "3.65 V"}}
    values = {"material.diffusivity": "4e-15 m^2/s", "protocol": [{"gitt": until}]}
    return oxyshell.load(SCENARIO).with_values(values)


@pytest.fixture(scope="module")
def result(scenario: Scenario) -> Result:
    return oxyshell.run(scenario)


def pulses(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result.summary["titration"]["pulses"]
    return found


def test_the_fit_gives_the_diffusivity_of_the_scenario(result: Result) -> None:
    known = [one for one in pulses(result) if one["within"]]
    assert len(known) >= 5
    assert [one["fitted_m2_s"] for one in known] == pytest.approx([4e-15] * len(known), rel=0.01)


def test_the_first_pulse_begins_at_the_particle_as_made(result: Result) -> None:
    (first, second, *_) = pulses(result)
    # 20 mA/g for 10 min, of 275.5 mA h/g.
    step = 20 / 6 / 275.5
    assert first["occupancy"] == pytest.approx(0.91 - step / 2, rel=1e-4)
    assert first["occupancy"] - second["occupancy"] == pytest.approx(step, rel=1e-3)
    assert first["content"] == pytest.approx(first["occupancy"])


def test_the_jump_is_the_kinetic_overpotential(result: Result) -> None:
    first = pulses(result)[0]
    assert first["jump_mV"] == pytest.approx(1e3 * result.history["kinetic_overpotential_V"][0], rel=0.01)


def test_pulses_that_are_too_long_for_the_chord_are_told(result: Result) -> None:
    chords = [one["chord_m2_s"] for one in pulses(result)]
    assert max(chords) < 0.7 * 4e-15
    (told,) = [words for words in result.summary["remarks"] if "√t chord" in words]
    assert told.startswith("titration: pulses are up to 0.088 of R²/D long")
    fitted, _ = findings(result.summary)
    assert (fitted.quantity, fitted.value) == ("diffusivity by the fit of each pulse", "4e-15 to 4e-15 m²/s")


def test_its_figure_has_the_truth_as_a_line(scenario: Scenario, result: Result, tmp_path: Path) -> None:
    run = LabelledRun("titration", scenario, result)
    drawn = titration.curves_of(run)
    assert drawn.scenario == pytest.approx(np.full(drawn.line.size, 4e-15))
    (figure,) = [one for one in declared.figures([run]) if one.name == "gitt"]
    figure.draw(tmp_path / "gitt.png")
    assert (tmp_path / "gitt.png").read_bytes().startswith(b"\x89PNG")
    assert "gitt" not in [one.name for one in declared.figures([run, run])]


class _Step:
    block = "gitt"


class _Protocol:
    steps = (_Step(),)


class _Moment:
    protocol_step = 0


def recorder() -> TitrationRecorder:
    subject = Subject(RADIUS, sites=1.2, exchangeable=1.0, stressed=False)
    protocol: Any = _Protocol()
    return TitrationRecorder(protocol, subject)


def rows(one: Pulse, begins: float) -> list[dict[str, float]]:
    """A pulse and the rest behind it."""
    names = ("time_s", "current_A_m2", "voltage_V", "mean_occupancy", "open_circuit_voltage_V")
    occupancy = one.occupancy + one.filling * one.time
    during = zip(
        begins + one.time, np.ones(60), one.voltage, occupancy, np.full(60, one.relaxed[0]), strict=True
    )
    ends = begins + one.duration
    rest = [
        (ends + share * one.rest, 0.0, one.relaxed[1] + 0.02 * (1 - share), one.ends_at, one.relaxed[1])
        for share in np.linspace(0, 1, 50)
    ]
    return [dict(zip(names, map(float, row), strict=True)) for row in (*during, *rest)]


def test_a_resumed_run_finds_the_same_and_rests_take_no_room() -> None:
    one, other = pulse(0.05), pulse(0.05, start=0.688)
    record = [*rows(one, 0.0), *rows(other, 1.05 * TIME)]
    whole, resumed = recorder(), recorder()
    moment: Any = _Moment()
    for row in record:
        whole.look(moment, row)
        resumed.look(moment, row)
        again = recorder()
        again.restore(json.loads(json.dumps(resumed.remembered())))
        resumed = again
    assert resumed.summary() == whole.summary()
    assert len(whole.remembered()["rows"]) == 2 * (60 + 2) + 1
    found: Any = whole.summary()["titration"]
    assert [entry["fitted_m2_s"] for entry in found["pulses"]] == pytest.approx([DIFFUSIVITY] * 2, rel=1e-6)
    assert [entry["content"] for entry in found["pulses"]] == pytest.approx(
        [1 - 1.2 * 0.306, 1 - 1.2 * 0.318]
    )


@pytest.mark.slow
def test_the_shipped_scenario_gives_its_diffusivity_back() -> None:
    known = [one for one in pulses(oxyshell.run(oxyshell.load(SCENARIO))) if one["within"]]
    assert len(known) > 40
    truth = np.array([2e-15 * (3 - 2 * one["occupancy"]) for one in known])
    # D falls by up to 1.7 % for 0.01 of occupancy, and in a pulse the surface is up to 0.014 from the mean.
    assert np.array([one["fitted_m2_s"] for one in known]) == pytest.approx(truth, rel=0.02)
