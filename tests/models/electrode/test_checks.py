"""Contradictions between an electrode and a protocol, and remarks on what does not follow a step."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.loading import load
from tests.electrode import IDEAL, scenario_file

SCENARIOS = Path(__file__).parents[3] / "scenarios"
BOTH, ONE = "time,current\n0,0\n10,50\n20,-50\n", "time,current\n0,0\n10,50\n20,0\n"
PROTOCOL = "[{current: {file: drive.csv, columns: {time: s, current: mA/g}}}]"
CURVE = "msmr: [{potential: 3.9 V, share: 1.0, width: 1.0}]"
BRANCHES = "{{open_circuit: {{charge: {{{curve}}}, discharge: {{{curve}}}, hysteresis: {law}}}, {kinetics}}}"
FIRST = "{{open_circuit: {{first_charge: {{{curve}}}, discharge: {{{curve}}}, offset: 0.1 V}}, {kinetics}}}"
KINETICS = "kinetics: {law: constant, exchange_current: 1 A/m^2}"


def read(folder: Path, electrode: str, table: str) -> None:
    (folder / "drive.csv").write_text(table)
    (folder / "drive.yaml").write_text(scenario_file("drive", electrode, PROTOCOL))
    load(folder / "drive.yaml")


def filled(template: str, law: str = "") -> str:
    return template.format(curve=CURVE, law=law, kinetics=KINETICS)


@pytest.mark.parametrize("electrode", [filled(BRANCHES, "{order: zero}"), filled(FIRST)])
def test_a_memory_that_changes_at_reversals_takes_no_file_of_both_signs(
    electrode: str, tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, electrode, BOTH)
    (mistake,) = caught.value.mistakes
    assert mistake.path == "protocol.0.current.file"
    assert "a current of both signs" in mistake.found
    read(tmp_path, electrode, ONE)


@pytest.mark.parametrize("electrode", [filled(BRANCHES, "{order: first, decay: 20}"), IDEAL])
def test_a_memory_that_follows_the_current_takes_any_file(electrode: str, tmp_path: Path) -> None:
    read(tmp_path, electrode, BOTH)


def test_a_temperature_that_the_oxygen_does_not_follow_is_told() -> None:
    scenario = load(SCENARIOS / "lrmo-charge-with-oxygen.yaml")
    warm = scenario.with_values({"protocol.0.charge.temperature": "318 K"})
    told = [
        [one for one in each.on(each.geometry()).remarks() if "temperatures of their own" in one]
        for each in (scenario, warm)
    ]
    assert [len(found) for found in told] == [0, 1]
    assert "stay at 298.15 K" in told[1][0]


def test_a_titration_of_a_particle_with_regions_says_whose_its_diffusivities_are() -> None:
    plain = load(SCENARIOS / "gitt.yaml")
    parted = plain.with_values({"shell": {"thickness": "20 nm", "diffusivity": "1e-18 m^2/s"}})
    told = [
        [remark for remark in one.on(one.geometry()).remarks() if remark.startswith("The titration")]
        for one in (plain, parted)
    ]
    assert [len(one) for one in told] == [0, 1]
    assert "its diffusivities are those of no host" in told[1][0]
