"""As-made particles that have no voltage are mistakes at their line."""

from __future__ import annotations

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.loading import loads
from tests.electrode import CONSTANT, FIRST_CYCLE, IDEAL, scenario_file

CHARGE = "[charge at 1 C for 1 min]"
CONTENT = "{open_circuit: {constant: 3.9 V}, kinetics: {law: content, rate_constant: 1e-11 m/s}}"


def mistake(electrode: str, **sections: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        loads(scenario_file("as made", electrode, CHARGE, **sections), "made.yaml")
    (found,) = caught.value.mistakes
    return str(found)


def ion(occupancy: str) -> str:
    return f"{{species: Li, sites_per_formula: 1.20, occupancy: {occupancy}}}"


def test_fewer_ions_than_those_that_cannot_leave() -> None:
    # 0.2 of 1.2.
    told = mistake(FIRST_CYCLE, ion=ion("0.16"))
    assert "made.yaml:5:" in told
    assert "material.ion.occupancy: found 0.16, expected at least 0.166667" in told
    loads(scenario_file("as made", FIRST_CYCLE, CHARGE, ion=ion("0.17")))


@pytest.mark.parametrize("occupancy", ["0.0", "1.0"])
@pytest.mark.parametrize(
    ("electrode", "why"), [(IDEAL, "open-circuit potential"), (CONTENT, "exchange current")]
)
def test_full_and_empty_particles_without_a_voltage(electrode: str, why: str, occupancy: str) -> None:
    told = mistake(electrode, ion=ion(occupancy))
    assert f"found {occupancy}, expected more than 0 and less than 1" in told
    assert why in told
    # Where both are finite, they have one.
    loads(scenario_file("as made", CONSTANT, CHARGE, ion=ion(occupancy)))


def test_reactions_that_a_low_temperature_makes_too_narrow() -> None:
    told = mistake(FIRST_CYCLE, temperature="10 K")
    assert "temperature: found 10 K, at which the potential has reactions of widths from 1.77 to 8" in told
