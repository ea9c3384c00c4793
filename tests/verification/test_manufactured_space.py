"""Orders in space, of the package's own systems with sources that make chosen fields their solution."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verification.manufactured import bodies, elasticity, ions, jumping, oxygen
from tests.verification.manufactured.orders import SLACK, Case, measure

pytestmark = pytest.mark.slow


def coupled(body: bodies.Body, degree: int, *sizes: int, drift: str = "lattice") -> Case:
    case = ions.Ions(body, drift, degree)
    return Case(
        f"diffusion and stress, drift {drift}, {body.name}, P{degree}/P{degree + 1}",
        lambda n: ions.errors(case, n),
        sizes,
        {"θ, L2": degree + 1, "θ, H1": degree, "W, L2": degree + 1, "σ, L2": degree + 1},
    )


def fickian(body: bodies.Body, degree: int, *sizes: int) -> Case:
    # Stress is there as well, but drives nothing; in a cylinder or a plate, whose ends are free, it is not
    # the chosen one.
    case = ions.Ions(body, "none", degree)
    return Case(
        f"diffusion, D(θ), graded host, {body.name}, P{degree}",
        lambda n: ions.errors(case, n),
        sizes,
        {"θ, L2": degree + 1, "θ, H1": degree},
    )


def layered_transport(body: bodies.Body, degree: int, *sizes: int) -> Case:
    case = ions.LayeredIons(body, "lattice", degree)
    return Case(
        f"diffusion and stress, D within the layers and along c, {body.name}, P{degree}/P{degree + 1}",
        lambda n: ions.errors(case, n),
        sizes,
        {"θ, L2": degree + 1, "θ, H1": degree, "W, L2": degree + 1, "σ, L2": degree + 1},
    )


def jumped(
    body: bodies.Body, degree: int, *sizes: int, drift: str = "lattice", resistance: float = 0.0
) -> Case:
    case = jumping.Jumping(body, drift, degree, resistance)
    contact = f"resistance {resistance}" if resistance else "perfect contact"
    return Case(
        f"diffusion and stress, drift {drift}, two regions, {contact}, {body.name}, P{degree}/P{degree + 1}",
        lambda n: jumping.errors(case, n),
        sizes,
        {"θ, L2": degree + 1, "θ, H1": degree, "W, L2": degree + 1, "σ, L2": degree + 1},
    )


def layered(body: bodies.Body, degree: int, *sizes: int) -> Case:
    case = elasticity.Layered(body, degree)
    return Case(
        f"elasticity, layered host, graded chemical strain, {body.name}, P{degree}",
        lambda n: elasticity.errors(case, n),
        sizes,
        {"u, L2": degree + 1, "u, H1": degree, "σ, L2": degree},
    )


def released(body: bodies.Body, degree: int, *sizes: int, surface: int | None = None) -> Case:
    case = oxygen.Oxygen(body, degree)
    # r is cellwise, of one degree less than c and at least one. On a line the surface is a point, where
    # Γ converges faster than any norm of a field.
    on_surface = {"Γ, L2 of the surface": degree + 1} if surface is None else {}
    return Case(
        f"oxygen, source, sink and Robin surface, {body.name}, P{degree}",
        lambda n: oxygen.errors(case, n),
        sizes,
        {"c, L2": degree + 1, "c, H1": degree, "r, L2": max(degree - 1, 1) + 1} | on_surface,
    )


CASES = [
    fickian(bodies.SPHERE, 1, 8, 16, 32),
    fickian(bodies.SPHERE, 2, 8, 16, 32),
    fickian(bodies.CYLINDER, 1, 8, 16, 32),
    fickian(bodies.CYLINDER, 2, 8, 16, 32),
    fickian(bodies.PLATE, 1, 8, 16, 32),
    fickian(bodies.PLATE, 2, 8, 16, 32),
    coupled(bodies.SPHERE, 1, 8, 16, 32),
    coupled(bodies.SPHERE, 2, 8, 16, 32),
    coupled(bodies.SPHERE, 3, 4, 8, 16),
    coupled(bodies.SPHERE, 2, 8, 16, 32, drift="dilute"),
    coupled(bodies.DISC, 1, 4, 8, 16),
    coupled(bodies.DISC, 2, 4, 8, 16),
    layered_transport(bodies.DISC, 1, 4, 8, 16),
    layered_transport(bodies.DISC, 2, 4, 8, 16),
    jumped(jumping.SPHERE, 1, 4, 8, 16),
    jumped(jumping.SPHERE, 3, 4, 8, 16),
    jumped(jumping.SPHERE, 3, 4, 8, 16, resistance=0.5),
    jumped(jumping.SPHERE, 2, 8, 16, 32, drift="dilute", resistance=0.5),
    jumped(jumping.DISC, 1, 4, 8, 16),
    jumped(jumping.DISC, 2, 4, 8, 16),
    layered(bodies.SPHERE, 2, 8, 16, 32),
    layered(bodies.SPHERE, 3, 4, 8, 16),
    layered(bodies.DISC, 2, 4, 8, 16),
    layered(bodies.DISC, 3, 4, 8, 16),
    layered(bodies.CUBE, 2, 2, 4, 8),
    released(bodies.SPHERE, 1, 8, 16, 32, surface=0),
    released(bodies.SPHERE, 2, 8, 16, 32, surface=0),
    released(bodies.SPHERE, 3, 4, 8, 16, surface=0),
    released(bodies.DISC, 1, 4, 8, 16),
    released(bodies.DISC, 2, 4, 8, 16),
    released(bodies.CUBE, 1, 4, 8, 12),
]
LONG = [
    layered(bodies.OCTANT, 2, 8, 12, 16),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_orders_in_space(case: Case, record: Any) -> None:
    assert measure(case, record) == pytest.approx(case.expected, abs=SLACK)


@pytest.mark.long
@pytest.mark.parametrize("case", LONG, ids=str)
def test_orders_in_space_of_solids(case: Case, record: Any) -> None:
    assert measure(case, record) == pytest.approx(case.expected, abs=SLACK)
