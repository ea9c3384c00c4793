"""Remarks on an oxygen run, each number computed from the scenario."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.language.readable import readable_time
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.oxygen.from_scenario import carrier, oxygen_model, section_of
from oxyshell.models.oxygen.surface_laws.law import RunFacts


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
        releasable=model.source.most(model.host),
    )
    if oxygen.source is not None:
        yield _source(scenario, geometry, oxygen.source.onset.value, facts.releasable)
    yield from law.remarks(facts)
    time = readable_time(facts.carrier.diffusion_time)
    yield f"Oxygen diffuses through the particle in R²/D_O = {time}."
    singles = (step for entry in scenario.steps for _, step in entry.singles())
    if any(step.temperature not in (None, scenario.temperature.value) for step in singles):
        yield (
            "Steps of the protocol have temperatures of their own: they hold for ions and electrode, while "
            f"the laws of the oxygen stay at {scenario.temperature.text}."
        )
    results = ("how much oxygen stays, and how evenly", "what escapes, and that all of it adds up")
    yield f"Predicted from these: {'; '.join([*results, *law.predicts])}."


def _source(scenario: ScenarioView, geometry: Geometry, onset: float, most: float) -> str:
    ion, share = scenario.material.ion.species, most * scenario.amounts(geometry).molar_volume
    return (
        f"Oxygen leaves its sites where more than {onset:g} {ion} per formula unit are out, "
        f"at most {most:.0f} mol/m³ of O2 with all {ion} out ({share:.3f} per formula unit)."
    )
