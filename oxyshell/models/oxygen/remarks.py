"""Remarks on an oxygen run, each number computed from the scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from oxyshell.language.readable import readable_time
from oxyshell.models.oxygen.surface_laws.law import RunFacts

if TYPE_CHECKING:
    from oxyshell.scenario.scenario import Scenario

_SHAPES = {
    "sphere": "a sphere",
    "cylinder": "a cylinder",
    "plate": "a plate",
    "imported": "an imported particle",
}


def about_oxygen(scenario: Scenario, volume_to_surface: float | None) -> Iterator[str]:
    """See `Scenario.remarks`."""
    oxygen, model = scenario.oxygen, scenario.oxygen_model(volume_to_surface)
    if oxygen is None or model is None:
        return
    particle, law = scenario.particle, oxygen.surface
    facts = RunFacts(
        carrier=scenario.carrier(volume_to_surface),
        body=f"{_SHAPES[particle.shape]} of R = {particle.radius.text}",
        temperature=scenario.temperature.text,
        initial=oxygen.initial.value,
        releasable=model.source.most(model.host),
    )
    if oxygen.source is not None:
        yield _source(scenario, oxygen.source.onset.value, facts.releasable)
    yield from law.remarks(facts)
    time = readable_time(facts.carrier.diffusion_time)
    yield f"Oxygen diffuses through the particle in R²/D_O = {time}."
    results = ("how much oxygen stays, and how evenly", "what escapes, and that all of it adds up")
    yield f"Predicted from these: {'; '.join([*results, *law.predicts])}."


def _source(scenario: Scenario, onset: float, most: float) -> str:
    ion, share = scenario.material.ion.species, most * scenario.material.molar_volume.value
    return (
        f"Oxygen leaves its sites where more than {onset:g} {ion} per formula unit are out, "
        f"at most {most:.0f} mol/m³ of O2 with all {ion} out ({share:.3f} per formula unit)."
    )
