"""A scenario on a particle of a known size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oxyshell.models import registry
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.protocol import Protocol
from oxyshell.scenario import remarks
from oxyshell.scenario.content import Content
from oxyshell.scenario.protocol import Conversion


@dataclass(frozen=True)
class SizedScenario:
    """All that needs the particle's volume and surface besides the scenario.

    Attributes:
        content: The scenario.
        geometry: The particle's size.
    """

    content: Content
    geometry: Geometry

    def protocol(self) -> Protocol:
        """The steps and the outputs, in SI."""
        content, material = self.content, self.content.material
        conversion = Conversion(
            volume_to_surface=self.geometry.volume_to_surface,
            molar_volume=material.molar_volume.value,
            density=material.density,
            one_c=0.0 if content.cell is None else content.cell.one_c.value,
            charge_number=material.ion.charge_number,
            margin=content.surface.exhausted_below.value,
        )
        return Protocol(tuple(step.step(conversion) for step in content.steps), content.output.at.stops())

    def models(self) -> Mapping[str, Any]:
        """The models of the scenario's physics besides host, ions and mechanics, in SI, by name."""
        found = ((one.name, one.model(self.content, self.geometry)) for one in registry.physics())
        return {name: model for name, model in found if model is not None}

    def remarks(self) -> list[str]:
        """Sentences that a reader of the results has to know, each number computed from the scenario."""
        return list(remarks.about(self.content, self.geometry))
