"""Occupancies beyond what a table of a property covers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mpi4py import MPI

import oxyshell
from oxyshell.models.base.protocol import TIME, Stop
from oxyshell.models.ions.occupancies import Occupancies, TabulatedProperty, tabulated
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests.models.test_current import moment

ROOT = Path(__file__).parents[2]

TABLE = """\
name: LCO cylinder
particle: {shape: cylinder, radius: 1 um}
material:
  formula: LiCoO2
  molar_volume: 19.6 cm^3/mol
  ion: {species: Li, sites_per_formula: 1, occupancy: 0.99}
  diffusivity: {table: {occupancy: [0.4, 0.6, 0.8, 1.0], values: [1e-14, 5e-15, 1e-15, 1e-16]}, unit: m^2/s}
  chemical_strain: {volume_change: 1.9 %, per_extracted: 0.5}
  elasticity: {young_modulus: 190 GPa, poisson_ratio: 0.25}
cell: {one_c: 140 mA/g}
protocol: [{charge: {rate: 1 C, until: {extracted: 0.8}}}]
numerics: {time_tolerance: 1e-3}
"""
DIFFUSIVITY = TabulatedProperty("material.diffusivity", "m^2/s", 0.4, 1.0, 1e-14, 1e-16)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return loads(TABLE)


def test_a_run_that_leaves_a_table_says_which_by_how_much_and_what_was_used(scenario: Scenario) -> None:
    result = oxyshell.run(scenario)
    least = result.summary["occupancy"]["least"]
    # The surface of a charging particle is its emptiest place.
    assert least == pytest.approx(result.summary["ions"]["surface_occupancy"], abs=1e-9)
    assert 0.15 < least < 0.2
    assert result.summary["occupancy"]["tables_left"] == [
        {"property": "material.diffusivity", "limit": 0.4, "reached": least, "value_used": 1e-14}
    ]
    (told,) = result.summary["remarks"]
    assert told == (
        f"material.diffusivity is a table from theta = 0.4 to 1. The occupancy fell to {least:.3g}, "
        f"{0.4 - least:.2g} below it; there, the value at theta = 0.4 was used, 1e-14 m^2/s."
    )


def test_a_run_within_its_tables_says_nothing(scenario: Scenario) -> None:
    result = oxyshell.run(scenario.with_values({"protocol.0.charge.until": {"extracted": 0.3}}))
    assert result.summary["occupancy"]["least"] > 0.4
    # As made, θ = 0.99, and steps of 1e-3 let it err by some of that.
    assert result.summary["occupancy"]["largest"] == pytest.approx(0.99, abs=1e-2)
    assert result.summary["remarks"] == []


def test_every_property_is_looked_at_at_both_ends(scenario: Scenario) -> None:
    young = {"table": {"occupancy": [0.5, 0.9], "values": [150, 190]}, "unit": "GPa"}
    wide = {"table": {"occupancy": [0, 1], "values": [0.2, 0.3]}}
    volume = {"table": {"occupancy": [0.2, 0.99], "values": [1e-6, 2e-6]}}
    changed = scenario.with_values(
        {
            "material.diffusivity": {"expression": "1e-14*(1 - 0.5*theta)", "unit": "m^2/s"},
            "material.elasticity": {"young_modulus": young, "poisson_ratio": wide},
            "material.chemical_strain": {"partial_molar_volume": volume},
            "protocol.0.charge.until": {"extracted": 0.6},
        }
    )
    left = oxyshell.run(changed).summary["occupancy"]["tables_left"]
    assert [(one["property"], one["limit"]) for one in left] == [
        ("material.elasticity.young_modulus", 0.5),
        ("material.elasticity.young_modulus", 0.9),
    ]
    assert [one["value_used"] for one in left] == pytest.approx([150e9, 190e9])


def test_the_ends_of_a_table_are_its_smallest_and_its_largest_occupancy(scenario: Scenario) -> None:
    assert tabulated(scenario) == (DIFFUSIVITY,)


def test_the_oxygen_s_properties_are_among_them(scenario: Scenario) -> None:
    table = {"table": {"occupancy": [0.7, 1.0], "values": [1e-14, 1e-13]}, "unit": "m^2/s"}
    oxygen = {"diffusivity": table, "surface": {"law": "sealed"}}
    assert tabulated(scenario.with_values({"oxygen": oxygen}))[1:] == (
        TabulatedProperty("oxygen.diffusivity", "m^2/s", 0.7, 1.0, 1e-14, 1e-13),
    )


def watched(least: float, largest: float, error: float = 1e-3) -> Occupancies:
    values = iter([np.array([0.9, 0.95]), np.array([least, 0.9]), np.array([0.9, largest])])
    found = Occupancies(lambda _state: next(values), MPI.COMM_SELF, (DIFFUSIVITY,), error)
    for index in range(3):
        assert found.step(moment(0, float(index), 0.0, 0.0)) == {}
    return found


def test_a_table_that_is_left_by_no_more_than_the_occupancy_errs_is_not_left() -> None:
    assert list(watched(0.3995, 1.0005).remarks()) == []
    # Above 1 there is nothing that a table could know.
    (left,) = watched(0.3995, 1.0005, 1e-4).remarks()
    assert "fell to 0.4, 0.0005 below it" in left


def test_an_occupancy_that_rises_has_its_possible_reasons() -> None:
    narrow = TabulatedProperty("material.diffusivity", "m^2/s", 0.4, 0.91, 1e-15, 2e-15)
    occupancy = [np.array([0.3, 0.95])]
    for drifts in (True, False):
        found = Occupancies(lambda _: occupancy[0], MPI.COMM_SELF, (narrow,), drifts=drifts)
        found.step(moment(0, 0.0, 0.0, 0.0))
        fell, rose = found.remarks()
        assert "fell to 0.3" in fell
        assert "It can rise" not in fell
        assert "rose to 0.95, 0.04 above it" in rose
        assert "the elements overshoot, the less the more there are" in rose
        assert ("material.drift: none shows whether it does" in rose) == drifts


def test_in_a_sphere_it_rises_by_the_elements_and_not_by_drift() -> None:
    pristine = oxyshell.load(ROOT / "scenarios" / "lrmo-pristine.yaml")
    as_made = pristine.material.ion.occupancy.value

    def above(drift: str, elements: int) -> float:
        values = {"material.drift": drift, "numerics.elements.bulk": elements, "output.at.extracted": []}
        return oxyshell.run(pristine.with_values(values)).summary["occupancy"]["largest"] - as_made

    coarse, medium, fine = (above("lattice", count) for count in (20, 40, 80))
    assert coarse > 1.5 * medium > 1.5 * 1.5 * fine > 0.0
    # Drift in a free sphere is a part of diffusion: it changes the front's width by some 0.1 % here.
    assert above("none", 40) == pytest.approx(medium, rel=0.01)


def test_a_pure_number_has_no_unit_and_above_is_not_below() -> None:
    poisson = TabulatedProperty("material.elasticity.poisson_ratio", "1", 0.2, 0.5, 0.25, 0.3)
    (left,) = poisson.left_by(0.2, 0.8, 1e-3)
    assert poisson.told(left) == (
        "material.elasticity.poisson_ratio is a table from theta = 0.2 to 0.5. The occupancy rose to 0.8, "
        "0.3 above it; there, the value at theta = 0.5 was used, 0.3."
    )


def test_what_is_remembered_goes_on() -> None:
    whole = watched(0.1, 0.99)
    again = Occupancies(lambda _state: np.array([0.5]), MPI.COMM_SELF, (DIFFUSIVITY,), 1e-3)
    again.restore(json.loads(json.dumps(whole.remembered())))
    again.step(moment(0, 9.0, 0.0, 0.0))
    assert again.summary() == whole.summary()
    assert list(again.remarks()) == list(whole.remarks())


LAYERED = TABLE.replace("cell:", "shell: {thickness: 100 nm, diffusivity: 1e-15 m^2/s}\ncell:").replace(
    "elasticity: {young_modulus: 190 GPa, poisson_ratio: 0.25}",
    "elasticity: {young_modulus: {table: {occupancy: [0, 1], values: [150, 190]}, unit: GPa}, "
    "poisson_ratio: 0.25}",
)


def test_a_table_belongs_to_the_parts_that_have_it() -> None:
    scenario = loads(LAYERED)
    assert {one.path: one.parts for one in tabulated(scenario)} == {
        "material.diffusivity": (0,),
        "material.elasticity.young_modulus": (0, 1),
    }
    own = {"table": {"occupancy": [0.1, 1.0], "values": [1e-15, 2e-15]}, "unit": "m^2/s"}
    both = scenario.with_values({"shell.diffusivity": own})
    assert {one.path: one.parts for one in tabulated(both)}["shell.diffusivity"] == (1,)


def test_a_table_of_the_core_is_not_left_by_its_shell() -> None:
    values = {"shell.potential_offset": "1 RT", "protocol.0.charge.until": {"extracted": 0.45}}
    result = oxyshell.run(loads(LAYERED).with_values(values))
    # The shell goes below the 0.4 of the core's table, and the core does not.
    assert result.summary["occupancy"]["least"] < 0.39
    assert result.summary["occupancy"]["tables_left"] == []


def test_a_part_that_is_more_than_full_is_told_and_an_overshoot_is_not() -> None:
    values = iter([np.array([0.5, 1.2, 0.9, 0.95]), np.array([1.3, 1.4, 0.9, 0.8])])
    places = (np.array([0, 1]), np.array([2, 3]))
    found = Occupancies(lambda _state: next(values), MPI.COMM_SELF, (), 1e-3, places)
    found.step(moment(0, 1.0, 0.0, 0.0))
    assert list(found.remarks()) == []
    found.step(moment(1, 1.0, 0.0, 0.0))
    (told,) = found.remarks()
    assert told.startswith(
        "The occupancy rose to 1.3 everywhere in a part of the particle. With drift: dilute"
    )
    again = Occupancies(lambda _state: np.array([0.5]), MPI.COMM_SELF, (), 1e-3, places)
    again.restore(json.loads(json.dumps(found.remembered())))
    assert list(again.remarks()) == [told]


def test_a_host_that_stays_more_than_full_somewhere_is_told() -> None:
    found = Occupancies(lambda _state: np.array([0.5, 1.2]), MPI.COMM_SELF, (), 1e-3)
    found.step(moment(0, 1.0, 0.0, 0.0))
    assert list(found.remarks()) == []
    found.step(replace(moment(0, 2.0, 0.0, 0.0), ended_by=Stop(TIME, 2.0)))
    (told,) = found.remarks()
    assert told.startswith("The occupancy rose to 1.2 somewhere in the particle at the end of a step")


def test_a_table_along_c_is_not_that_of_a_layer_with_a_diffusivity_of_its_own() -> None:
    tables = "{table: {occupancy: [0.4, 1.0], values: [1e-14, 1e-16]}, unit: m^2/s}"
    text = TABLE.replace("  chemical_strain", f"  diffusivity_c: {tables}\n  chemical_strain")
    text = text.replace("shape: cylinder", "shape: sphere, dimension: 2")
    for shell, parts in (
        ("{thickness: 100 nm, diffusivity: 1e-15 m^2/s}", (0,)),
        ("{thickness: 100 nm, potential_offset: 1 RT}", (0, 1)),
    ):
        layered = loads(text.replace("cell:", f"shell: {shell}\ncell:"))
        assert {one.path: one.parts for one in tabulated(layered)}["material.diffusivity_c"] == parts
