"""Circumstances under which a value was calibrated."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.content_key import content_key
from oxyshell.scenario.loading import load, loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.points import resolve
from oxyshell.studies.registry import json_schema
from tests.sized import sized

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = ("lrmo-pristine", "lrmo-ru1", "lrmo-charge-with-oxygen", "lrmo-oxygen-ru1", "lrmo-oxygen-pristine")
UNDER = "{particle.radius: 0.15 um, protocol.0.charge.rate: C/10, material.drift: lattice}"
TEXT = """\
name: calibrated
particle: {shape: sphere, radius: 150 nm}
material:
  formula: LiCoO2
  molar_volume: 19.6 cm^3/mol
  ion: {species: Li, sites_per_formula: 1, occupancy: 0.99}
  diffusivity:
    value: 2e-19 m^2/s
    status: calibrated
    under: {particle.radius: 0.15 um, protocol.0.charge.rate: C/10, material.drift: lattice}
  chemical_strain: {volume_change: 2 %, per_extracted: 0.5}
  elasticity:
    young_modulus: {table: {occupancy: [0, 1], values: [150, 190]}, unit: GPa}
    poisson_ratio: {value: 0.3, status: calibrated, under: {material.elasticity.young_modulus: 170 GPa}}
shell: {thickness: 4 nm, deficiency: {value: 0.2, status: calibrated, under: {oxygen.initial: 1 mol/m^3}}}
cell: {one_c: 140 mA/g}
protocol: [{charge: {rate: 0.1 C, until: {extracted: 0.5}}}]
"""
# What a table or a section that is not there are, a number is not.
LASTING = [
    (
        "Poisson's ratio = 0.3 (material.elasticity.poisson_ratio) was calibrated under Young's modulus = "
        "170 GPa; here, Young's modulus = a table of 2 values."
    ),
    (
        "shell deficiency = 0.2 (shell.deficiency) was calibrated under oxygen initial = 1 mol/m³; here, "
        "oxygen initial is absent."
    ),
]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return loads(TEXT)


def told(scenario: Scenario) -> list[str]:
    """The remarks, without their advice."""
    assert all(
        " Calibrate it anew under these circumstances" in remark for remark in sized(scenario).remarks()
    )
    return [remark.partition(" Calibrate it anew")[0] for remark in sized(scenario).remarks()]


def test_under_the_same_circumstances_in_any_unit_nothing_is_said(scenario: Scenario) -> None:
    assert told(scenario) == LASTING


@pytest.mark.parametrize(
    ("changes", "then", "now"),
    [
        ({"particle.radius": "200 nm"}, "particle radius = 0.15 µm", "particle radius = 200 nm"),
        (
            {"particle.radius": "151 nm", "protocol.0.charge.rate": "1 C"},
            "particle radius = 0.15 µm and rate of the charge = C/10",
            "particle radius = 151 nm and rate of the charge = 1 C",
        ),
        ({"material.drift": "none"}, "drift = lattice", "drift = none"),
        (
            {"protocol": [{"rest": {"time": "1 h"}}]},
            "rate of the charge = C/10",
            "rate of the charge is absent",
        ),
    ],
)
def test_under_others_a_run_says_so(scenario: Scenario, changes: dict, then: str, now: str) -> None:
    first, *rest = told(scenario.with_values(changes))
    assert (
        first == f"diffusivity = 2e-19 m²/s (material.diffusivity) was calibrated under {then}; here, {now}."
    )
    assert rest == LASTING


def test_a_new_value_has_nothing_to_do_with_the_old_circumstances(scenario: Scenario) -> None:
    other = scenario.with_values({"particle.radius": "200 nm", "material.diffusivity": "3e-19 m^2/s"})
    assert told(other) == LASTING
    # One part of it alone leaves the others as they are.
    assert len(told(other.with_values({"material.diffusivity.status": "chosen"}))) == 2
    kept = scenario.with_values({"particle.radius": "200 nm", "material.diffusivity.value": "3e-19 m^2/s"})
    first = "diffusivity = 3e-19 m²/s (material.diffusivity) was calibrated under particle radius"
    assert told(kept)[0].startswith(first)


@pytest.mark.parametrize(
    ("old", "new", "path", "part"),
    [
        ("{particle.radius", "{particle.radios", "under.particle.radios", "'particle.radius'"),
        ("{particle.radius", "{particle", "under.particle", "the unknown path 'particle'"),
        ("{particle.radius", "{particle.radius.status", "under.particle.radius.status", "'particle.radius'"),
        ("{particle.radius", "{protocol.0.charge.rat", "under.protocol.0.charge.rat", "charge.rate'"),
        ("0.15 um", "0.15 kg", "under.particle.radius", "[mass]"),
        ("0.15 um", "[150 nm]", "under.particle.radius", "a single value"),
        ("0.15 um", "null", "under.particle.radius", "a single value"),
        ("status: calibrated\n", "status: measured\n", "under", "the status 'calibrated', or no 'under'"),
        ("    status: calibrated\n", "", "under", "the status 'unstated'"),
        (UNDER, "{}", "under", "found an empty mapping, expected a mapping of paths to values"),
        (UNDER, "150 nm", "under", "found '150 nm', expected a mapping of paths to values"),
        ("    under:", "    undr:", "undr", "'under'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_where_it_is(old: str, new: str, path: str, part: str) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    (mistake,) = caught.value.mistakes
    assert mistake.path == f"material.diffusivity.{path}"
    assert part in str(mistake)
    assert text.splitlines()[(mistake.line or 0) - 1].startswith(("    under: ", "    undr: "))


def test_a_path_that_only_other_scenarios_have_is_no_mistake() -> None:
    for path in (
        "protocol.7.discharge.specific_current",
        "oxygen.surface.adsorption.energy",
        "shell.profile",
    ):
        loads(TEXT.replace("{particle.radius: 0.15 um", f"{{{path}: 1"))


def test_circumstances_come_back_from_a_written_file(scenario: Scenario) -> None:
    again = loads(scenario.to_yaml())
    assert again == scenario
    assert {hash(again), hash(scenario)} == {hash(scenario)}
    facts = {fact.path: fact for fact in again.provenance()}
    assert facts["material.diffusivity"].under == (
        ("particle.radius", "0.15 um"),
        ("protocol.0.charge.rate", "C/10"),
        ("material.drift", "lattice"),
    )
    assert facts["particle.radius"].under == ()


def test_an_editor_knows_the_key() -> None:
    radius = json_schema()["$defs"]["Sphere"]["properties"]["radius"]
    assert any("under" in one.get("properties", {}) for one in radius["anyOf"])


def test_points_that_are_told_of_differently_are_different_points(scenario: Scenario) -> None:
    same = scenario.with_values({"material.diffusivity": "2e-19 m^2/s"})
    assert content_key(same) != content_key(scenario)
    points = [{}, {"particle.radius": "200 nm"}, {"material.diffusivity": "2e-19 m^2/s"}]
    keys = [point.key for point in resolve(scenario, points)]
    assert keys == [content_key(scenario.with_values(point)) for point in points]
    assert all(one != other for one, other in itertools.combinations(keys, 2))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_diffusivity_says_when_another_radius_is_asked_for(name: str) -> None:
    shipped = load(SCENARIOS / f"{name}.yaml")
    assert not [remark for remark in sized(shipped).remarks() if "was calibrated under" in remark]
    (told,) = [
        one
        for one in sized(shipped.with_values({"particle.radius": "200 nm"})).remarks()
        if "calibrated" in one
    ]
    assert told.startswith(
        "diffusivity = 1.568e-19 m²/s (material.diffusivity) was calibrated under particle radius = 150 nm;"
    )
