"""The host lattice: its ion sites, those that the ion-deficient layer lacks, and those lost with oxygen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.domain import Position
from oxyshell.models.base.expression import Expression, Scalar


@dataclass(frozen=True)
class Layer:
    """An ion-deficient layer under the surface: a base of profiles.

    Attributes:
        thickness: δ, m.
        deficiency: d, the share of sites missing at the surface.
    """

    thickness: Scalar = quantity("m", default=0.0)
    deficiency: Scalar = quantity("1", default=0.0)

    def deficit(self, position: Position) -> Scalar:
        """Share of the bulk's host sites that is missing, d·g(depth), between 0 and d."""
        raise NotImplementedError


class NoLayer(Layer):
    """The null layer: the host is the same everywhere."""

    def deficit(self, position: Position) -> Scalar:
        return self.deficiency * position.in_layer


class UniformLayer(Layer):
    """The same deficit d throughout: a region of its own, at whose edge the host sites step."""

    def deficit(self, position: Position) -> Scalar:
        return self.deficiency


class LinearLayer(Layer):
    """A deficit that falls linearly from d at the surface to 0 at depth δ."""

    def deficit(self, position: Position) -> Scalar:
        import ufl

        return self.deficiency * ufl.max_value(1 - position.depth / self.thickness, 0.0)


class CosineLayer(Layer):
    """A deficit d (1 + cos(π depth/δ))/2 down to depth δ."""

    def deficit(self, position: Position) -> Scalar:
        import ufl

        share = ufl.min_value(position.depth / self.thickness, 1.0)
        return self.deficiency * (1 + ufl.cos(math.pi * share)) / 2


class Vacancies(Protocol):
    """Effect on the host of oxygen that has left its sites."""

    def sites(self, as_made: Scalar, released: Scalar) -> Scalar:
        """Ion sites that are left of those as made, mol/m³, after `released` O2 per volume has gone."""

    def filled(self, theta: Scalar, as_made: Scalar, released: Scalar) -> Scalar:
        """The ion content over the sites as made, at occupancy θ of those that are left."""

    def strain(self, released: Scalar) -> Expression:
        """Strain of the host, a diagonal 3×3 tensor."""

    def weight(self, partial_molar_volume: float) -> float:
        """Weight of an error of r beside an equal error of the ions' content; for numbers.

        Args:
            partial_molar_volume: Ω of the ions, m³/mol.
        """


@dataclass(frozen=True)
class NoVacancies:
    """The null effect: the host is as it was made, whatever oxygen it has lost."""

    def sites(self, as_made: Scalar, released: Scalar) -> Scalar:
        return as_made

    def filled(self, theta: Scalar, as_made: Scalar, released: Scalar) -> Scalar:
        return theta

    def strain(self, released: Scalar) -> Expression:
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

    sites_lost: Scalar = quantity("1")
    partial_molar_volume: Scalar = quantity("m^3/mol")

    def sites(self, as_made: Scalar, released: Scalar) -> Scalar:
        return as_made - self.sites_lost * released

    def filled(self, theta: Scalar, as_made: Scalar, released: Scalar) -> Scalar:
        return theta * (1 - self.sites_lost * released / as_made)

    def strain(self, released: Scalar) -> Expression:
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
        vacancies: Effect of lost oxygen on it.
    """

    site_density: Scalar = quantity("mol/m^3")
    occupancy: Scalar = quantity("1")
    molar_volume: Scalar = quantity("m^3/mol")
    layer: Layer
    vacancies: Vacancies = NoVacancies()

    def sites_as_made(self, position: Position) -> Scalar:
        """c_s(x) = c_sb (1 − d·g(depth)), mol/m³."""
        return self.site_density * (1 - self.layer.deficit(position))

    def sites(self, position: Position) -> Scalar:
        """The sites that are left of those as made, mol/m³."""
        return self.vacancies.sites(self.sites_as_made(position), position.released)

    def filled(self, theta: Scalar, position: Position) -> Scalar:
        """c/c_s as made: what the ion content is measured by where sites can be lost."""
        return self.vacancies.filled(theta, self.sites_as_made(position), position.released)
