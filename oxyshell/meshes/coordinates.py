"""Coordinate systems: volume, strain and directions of the whole particle from a mesh's coordinates.

Tensors have three rows in the local orthonormal frame of the system, whatever the mesh's dimension, so the
material laws are written once. Of a layered material, c is the third direction of the frame.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Protocol

import ufl

from oxyshell.models.base.expression import Expression, Scalar

# Below this radius (in units of R) a quotient u/r is replaced by its limit at the origin.
ORIGIN = 1e-12


class Coordinates(Protocol):
    """A coordinate system. Lengths are in units of the particle's radius R."""

    @property
    def displacement_components(self) -> int:
        """Number of displacement unknowns per point: 1 (a scalar function), 2 or 3 (a vector)."""

    @property
    def radial_components(self) -> int:
        """Number of coordinates, from the first on, that make the distance from the centre: 1 to gdim."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """Names of the numbers by which the body extends along directions that the mesh does not contain."""

    def weight(self, x: Expression) -> Expression:
        """Factor of the mesh's `dx` or `ds` in integrals over the whole particle.

        Args:
            x: Spatial coordinate, shape (gdim,).

        Returns:
            Scalar expression, in units of R to the power 3 − gdim (per R of length for a cylinder, per R² of
            area for a plate).
        """

    def radius(self, x: Expression) -> Expression:
        """Distance from the centre, in R, a scalar expression.

        Of a wide plate from the mid-plane, of one that is open at its edges from its axis.
        """

    def gradient(self, f: Expression, x: Expression) -> Expression:
        """Gradient ∇f of a scalar, shape (gdim,), in 1/R."""

    def strain(self, u: Expression, x: Expression) -> Expression:
        """Small strain ε(u), shape (3, 3), in the local frame, without any uniform extension.

        Args:
            u: Displacement in R; scalar if `displacement_components` is 1, otherwise of shape (gdim,).
            x: Spatial coordinate, shape (gdim,).
        """

    def extension(self, *numbers: Expression) -> Expression:
        """Strain of uniform extensions along the directions outside the mesh, shape (3, 3).

        Args:
            numbers: One for each of `extensions`.
        """

    def layered(self, vector: Expression, within: Expression, across: Expression) -> Expression:
        """A vector times a tensor that is isotropic within the layers of a material, shape (gdim,).

        Args:
            vector: In the directions of the mesh.
            within: Factor of its components in the a-b plane.
            across: Factor of its component along c.
        """

    def radial_direction(self, x: Expression) -> Expression:
        """Unit vector away from the centre, shape (3,), in the local frame.

        At the centre itself it is zero, or of a plate any direction in its plane, which are all alike.
        """

    def hoop(self, sigma: Expression, x: Expression) -> Expression:
        """Stress along the circumference, σ_θ; of a solid, the mean of the two directions across the radius.

        Of a plate that is open at its edges it is the one in its plane.

        Args:
            sigma: Stress, shape (3, 3), in the local frame.
            x: Spatial coordinate, shape (gdim,).
        """

    @property
    def frame(self) -> tuple[int, int, int]:
        """Indices of the local frame's directions that are x, y and z of a drawing."""


def _diagonal(first: Scalar, second: Scalar, third: Scalar) -> Expression:
    return ufl.as_tensor([[first, 0, 0], [0, second, 0], [0, 0, third]])


def _hoop(u: Expression, slope: Expression, r: Expression) -> Expression:
    """Hoop strain u/r, and its limit ∂u/∂r at r = 0."""
    # The condition stays outside the part that is linear in u: FFCx cannot factorise test functions in it.
    away = ufl.gt(r, ORIGIN)
    return u / ufl.conditional(away, r, 1.0) + ufl.conditional(away, 0.0, 1.0) * slope


def _across(sigma: Expression, direction: Expression) -> Expression:
    """Mean stress across a direction; where there is none (a zero vector), over all directions."""
    known = ufl.dot(direction, direction)
    return (ufl.tr(sigma) - ufl.dot(direction, sigma * direction)) / (3 - known)


def _unit(x: Expression, length: Expression) -> Expression:
    """x/|x|, and zero at the origin, where no direction exists."""
    return x / ufl.max_value(length, ORIGIN)


class _System:
    """The common part of all systems: gradients are those of the mesh, and nothing extends outside of it."""

    extensions: ClassVar[tuple[str, ...]] = ()
    frame: ClassVar[tuple[int, int, int]] = (0, 1, 2)

    def gradient(self, f: Expression, x: Expression) -> Expression:
        return ufl.grad(f)

    def extension(self, *numbers: Expression) -> Expression:
        return ufl.zero(3, 3)

    def layered(self, vector: Expression, within: Expression, across: Expression) -> Expression:
        # In the planes and the solids of this module c is the last coordinate.
        *in_plane, along_c = [vector[i] for i in range(vector.ufl_shape[0])]
        return ufl.as_vector([*(within * component for component in in_plane), across * along_c])


class _Line(_System):
    """The common part of the one-dimensional systems: one coordinate, one displacement."""

    displacement_components: ClassVar[int] = 1
    radial_components: ClassVar[int] = 1

    def layered(self, vector: Expression, within: Expression, across: Expression) -> Expression:
        return within * vector

    def hoop(self, sigma: Expression, x: Expression) -> Expression:
        return sigma[1, 1]

    def radius(self, x: Expression) -> Expression:
        return x[0]

    def radial_direction(self, x: Expression) -> Expression:
        return ufl.as_vector([1.0, 0.0, 0.0])


class _Body(_System, ABC):
    """The common part of planes and solids, whose radius goes out from the origin."""

    def hoop(self, sigma: Expression, x: Expression) -> Expression:
        return _across(sigma, self.radial_direction(x))

    def radius(self, x: Expression) -> Expression:
        return ufl.sqrt(ufl.dot(x, x))

    @abstractmethod
    def radial_direction(self, x: Expression) -> Expression: ...


@dataclass(frozen=True)
class Spherical(_Line):
    """Radial line of a sphere, x = (r,). Frame (r, θ, φ)."""

    def weight(self, x: Expression) -> Expression:
        return 4.0 * math.pi * x[0] ** 2

    def strain(self, u: Expression, x: Expression) -> Expression:
        slope = u.dx(0)
        hoop = _hoop(u, slope, x[0])
        return _diagonal(slope, hoop, hoop)


@dataclass(frozen=True)
class Cylindrical(_Line):
    """Radial line of a long cylinder, x = (r,), with a uniform axial strain. Frame (r, φ, z)."""

    extensions: ClassVar[tuple[str, ...]] = ("extension",)

    def weight(self, x: Expression) -> Expression:
        return 2.0 * math.pi * x[0]

    def strain(self, u: Expression, x: Expression) -> Expression:
        slope = u.dx(0)
        return _diagonal(slope, _hoop(u, slope, x[0]), 0)

    def extension(self, *numbers: Expression) -> Expression:
        (e,) = numbers
        return _diagonal(0, 0, e)


@dataclass(frozen=True)
class Planar(_Line):
    """Half thickness of a plate, x from the mid-plane, equal uniform in-plane strains. Frame (x, y, z)."""

    extensions: ClassVar[tuple[str, ...]] = ("extension",)

    def weight(self, x: Expression) -> Expression:
        return ufl.as_ufl(2.0)

    def strain(self, u: Expression, x: Expression) -> Expression:
        return _diagonal(u.dx(0), 0, 0)

    def extension(self, *numbers: Expression) -> Expression:
        (e,) = numbers
        return _diagonal(0, e, e)


@dataclass(frozen=True)
class PlanarAlongLayers(Planar):
    """Half thickness of a plate whose layers stand on its faces: c is z, along which it extends by itself."""

    extensions: ClassVar[tuple[str, ...]] = ("extension", "extension_c")

    def extension(self, *numbers: Expression) -> Expression:
        e, along_c = numbers
        return _diagonal(0, e, along_c)


@dataclass(frozen=True)
class PlanarAcrossLayers(Planar):
    """Half thickness of a plate whose layers lie parallel to its faces. Frame (y, z, x): c is x."""

    frame: ClassVar[tuple[int, int, int]] = (2, 0, 1)

    def strain(self, u: Expression, x: Expression) -> Expression:
        return _diagonal(0, 0, u.dx(0))

    def extension(self, *numbers: Expression) -> Expression:
        (e,) = numbers
        return _diagonal(e, e, 0)

    def layered(self, vector: Expression, within: Expression, across: Expression) -> Expression:
        return across * vector

    def radial_direction(self, x: Expression) -> Expression:
        return ufl.as_vector([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class Axisymmetric(_Body):
    """Half plane x = (r, z) of a body of revolution. Frame (r, φ, z).

    Attributes:
        multiplicity: Number of copies of the mesh that make the particle: 2 if it ends at a symmetry plane
            z = 0.
    """

    multiplicity: float = 1.0
    displacement_components: ClassVar[int] = 2
    radial_components: ClassVar[int] = 2
    frame: ClassVar[tuple[int, int, int]] = (0, 2, 1)

    def weight(self, x: Expression) -> Expression:
        return 2.0 * math.pi * self.multiplicity * x[0]

    def strain(self, u: Expression, x: Expression) -> Expression:
        in_plane = ufl.sym(ufl.grad(u))
        hoop = _hoop(u[0], in_plane[0, 0], x[0])
        return ufl.as_tensor(
            [[in_plane[0, 0], 0, in_plane[0, 1]], [0, hoop, 0], [in_plane[1, 0], 0, in_plane[1, 1]]]
        )

    def radial_direction(self, x: Expression) -> Expression:
        direction = _unit(x, self.radius(x))
        return ufl.as_vector([direction[0], 0.0, direction[1]])


@dataclass(frozen=True)
class Cartesian(_Body):
    """A solid, x = (x, y, z), in the global frame.

    Attributes:
        multiplicity: Number of copies of the mesh that make the particle (8 for an octant).
    """

    multiplicity: float = 1.0
    displacement_components: ClassVar[int] = 3
    radial_components: ClassVar[int] = 3

    def weight(self, x: Expression) -> Expression:
        return ufl.as_ufl(self.multiplicity)

    def strain(self, u: Expression, x: Expression) -> Expression:
        return ufl.sym(ufl.grad(u))

    def radial_direction(self, x: Expression) -> Expression:
        return _unit(x, self.radius(x))


@dataclass(frozen=True)
class RoundPlate(Axisymmetric):
    """Half section x = (r, z) of a round plate, whose radius is r at every height. Frame (r, φ, z)."""

    radial_components: ClassVar[int] = 1

    def radius(self, x: Expression) -> Expression:
        return x[0]

    def radial_direction(self, x: Expression) -> Expression:
        return ufl.as_vector([1.0, 0.0, 0.0])

    def hoop(self, sigma: Expression, x: Expression) -> Expression:
        return sigma[1, 1]


@dataclass(frozen=True)
class Prism(Cartesian):
    """A plate whose faces are normal to z, x = (x, y, z), with its radius in the plane. Global frame."""

    radial_components: ClassVar[int] = 2

    def radius(self, x: Expression) -> Expression:
        return ufl.sqrt(x[0] ** 2 + x[1] ** 2)

    def radial_direction(self, x: Expression) -> Expression:
        cosine, sine = self._angle(x)
        return ufl.as_vector([cosine, sine, 0.0])

    def hoop(self, sigma: Expression, x: Expression) -> Expression:
        cosine, sine = self._angle(x)
        around = ufl.as_vector([-sine, cosine, 0.0])
        return ufl.dot(around, sigma * around)

    def _angle(self, x: Expression) -> tuple[Expression, Expression]:
        """Cosine and sine of the angle to the x axis; on the axis of the plate those of the x axis."""
        radius = self.radius(x)
        away = ufl.gt(radius, ORIGIN)
        length = ufl.conditional(away, radius, 1.0)
        return x[0] / length + ufl.conditional(away, 0.0, 1.0), x[1] / length
