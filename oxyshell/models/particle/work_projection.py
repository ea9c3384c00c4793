"""The part of the stress work that ions see with a delay, as a field."""

from __future__ import annotations

from collections.abc import Sequence

import ufl
from dolfinx import fem

from oxyshell.models.base.expression import Expression
from oxyshell.models.mechanics import forms
from oxyshell.models.particle.model import ParticleModel
from oxyshell.solver import parts
from oxyshell.solver.assembly import Matrix, affine
from oxyshell.solver.linear import krylov


class WorkProjection:
    """φ = W + b (θ − θ0), by L2 projection in each part of the particle."""

    def __init__(
        self,
        phi: fem.Function,
        stress: Expression,
        theta: fem.Function,
        joined: Sequence[Expression],
        of_parts: Sequence[parts.Part[ParticleModel]],
        changing: list[fem.Function],
        direct: bool,
    ) -> None:
        """Assemble what does not change, and make the solver.

        Args:
            phi: Where φ goes.
            stress: σ.
            theta: θ.
            joined: b (θ − θ0) of each part.
            of_parts: Numbers as symbols, and geometry, of each part.
            changing: Functions that φ depends on.
            direct: Whether the mass matrix is factorised.
        """
        self._phi, space = phi, phi.function_space
        test, trial = ufl.TestFunction(space), ufl.TrialFunction(space)
        projected = [
            where.volume((forms.stress_work(model, where, stress, theta) + of_part) * test)
            for (model, where), of_part in zip(of_parts, joined, strict=True)
        ]
        self._load = affine(parts.total(projected), changing, space)
        mass = Matrix(parts.total([where.volume(trial * test) for _, where in of_parts]))()
        self._solver = (
            krylov.cholesky(mass, "stress work") if direct else krylov.jacobi(mass, "stress work", 1e-9)
        )
        self._solver.set_up()

    def refresh(self) -> None:
        """Take over new values of the forms' constants."""
        self._load.refresh()

    def __call__(self) -> None:
        """Project the present values."""
        self._solver.solve(self._load(), self._phi.x.petsc_vec)
        self._phi.x.scatter_forward()
