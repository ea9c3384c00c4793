from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from oxyshell.errors import InputError
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.host import lattice as host
from oxyshell.models.oxygen import model as oxygen
from oxyshell.models.oxygen.surface import SurfaceExchange, SurfaceModel
from oxyshell.presentation.numbers import duration
from oxyshell.scenario.loading import load, loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.registry import json_schema
from tests.scenario.wrong_scenarios import BASE, CLOSED_COATING, WITH_OXYGEN
from tests.sized import oxygen_model_of, sized, surface_of

SCENARIOS = Path(__file__).parents[3] / "scenarios"
OXYGEN_SCENARIOS = ["lrmo-oxygen-pristine.yaml", "lrmo-oxygen-ru1.yaml", "lrmo-charge-with-oxygen.yaml"]
AVOGADRO_CONSTANT = 6.02214076e23


@pytest.fixture(scope="module")
def base() -> Scenario:
    return loads(WITH_OXYGEN)


@pytest.fixture(scope="module")
def ru1() -> Scenario:
    return load(SCENARIOS / "lrmo-oxygen-ru1.yaml")


@pytest.fixture(scope="module")
def charge() -> Scenario:
    return load(SCENARIOS / "lrmo-charge-with-oxygen.yaml")


def model_of(scenario: Scenario) -> oxygen.OxygenModel:
    model = oxygen_model_of(scenario)
    assert model is not None
    return model


# What a file becomes.


def test_every_key_reaches_its_model(base: Scenario) -> None:
    model = model_of(base)
    assert (model.radius, model.initial, model.host) == (1.5e-7, 7500.0, base.model().host)
    assert model.transport.bulk.value(0.5, NUMPY) == 1.4e-18
    assert model.transport.layer.value(0.5, NUMPY) == 1e-19
    content = oxygen.LiOLiContent(bulk=0.842, deficient=0.755, deficiency=0.22)
    assert model.source == oxygen.OverOxidation(onset=0.396, electrons=0.25, rate=1e-4, content=content)
    assert model.reuse == oxygen.Reuse(rate=1e-3, below=0.396, width=0.02)
    assert base.model().host.vacancies == host.OxygenVacancies(sites_lost=1.0, partial_molar_volume=2e-6)


def test_what_is_left_out_is_a_null_object() -> None:
    text = BASE + "oxygen:\n  diffusivity: 1e-18\n  surface: {law: sealed}\n"
    scenario = loads(text)
    model = model_of(scenario)
    assert (model.initial, model.source, model.reuse) == (0.0, oxygen.NoSource(), oxygen.Reuse())
    assert model.transport.layer == model.transport.bulk
    assert model.surface == SurfaceExchange()
    assert scenario.model() == loads(BASE).model()
    assert (
        loads(text.replace("{law: sealed}", "{law: sealed}\n  source: {onset: 0.4, generation_rate: 1}"))
        != scenario
    )


def test_a_scenario_without_oxygen_has_no_model_of_it() -> None:
    scenario = loads(BASE)
    assert oxygen_model_of(scenario) is None
    assert sized(scenario).followers() == ()
    assert (scenario.oxygen, scenario.section("oxygen")) == (None, None)
    assert sized(scenario).remarks() == []
    assert surface_of(scenario) == SurfaceModel()
    assert scenario.model().host.vacancies == host.NoVacancies()


def test_an_ion_of_two_charges_leaves_two_electrons_behind() -> None:
    model = model_of(loads(WITH_OXYGEN.replace("charge_number: 1", "charge_number: 2")))
    assert isinstance(model.source, oxygen.OverOxidation)
    assert model.source.electrons == 0.5


def test_a_biot_number_follows_the_diffusivity_of_the_particle_as_made(base: Scenario) -> None:
    expression = {"expression": "1e-18*(1 - 0.5*theta)", "unit": "m^2/s"}
    other = base.with_values({"oxygen.diffusivity": expression, "oxygen.surface.efficiency": 1})
    exchange = model_of(other).surface
    velocity = 1000 * 1e-18 * (1 - 0.5 * 0.999) / 1.5e-7
    # An open surface's flux, islands or not.
    assert exchange.capture + exchange.escape == pytest.approx(velocity, rel=1e-14)
    given = base.with_values({"oxygen.surface.transfer": {"velocity": "10 nm/s"}})
    exchange = model_of(given).surface
    assert exchange.capture + exchange.escape == pytest.approx(1e-8, rel=1e-14)


VELOCITY = 1000 * 1.4e-18 / 1.5e-7
LAWS = [
    ("{law: open, transfer: {biot: 1000}}", SurfaceExchange(escape=pytest.approx(VELOCITY, rel=1e-14))),
    ("{law: sealed}", SurfaceExchange()),
    ("{law: fixed, content: 2 mol/m^3}", SurfaceExchange(outside=2.0, holds=True)),
    (
        "{law: barrier, thickness: 2 nm, diffusivity: 1e-20 m^2/s, transfer: {velocity: 1e-8 m/s}}",
        # 1/k' = 2e-9/1e-20 + 1/1e-8 s/m.
        SurfaceExchange(escape=pytest.approx(1 / 2.001e11, rel=1e-14)),
    ),
]


@pytest.mark.parametrize(("written", "expected"), LAWS, ids=lambda value: str(value)[:12])
def test_laws_without_a_sink(written: str, expected: SurfaceExchange) -> None:
    section = loads(f"{BASE}oxygen:\n  diffusivity: 1.4e-18 m^2/s\n  surface: {written}\n")
    assert surface_of(section) == SurfaceModel(exchange=expected, coverage=0.0)
    assert loads(section.to_yaml()) == section


def test_islands_cover_what_their_loading_is_enough_for(base: Scenario) -> None:
    law = surface_of(base)
    density = 0.0848 / 20.11e-6
    mean = 0.0046 / (1 - 0.0046) * density / 6970 * 1.5e-7 / 3
    coverage = mean / 3e-9
    assert law.coverage == pytest.approx(coverage, rel=1e-12)
    assert law.exchange == SurfaceExchange(
        capacity=pytest.approx(2 * 8.41e-6 * coverage, rel=1e-12),
        capture=pytest.approx(0.5 * coverage * VELOCITY, rel=1e-12),
        escape=pytest.approx((1 - 0.5 * coverage) * VELOCITY, rel=1e-12),
        spill=pytest.approx(0.5 * coverage * VELOCITY, rel=1e-12),
        # k_B in eV/K.
        desorption=pytest.approx(1e13 * math.exp(-1.497 / (8.617333262e-5 * 298.15)), rel=1e-7),
    )
    stated = base.with_values({"oxygen.surface.loading": None, "oxygen.surface.coverage": "5 %"})
    assert surface_of(stated).coverage == 0.05


def test_a_closed_coating() -> None:
    law = surface_of(loads(CLOSED_COATING))
    assert law.coverage == 0.9
    assert law.exchange.capacity == pytest.approx(0.9 * 2 * 8.41e-6, rel=1e-14)


def test_an_imported_particle_needs_the_size_of_its_mesh(tmp_path: Path, base: Scenario) -> None:
    (tmp_path / "mesh.msh").touch()
    text = WITH_OXYGEN.replace("shape: sphere", "shape: imported").replace(
        "  dimension: 1", "  mesh_file: mesh.msh"
    )
    scenario = loads(text, folder=tmp_path)
    with pytest.raises(InputError, match="imported particle"):
        scenario.geometry()
    on_mesh = scenario.on(base.geometry())
    assert [follower.model for follower in on_mesh.followers()] == [oxygen_model_of(base)]
    assert any("an imported particle of R = 150 nm" in remark for remark in on_mesh.remarks())


# Files that ship.


@pytest.mark.parametrize("name", OXYGEN_SCENARIOS)
def test_the_resolved_scenario_reads_as_the_same(name: str) -> None:
    scenario = load(SCENARIOS / name)
    again = loads(scenario.to_yaml())
    assert again == scenario
    assert oxygen_model_of(again) == oxygen_model_of(scenario)
    assert again.to_yaml() == scenario.to_yaml()


@pytest.mark.parametrize("name", OXYGEN_SCENARIOS)
def test_every_number_says_where_it_comes_from(name: str) -> None:
    table = load(SCENARIOS / name).provenance()
    assert {"oxygen.initial", "oxygen.diffusivity", "oxygen.surface.transfer.biot"} <= {r.path for r in table}
    assert not [row.path for row in table if row.status == "unstated" or not row.source]


def test_the_shipped_particles_are_those_of_the_stress_runs() -> None:
    def facts(scenario: Scenario) -> list[tuple[object, ...]]:
        # A rest has no rate under which the diffusivity could have been calibrated.
        return [fact[:4] for fact in scenario.provenance() if fact.path.startswith("material.")]

    for oxygen_name, name in [
        ("oxygen-pristine", "pristine"),
        ("oxygen-ru1", "ru1"),
        ("charge-with-oxygen", "ru1"),
    ]:
        with_oxygen, without = (
            load(SCENARIOS / f"lrmo-{oxygen_name}.yaml"),
            load(SCENARIOS / f"lrmo-{name}.yaml"),
        )
        assert with_oxygen.model() == without.model()
        assert with_oxygen.particle == without.particle
        assert facts(with_oxygen) == facts(without)
    assert (
        sized(load(SCENARIOS / "lrmo-charge-with-oxygen.yaml")).protocol()
        == sized(load(SCENARIOS / "lrmo-ru1.yaml")).protocol()
    )


def test_the_retention_runs_have_the_fourier_number_of_the_brief() -> None:
    scenario = load(SCENARIOS / "lrmo-oxygen-pristine.yaml")
    (end,) = sized(scenario).protocol().steps[0].until
    number = scenario.get("oxygen.diffusivity") * end.value / scenario.get("particle.radius") ** 2
    assert number == pytest.approx(0.15, rel=1e-14)
    assert [target.value for target in sized(scenario).protocol().outputs] == [600.0, 1200.0]


def test_the_site_density_is_one_site_per_surface_cell_of_rutile() -> None:
    ru1 = load(SCENARIOS / "lrmo-oxygen-ru1.yaml")
    # Both published cells give the three digits of the scenario.
    for a, c in [(4.4919e-10, 3.1066e-10), (4.49307e-10, 3.10639e-10)]:
        sites = 1 / (c * a * math.sqrt(2)) / AVOGADRO_CONSTANT
        assert ru1.get("oxygen.surface.site_density") == pytest.approx(sites, abs=0.005e-6)
        layer = ru1.get("oxygen.surface.loading.monolayer_thickness")
        assert layer == pytest.approx(a / math.sqrt(2), abs=0.5e-12)


# What is said about a run.


def remark(scenario: Scenario, start: str) -> str:
    (found,) = [text for text in sized(scenario).remarks() if text.startswith(start) or f" {start}" in text]
    return found


def test_how_fast_o2_leaves_the_sink(ru1: Scenario) -> None:
    assert model_of(ru1).surface.desorption == pytest.approx(5.0e-13, abs=0.05e-13)
    assert remark(ru1, "O2 leaves the sink") == (
        "O2 leaves the sink at 5.0e-13 1/s (-1.497 eV, 298.15 K), after 64,000 years on average: it stays."
    )
    weak = ru1.with_values({"oxygen.surface.adsorption.energy": "-0.484 eV"})
    assert model_of(weak).surface.desorption == pytest.approx(6.6e4, abs=0.05e4)
    assert remark(weak, "O2 leaves the sink") == (
        "O2 leaves the sink at 6.6e+04 1/s (-0.484 eV, 298.15 K), after 15 µs on average: "
        "it does not hold oxygen."
    )
    between = ru1.with_values({"oxygen.surface.adsorption.energy": "-1 eV"})
    assert remark(between, "O2 leaves the sink").endswith("part of it leaves again during the run.")
    never = ru1.with_values({"oxygen.surface.adsorption.energy": "-20 eV"})
    assert remark(never, "O2 leaves the sink").endswith("it stays.")


@pytest.mark.parametrize(
    ("radius", "thickness", "covered"),
    [("100 nm", 0.093, 3.1), ("150 nm", 0.140, 4.7), ("250 nm", 0.233, 7.8), ("500 nm", 0.466, 15.5)],
)
def test_the_measured_loading_is_that_of_islands(
    charge: Scenario, radius: str, thickness: float, covered: float
) -> None:
    scenario = charge.with_values({"particle.radius": radius})
    assert 100 * surface_of(scenario).coverage == pytest.approx(covered, abs=0.05)
    found = re.match(
        rf"0.46 wt% RuO2 on a sphere of R = {radius} is ([\d.]+) nm spread evenly: islands of 3 nm height "
        r"cover ([\d.]+) %, no closed coating\.",
        remark(scenario, "0.46 wt%"),
    )
    assert found is not None
    assert float(found[1]) == thickness
    assert float(found[2]) == pytest.approx(covered, abs=1e-9)


def test_what_a_closed_coating_would_need(ru1: Scenario) -> None:
    said = remark(ru1, "0.46 wt%")
    assert "This run assumes a coating that closes 100 % of the surface all the same." in said
    # 0.318 nm over R/3 = 50 nm, times the ratio of densities, as a share of the whole.
    mass = 0.318 / 50 * 6970 / (84.805e-3 / 20.11e-6)
    assert f"One closed monolayer of RuO2, 0.318 nm, would need {100 * mass / (1 + mass):.3g} wt%." in said
    assert "10 closed monolayers" not in said
    ten = remark(ru1.with_values({"oxygen.surface.monolayers": 10}), "0.46 wt%")
    assert (
        f"10 closed monolayers of RuO2, 3.18 nm, would need {1000 * mass / (1 + 10 * mass):.3g} wt%." in ten
    )
    untold = ru1.with_values({"oxygen.surface.loading.monolayer_thickness": None})
    assert "closed monolayer" not in remark(untold, "0.46 wt%")
    enough = remark(ru1.with_values({"oxygen.surface.loading.mass_fraction": "10 %"}), "10 wt%")
    assert "a closed coating. That suffices for the 100 %" in enough


def test_how_much_the_sink_can_hold(ru1: Scenario, charge: Scenario) -> None:
    # Of 7500 mol/m³ over V/A = 50 nm: what the brief's run captures at most.
    share = 100 * 8.41e-6 / (7500 * 5e-8)
    assert share == pytest.approx(2.2, abs=0.05)
    assert remark(ru1, "The sink holds") == (
        "The sink holds at most 8.41e-06 mol/m² (1 monolayer of sites on 100 % of the surface), "
        "2.2 % of what there is at the start."
    )
    # What 1.1988 Li leave beyond 0.396, four for each O2, in 20.11 cm³/mol.
    most = (1.2 * 0.999 - 0.396) / 4 / 20.11e-6
    share = 100 * surface_of(charge).exchange.capacity / (most * 5e-8)
    assert f"{share:.2g} % of what the lattice can generate at most." in remark(charge, "The sink holds")
    assert f"at most {most:.0f} mol/m³" in remark(charge, "Oxygen leaves its sites")
    both = charge.with_values({"oxygen.initial": f"{most} mol/m^3"})
    assert f"{share / 2:.2g} % of what there is at the start and the lattice" in remark(
        both, "The sink holds"
    )
    nothing = ru1.with_values({"oxygen.initial": 0})
    assert remark(nothing, "The sink holds").endswith("of the surface).")


def test_what_is_chosen_and_what_is_predicted(ru1: Scenario) -> None:
    # 2.25e-14 m² over 1.40625e-18 m²/s: 16 000 s
    assert remark(ru1, "Oxygen diffuses").endswith("R²/D_O = 4.4 h.")
    chosen = ru1.chosen()
    for path in ("initial", "diffusivity", "surface.transfer.biot", "surface.monolayers", "surface.coverage"):
        assert (
            chosen[f"oxygen.{path}"] == {fact.path: fact.text for fact in ru1.provenance()}[f"oxygen.{path}"]
        )
    assert "oxygen.surface.adsorption.energy" not in chosen
    assert "oxygen.surface.site_density" not in chosen
    assert "the sink is full" in remark(ru1, "Predicted")
    pristine = load(SCENARIOS / "lrmo-oxygen-pristine.yaml")
    assert len(sized(pristine).remarks()) == 2
    assert "sink" not in remark(pristine, "Predicted")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1.5e-5, "15 µs"),
        (7.2, "7.2 s"),
        (90, "90 s"),
        (16000, "4.4 h"),
        (2e12, "63,000 years"),
        (1e30, "3.2e+22 years"),
    ],
)
def test_times_that_a_person_can_read(seconds: float, text: str) -> None:
    assert duration(seconds, digits=2) == text


def test_the_schema_explains_every_key_of_oxygen() -> None:
    definitions = json_schema()["$defs"]
    sections = (
        "Oxygen",
        "OxygenSource",
        "LiOLi",
        "Islands",
        "ConformalSink",
        "Barrier",
        "Fixed",
        "Transfer",
        "Loading",
    )
    assert all(definitions[name]["properties"] for name in sections)
    assert definitions["Islands"]["properties"]["law"]["const"] == "islands"
    assert "oxygen" in json_schema()["properties"]
