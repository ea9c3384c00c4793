"""Contradictions between the section `oxygen` and others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from pydantic_core import InitErrorDetails

from oxyshell.language import chemistry
from oxyshell.language.mistakes import describe, problem
from oxyshell.language.parameters import Parameter
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.host.checks import c_axis
from oxyshell.models.oxygen.from_scenario import section_of, sections_of
from oxyshell.models.oxygen.layer_section import LayerOxygen
from oxyshell.models.oxygen.section import Oxygen

_ROUND_OFF = 1e-9


def problems(scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """All contradictions; those of layers that have oxygen of their own where the scenario has none."""
    core, *layers = (_OfPart.of(part) for part in scenario.parts)
    oxygen = section_of(scenario)
    if oxygen is None:
        for layer in layers:
            if layer.own is not None:
                found = "oxygen of a layer without that of the particle"
                yield problem(found, "the key 'oxygen', a section of the scenario", *layer.path)
        return
    layered = any(part.material.layered for part in scenario.parts)
    for section in sections_of(scenario):
        if section.diffusivity_c is not None and not layered:
            yield from c_axis(scenario, "oxygen.diffusivity_c differs from oxygen.diffusivity")
            break
    yield from _layer(oxygen, layers, scenario)
    yield from _content(oxygen, scenario)
    for part, section in zip((core, *layers), sections_of(scenario), strict=True):
        yield from _source(section, part, scenario)
        yield from _vacancies(section, part, scenario)


@dataclass(frozen=True)
class _OfPart:
    """A part of the particle with its own keys.

    Attributes:
        part: The part, a `scenario.parts.Part`.
        path: Keys down to its section on oxygen.
        own: That section; None of the core, and of a layer without.
    """

    part: Any
    path: tuple[str, ...]
    own: LayerOxygen | None

    @classmethod
    def of(cls, part: Any) -> Self:
        """A part with its keys."""
        path = ("oxygen",) if part.path == ("material",) else (*part.path, "oxygen")
        return cls(part, path, part.section.section("oxygen"))

    def place(self, key: str, *below: str) -> tuple[str, ...]:
        """Keys down to a property of its oxygen, which may be that of the particle's."""
        own = self.own is not None and getattr(self.own, key) is not None
        return (*(self.path if own else ("oxygen",)), key, *below)

    def deficiency(self, scenario: ScenarioView) -> float:
        """The largest share of sites that is missing in it."""
        if len(scenario.parts) == 1:
            return max((layer.section.deficiency.value for layer in scenario.layers), default=0.0)
        return float(self.part.section.deficiency.value)


def _layer(oxygen: Oxygen, layers: Sequence[_OfPart], scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """A D_O of the surface layer where there is none, or where that has its own."""
    if oxygen.layer_diffusivity is None:
        return
    if scenario.shell is None:
        expected = "null without a surface layer (the section 'shell')"
        if scenario.layers:
            expected = "null beside regions, each of which has its 'oxygen.diffusivity'"
        yield problem("a diffusivity", expected, "oxygen", "layer_diffusivity")
    for layer in layers:
        if layer.own is not None and layer.own.diffusivity is not None:
            expected = f"one of both: {'.'.join(layer.path)}.diffusivity, or null"
            yield problem("a diffusivity of the same layer", expected, "oxygen", "layer_diffusivity")


def _source(oxygen: Oxygen, part: _OfPart, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    source, formula = oxygen.source, part.part.material.formula
    if source is None:
        return
    if "O" not in chemistry.composition(formula):
        nothing = "null" if part.path == ("oxygen",) else f"'none' for {'.'.join(part.path)}.source"
        expected = f"{nothing}, since {formula} holds no oxygen that could be released"
        yield problem("a source", expected, *part.path, "source")
    deficiency = part.deficiency(scenario)
    taking_part = source.content().relative(deficiency)
    if source.li_o_li is not None and not taking_part >= 0:
        expected = (
            f"shares whose straight line stays at least 0 up to the shell's deficiency of {deficiency:g}, "
            f"where it is {source.li_o_li.bulk.value * taking_part:.4g}"
        )
        here = part.place("source", "li_o_li", "deficient")
        yield problem(describe(source.li_o_li.deficient.text), expected, *here)


def _vacancies(oxygen: Oxygen, part: _OfPart, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """An effect of nothing, or more sites that go than ions that have left."""
    if oxygen.vacancies is None:
        return
    source = oxygen.source
    if source is None:
        expected = "null without a source: no lattice oxygen of the layer leaves its sites"
        yield problem("vacancies", expected, *part.place("vacancies"))
        return
    # No more sites than ions that have left, or the ions that are left would have no place.
    taking_part = source.content().relative(part.deficiency(scenario))
    most = 4 / (part.part.material.ion.charge_number * max(taking_part, 1.0))
    if not oxygen.vacancies.sites_lost.value <= most:
        expected = f"at most {most:g}, the ions that have left for every O2"
        here = part.place("vacancies", "sites_lost")
        yield problem(describe(oxygen.vacancies.sites_lost.text), expected, *here)


def _content(oxygen: Oxygen, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
    """Contents of O2, the same in all parts, that are more than all oxygen of the lattice of one of them."""
    contents: list[tuple[Parameter, tuple[str, ...]]] = [(oxygen.initial, ("oxygen", "initial"))]
    prescribed = oxygen.surface.contents().items()
    contents += [(content, ("oxygen", "surface", key)) for key, content in prescribed]
    held = {part.material.formula: _oxygen_of(part.material) for part in scenario.parts}
    formula = min((one for one, most in held.items() if most), key=lambda one: held[one], default="")
    for content, here in contents:
        if formula and content.value > held[formula] * (1 + _ROUND_OFF):
            expected = f"at most {held[formula]:.6g} mol/m^3 of O2, which is all oxygen of {formula}"
            yield problem(describe(content.text), expected, *here)


def _oxygen_of(material: Any) -> float:
    """All oxygen of a material as O2, mol/m³."""
    atoms = chemistry.composition(material.formula).get("O", 0.0)
    return float(atoms / 2 / material.molar_volume.value)
