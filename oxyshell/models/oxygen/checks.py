"""Contradictions between the section `oxygen` and others."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic_core import InitErrorDetails

from oxyshell.language import chemistry
from oxyshell.language.mistakes import describe, problem
from oxyshell.language.parameters import Parameter
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.host.checks import c_axis
from oxyshell.models.oxygen.from_scenario import section_of
from oxyshell.models.oxygen.section import Oxygen

_ROUND_OFF = 1e-9


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """All contradictions; none without oxygen."""
    oxygen = section_of(scenario)
    if oxygen is not None:
        if oxygen.diffusivity_c is not None and not scenario.material.layered:
            yield from c_axis(scenario, "oxygen.diffusivity_c differs from oxygen.diffusivity")
        yield from _layer(oxygen, scenario)
        yield from _content(oxygen, scenario)
        yield from _source(oxygen, scenario)


def _layer(oxygen: Oxygen, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    if oxygen.layer_diffusivity is not None and not scenario.layers:
        expected = "null without a surface layer (the section 'shell')"
        yield problem("a diffusivity", expected, "oxygen", "layer_diffusivity")


def _source(oxygen: Oxygen, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    source, material = oxygen.source, scenario.material
    if source is None:
        return
    if "O" not in chemistry.composition(material.formula):
        expected = f"null, since {material.formula} holds no oxygen that could be released"
        yield problem("a source", expected, "oxygen", "source")
    deficiency = max((layer.section.deficiency.value for layer in scenario.layers), default=0.0)
    taking_part = source.content().relative(deficiency)
    if source.li_o_li is not None and not taking_part >= 0:
        expected = (
            f"shares whose straight line stays at least 0 up to the shell's deficiency of {deficiency:g}, "
            f"where it is {source.li_o_li.bulk.value * taking_part:.4g}"
        )
        yield problem(
            describe(source.li_o_li.deficient.text), expected, "oxygen", "source", "li_o_li", "deficient"
        )
    if oxygen.vacancies is not None:
        # No more sites than ions that have left, or the ions that are left would have no place.
        most = 4 / (material.ion.charge_number * max(taking_part, 1.0))
        if not oxygen.vacancies.sites_lost.value <= most:
            expected = f"at most {most:g}, the ions that have left for every O2"
            yield problem(
                describe(oxygen.vacancies.sites_lost.text), expected, "oxygen", "vacancies", "sites_lost"
            )


def _content(oxygen: Oxygen, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Contents of O2 that are more than all oxygen of the lattice."""
    material = scenario.material
    atoms = chemistry.composition(material.formula).get("O", 0.0)
    most = atoms / 2 / material.molar_volume.value
    contents: list[tuple[Parameter, tuple[str, ...]]] = [(oxygen.initial, ("oxygen", "initial"))]
    prescribed = oxygen.surface.contents().items()
    contents += [(content, ("oxygen", "surface", key)) for key, content in prescribed]
    for content, here in contents:
        if atoms and content.value > most * (1 + _ROUND_OFF):
            expected = f"at most {most:.6g} mol/m^3 of O2, which is all oxygen of {material.formula}"
            yield problem(describe(content.text), expected, *here)
