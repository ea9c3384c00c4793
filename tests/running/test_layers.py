"""Layers of a scenario in the mesh that a run is solved on."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxyshell.errors import MeshError
from oxyshell.meshes.layer_cells import WantedLayer, WantedLayers
from oxyshell.running.numerics import wanted_layers
from oxyshell.running.simulation import Simulation, run
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests.meshes.files import HALF, RADIUS, write
from tests.meshes.test_layer_cells import coated

MATERIAL = """\
name: coated
material:
  formula: LiCoO2
  molar_volume: 19.6 cm^3/mol
  ion: {species: Li, sites_per_formula: 1, occupancy: 0.99}
  diffusivity: 1e-16 m^2/s
  chemical_strain: {volume_change: 1.9 %, per_extracted: 0.5}
  elasticity: {young_modulus: 190 GPa, poisson_ratio: 0.25}
cell: {one_c: 140 mA/g}
protocol: [{charge: {rate: 1 C, until: {extracted: 0.3}}}]
numerics: {time_tolerance: 1e-3}
"""
SPHERE = MATERIAL + "particle: {shape: sphere, radius: 100 nm}\n"
NICKELATE = "formula: LiNiO2, molar_volume: 30 cm^3/mol"
GROUPS = f"regions: {{inner: {{diffusivity: 3e-16 m^2/s}}, coating: {{{NICKELATE}}}}}\n"
LINES = f"regions: {{inner: {{thickness: 20 nm}}, coating: {{thickness: 5 nm, {NICKELATE}}}}}\n"


def imported(folder: Path, layers: str) -> Scenario:
    """A half disc with the groups `inner` and `coating` around its core."""
    write(coated(HALF, bulk=1, inner=2, coating=3), folder / "coated.msh")
    particle = (
        f"particle: {{shape: imported, radius: {RADIUS} nm, mesh_file: coated.msh, length_unit: nm, "
        "multiplicity: 1}\n"
    )
    return loads(MATERIAL + particle + layers, folder=folder)


def test_a_mesh_resolves_all_layers_and_has_interfaces_where_hosts_meet() -> None:
    plain = loads(SPHERE)
    assert wanted_layers(plain) == WantedLayers()
    graded = plain.with_values({"shell": {"thickness": "5 nm", "deficiency": 0.2}})
    assert wanted_layers(graded) == WantedLayers((WantedLayer("layer", 0.05),))
    several = (WantedLayer("inner", 0.2), WantedLayer("coating", 0.05))
    assert wanted_layers(loads(SPHERE + LINES)) == WantedLayers(several, by_region=True, interfaces=True)


def test_amounts_of_the_mesh_are_those_of_the_scenario() -> None:
    scenario = loads(SPHERE + LINES)
    simulation = Simulation(scenario)
    geometry = simulation._geometry(scenario)
    # Of the line, polynomials are integrated exactly.
    assert geometry.shares == pytest.approx({"coating": 1 - 0.95**3}, rel=1e-12)
    units = geometry.volume / scenario.amounts(geometry).molar_volume
    assert simulation._system.formula_units == pytest.approx(units, rel=1e-12)
    closed = scenario.geometry()
    assert closed.volume / scenario.amounts(closed).molar_volume == pytest.approx(units, rel=1e-12)


@pytest.mark.slow
def test_groups_of_an_imported_mesh_are_regions_by_their_names(tmp_path: Path) -> None:
    scenario = imported(tmp_path, GROUPS)
    simulation = Simulation(scenario)
    geometry = simulation._geometry(scenario)
    # The file has 16 digits of every coordinate.
    assert geometry.shares == pytest.approx({"inner": 0.9**3 - 0.7**3, "coating": 1 - 0.9**3}, rel=1e-9)
    units = geometry.volume / scenario.amounts(geometry).molar_volume
    assert simulation._system.formula_units == pytest.approx(units, rel=1e-12)
    result = simulation.run(scenario)
    assert result.summary["ions"]["extracted_per_formula"] == pytest.approx(0.3, abs=1e-9)
    assert result.summary["ions"]["balance_error"] < 1e-12


def test_a_group_that_the_mesh_has_not_is_told_with_those_that_it_has(tmp_path: Path) -> None:
    with pytest.raises(MeshError, match="region 'iner'; its regions are bulk, inner, coating"):
        run(imported(tmp_path, GROUPS.replace("inner", "iner")))
