"""Oxygen as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Physics
from oxyshell.models.base.process import Follower
from oxyshell.models.oxygen.process import OxygenTransport


class Oxygen(Physics):
    """Oxygen that leaves its lattice sites, diffuses, and escapes or is captured."""

    name: ClassVar[str] = "oxygen"

    def followers(self, scenario: Any, geometry: Geometry) -> Sequence[Follower[Any]]:
        model = scenario.oxygen_model(geometry.volume_to_surface)
        if model is None:
            return ()
        # It starts with a jump at the surface, where a transfer velocity may be far above that of diffusion:
        # the surface of a full particle empties within h/k, h its outermost element.
        tolerance = scenario.numerics.oxygen_tolerance
        return [Follower(OxygenTransport(), model, tolerance, "numerics.oxygen_tolerance")]
