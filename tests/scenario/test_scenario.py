from __future__ import annotations

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.errors import InputError
from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.protocol import EXTRACTED, TIME, Stop
from oxyshell.models.host import lattice as host
from oxyshell.models.ions.transport import DiluteDrift
from oxyshell.models.mechanics import elasticity as mechanics
from oxyshell.scenario.loading import load, loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.registry import json_schema
from tests.scenario.wrong_scenarios import BASE
from tests.sized import exchange_of, sized

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = ["lrmo-pristine.yaml", "lrmo-ru1.yaml", "zhang-2007.yaml"]


@pytest.fixture(scope="module")
def ru1() -> Scenario:
    return load(SCENARIOS / "lrmo-ru1.yaml")


@pytest.fixture(scope="module")
def base() -> Scenario:
    return loads(BASE)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_resolved_scenario_reads_as_the_same(name: str) -> None:
    scenario = load(SCENARIOS / name)
    again = loads(scenario.to_yaml())
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert again.to_yaml() == scenario.to_yaml()
    assert again.model() == scenario.model()
    assert sized(again).protocol() == sized(scenario).protocol()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_of_the_material_says_where_it_comes_from(name: str) -> None:
    table = load(SCENARIOS / name).provenance()
    assert {"particle.radius", "material.diffusivity"} <= {row.path for row in table}
    unstated = [row.path for row in table if row.status == "unstated" or not row.source]
    assert all(".until." in path for path in unstated), unstated


def test_the_model_has_the_numbers_of_the_physics_brief(ru1: Scenario) -> None:
    model = ru1.model()
    assert model.radius == 1.5e-7
    assert model.host.site_density == pytest.approx(59_670, abs=5)
    assert model.host.layer == host.LinearLayer(4.5e-9, 0.22)
    assert model.chemical_strain.volume(0.5, NUMPY) == pytest.approx(5.41e-7, abs=5e-10)
    assert model.thermal_energy == pytest.approx(2478.957, abs=1e-3)
    assert load(SCENARIOS / "lrmo-pristine.yaml").model().host.layer == host.NoLayer()


def test_what_a_current_passes_is_a_time_that_follows_the_rate(ru1: Scenario) -> None:
    slow = sized(ru1).protocol().steps[0]
    fast = sized(ru1.with_values({"protocol.0.charge.rate": "1 C"})).protocol().steps[0]
    assert fast.until[0].value == pytest.approx(slow.until[0].value / 10, rel=1e-12, abs=0)
    both = ru1.with_values({"protocol.0.charge.until": {"passed": 1.0, "time": "1 h"}})
    assert set(sized(both).protocol().steps[0].until) == {
        Stop(TIME, 3600.0),
        slow.until[0],
    }
    # Each is asked for under its own key.
    assert {stop.key for stop in sized(both).protocol().steps[0].until} == {"time", "passed"}


def test_a_c_rate_becomes_an_ion_flux(ru1: Scenario) -> None:
    (step,) = sized(ru1).protocol().steps
    assert exchange_of(step).extraction == pytest.approx(5.4633e-8, abs=0.5e-12)  # the brief's five digits
    assert exchange_of(step).insertion == 0
    assert step.label == "charge at 0.1 C"
    # As long as the current needs for one Li per formula unit, 45 510 s in the brief.
    (end,) = step.until
    assert (end.observable, end.key) == (TIME, "passed")
    assert end.value == pytest.approx(45510, abs=1)
    # 1.0 Li per formula unit at this flux: the brief's 45 510 s.
    seconds = 1.0 / ru1.material.molar_volume.value * (1.5e-7 / 3) / exchange_of(step).extraction
    assert seconds == pytest.approx(45_510, abs=5)


@pytest.mark.parametrize(("shape", "divisor"), [("sphere", 3), ("cylinder", 2), ("plate", 1)])
def test_the_flux_knows_the_shape(shape: str, divisor: int) -> None:
    scenario = loads(BASE.replace("sphere", shape))
    expected = 0.1 * 250 * (0.0848 / 20.11e-6) * (1.5e-7 / divisor) / FARADAY_CONSTANT
    assert exchange_of(sized(scenario).protocol().steps[0]).extraction == pytest.approx(expected, rel=1e-14)


def test_the_three_ways_to_give_a_current_agree(base: Scenario) -> None:
    flux = exchange_of(sized(base).protocol().steps[0]).extraction
    per_surface = 0.1 * 250 * (0.0848 / 20.11e-6) * (1.5e-7 / 3)
    for line in ("specific_current: 25 mA/g", f"current_density: {per_surface!r} A/m^2"):
        other = loads(
            BASE.replace(
                "rate: 0.1 C\n      until: {extracted: 1.0}", line + "\n      until: {extracted: 1.0}"
            )
        )
        assert exchange_of(sized(other).protocol().steps[0]).extraction == pytest.approx(flux, rel=1e-14)


def test_two_charges_per_ion_halve_the_flux() -> None:
    one, two = (
        sized(loads(BASE.replace("charge_number: 1", f"charge_number: {z}"))).protocol() for z in (1, 2)
    )
    assert exchange_of(two.steps[0]).extraction == exchange_of(one.steps[0]).extraction / 2


def test_the_steps_of_a_protocol(base: Scenario) -> None:
    charge, rest, discharge, hold = sized(base).protocol().steps
    assert (exchange_of(charge).insertion, exchange_of(discharge).extraction) == (0, 0)
    assert exchange_of(discharge).insertion == exchange_of(charge).extraction
    assert rest.until == (Stop(TIME, 3600.0),)
    assert (hold.held, exchange_of(hold).extraction, exchange_of(hold).insertion) == (0.9, 0, 0)
    assert (charge.held, rest.held, discharge.held) == (None, None, None)
    assert {exchange_of(step).margin for step in sized(base).protocol().steps} == {1e-3}
    assert sized(base).protocol().outputs == (
        Stop(EXTRACTED, 0.2),
        Stop(EXTRACTED, 0.4),
        Stop(EXTRACTED, 1.0),
        Stop(TIME, 3600.0),
    )


def test_the_insertion_of_zhang_and_others() -> None:
    scenario = load(SCENARIOS / "zhang-2007.yaml")
    model, protocol = scenario.model(), sized(scenario).protocol()
    assert model.host.site_density == pytest.approx(2.29e4, rel=1e-12)
    assert model.transport.drift == DiluteDrift()
    assert exchange_of(protocol.steps[0]).insertion == pytest.approx(2 / FARADAY_CONSTANT, rel=1e-14)
    assert scenario.material.molar_mass.value == pytest.approx(0.18081, abs=1e-5)
    assert scenario.material.molar_mass.status == "calculated"


def _with(old: str, new: str) -> Scenario:
    assert old in BASE
    return loads(BASE.replace(old, new))


@pytest.mark.parametrize(
    "written",
    [
        "{table: {occupancy: [0, 0.5, 1], values: [1e-19 m^2/s, 3e-15 cm^2/s, 2e-19]}}",
        "{table: {occupancy: [0, 50 %, 1], values: [1e-15, 3e-15, 2e-15]}, unit: cm^2/s, status: measured}",
        "{value: {table: {occupancy: [0, 0.5, 1], values: [0.1, 0.3, 0.2]}, unit: nm^2/s}, source: here}",
    ],
)
def test_a_property_as_a_table(written: str) -> None:
    scenario = _with("1.568e-19 m^2/s", written)
    value = scenario.model().transport.diffusivity.value(np.array([0.0, 0.25, 0.5, 1.0]), NUMPY)
    np.testing.assert_allclose(value, [1e-19, 2e-19, 3e-19, 2e-19], rtol=1e-14)
    assert loads(scenario.to_yaml()) == scenario
    with pytest.raises(InputError, match="a single number"):
        _ = scenario.material.diffusivity.value
    with pytest.raises(ScenarioError, match="depends on the occupancy"):
        scenario.get("material.diffusivity")


@pytest.mark.parametrize(
    "written",
    [
        "{expression: 1.5e-15*(1 - 0.9*theta), unit: cm^2/s, status: chosen}",
        "{value: {expression: 0.15*(1 - 0.9*theta), unit: nm^2/s}, source: here}",
    ],
)
def test_a_property_as_a_formula(written: str) -> None:
    scenario = _with("1.568e-19 m^2/s", written)
    value = scenario.model().transport.diffusivity.value(np.array([0.0, 1.0]), NUMPY)
    np.testing.assert_allclose(value, [1.5e-19, 1.5e-20], rtol=1e-14)
    assert loads(scenario.to_yaml()) == scenario


def test_layered_elasticity_and_strain_in_a_solid() -> None:
    text = BASE.replace("dimension: 1", "dimension: 3").replace(
        "{young_modulus: 170 GPa, poisson_ratio: 0.30}",
        "{modulus_a: 200 GPa, modulus_c: 150 GPa, poisson_ab: 0.2, poisson_ac: 0.3, shear_c: 60 GPa}",
    )
    text = text.replace(
        "{volume_change: 3.62 %, per_extracted: 1.0}", "{expansion_a: 2e-7, expansion_c: -1e-7}"
    )
    scenario = loads(text)
    model = scenario.model()
    assert isinstance(model.elasticity, mechanics.TransverseElasticity)
    assert model.elasticity.shear_c.value(0.5, NUMPY) == 60e9
    assert isinstance(model.chemical_strain, mechanics.TransverseChemicalStrain)
    assert model.chemical_strain.expansion_c.value(0.5, NUMPY) == -1e-7
    particle: Any = scenario.particle
    assert particle.extent == "octant"


@pytest.mark.parametrize("copies", ["3", "0.5", "16", "7.999"])
def test_copies_that_no_symmetry_planes_make_are_refused(copies: str, tmp_path: Path) -> None:
    (tmp_path / "mesh.msh").touch()
    lines = f"  mesh_file: mesh.msh\n  multiplicity: {copies}"
    path = tmp_path / "scenario.yaml"
    path.write_text(BASE.replace("sphere", "imported").replace("  dimension: 1", lines))
    with pytest.raises(ScenarioError) as caught:
        load(path)
    (mistake,) = caught.value.mistakes
    assert (mistake.line, mistake.path) == (7, "particle.multiplicity")
    assert f"found {copies}, expected 1, 2, 4 or 8" in str(caught.value)


def test_an_imported_particle(tmp_path: Path) -> None:
    (tmp_path / "mesh.msh").touch()
    lines = "  mesh_file: mesh.msh\n  length_unit: nm\n  multiplicity: 8.0"
    text = BASE.replace("sphere", "imported").replace("  dimension: 1", lines)
    (tmp_path / "scenario.yaml").write_text(text)
    scenario = load(tmp_path / "scenario.yaml")
    particle: Any = scenario.particle
    assert (particle.mesh_file, particle.metres_per_unit, particle.multiplicity) == (
        tmp_path / "mesh.msh",
        1e-9,
        8,
    )
    with pytest.raises(InputError, match="imported particle"):
        scenario.geometry()
    # On a sphere's mesh, the flux is that of a sphere.
    sphere = sized(loads(BASE))
    assert scenario.on(sphere.geometry).protocol() == sphere.protocol()
    assert loads(scenario.to_yaml(), folder=Path("/")) == scenario


def test_defaults_are_chosen_and_written_out() -> None:
    text = "\n".join(line for line in BASE.splitlines() if "temperature" not in line)
    text = text.replace("surface:\n  confinement: 0 Pa/m\n  exhausted_below: 1.0e-3\n", "")
    scenario = loads(text)
    assert scenario.temperature.value == 298.15
    assert (scenario.temperature.status, scenario.temperature.source) == ("chosen", "oxyshell's default")
    assert "exhausted_below: {value: 0.001, status: chosen" in scenario.to_yaml()


def test_scenarios_are_equal_by_content_and_frozen(base: Scenario) -> None:
    assert loads(BASE.replace("150 nm", "0.15 um")) == base
    assert loads(BASE.replace("150 nm", "151 nm")) != base
    assert loads(BASE.replace("status: chosen", "status: measured")) != base
    assert pickle.loads(pickle.dumps(base)) == base == copy.deepcopy(base)
    with pytest.raises(ValueError, match="frozen"):
        base.name = "other"


def test_the_schema_for_editors_knows_the_keys_and_explains_them() -> None:
    schema = json_schema()
    assert set(schema["properties"]) >= {"name", "particle", "material", "protocol", "output", "numerics"}
    tolerance = schema["$defs"]["Numerics"]["properties"]["time_tolerance"]
    assert "Default 1e-4" in tolerance["description"]
    radius = schema["$defs"]["Sphere"]["properties"]["radius"]
    kinds = [kind.get("type", kind.get("$ref", "").rstrip("0123456789")) for kind in radius["anyOf"]]
    assert kinds == ["number", "#/$defs/quantity_text_", "object"]
    undescribed = [
        f"{section}.{key}"
        for section, definition in schema["$defs"].items()
        for key, entry in definition.get("properties", {}).items()
        if "description" not in entry
    ]
    assert not undescribed
    assert set(json_schema("comparison")["properties"]) >= {"comparison", "systems", "calibrate"}


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        # Between the points of a uniform grid.
        ("1e-19*(1 - 2*exp(-((theta-0.500123)/1e-6)**2))", "at theta = 0.50012"),
        ("1e-19*(1e8*(theta-0.50012)**2 - 0.0001)", "at theta = 0.500119"),
        ("1e-19*(1 + 1e-9/(theta-0.30001))", "at theta = 0.30001"),
        ("1e-19*(1 + 1/(theta-0.30001)**2)", "theta = 0.30001"),
        ("1e-19*(2 + sin(1e5*theta))", "changes too often"),
        ("1e-19*(1 - log(theta))", "inf m\\^2/s at theta = 0"),
    ],
)
def test_a_formula_that_leaves_its_range_between_points_is_refused(formula: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        _with("1.568e-19 m^2/s", f'{{expression: "{formula}", unit: m^2/s}}')


def test_layered_elasticity_that_is_unstable_between_points_is_refused() -> None:
    poisson = '{expression: "0.3 + 0.6*exp(-((theta-0.500123)/1e-6)**2)"}'
    text = BASE.replace("dimension: 1", "dimension: 3").replace(
        "{young_modulus: 170 GPa, poisson_ratio: 0.30}",
        "{modulus_a: 200 GPa, modulus_c: 150 GPa, poisson_ab: 0.2, poisson_ac: POISSON, shear_c: 60 GPa}",
    )
    with pytest.raises(ScenarioError, match="stability"):
        loads(text.replace("POISSON", poisson))


@pytest.mark.parametrize("rests", [0, 1, 2])
def test_rests_change_nothing_in_a_particle_as_made(rests: int) -> None:
    entry = "  - rest: {time: 1 h}\n"
    charge = "  - charge: {rate: 0.1 C, until: {surface_occupancy: 0.9995}}\n"
    start, end = BASE.index("protocol:"), BASE.index("output:")
    text = f"{BASE[:start]}protocol:\n{entry * rests}{charge}{BASE[end:]}"
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    wrong = next(one for one in caught.value.mistakes if one.path.startswith("protocol"))
    assert wrong.path == f"protocol.{rests}.charge.until.surface_occupancy"
    assert wrong.expected == "a value below 0.999, the occupancy when this charge begins"
