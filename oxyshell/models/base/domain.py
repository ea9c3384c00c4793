"""The particle's geometry as weak forms see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oxyshell.models.base.expression import Expression, Form, Scalar


@dataclass(frozen=True)
class Position:
    """Where a point lies in the particle.

    Attributes:
        depth: Distance from the surface.
        in_layer: 1 in the elements of the surface layer, 0 elsewhere.
        released: r, O2 that has left its lattice sites here, mol/m³.
    """

    depth: Expression
    in_layer: Expression
    released: Scalar = 0.0


@dataclass(frozen=True)
class Domain:
    """The particle's geometry as UFL sees it.

    Attributes:
        coordinates: Strain, gradient and extension in the coordinate system.
        measure: Integrals over the whole particle.
        position: Depth and layer indicator.
        x: Spatial coordinate.
        normal: Outward unit normal of facets.
        degree: Quadrature degree of all integrals.
        regions: Tags of the regions, by name.
    """

    coordinates: Any
    measure: Any
    position: Position
    x: Expression
    normal: Expression
    degree: int
    regions: Mapping[str, int] = field(default_factory=dict)

    def volume(self, integrand: Expression, region: str = "") -> Form:
        """∫ integrand dV over the particle, or over one region of it."""
        if region:
            return self.measure.region(integrand, self.regions[region], self.degree)
        return self.measure.volume(integrand, self.degree)

    def surface(self, integrand: Expression) -> Form:
        """∫ integrand dA over the particle's surface."""
        return self.measure.surface(integrand, self.degree)

    def normal_component(self, vector: Expression) -> Expression:
        """v·n on the surface; of a scalar, which stands for a vector along the mesh, v n."""
        import ufl

        return ufl.dot(vector, self.normal) if vector.ufl_shape else vector * self.normal[0]
