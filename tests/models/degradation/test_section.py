"""The section `degradation`: what it refuses, and what runs say about it."""

from __future__ import annotations

from typing import Any

import pytest

from oxyshell.errors import LayerError
from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.degradation.from_scenario import law_of
from oxyshell.scenario.loading import loads
from tests.losses import with_losses
from tests.sized import sized

GROWTH = {"law": "linear", "rate": "0.05 nm"}
LAYER = {"start": "3.6 nm", "growth": GROWTH}
COLUMN = {"kind": "column", "column": "first_principal_peak_MPa", "reference": 567, "power": 4}


def test_it_is_written_as_it_was_read() -> None:
    calibrated = {"value": "0.05 nm", "status": "calibrated", "source": "75 % after 300 cycles"}
    losses = {
        "layer": {**LAYER, "growth": {"law": "linear", "rate": calibrated}, "driver": COLUMN},
        "area": {"rate": 0.01, "driver": {**COLUMN, "cycle": "first"}},
        "voltage": {"rate": "1.558 mV"},
        "redox": {
            "share": 0.5,
            "loss": {"law": "accelerating", "rate": 2e-3, "from_cycle": 2, "start": 0.763},
        },
    }
    scenario = with_losses(losses)
    assert loads(scenario.to_yaml()) == scenario
    assert scenario.get("degradation.layer.growth.rate") == pytest.approx(5e-11)
    assert scenario.get("degradation.layer.driver.power") == 4


@pytest.mark.parametrize(
    ("losses", "values", "message"),
    [
        ({}, {}, r"degradation: found no loss, expected at least one of 'layer', 'voltage' and 'redox'"),
        ({"area": {"rate": 0.1}}, {}, r"degradation\.area: found a surface that cracks open, expected null"),
        (
            {"layer": LAYER},
            {"protocol": [{"rest": {"time": "1 h"}}]},
            r"degradation: found losses, expected null without cycles in the protocol",
        ),
        (
            {"layer": {**LAYER, "start": "150 nm"}},
            {},
            r"degradation\.layer\.start: found '150 nm', expected less than the 150 nm to the centre",
        ),
        (
            {"layer": LAYER},
            {"shell": {"thickness": "20 nm", "formula": "LiNi0.33Mn0.33Co0.34O2"}},
            r"degradation\.layer: found a surface layer that grows beside shell, .* it would be consumed",
        ),
        (
            {"layer": LAYER},
            {"shell": {"thickness": "20 nm", "interface": {"resistance": "1e6 s/m"}}},
            r"degradation\.layer: found a surface layer that grows beside shell",
        ),
        (
            {"layer": {**LAYER, "resistivity": "1e7 ohm m"}},
            {},
            r"layer\.resistivity: found a resistivity, expected null without an electrode",
        ),
        (
            {"layer": {"growth": GROWTH, "resistivity": "1e7 ohm m"}},
            {},
            r"degradation\.layer: found a layer with a resistivity that is 0 thick .* expected more than 0",
        ),
        (
            {"layer": {**LAYER, "growth": {"law": "linear", "rate": 0.05}}},
            {},
            r"growth\.rate: found 0.05 without a unit, which is 0.05 m, .*was '0.05 nm' meant",
        ),
        (
            {"layer": {**LAYER, "growth": {"law": "parabolic", "rate": "0.9 nm"}}},
            {},
            r"growth\.rate: found .*0.9 nm.*, expected an area, for example '0.9 nm\^2'",
        ),
        (
            {"layer": {**LAYER, "growth": {"law": "quadratic", "rate": "1 nm"}}},
            {},
            r"growth\.law: found 'quadratic', expected one of 'linear', 'parabolic', 'passivating'",
        ),
        (
            {"layer": {**LAYER, "driver": {"kind": "number", "strength": -1}}},
            {},
            r"driver\.strength: found -1, expected .* at least 0",
        ),
        (
            {"layer": {**LAYER, "driver": {**COLUMN, "column": "first_principal_peak_mpa"}}},
            {},
            r"driver\.column: found 'first_principal_peak_mpa', .* expected 'first_principal_peak_MPa'",
        ),
        (
            {"layer": {**LAYER, "driver": {**COLUMN, "column": "oxygen_released_umol_g"}}},
            {},
            r"driver\.column: found 'oxygen_released_umol_g', .* expected the key 'oxygen', a section",
        ),
        (
            {"layer": {**LAYER, "driver": {**COLUMN, "column": "block"}}},
            {},
            r"driver\.column: found 'block', which is no column of numbers in",
        ),
        (
            {"redox": {"share": 1.2, "loss": {"law": "exponential", "rate": 0.1}}},
            {},
            r"redox\.share: found 1.2, expected .* at least 0 and at most 1",
        ),
        (
            {"redox": {"share": 0.5, "loss": {"law": "accelerating", "rate": 0.1, "origin": 3}}},
            {},
            r"loss\.origin: found 3, expected at most 1, which is from_cycle",
        ),
    ],
)
def test_contradictions_are_refused(losses: dict[str, Any], values: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        with_losses(losses, values)


def test_pulses_of_a_titration_are_no_cycles_of_ageing() -> None:
    titration = {"gitt": {"rate": "0.1 C", "pulse": "10 min", "rest": "1 h", "until": {"extracted": 0.5}}}
    cycles = {"repeat": {"times": 2, "steps": [{"rest": {"time": "1 h"}}]}}
    with pytest.raises(ScenarioError, match=r"protocol\.1\.gitt: found 'gitt', expected a protocol without"):
        with_losses({"layer": LAYER}, {"protocol": [cycles, titration]})


def test_a_layer_that_is_the_whole_particle_is_told_where_a_mesh_says_its_size() -> None:
    scenario = with_losses({"layer": LAYER})
    with pytest.raises(LayerError, match=r"found a surface layer of 3\.6 nm, expected less than the 3 nm"):
        law_of(scenario, Geometry(radius=150e-9, volume=1e-27, area=1e-18))


def test_a_run_says_what_is_calibrated_assumed_and_not_fed_back() -> None:
    calibrated = {"value": "0.05 nm", "status": "calibrated", "source": "75 % after 300 cycles"}
    losses = {
        "layer": {**LAYER, "growth": {"law": "linear", "rate": calibrated}, "driver": COLUMN},
        "voltage": {"rate": "1.558 mV"},
        "redox": {"share": 0.5, "loss": {"law": "exponential", "rate": 0.1}},
    }
    told = "\n".join(sized(with_losses(losses)).remarks())
    assert "calibrated degradation.layer.growth.rate = 0.05 nm" in told
    assert "Assumed: what drives the growth of the layer is (first_principal_peak_MPa/567)^4 of each" in told
    assert "The fade of the voltage (degradation.voltage) is reported and not fed back" in told
    assert "(degradation.redox) is reported and not fed back" in told


def test_without_the_section_nothing_changes_between_cycles() -> None:
    scenario = with_losses({"layer": LAYER}).with_values({"degradation": None})
    assert sized(scenario).cycle_law().start() == {}
    assert not [remark for remark in sized(scenario).remarks() if "degradation" in remark]


def test_layers_of_the_particle_s_own_material_keep_their_share_of_a_core() -> None:
    step = {"thickness": "20 nm", "deficiency": 0.2, "profile": "step", "diffusivity": "1e-18 m^2/s"}
    scenario = with_losses({"layer": LAYER}).with_values({"shell": step})
    law = law_of(scenario, scenario.geometry())
    numbers = law.start()
    grown = {name: 10e-9 if value == pytest.approx(3.6e-9) else value for name, value in numbers.items()}
    made, core = scenario.model(), law.aged(scenario.model(), grown)
    share = (150 - 10) / (150 - 3.6)
    assert [region.name for region in core.regions] == [region.name for region in made.regions]
    assert core.regions[0].host.layer == made.regions[0].host.layer
    assert core.regions[0].host.occupancy == made.regions[0].host.occupancy
    ratio = core.regions[0].transport.diffusivity.value(0.5) / made.regions[0].transport.diffusivity.value(
        0.5
    )
    assert ratio == pytest.approx(share**-2)
    assert core.stress_coupling() == pytest.approx(made.stress_coupling())
