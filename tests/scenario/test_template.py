"""The scenario to begin with: valid for every material, with and without the sections that it leaves out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from oxyshell.language import documents, library
from oxyshell.scenario import template
from oxyshell.scenario.loading import loads

MATERIALS = [name for name in library.names() if template._filled(name, "mine.yaml") is not None]
# A comment has one blank behind its "#"; a line that is left out has none, or its own indentation.
LEFT_OUT = re.compile(r"^#(?=\S|  )", re.MULTILINE)
# Steps of the protocol that are texts.
LATER = re.compile(r"protocol\.[12]\.")
SECTIONS = {"shell": "shell", "electrode": "electrode", "oxygen": "oxygen"}


def with_section(text: str, name: str) -> str:
    """The text with one of its sections that are left out."""
    block = re.search(rf"^#{name}:\n(?:#  .*\n)+", text, re.MULTILINE)
    assert block is not None
    return text.replace(block[0], LEFT_OUT.sub("", block[0]))


@pytest.mark.parametrize("material", MATERIALS)
def test_it_is_valid_with_everything_that_is_left_out(material: str) -> None:
    scenario: Any = loads(LEFT_OUT.sub("", template.template(material)))
    assert None not in (getattr(scenario, name) for name in SECTIONS)
    assert len(documents.parse(scenario.to_yaml(), "").data["protocol"]) == 3
    assert scenario.material.elasticity.young_modulus.status == "measured"


@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_is_valid_by_itself(section: str) -> None:
    scenario = loads(with_section(template.template(), section))
    assert [name for name in SECTIONS if getattr(scenario, name) is not None] == [section]


def test_every_number_states_its_source() -> None:
    scenario = loads(LEFT_OUT.sub("", template.template()))
    assert [
        one for one in scenario.provenance() if one.status == "unstated" and not LATER.match(one.path)
    ] == []


def test_the_material_decides_the_size() -> None:
    """R is the largest of 1, 2, 5, ... that ions cross within the charge of 5 h: R² ≤ D t < 6.25 R²."""
    for material in MATERIALS:
        scenario = loads(template.template(material))
        radius = scenario.particle.radius.value
        crossed = scenario.material.diffusivity.value * 5 * 3600
        assert radius**2 <= crossed * (1 + 1e-9) < 6.25 * radius**2


def test_most_materials_of_the_library_will_do() -> None:
    assert len(MATERIALS) >= 11
    assert template.STANDARD in MATERIALS
