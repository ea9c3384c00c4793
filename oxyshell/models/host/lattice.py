"""The host lattice: how many ion sites it offers, and where the ion-deficient layer takes some away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.domain import Position


class Layer(Protocol):
    """An ion-deficient layer under the surface."""

    @property
    def thickness(self) -> Any:
        """δ, m."""

    @property
    def deficiency(self) -> Any:
        """d, the share of sites missing at the surface."""

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


class Vacancies(Protocol):
    """What oxygen that has left its sites does to the host."""

    def sites(self, as_made: Any, released: Any) -> Any:
        """Ion sites that are left of those as made, mol/m³, after `released` O2 per volume has gone."""

    def filled(self, theta: Any, as_made: Any, released: Any) -> Any:
        """The ion content over the sites as made, at occupancy θ of those that are left."""

    def strain(self, released: Any) -> Any:
        """Strain of the host, a diagonal 3×3 tensor."""

    def weight(self, partial_molar_volume: float) -> float:
        """How much an error of r matters beside an equal one of the ions' content; for numbers.

        Args:
            partial_molar_volume: Ω of the ions, m³/mol.
        """


@dataclass(frozen=True)
class NoVacancies:
    """The null effect: the host is as it was made, whatever oxygen it has lost."""

    def sites(self, as_made: Any, released: Any) -> Any:
        return as_made

    def filled(self, theta: Any, as_made: Any, released: Any) -> Any:
        return theta

    def strain(self, released: Any) -> Any:
        import ufl

        return ufl.zero(3, 3)

    def weight(self, partial_molar_volume: float) -> float:
        return 0.0


@dataclass(frozen=True, kw_only=True)
class OxygenVacancies:
    """Every O2 that leaves takes ion sites along and changes the volume.

    Attributes:
        sites_lost: κ, ion sites lost per O2.
        partial_molar_volume: Ω_v, volume change per mol of O2 that leaves its sites, m³/mol.
    """

    sites_lost: Any = quantity("1")
    partial_molar_volume: Any = quantity("m^3/mol")

    def sites(self, as_made: Any, released: Any) -> Any:
        return as_made - self.sites_lost * released

    def filled(self, theta: Any, as_made: Any, released: Any) -> Any:
        return theta * (1 - self.sites_lost * released / as_made)

    def strain(self, released: Any) -> Any:
        import ufl

        return self.partial_molar_volume * released / 3 * ufl.Identity(3)

    def weight(self, partial_molar_volume: float) -> float:
        strain = abs(self.partial_molar_volume / partial_molar_volume) if partial_molar_volume else 0.0
        return max(float(self.sites_lost), strain)


@dataclass(frozen=True, kw_only=True)
class Host:
    """The host lattice.

    Attributes:
        site_density: c_sb, ion sites per volume in the bulk, mol/m³.
        occupancy: θ0, share of the sites that is filled as made.
        molar_volume: V_m, m³ per mol of formula units.
        layer: Where sites are missing.
        vacancies: What lost oxygen does to it.
    """

    site_density: Any = quantity("mol/m^3")
    occupancy: Any = quantity("1")
    molar_volume: Any = quantity("m^3/mol")
    layer: Layer
    vacancies: Vacancies = NoVacancies()

    def sites_as_made(self, position: Position) -> Any:
        """c_s(x) = c_sb (1 − d·g(depth)), mol/m³."""
        return self.site_density * (1 - self.layer.deficit(position))

    def sites(self, position: Position) -> Any:
        """The sites that are left of those as made, mol/m³."""
        return self.vacancies.sites(self.sites_as_made(position), position.released)

    def filled(self, theta: Any, position: Position) -> Any:
        """c/c_s as made: what the ion content is measured by where sites can be lost."""
        return self.vacancies.filled(theta, self.sites_as_made(position), position.released)
