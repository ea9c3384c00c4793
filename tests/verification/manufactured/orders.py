"""Errors on a sequence of meshes or time steps, and the order at which they fall."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import ufl
from dolfinx import fem

from oxyshell.models.base.domain import Domain

# On the last pair of a sequence.
SLACK = 0.1


@dataclass(frozen=True)
class Order:
    """One row of the table of orders.

    Attributes:
        equation: What is solved, and where.
        reference: What the solution is compared with.
        norm: Of what, and how the error is measured.
        refined: "space" or "time".
        sizes: Numbers of elements along the radius, or of steps.
        errors: One per mesh or number of steps.
        measured: Order between the last two.
        expected: Order that theory gives.
    """

    equation: str
    reference: str
    norm: str
    refined: str
    sizes: tuple[int, ...]
    errors: tuple[float, ...]
    measured: float
    expected: float

    @property
    def row(self) -> dict[str, Any]:
        return {"kind": "order", **asdict(self)}


def order(errors: Sequence[float], sizes: Sequence[int]) -> float:
    """Of the last two errors, whose numbers of elements or steps are `sizes`."""
    return math.log(errors[-2] / errors[-1]) / math.log(sizes[-1] / sizes[-2])


def norm(domain: Domain, difference: Any, degree: int) -> float:
    """Root of ∫ |difference|² dV, with a quadrature that sees more than the solver's own."""
    form = domain.measure.volume(ufl.inner(difference, difference), degree)
    return math.sqrt(fem.assemble_scalar(fem.form(form)))


def surface_norm(domain: Domain, difference: Any, degree: int) -> float:
    """Root of ∫ |difference|² dA."""
    form = domain.measure.surface(ufl.inner(difference, difference), degree)
    return math.sqrt(fem.assemble_scalar(fem.form(form)))


CHOSEN = "manufactured"


@dataclass(frozen=True)
class Case:
    """Errors on some meshes.

    Attributes:
        equation: For the table.
        errors: Errors of everything measured, by a mesh's number of elements along the radius.
        sizes: Numbers of elements.
        expected: Order by what is measured; what is not named here is not claimed.
        reference: What is compared with.
    """

    equation: str
    errors: Callable[[int], dict[str, float]]
    sizes: tuple[int, ...]
    expected: dict[str, int]
    reference: str = CHOSEN

    def __str__(self) -> str:
        return self.equation


def measure(case: Case, record: Any, refined: str = "space") -> dict[str, float]:
    """Measure the orders of a case, note them for the page and return them by norm."""
    found = [case.errors(size) for size in case.sizes]
    rows = [
        Order(
            equation=case.equation,
            reference=case.reference,
            norm=what,
            refined=refined,
            sizes=case.sizes,
            errors=tuple(errors[what] for errors in found),
            measured=order([errors[what] for errors in found], case.sizes),
            expected=expected,
        )
        for what, expected in case.expected.items()
    ]
    for row in rows:
        record(row.row)
    return {row.norm: row.measured for row in rows}
