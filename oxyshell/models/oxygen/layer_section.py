"""The section `oxygen` of a layer: properties in which its oxygen differs from that of the particle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Tag

from oxyshell.language import scales
from oxyshell.language.occupancy import OccupancyProperty, OccupancyQuantity
from oxyshell.language.parameters import POSITIVE
from oxyshell.language.sections import Section, alternatives, tag
from oxyshell.models.oxygen.section import Oxygen, OxygenSource, OxygenVacancies

_NONE = "none"


def _kind(raw: Any) -> str | None:
    if raw == _NONE:
        return f"<{_NONE}>"
    return tag(OxygenSource).tag if isinstance(raw, Mapping | OxygenSource) else None


type LayerSource = Annotated[
    Annotated[OxygenSource, tag(OxygenSource)] | Annotated[Literal["none"], Tag(f"<{_NONE}>")],
    alternatives(_kind, "'none', or a mapping with 'onset' and 'generation_rate'"),
]


class LayerOxygen(Section):
    """Mobile O2 in the layer, where it differs from that in the particle's own material."""

    diffusivity: (
        Annotated[OccupancyProperty, OccupancyQuantity("m^2/s", POSITIVE, scales.DIFFUSIVITY)] | None
    ) = None
    """D_O(θ) in it; of a layered material, within the layers of its crystal; null: that of `oxygen`."""
    diffusivity_c: (
        Annotated[OccupancyProperty, OccupancyQuantity("m^2/s", POSITIVE, scales.DIFFUSIVITY)] | None
    ) = None
    """D_O(θ) along c, beside `diffusivity`; null: that of `diffusivity` in all directions."""
    source: LayerSource | None = None
    """Lattice oxygen of the layer that becomes mobile; none: it generates no O2; null: that of `oxygen`."""
    vacancies: OxygenVacancies | None = None
    """Effect of lost oxygen on the layer's host; needs a source; null: that of `oxygen`."""

    def within(self, particle: Oxygen) -> Oxygen:
        """The oxygen of the layer, as that of a particle which is all of it.

        Args:
            particle: That of the particle.
        """
        own: dict[str, Any] = {}
        if self.diffusivity is not None:
            own = {"diffusivity": self.diffusivity, "layer_diffusivity": None, "diffusivity_c": None}
        if self.diffusivity_c is not None:
            own["diffusivity_c"] = self.diffusivity_c
        if self.source is not None:
            own["source"] = None if self.source == _NONE else self.source
        if self.vacancies is not None or self.source == _NONE:
            own["vacancies"] = self.vacancies
        return particle.model_copy(update=own)
