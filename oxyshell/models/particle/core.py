"""A particle whose active core has shrunk, as an equal problem on a particle of the as-made size."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from oxyshell.models.base.dimension import Units, in_units


def core_of(model: Any, share: float, dimensions: int) -> Any:
    """The model of a core of a share of the radius, in a unit of length in which it has the as-made radius.

    Contents per volume, occupancies, stresses and times are the same in both; fluxes, transfer velocities
    and diffusivities are scaled. What an instrument sets flows over the smaller surface. A layer under the
    surface keeps its share of the radius, so that the mesh fits.

    Args:
        model: In SI, with a radius and a host: the particle's, or that of a physics which follows it.
        share: (R − s)/(R − s0), above 0.
        dimensions: Directions in which the core shrinks: 3 of a sphere, 2 of a cylinder, 1 of a plate.
    """
    scaled = in_units(model, Units(length=share, amount=share**3))
    changes: dict[str, Any] = {
        "radius": model.radius,
        "host": replace(scaled.host, layer=model.host.layer),
    }
    exchange = getattr(scaled, "exchange", None)
    if exchange is not None:
        changes["exchange"] = exchange.carrying(share ** (1 - dimensions))
    return replace(scaled, **changes)
