"""Divergences, strains and tractions of each coordinate system in strong form, for UFL expressions of x."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ufl


@dataclass(frozen=True)
class Strong:
    """One coordinate system.

    Attributes:
        divergence: ∇·N of a vector of the mesh's dimension, at x.
        strain: ε(u), 3×3 in the local frame.
        force: ∇·σ of a 3×3 tensor, in the components of the displacement.
        traction: σ·n likewise.
        along: u·n.
        back: A normal component times n, likewise.
    """

    divergence: Callable[[Any, Any], Any]
    strain: Callable[[Any, Any], Any]
    force: Callable[[Any, Any], Any]
    traction: Callable[[Any, Any], Any]
    along: Callable[[Any, Any], Any]
    back: Callable[[Any, Any], Any]


def _line(dimensions: int) -> Strong:
    """A radius r in so many dimensions; the stresses across it are equal where there are two."""
    across = dimensions - 1

    def strain(u: Any, x: Any) -> Any:
        return ufl.as_tensor(
            [
                [u.dx(0), 0, 0],
                [0, u / x[0] if across > 0 else 0, 0],
                [0, 0, u / x[0] if across > 1 else 0],
            ]
        )

    def force(sigma: Any, x: Any) -> Any:
        spread = sum((sigma[0, 0] - sigma[i, i]) / x[0] for i in range(1, dimensions))
        return sigma[0, 0].dx(0) + spread

    return Strong(
        divergence=lambda flux, x: flux[0].dx(0) + across * flux[0] / x[0],
        strain=strain,
        force=force,
        traction=lambda sigma, normal: sigma[0, 0] * normal[0],
        along=lambda u, normal: u * normal[0],
        back=lambda value, normal: value * normal[0],
    )


def _revolved_strain(u: Any, x: Any) -> Any:
    shear = (u[0].dx(1) + u[1].dx(0)) / 2
    return ufl.as_tensor([[u[0].dx(0), 0, shear], [0, u[0] / x[0], 0], [shear, 0, u[1].dx(1)]])


def _revolved_force(sigma: Any, x: Any) -> Any:
    radial = sigma[0, 0].dx(0) + sigma[0, 2].dx(1) + (sigma[0, 0] - sigma[1, 1]) / x[0]
    axial = sigma[0, 2].dx(0) + sigma[2, 2].dx(1) + sigma[0, 2] / x[0]
    return ufl.as_vector([radial, axial])


SPHERE, CYLINDER, PLATE = _line(3), _line(2), _line(1)
REVOLVED = Strong(
    divergence=lambda flux, x: flux[0].dx(0) + flux[0] / x[0] + flux[1].dx(1),
    strain=_revolved_strain,
    force=_revolved_force,
    traction=lambda sigma, n: ufl.as_vector(
        [sigma[0, 0] * n[0] + sigma[0, 2] * n[1], sigma[2, 0] * n[0] + sigma[2, 2] * n[1]]
    ),
    along=ufl.dot,
    back=lambda value, normal: value * normal,
)
SOLID = Strong(
    divergence=lambda flux, x: sum(flux[i].dx(i) for i in range(3)),
    strain=lambda u, x: ufl.as_tensor([[(u[i].dx(j) + u[j].dx(i)) / 2 for j in range(3)] for i in range(3)]),
    force=lambda sigma, x: ufl.as_vector([sum(sigma[i, j].dx(j) for j in range(3)) for i in range(3)]),
    traction=lambda sigma, normal: sigma * normal,
    along=ufl.dot,
    back=lambda value, normal: value * normal,
)
