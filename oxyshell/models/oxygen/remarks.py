"""Remarks on the oxygen of a run, each number computed from the scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from oxyshell.language.readable import readable_time
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.oxygen.exchange_sections import Carrier, Loading
from oxyshell.models.oxygen.from_scenario import carrier, oxygen_model, section_of, surface_law
from oxyshell.models.oxygen.section import Oxygen
from oxyshell.models.oxygen.surface import SurfaceLaw
from oxyshell.models.oxygen.surface_sections import ConformalSink, Islands, Sink

# Desorption this much slower than diffusion plays no part; this much faster, it leaves nothing on the sink.
_FAR_APART = 1e3


def about_oxygen(scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
    """All sentences about a run's oxygen; none without oxygen."""
    section, model = section_of(scenario), oxygen_model(scenario, geometry)
    if section is None or model is None:
        return
    particle, law = carrier(section, scenario, geometry), surface_law(scenario, geometry)
    yield from _Remarks(scenario, section, particle, law, model.source.most(model.host)).all()


@dataclass(frozen=True)
class _Remarks:
    """Sentences about one run.

    Attributes:
        scenario: The run.
        oxygen: Its oxygen.
        carrier: Its particle.
        law: Its surface law, in SI.
        most: Largest content that the bulk can release, mol/m³.
    """

    scenario: ScenarioView
    oxygen: Oxygen
    carrier: Carrier
    law: SurfaceLaw
    most: float

    @property
    def diffusion_time(self) -> float:
        """R²/D_O, s."""
        return self.carrier.radius**2 / self.carrier.diffusivity

    def all(self) -> Iterator[str]:
        """All sentences."""
        yield from self._source()
        match self.oxygen.surface:
            case ConformalSink(loading=loading) as sink:
                yield from (self._desorption(sink), self._capacity(sink))
                yield from (
                    f"{self._loading(found)} {self._assumed(sink, found)}" for found in _given(loading)
                )
            case Islands(loading=loading) as sink:
                yield from (self._desorption(sink), self._capacity(sink))
                yield from (" ".join([self._loading(it), *self._closed(it, 1.0)]) for it in _given(loading))
        yield self._diffusion()
        yield self._predicted()

    def _source(self) -> Iterator[str]:
        source, material = self.oxygen.source, self.scenario.material
        if source is not None:
            ion, onset = material.ion.species, source.onset.value
            share = self.most * material.molar_volume.value
            yield (
                f"Oxygen leaves its sites where more than {onset:g} {ion} per formula unit are out, "
                f"at most {self.most:.0f} mol/m³ of O2 with all {ion} out ({share:.3f} per formula unit)."
            )

    def _desorption(self, sink: Sink) -> str:
        rate = self.law.exchange.desorption
        time = 1 / rate if rate > 0 else math.inf
        verdict = "part of it leaves again during the run"
        if time > self.diffusion_time * _FAR_APART:
            verdict = "it stays"
        elif time < self.diffusion_time / _FAR_APART:
            verdict = "it does not hold oxygen"
        energy = f"{sink.adsorption.energy.value:.4g} eV".replace("-", "−")
        return (
            f"O2 leaves the sink at {rate:.1e} 1/s ({energy}, {self.scenario.temperature.text}), "
            f"after {readable_time(time)} on average: {verdict}."
        )

    def _capacity(self, sink: Sink) -> str:
        capacity, start = self.law.exchange.capacity, self.oxygen.initial.value
        layers = f"{sink.layers.value:g} layer{'' if sink.layers.value == 1 else 's'} of sites"
        covered = _percent(self.law.coverage)
        told = f"The sink holds at most {capacity:.2e} mol/m² ({layers} on {covered} of the surface)"
        if not start + self.most > 0:
            return f"{told}."
        contents = {"there is at the start": start, "the lattice can release at most": self.most}
        what = " and ".join(name for name, amount in contents.items() if amount > 0)
        share = capacity / ((start + self.most) * self.carrier.volume_to_surface)
        return f"{told}, {_percent(share)} of what {what}."

    def _loading(self, loading: Loading) -> str:
        particle, share = self.scenario.particle, 100 * loading.mass_fraction.value
        spread, covered = loading.model(self.carrier).mean_thickness, loading.coverage(self.carrier)
        islands = f"islands of {loading.height.text} height cover {_percent(covered)}, no closed shell"
        return (
            f"{share:.3g} wt% {loading.formula} on {particle.noun} of R = {particle.radius.text} "
            f"is {spread * 1e9:.3f} nm spread evenly: {islands if covered < 1 else 'a closed shell'}."
        )

    def _assumed(self, shell: ConformalSink, loading: Loading) -> str:
        """The closed shell of the run beside the loading that was measured."""
        covered, layers = shell.coverage.value, shell.layers.value
        closed = [*self._closed(loading, 1.0), *(self._closed(loading, layers) if layers != 1 else ())]
        assumed = f"This run assumes a shell that closes {_percent(covered)} of the surface all the same."
        if loading.coverage(self.carrier) >= covered:
            assumed = (
                f"That suffices for the {_percent(covered)} of the surface that this run's shell closes."
            )
        return " ".join([assumed, *closed])

    def _closed(self, loading: Loading, layers: float) -> Iterator[str]:
        for one in _given(loading.layer_thickness):
            needed = 100 * loading.mass_fraction_of(layers * one.value, self.carrier)
            name = "One closed layer" if layers == 1 else f"{layers:g} closed layers"
            thickness = f"{layers * one.value * 1e9:.3g} nm"
            yield f"{name} of {loading.formula}, {thickness}, would need {needed:.3g} wt%."

    def _diffusion(self) -> str:
        return f"Oxygen diffuses through the particle in R²/D_O = {readable_time(self.diffusion_time)}."

    def _predicted(self) -> str:
        parts = ["how much oxygen stays, and how evenly", "what escapes, and that all of it adds up"]
        if self.oxygen.surface.sink:
            parts += ["when the sink is full", "what desorbs from it"]
        return f"Predicted from these: {'; '.join(parts)}."


def _given[Entry](entry: Entry | None) -> Iterator[Entry]:
    """An entry, if the file has it."""
    if entry is not None:
        yield entry


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %" if share > 0.0995 else f"{100 * share:.2g} %"
