"""The files of the library, and the shipped scenarios that use it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from oxyshell.language import library
from oxyshell.scenario import material_file, material_report
from oxyshell.scenario.loading import load, loads
from oxyshell.scenario.material import Material
from tests.lrmo import LRMO, scenario_file
from tests.pages.blocks import blocks_of
from tests.program import SCENARIOS

NAMES = library.names()
# Studies have no material of their own.
FILES = [file for file in sorted(SCENARIOS.glob("*.yaml")) if "\nmaterial:" in file.read_text()]


@pytest.mark.parametrize("name", NAMES)
def test_a_material_has_no_mistakes_and_its_own_name(name: str) -> None:
    found = material_file.read(library.material(name))
    assert found.name == name
    assert found.about


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_status_and_a_source(name: str) -> None:
    values = material_report.values(library.material(name))
    choices = {"formula", "ion.species", "ion.charge_number", "open_circuit.hysteresis.order"}
    # Published context, with one source for all of it.
    context = "oxygen.peroxide_shares."
    numbers = [one for one in values if one.path not in choices and not one.path.startswith(context)]
    assert numbers
    assert [one.path for one in numbers if not one.status or not one.source] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_publication_is_one_that_a_value_names(name: str) -> None:
    values = material_report.values(library.material(name))
    for one in library.material(name).document.data.get("references", []):
        assert any(one["citation"] in value.source for value in values), one


@pytest.mark.parametrize("name", NAMES)
def test_a_number_that_is_remembered_or_was_not_found_is_chosen(name: str) -> None:
    for value in material_report.values(library.material(name)):
        if value.source.startswith(("remembered", "no value", "none was")):
            assert value.status == "chosen", value


def test_what_is_missing_is_said_by_its_key() -> None:
    lacking = material_report.missing(library.material("Li2MnO3"))
    assert lacking["stress"] == ["diffusivity", "chemical_strain", "elasticity"]
    assert lacking["voltage"] == [*lacking["stress"], "open_circuit"]
    assert lacking["oxygen"] == [*lacking["stress"], "oxygen.diffusivity"]
    assert not any(material_report.missing(library.material("LRMO-Ru-1")).values())
    required = Material.model_json_schema()["anyOf"][1]["required"]
    assert set(material_report.PARTICLE) == set(required)


def test_the_pristine_particle_has_the_numbers_of_the_physics_brief() -> None:
    model = load(SCENARIOS / "lrmo-pristine.yaml").model()
    # The brief has five digits of the site density.
    assert model.host.site_density == pytest.approx(LRMO.host.site_density, rel=1e-4)
    assert model.transport == LRMO.transport
    assert model.elasticity == LRMO.elasticity


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_number_of_a_material_stands_in_a_scenario_too(file: Path) -> None:
    data = YAML(typ="safe").load(file.read_text())
    material = data["material"]
    base = library.material(material["from"]).properties
    sections = [
        (material, base),
        (data.get("oxygen") or {}, base.get("oxygen", {})),
        (data.get("electrode") or {}, base),
    ]
    repeated = [key for own, given in sections for key in own if key in given and given[key] == own[key]]
    assert repeated == []


PAGE = (SCENARIOS.parent / "docs" / "materials.md").read_text()


def test_the_page_of_materials_has_a_row_for_each() -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([^`]+)`", row)} == set(NAMES)


def test_the_page_s_file_of_one_s_own_is_valid(tmp_path: Path) -> None:
    yaml = [block for block in blocks_of("docs/materials.md") if block.language == "yaml"]
    (own,) = (block.text for block in yaml if block.note("file") == "scenarios/my-oxide.yaml")
    uses = "".join(block.text for block in yaml if not block.note("file"))
    (tmp_path / "my-oxide.yaml").write_text(own)
    found = material_file.given("./my-oxide.yaml", tmp_path)
    assert material_report.missing(found)["oxygen"] == []
    assert "material: {from: ./my-oxide.yaml}" in uses
    for line in uses.splitlines():
        text = scenario_file("x").partition("material:")[0] + line + "\n" + "particle:"
        text += scenario_file("x").partition("particle:")[2]
        assert loads(text, folder=tmp_path).material.ion.species == "Li"
