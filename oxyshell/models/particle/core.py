"""A particle whose active core has shrunk, as an equal problem on a particle of the as-made size."""

from __future__ import annotations

from dataclasses import replace

from oxyshell.models.base.dimension import Dimension, Units, map_numbers
from oxyshell.models.particle.model import ParticleModel


def core_of[Model](model: Model, share: float) -> Model:
    """The model of a core of a share of the radius, in a unit of length in which it has the as-made radius.

    Contents per volume, occupancies, stresses and times are the same in both; fluxes, transfer velocities
    and diffusivities are scaled. A layer under the surface keeps its share of the radius, so that the mesh
    fits.

    Args:
        model: In SI: the particle's, or that of a physics which follows it. The number `radius`, and those
            of each `host.layer`, stay; a size under another name is taken as one that does not shrink.
        share: (R − s)/(R − s0), above 0.
    """
    units = Units(length=share, amount=share**3)

    def scaled(path: str, value: float, dimension: Dimension) -> float:
        stays = path == "radius" or ".host.layer." in f".{path}"
        return value if stays else value / units.size(dimension)

    core: Model = map_numbers(model, scaled)
    return core


def particle_core(model: ParticleModel, share: float, dimensions: int) -> ParticleModel:
    """As `core_of`, of the particle itself: what an instrument sets flows over the smaller surface.

    Args:
        model: In SI.
        share: (R − s)/(R − s0), above 0.
        dimensions: Directions in which the core shrinks: 3 of a sphere, 2 of a cylinder, 1 of a plate.
    """
    core = core_of(model, share)
    return replace(core, exchange=core.exchange.carrying(share ** (1 - dimensions)))
