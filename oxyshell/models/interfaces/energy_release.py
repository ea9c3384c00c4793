"""Energy released when a shell comes off all at once: Lamé's layered sphere in closed form.

In a layer of a sphere u = A r + B/r² and σ_r = 3K A − 4G B/r³ (Timoshenko and Goodier, Theory of Elasticity,
section 136 of the 3rd edition, for a spherical container under pressure). Where an interface carries the
normal traction p everywhere, cutting it lets the surface of what lies inside go back by p C_i and that of
what lies outside move out by p C_o; since all is linear, whatever strains of ions or oxygen both have, the
elastic energy falls by p²(C_i + C_o)/2 per area of the interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ElasticLayer:
    """A layer of a sphere, isotropic and uniform.

    Attributes:
        radius: Its outer radius, m.
        young_modulus: E, Pa.
        poisson_ratio: ν.
    """

    radius: float
    young_modulus: float
    poisson_ratio: float

    @property
    def dilation(self) -> float:
        """3K, the radial stress per uniform strain, Pa."""
        return self.young_modulus / (1 - 2 * self.poisson_ratio)

    @property
    def distortion(self) -> float:
        """4G, Pa."""
        return 2 * self.young_modulus / (1 + self.poisson_ratio)

    def carried(self, displacement: float, stress: float, start: float, end: float) -> tuple[float, float]:
        """Displacement and radial stress at one radius of the layer, from those at another one.

        Args:
            displacement: u at `start`.
            stress: σ_r there.
            start: m.
            end: m.
        """
        of_cube = (self.dilation * displacement / start - stress) / (self.dilation + self.distortion)
        ratio = (start / end) ** 3
        uniform = displacement / start - of_cube
        return end * (uniform + of_cube * ratio), self.dilation * uniform - self.distortion * of_cube * ratio


def energy_release(
    traction: float, layers: Sequence[ElasticLayer], inside: int, stiffness: float = 0.0
) -> float:
    """Energy released per area of an interface that opens everywhere at once, J/m².

    It holds for the whole interface at once, in linear elasticity, with nothing touching afterwards; under
    pressure the interface stays shut, and the energy is 0.

    Args:
        traction: Normal traction on the interface, Pa.
        layers: All of the sphere, from inside out.
        inside: How many of them lie within the interface.
        stiffness: Of an elastic surrounding at the surface, Pa/m.
    """
    if not traction > 0:
        return 0.0
    compliance = _inner_compliance(layers[:inside]) + _outer_compliance(layers, inside, stiffness)
    return 0.5 * traction**2 * compliance


def _inner_compliance(layers: Sequence[ElasticLayer]) -> float:
    """Displacement of the surface of a sphere per tension on it, m/Pa."""
    core, *others = layers
    displacement, stress, radius = core.radius, core.dilation, core.radius
    for layer in others:
        displacement, stress = layer.carried(displacement, stress, radius, layer.radius)
        radius = layer.radius
    return displacement / stress


def _outer_compliance(layers: Sequence[ElasticLayer], inside: int, stiffness: float) -> float:
    """Inward displacement of the inner surface of a spherical container per tension on it, m/Pa."""
    displacement, stress = 1.0, -stiffness
    for index in range(len(layers) - 1, inside - 1, -1):
        radius, end = layers[index].radius, layers[index - 1].radius
        displacement, stress = layers[index].carried(displacement, stress, radius, end)
    return -displacement / stress
