"""Sections that take over a material of the library, or a file of one's own."""

from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

import oxyshell
from oxyshell.language import library
from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.content_key import content_key
from oxyshell.scenario.loading import load, loads
from oxyshell.scenario.material import Material
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.points import resolve
from oxyshell.studies.registry import json_schema

FILE = """\
name: x
particle: {shape: sphere, radius: 150 nm}
material: MATERIAL
cell: {one_c: 250 mA/g}
protocol: [{charge: {rate: 0.1 C, until: {extracted: 0.2}}}]
"""
ELECTRODE = "electrode: {kinetics: {law: constant, exchange_current: 1 A/m^2}}\n"
OXYGEN = "oxygen: {surface: {law: open, transfer: {biot: 1000}}}\n"
OWN = """\
name: own
formula: LiCoO2
molar_volume: 20 cm^3/mol
ion: {species: Li, sites_per_formula: 1, occupancy: 0.95}
diffusivity: 1e-15 m^2/s
chemical_strain: {partial_molar_volume: 1e-6 m^3/mol}
elasticity: {young_modulus: 150 GPa, poisson_ratio: 0.3}
"""


def scenario(material: str, rest: str = "", folder: Path | None = None) -> Scenario:
    return loads(FILE.replace("MATERIAL", material) + rest, folder=folder)


def own(folder: Path, text: str = OWN, name: str = "own.yaml") -> Path:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder


# What is taken over.


def test_a_material_of_the_library_is_one_that_stands_in_the_file() -> None:
    named = scenario("{from: LRMO-pristine}")
    given = library.material("LRMO-pristine").properties
    keys = [key for key in given if key in Material.model_fields]
    written = "{" + ", ".join(f"{key}: {_flow(given[key])}" for key in keys) + "}"
    assert named == scenario(written)
    assert named.provenance() == scenario(written).provenance()
    assert content_key(named) == content_key(scenario(written))


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(entry)}" for key, entry in value.items()) + "}"
    return '"' + value.strip() + '"' if isinstance(value, str) else str(value)


def test_a_key_beside_from_replaces_that_of_the_material_with_all_that_is_in_it() -> None:
    changed = scenario(
        "{from: LRMO-pristine, chemical_strain: {volume_change: 1 %}, diffusivity: 1e-18 m^2/s}"
    )
    assert changed.get("material.diffusivity") == 1e-18
    assert changed.get("material.chemical_strain.volume_change") == 0.01
    sources = {row.path: row.source for row in changed.provenance()}
    assert sources["material.chemical_strain.per_extracted"] == "oxyshell's default"
    assert scenario("{from: NMC111, diffusivity_activation: null}").material.diffusivity_activation is None


def test_electrode_and_oxygen_take_what_they_lack_if_they_are_there() -> None:
    alone = scenario("{from: LRMO-pristine}")
    assert alone.section("electrode") is None
    assert alone.section("oxygen") is None
    both = scenario("{from: LRMO-pristine}", ELECTRODE + OXYGEN)
    assert both.get("electrode.exchangeable_sites") == 1.0
    assert both.get("electrode.open_circuit.first_charge.msmr.1.potential") == 4.503
    assert both.get("oxygen.source.onset") == 0.396
    assert both.get("oxygen.diffusivity") == 1.40625e-18
    other = scenario(
        "{from: LRMO-pristine}",
        ELECTRODE.replace("{kin", "{open_circuit: {constant: 4 V}, exchangeable_sites: null, kin")
        + OXYGEN.replace("{sur", "{source: null, diffusivity: 1e-17 m^2/s, sur"),
    )
    assert other.get("electrode.open_circuit.constant") == 4
    assert other.get("electrode.exchangeable_sites") is None
    assert other.section("oxygen").source is None
    assert other.get("oxygen.diffusivity") == 1e-17


@pytest.mark.parametrize("name", [name for name in library.names() if name != "Li2MnO3"])
def test_a_run_of_every_material_can_begin(name: str) -> None:
    given = library.material(name).properties
    layered = "diffusivity_c" in given
    text = FILE.replace("MATERIAL", f"{{from: {name}}}")
    text = text.replace("{shape: sphere,", "{shape: disc, thickness: 50 nm,") if layered else text
    text += ELECTRODE if "open_circuit" in given else ""
    text += OXYGEN if "oxygen" in given else ""
    found = loads(text)
    assert found.model().host.site_density > 1e4
    assert loads(found.to_yaml()) == found


# Values that are changed.


def test_any_value_of_a_material_can_be_replaced() -> None:
    base = scenario("{from: LRMO-pristine}", ELECTRODE)
    before = copy.deepcopy(base)
    softer = base.with_values({"material.elasticity.young_modulus": "100 GPa"})
    assert softer.get("material.elasticity.young_modulus") == 1e11
    assert softer.get("material.elasticity.poisson_ratio") == 0.3
    assert base == before
    stated = base.with_values({"material.molar_volume.status": "chosen"}).material.molar_volume
    assert (stated.value, stated.status) == (pytest.approx(2.011e-5, rel=1e-15), "chosen")
    path = "electrode.open_circuit.discharge.msmr.2.potential"
    assert base.with_values({path: "2.5 V"}).get(path) == 2.5


def test_another_material_takes_the_place_of_the_first_and_what_was_set_stays() -> None:
    base = scenario("{from: LRMO-pristine, diffusivity: 1e-18 m^2/s}", ELECTRODE)
    other = base.with_values({"material.from": "NMC811"})
    assert other == scenario("{from: NMC811, diffusivity: 1e-18 m^2/s}", ELECTRODE)
    # In one call the material comes first, whatever the order.
    both = {"material.elasticity.young_modulus": "100 GPa", "material.from": "LCO"}
    for values in (both, dict(reversed(both.items()))):
        assert base.with_values(values).get("material.elasticity.poisson_ratio") == 0.2
    # A value that was set earlier makes its key the scenario's own.
    softer = base.with_values({"material.elasticity.young_modulus": "100 GPa"})
    assert softer.with_values({"material.from": "LCO"}).get("material.elasticity.poisson_ratio") == 0.3
    assert base.with_values({"material": {"from": "LCO"}}) == scenario("{from: LCO}", ELECTRODE)


def test_a_sweep_names_its_materials_in_the_table_and_tells_points_apart() -> None:
    base = scenario("{from: LRMO-pristine}")
    names = ["LRMO-pristine", "LRMO-Ru-1", "NMC811", "LRMO-Ru-0.5"]
    points = resolve(base, [{"material.from": name} for name in names])
    assert [point.shown for point in points] == [(name,) for name in names]
    # Ru-0.5 differs from Ru-1 by its sources alone.
    assert len({point.key for point in points}) == 3
    assert points[0].key == content_key(base)


# What is written.


def test_a_written_scenario_has_every_value_and_no_name_of_a_material(tmp_path: Path) -> None:
    named = scenario("{from: own.yaml}", folder=own(tmp_path))
    assert "from" not in named.to_yaml()
    assert loads(named.to_yaml(), folder=tmp_path / "nowhere") == named
    assert "material.from" not in {row.path for row in named.provenance()}


def test_a_scenario_keeps_the_material_that_it_was_read_with(tmp_path: Path) -> None:
    file = own(tmp_path) / "own.yaml"
    named = scenario("{from: own.yaml}", folder=tmp_path)
    file.write_text(OWN.replace("150 GPa", "90 GPa"))
    assert named.with_values({"particle.radius": "1 um"}).get("material.elasticity.young_modulus") == 1.5e11
    file.unlink()
    again = pickle.loads(pickle.dumps(named))
    assert again == named
    assert again.with_values({"material.elasticity.poisson_ratio": 0.2}).get("material.diffusivity") == 1e-15
    assert copy.deepcopy(named).with_values({}) == named


def test_a_file_of_one_s_own_is_a_file_of_the_scenario(tmp_path: Path) -> None:
    own(tmp_path)
    own(tmp_path, "name: other\nfrom: ../own.yaml\ndiffusivity: 1e-16 m^2/s\n", "deeper/other.yaml")
    named = scenario("{from: deeper/other.yaml}", folder=tmp_path)
    assert named.get("material.diffusivity") == 1e-16
    assert named.get("material.elasticity.young_modulus") == 1.5e11
    expected = [(tmp_path / "deeper" / "other.yaml").resolve(), (tmp_path / "own.yaml").resolve()]
    assert list(named.files()) == expected
    assert scenario("{from: LCO}").files() == ()


def test_a_run_goes_on_with_what_it_has_written(tmp_path: Path) -> None:
    coarse = {"numerics.time_tolerance": 1e-2, "numerics.elements.bulk": 4}
    named = scenario("{from: own.yaml}", folder=own(tmp_path)).with_values(coarse)
    first = oxyshell.run(named, tmp_path / "run")
    (tmp_path / "own.yaml").unlink()
    again = oxyshell.run(tmp_path / "run" / "scenario.yaml", tmp_path / "run", resume=True)
    assert again.summary == first.summary


def test_a_table_beside_a_file_of_one_s_own_is_read_from_there(tmp_path: Path) -> None:
    own(tmp_path, OWN + "open_circuit: {table: curve.csv}\n", "materials/own.yaml")
    (tmp_path / "materials" / "curve.csv").write_text("0,4.4\n1,3.4\n")
    named = scenario("{from: materials/own.yaml}", ELECTRODE, folder=tmp_path)
    (tmp_path / "materials" / "curve.csv").unlink()
    again = named.with_values({"particle.radius": "1 um"})
    assert loads(again.to_yaml()).section("electrode").open_circuit == named.section("electrode").open_circuit


# Mistakes.


@pytest.mark.parametrize(
    ("material", "message"),
    [
        ("{from: NMC81}", "3:18: material.from: found the unknown material 'NMC81', expected 'NMC811'"),
        ("{form: LCO}", "3:12: material.form: found the unknown key 'form', expected 'from'"),
        ("{from: LCO, diffusivty: 1}", "3:23: material.diffusivty: found the unknown key 'diffusivty'"),
        ("{from: LCO, diffusivity: -1}", "3:36: material.diffusivity: found -1, expected a diffusivity"),
        (
            "{from: LCO, formula: NaCoO2}",
            "3:18: material.ion.species: found 'Li' (library material LCO), expected an element of",
        ),
        (
            "{from: Li2MnO3, diffusivity: 1e-18, elasticity: {young_modulus: 9 GPa, poisson_ratio: 0.3}}",
            "3:1: material.chemical_strain: found nothing, nor does library material Li2MnO3 have it,",
        ),
        (
            "{from: LCO, elasticity: {young_modulus: 1 GPa}}",
            "material.elasticity.poisson_ratio: found nothing",
        ),
    ],
)
def test_mistakes_are_told_at_their_lines(material: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario(material)
    assert len(caught.value.mistakes) == 1
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OWN.replace("1e-15", "-1e-15"), "own.yaml:5:14: diffusivity: found '-1e-15 m^2/s'"),
        (OWN + "shell: null\n", "own.yaml:8:1: shell: found the unknown key 'shell'"),
        (OWN.removeprefix("name: own\n"), "own.yaml:1:1: name: found nothing, expected the key 'name'"),
        (OWN + "from: gold\n", "own.yaml:8:7: from: found the unknown material 'gold'"),
        (OWN + "from: own.yaml\n", "own.yaml:8:7: from: found 'own.yaml', expected a material that is not"),
        (
            OWN + "references: [{citation: a, doi: https://doi.org/1}]\n",
            "own.yaml:8:33: references.0.doi: found",
        ),
        (OWN + "oxygen: {surface: {law: open}}\n", "own.yaml:8:10: oxygen.surface: found the unknown key"),
        ("- 3\n", "own.yaml:1:1: found a list of 1"),
    ],
)
def test_mistakes_in_a_file_of_one_s_own_are_told_at_its_lines(
    text: str, message: str, tmp_path: Path
) -> None:
    own(tmp_path, text)
    with pytest.raises(ScenarioError, match=re.escape(message)):
        scenario("{from: own.yaml}", folder=tmp_path)


def test_files_that_are_made_of_each_other_are_refused(tmp_path: Path) -> None:
    own(tmp_path, "name: a\nfrom: b.yaml\n", "a.yaml")
    own(tmp_path, "name: b\nfrom: a.yaml\n", "b.yaml")
    with pytest.raises(
        ScenarioError, match=r"b\.yaml:2:7: from: found 'a\.yaml', expected a material that is"
    ):
        scenario("{from: a.yaml}", folder=tmp_path)


def test_mistakes_of_overrides_name_the_override() -> None:
    base = scenario("{from: LRMO-pristine}")
    with pytest.raises(ScenarioError, match=r"override material\.from: .*unknown material 'NMC'"):
        base.with_values({"material.from": "NMC"})
    with pytest.raises(
        ScenarioError, match=r"override material\.ion\.species: .*found 'Na', expected an element"
    ):
        base.with_values({"material.ion.species": "Na"})


def test_a_study_s_file_tells_where_it_names_no_material(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(FILE.replace("MATERIAL", "{from: LCO}"))
    sweep = tmp_path / "sweep.yaml"
    sweep.write_text("sweep: s\nscenario: one.yaml\nover:\n  material.from: [LCO, NMC8111]\n")
    with pytest.raises(ScenarioError, match=r"sweep\.yaml:4:.*unknown material 'NMC8111'"):
        oxyshell.validate(sweep)
    sweep.write_text("sweep: s\nscenario: one.yaml\nover:\n  material.from: [LCO, NMC811]\n")
    assert len(oxyshell.validate(sweep).points) == 2


# The schema.


def test_the_schema_knows_from_and_then_requires_nothing_else() -> None:
    definitions = json_schema()["$defs"]
    material = definitions["Material"]
    assert material["anyOf"][0] == {"required": ["from"]}
    assert set(material["anyOf"][1]["required"]) >= {"formula", "diffusivity"}
    assert "NMC811" in material["properties"]["from"]["anyOf"][0]["enum"]
    assert "required" not in material
    assert "open_circuit" not in definitions["Electrode"]["required"]
    assert definitions["Oxygen"]["required"] == ["surface"]
    assert json_schema("material")["required"] == ["name"]


def test_circumstances_may_name_the_material(tmp_path: Path) -> None:
    text = "{from: LCO, diffusivity: {value: 1e-15, status: calibrated, under: {particle.radius: 100 nm}}}"
    assert scenario(text).get("material.diffusivity") == 1e-15
    assert load(_written(tmp_path)).get("material.diffusivity") == 5.387e-15


def _written(folder: Path) -> Path:
    (folder / "one.yaml").write_text(FILE.replace("MATERIAL", "{from: LCO}"))
    return folder / "one.yaml"
