"""Numbers in the equations of a field: what bordering finds is what a solve of everything at once finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
import ufl
from dolfinx import fem

from oxyshell.errors import SolverError
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.base.dimension import Units
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.process import Fields, Lives, Process, Unknown
from oxyshell.solver import spaces
from oxyshell.solver.assembly import Matrix, Scalar, Vector, owned
from oxyshell.solver.bordering import Numbers
from oxyshell.solver.linear import krylov
from oxyshell.solver.newton import FieldNewton
from oxyshell.solver.state import Array

LEAD, SET, GROWTH = 20.0, 0.4, 0.3


@dataclass(frozen=True)
class Model:
    """No numbers."""


class Driven(Process[Model]):
    """A drive such that the flux is as set, a memory that moves with the flux and shifts it, and a count."""

    name: ClassVar[str] = "drive"
    settles: ClassVar[tuple[str, ...]] = ("drive",)

    def unknowns(self, model: Model, coordinates: Any) -> tuple[Unknown, ...]:
        return (
            Unknown("drive", lives=Lives.NUMBER, evolves=False),
            Unknown("memory", lives=Lives.NUMBER),
            Unknown("count", lives=Lives.NUMBER),
        )

    def units(self, model: Model) -> Units:
        return Units()

    def rates(self, model: Model, domain: Domain, fields: Fields, tests: Fields) -> Mapping[str, Any]:
        flux = outward_flux(fields)
        return {
            "drive": domain.surface((flux - SET) * tests["drive"]),
            "memory": domain.surface(GROWTH * flux * (1 - fields["memory"]) * tests["memory"]),
            "count": domain.surface(fields["drive"] * flux * tests["count"]),
        }

    def amount(self, model: Model, domain: Domain, name: str, field: Any, test: Any) -> Any:
        return domain.surface(field * test)

    def start(self, model: Model) -> Mapping[str, float]:
        return {"memory": 0.2}

    def scales(self, model: Model) -> Mapping[str, float]:
        return {"drive": 0.5}


def outward_flux(fields: Fields) -> Any:
    return 2 * ufl.sinh(fields["drive"] - 1 - fields["memory"] + fields["theta"] ** 2)


class Solved:
    """One implicit step of diffusion from a uniform field under such a flux."""

    def __init__(self, processes: list[Process[Model]]) -> None:
        self.particle = radial_line(Spherical(), 0.0, Resolution(bulk_elements=5, surface_size=0.1))
        self.space = fem.functionspace(self.particle.mesh, spaces.scalar_element(self.particle, 2))
        self.domain = spaces.domain(self.particle, 8)
        self.theta, self.before = fem.Function(self.space), fem.Function(self.space)
        self.before.x.array[:] = 0.8
        self.theta.x.array[:] = 0.8
        self.numbers = Numbers(self.particle, processes, Model())
        fields = {"theta": self.theta, "drive": 0.0, "memory": 0.0} | self.numbers.values
        test, trial = ufl.TestFunction(self.space), ufl.TrialFunction(self.space)
        gradient, x = self.domain.coordinates.gradient, self.domain.x
        residual = (
            self.domain.volume(LEAD * (self.theta - self.before) * test)
            + self.domain.volume(ufl.inner(gradient(self.theta, x), gradient(test, x)))
            + self.domain.surface(outward_flux(fields) * test)
        )
        self.residual = Vector(residual, self.space)
        jacobian = Matrix(ufl.derivative(residual, self.theta, trial))
        self.numbers.equations(Model(), self.domain, fields, residual, self.theta)
        self.flux = Scalar(self.domain.surface(outward_flux(fields)), self.particle.mesh.comm)
        self.area = Scalar(self.domain.surface(fem.Constant(self.particle.mesh, 1.0)), self.flux._comm)()
        solver = krylov.lu(jacobian(), "field")
        solver.set_up()
        self.newton = FieldNewton(self.theta, self.residual, jacobian, solver, self.numbers, "field")
        self.numbers.put(self.numbers.start(Model()))
        self.numbers.begin(LEAD, -LEAD * self.numbers.part())

    def solve(self, tolerance: float = 1e-12) -> None:
        self.newton.solve(LEAD, 4.0, tolerance, new_step=True)
        self.numbers.close()

    def residuals(self) -> Array:
        return np.array(self.residual().array_r)


@pytest.fixture(scope="module")
def solved() -> Solved:
    step = Solved([Driven()])
    # The matrix of the start takes the first to within 1e-6, one of there the rest of the way.
    step.solve(1e-6)
    step.solve()
    return step


def test_the_field_and_its_numbers_obey_their_equations(solved: Solved) -> None:
    found, flux = solved.numbers.by_name, solved.flux()
    # Round-off of sums of terms of the order of LEAD.
    assert np.abs(solved.residuals()).max() < 1e-13
    assert flux == pytest.approx(SET * solved.area, rel=1e-14)
    grown = GROWTH * SET * (1 - found["memory"])
    assert LEAD * (found["memory"] - 0.2) == pytest.approx(grown, rel=1e-12)
    assert LEAD * found["count"] == pytest.approx(found["drive"] * SET, rel=1e-12)
    assert owned(solved.theta).min() < 0.7 < 0.78 < owned(solved.theta).max()


def test_without_the_border_the_iteration_does_not_converge(monkeypatch: pytest.MonkeyPatch) -> None:
    # A drive that is settled at every field is not enough: the field has to know how the drive answers.
    monkeypatch.setattr(Numbers, "correct", lambda _self, _change: 0.0)
    with pytest.raises(SolverError, match="did not converge"):
        Solved([Driven()]).solve(1e-6)


def test_no_numbers_are_a_field_alone() -> None:
    alone = Solved([])
    alone.solve()
    assert np.abs(alone.residuals()).max() < 1e-13
    assert alone.numbers.count == 0
    assert alone.numbers.part().size == 0
    assert alone.numbers.error_norm(alone.numbers.part(), Model()) == 0.0
    assert alone.numbers.dof_positions(3).shape == (0, 5)


def test_the_norm_is_over_scales_of_those_that_have_one(solved: Solved) -> None:
    assert solved.numbers.error_norm(np.array([1e-3, 7.0, 9.0]), Model()) == pytest.approx(2e-3)


def test_what_is_not_finite_is_an_error_and_leaves_the_solver_as_good() -> None:
    step = Solved([Driven()])
    step.theta.x.array[:] = np.nan
    with pytest.raises(SolverError):
        step.solve()
    step.theta.x.array[:] = 0.8
    step.numbers.put(step.numbers.start(Model()))
    step.solve(1e-6)
    assert np.abs(step.residuals()).max() < 1e-5


def test_a_number_in_equilibrium_stays_to_the_last_bit(solved: Solved) -> None:
    before = solved.numbers.part()
    for _ in range(3):
        solved.numbers.settle()
    assert np.array_equal(solved.numbers.part(), before)
