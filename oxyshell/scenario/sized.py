"""A scenario on a particle of a known size."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from oxyshell.models import registry
from oxyshell.models.base.combined_laws import CombinedLaws
from oxyshell.models.base.cycle_law import CycleLaw
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.process import Follower
from oxyshell.models.base.protocol import Protocol
from oxyshell.scenario import remarks
from oxyshell.scenario.cell import Conversion
from oxyshell.scenario.content import Content
from oxyshell.scenario.protocol.assembly import assembled


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
        content, amounts = self.content, self.content.amounts(self.geometry)
        conversion = Conversion(
            volume_to_surface=self.geometry.volume_to_surface,
            molar_volume=amounts.molar_volume,
            density=amounts.density,
            one_c=0.0 if content.cell is None else content.cell.one_c.value,
            charge_number=content.material.ion.charge_number,
            sites=amounts.sites,
            surface=content.model().exchange,
            surface_at=functools.cache(lambda temperature: content.model(temperature).exchange),
        )
        limits = () if content.limits is None else content.limits.stops()
        steps, repeats = assembled(content.steps, limits, conversion)
        output = content.output
        return Protocol(steps, output.at.stops(), repeats, output.every_cycle, output.last_cycles)

    def followers(self) -> tuple[Follower[Any], ...]:
        """Processes, with their numbers in SI, that follow the particle's group of ions and mechanics."""
        found: list[Follower[Any]] = []
        for physics in registry.physics():
            try:
                found += physics.followers(self.content, self.geometry)
            except Exception as error:
                # Of an extension, the message alone would not say whose it is.
                error.add_note(f"in the physics '{physics.name}'")
                raise
        return tuple(found)

    def cycle_law(self) -> CycleLaw:
        """The law of numbers that change from one cycle to the next."""
        laws = (physics.cycle_laws(self.content, self.geometry) for physics in registry.physics())
        return CombinedLaws([law for several in laws for law in several])

    def remarks(self) -> list[str]:
        """Sentences that a reader of the results has to know, each number computed from the scenario."""
        return list(remarks.about(self.content, self.geometry))
