"""The ions' host while oxygen leaves it: which sites are left, and what the ions do when one goes."""

from __future__ import annotations

import numpy as np
import ufl
from dolfinx import fem

from oxyshell.models.base.domain import Domain
from oxyshell.models.host.lattice import NoVacancies
from oxyshell.models.ions.process import IonTransport
from oxyshell.models.particle.model import ParticleModel
from oxyshell.solver import parts
from oxyshell.solver.assembly import Matrix, Vector, owned
from oxyshell.solver.linear import krylov
from oxyshell.solver.state import Array, State


class FixedHost:
    """The host of a solved system, which stays as it was made; a base of hosts that change.

    Attributes:
        released: r, in the ions' units.
        changing: The functions that its forms hold and that change between steps.
    """

    released: fem.Function | float = 0.0
    changing: tuple[fem.Function, ...] = ()

    def __init__(self, scalars: fem.FunctionSpace) -> None:
        """Set up.

        Args:
            scalars: The occupancy's space.
        """
        self._space, self._result = scalars, fem.Function(scalars)

    def discretise(self, model: ParticleModel, domain: Domain) -> None:
        """Compile what it needs; once, before anything else."""

    def refresh(self) -> None:
        """Take over new values of the model's numbers."""

    def load(self, state: State) -> None:
        """Be the host in which a state was solved."""

    def project(self, released: fem.Function) -> Array:
        """The L2 projection of another group's r to the occupancy's space."""
        return np.zeros(owned(self._result).size)

    def conserve_ions(self, theta: Array, before: Array, after: Array) -> Array:
        """The occupancy that holds the ions of θ once r has gone from `before` to `after`."""
        return theta


class ChangingHost(FixedHost):
    """A host that loses sites and deforms as oxygen leaves."""

    released: fem.Function

    def __init__(self, scalars: fem.FunctionSpace) -> None:
        """Set up, as another host."""
        super().__init__(scalars)
        self.released, self._theta = fem.Function(scalars), fem.Function(scalars)
        self.changing = (self.released,)

    def discretise(self, model: ParticleModel, domain: Domain) -> None:
        test, trial = ufl.TestFunction(self._space), ufl.TrialFunction(self._space)
        self._mass = Matrix(domain.volume(trial * test))
        self._projecting = krylov.cholesky(self._mass(), "released oxygen")
        self._projected: dict[fem.Function, Vector] = {}
        self._domain = domain
        # The very integrals in which a run counts its ions: none is lost between two quadratures.
        ions = IonTransport()
        content = parts.amount(ions, model, domain, "occupancy", self._theta, test)
        self._content = Vector(content, self._space)
        self._sites = Matrix(parts.amount(ions, model, domain, "occupancy", trial, test))
        self._solver = krylov.lu(self._sites(), "occupancy in a host that changes")
        for solver in (self._projecting, self._solver):
            solver.set_up()

    def refresh(self) -> None:
        self._content.refresh()

    def load(self, state: State) -> None:
        # Before anything has been released, the host is as made.
        released = state.feedback.get("released")
        self._put(0.0 if released is None else released.values)

    def project(self, released: fem.Function) -> Array:
        if released not in self._projected:
            self._projected[released] = Vector(
                self._domain.volume(released * ufl.TestFunction(self._space)), self._space
            )
        self._projecting.solve(self._projected[released](), self._result.x.petsc_vec)
        return owned(self._result).copy()

    def conserve_ions(self, theta: Array, before: Array, after: Array) -> Array:
        owned(self._theta)[:] = theta
        self._theta.x.scatter_forward()
        self._put(before)
        content = self._content()
        self._put(after)
        self._sites()
        self._solver.refresh()
        self._solver.solve(content, self._result.x.petsc_vec)
        return owned(self._result).copy()

    def _put(self, released: Array | float) -> None:
        owned(self.released)[:] = released
        self.released.x.scatter_forward()


def host_of(model: ParticleModel, scalars: fem.FunctionSpace) -> FixedHost:
    """The lattice that a model asks for."""
    changes = any(part.host.vacancies != NoVacancies() for _, part in model.parts)
    return ChangingHost(scalars) if changes else FixedHost(scalars)
