"""Remarks on an oxygen run, each number computed from the scenario."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.oxygen.from_scenario import carrier, oxygen_model, section_of, sections_of
from oxyshell.models.oxygen.surface_laws.law import RunFacts
from oxyshell.presentation.numbers import duration


def about_oxygen(scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
    """All sentences about a run's oxygen; none without oxygen."""
    oxygen, model = section_of(scenario), oxygen_model(scenario, geometry)
    if oxygen is None or model is None:
        return
    particle, law = scenario.particle, oxygen.surface
    facts = RunFacts(
        carrier=carrier(oxygen, scenario, geometry),
        body=f"{particle.noun} of R = {particle.radius.text}",
        temperature=scenario.temperature.text,
        initial=oxygen.initial.value,
        generable=model.most,
    )
    if oxygen.source is not None:
        share = model.source.most(model.host) * scenario.material.molar_volume.value
        yield _source(scenario, oxygen.source.onset.value, model.source.most(model.host), share)
    yield from _layers(scenario)
    yield from law.remarks(facts)
    time = duration(facts.carrier.diffusion_time, digits=2)
    yield f"Oxygen diffuses through the particle in R²/D_O = {time}."
    singles = (step for entry in scenario.steps for _, step in entry.singles())
    if any(step.temperature not in (None, scenario.temperature.value) for step in singles):
        yield (
            "Steps of the protocol have temperatures of their own: they hold for ions and electrode, while "
            f"the laws of the oxygen stay at {scenario.temperature.text}."
        )
    results = ("how much oxygen stays, and how evenly", "what is released, and that all of it adds up")
    yield f"Predicted from these: {'; '.join([*results, *law.predicts])}."


def _source(scenario: ScenarioView, onset: float, most: float, share: float) -> str:
    ion = scenario.material.ion.species
    return (
        f"Oxygen leaves its sites where more than {onset:g} {ion} per formula unit are out, "
        f"at most {most:.0f} mol/m³ of O2 with all {ion} out ({share:.3f} per formula unit)."
    )


def _layers(scenario: ScenarioView) -> Iterator[str]:
    """Assumptions about the oxygen of layers that are hosts of their own."""
    _, *parts = zip(scenario.parts, sections_of(scenario), strict=True)
    if parts:
        yield "Mobile O2 has the same content on both sides of an interface: its partition coefficient is 1."
    for part, section in parts:
        here, formula, own = ".".join(part.path), part.material.formula, part.section.section("oxygen")
        other = formula != scenario.material.formula
        if section.source is None:
            yield f"The layer {here} generates no O2."
        elif other and (own is None or own.source is None):
            yield (
                f"The layer {here} of {formula} generates O2 as the particle's material does, where more "
                f"than {section.source.onset.value:g} {part.material.ion.species} per formula unit are out: "
                f"{here}.oxygen.source is not given."
            )
        if other and (own is None or own.diffusivity is None):
            yield f"D_O of the layer {here} is that of the particle's material: none is given for {formula}."
