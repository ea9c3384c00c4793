"""The host lattice: how many ion sites it offers, and where the ion-deficient layer takes some away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

from oxyshell.models.quantities import quantity


@dataclass(frozen=True)
class Position:
    """Where a point lies in the particle.

    Attributes:
        depth: Distance from the surface.
        in_layer: 1 in the elements of the surface layer, 0 elsewhere.
    """

    depth: Any
    in_layer: Any


class Layer(Protocol):
    """An ion-deficient layer under the surface."""

    thickness: Any
    deficiency: Any

    def deficit(self, position: Position) -> Any:
        """Share of the bulk's host sites that is missing, d·g(depth), between 0 and d."""


@dataclass(frozen=True)
class NoLayer:
    """The null layer: the host is the same everywhere."""

    thickness: Any = quantity("m", default=0.0)
    deficiency: Any = quantity("1", default=0.0)

    def deficit(self, position: Position) -> Any:
        return self.deficiency * position.in_layer


@dataclass(frozen=True)
class LinearLayer:
    """A deficit that falls linearly from d at the surface to 0 at depth δ.

    Attributes:
        thickness: δ, m.
        deficiency: d, the share of sites missing at the surface.
    """

    thickness: Any = quantity("m")
    deficiency: Any = quantity("1")

    def deficit(self, position: Position) -> Any:
        import ufl

        return self.deficiency * ufl.max_value(1 - position.depth / self.thickness, 0.0)


@dataclass(frozen=True)
class StepLayer:
    """A deficit d over the whole thickness δ, and none below; resolved by the mesh's own layer elements."""

    thickness: Any = quantity("m")
    deficiency: Any = quantity("1")

    def deficit(self, position: Position) -> Any:
        return self.deficiency * position.in_layer


@dataclass(frozen=True)
class CosineLayer:
    """A deficit d (1 + cos(π depth/δ))/2 down to depth δ."""

    thickness: Any = quantity("m")
    deficiency: Any = quantity("1")

    def deficit(self, position: Position) -> Any:
        import ufl

        share = ufl.min_value(position.depth / self.thickness, 1.0)
        return self.deficiency * (1 + ufl.cos(math.pi * share)) / 2


@dataclass(frozen=True, kw_only=True)
class Host:
    """The host lattice.

    Attributes:
        site_density: c_sb, ion sites per volume in the bulk, mol/m³.
        occupancy: θ0, share of the sites that is filled as made.
        molar_volume: V_m, m³ per mol of formula units.
        layer: Where sites are missing.
    """

    site_density: Any = quantity("mol/m^3")
    occupancy: Any = quantity("1")
    molar_volume: Any = quantity("m^3/mol")
    layer: Layer

    def sites(self, position: Position) -> Any:
        """c_s(x) = c_sb (1 − d·g(depth)), mol/m³."""
        return self.site_density * (1 - self.layer.deficit(position))
