"""The particle's geometry as weak forms see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
        part_of_cell: Number of the part of each cell, where there is more than one; else 0.
        part: Number of the only part that integrals are over; None: of all.
        height: Smallest height of each cell.
    """

    coordinates: Any
    measure: Any
    position: Position
    x: Expression
    normal: Expression
    degree: int
    regions: Mapping[str, int] = field(default_factory=dict)
    part_of_cell: Expression = 0
    part: int | None = None
    height: Expression = 0

    @property
    def parts(self) -> Sequence[Domain]:
        """The parts of the particle that differ, from inside out; the domain itself where nothing does."""
        count = len(self.measure.parts)
        return [replace(self, part=number) for number in range(count)] if count else [self]

    @property
    def interfaces(self) -> Sequence[Interface]:
        """Interfaces of its parts."""
        return [Interface(self, inner, outer) for inner, outer in self.measure.interfaces]

    def by_part(self, values: Sequence[Expression]) -> Expression:
        """An expression that is one of several in each part."""
        import ufl

        *others, last = values
        for number in reversed(range(len(others))):
            inside = ufl.lt(self.part_of_cell, number + 0.5)
            last = _conditional(inside, others[number], last)
        return last

    def volume(self, integrand: Expression, region: str = "") -> Form:
        """∫ integrand dV over the particle, or over one region of it; of a part, over what it has of that."""
        if region:
            return self._region(integrand, self.regions[region])
        if self.part is not None:
            return self.measure.part(integrand, self.part, self.degree)
        return self.measure.volume(integrand, self.degree)

    def _region(self, integrand: Expression, tag: int) -> Form:
        import ufl

        if self.part is not None and tag not in self.measure.parts[self.part]:
            return ufl.Form([])
        return self.measure.region(integrand, tag, self.degree)

    def surface(self, integrand: Expression) -> Form:
        """∫ integrand dA over the particle's surface."""
        if self.part is not None:
            return self.measure.surface_of_part(integrand, self.part, self.degree)
        return self.measure.surface(integrand, self.degree)

    def normal_component(self, vector: Expression) -> Expression:
        """v·n on the surface; of a scalar, which stands for a vector along the mesh, v n."""
        import ufl

        return ufl.dot(vector, self.normal) if vector.ufl_shape else vector * self.normal[0]


def _conditional(condition: Expression, first: Expression, second: Expression) -> Expression:
    """A conditional of scalars or of tensors of second order."""
    import ufl

    if not getattr(first, "ufl_shape", ()):
        return ufl.conditional(condition, first, second)
    rows, columns = first.ufl_shape
    return ufl.as_matrix(
        [[ufl.conditional(condition, first[i, j], second[i, j]) for j in range(columns)] for i in range(rows)]
    )


@dataclass(frozen=True)
class Interface:
    """The interface of two parts, as weak forms see it; '+' is the side of the inner part.

    Attributes:
        domain: Geometry.
        inner: Number of the inner part.
        outer: Number of the outer one.
    """

    domain: Domain
    inner: int
    outer: int

    def integral(self, integrand: Expression) -> Form:
        """∫ integrand dA, of what is restricted to either side."""
        return self.domain.measure.interface(integrand, self.inner, self.outer, self.domain.degree)

    def normal_component(self, vector: Expression) -> Expression:
        """v·n of the inner side, n pointing outwards."""
        return self.domain.normal_component(vector)("+")

    @property
    def height(self) -> Expression:
        """Height of the inner cells."""
        return self.domain.height("+")
