from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import ufl
from dolfinx import fem

from oxyshell.meshes.ball import full_sphere, half_disc, octant, quarter_disc
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.base.properties import Constant
from oxyshell.models.mechanics.elasticity import IsotropicElasticity
from oxyshell.solver import spaces
from oxyshell.solver.assembly import Matrix, Vector
from oxyshell.solver.linear.multigrid import rigid_body_modes

COARSE = Resolution(bulk_elements=2, tangential=2, surface_size=0.5)
BODIES: dict[str, Callable[[float, Resolution], ParticleMesh]] = {
    "half disc": half_disc,
    "quarter disc": quarter_disc,
    "octant": octant,
    "full sphere": full_sphere,
}
# How many motions each body has besides what its symmetry planes hold.
LOOSE = {"half disc": 1, "quarter disc": 0, "octant": 0, "full sphere": 6}
HOOKE = IsotropicElasticity(Constant(2.0), Constant(0.3))


class Body:
    """A coarse body with its stiffness, all in NumPy."""

    def __init__(self, name: str) -> None:
        self.particle = BODIES[name](0.0, COARSE)
        self.space = fem.functionspace(self.particle.mesh, spaces.displacement_element(self.particle, 2))
        self.domain = spaces.domain(self.particle, 4)
        trial, test = ufl.TrialFunction(self.space), ufl.TestFunction(self.space)
        stress = HOOKE.stress(self._strain(trial), 0.0)
        stiffness = Matrix(self.domain.volume(ufl.inner(stress, self._strain(test))))
        matrix = stiffness()
        matrix.convert("dense")
        self.stiffness = np.array(matrix.getDenseArray())
        self.held = spaces.held_displacements(self.particle, self.space)

    def _strain(self, u: ufl.core.expr.Expr) -> ufl.core.expr.Expr:
        return self.domain.coordinates.strain(u, self.domain.x)

    def swelling_load(self) -> np.ndarray:
        """Load of an uneven swelling, which no outer force balances."""
        x = self.domain.x
        swelling = HOOKE.stress((1 + x[0] - 2 * x[1] ** 2 + x[0] * x[1]) * ufl.Identity(3), 0.0)
        form = self.domain.volume(ufl.inner(swelling, self._strain(ufl.TestFunction(self.space))))
        load = Vector(form, self.space)
        return load().array_r.copy()

    def dofs(self, first: int = 0) -> np.ndarray:
        held = [condition.dof_indices()[0] for condition in self.held[first:]]
        return np.unique(np.concatenate([np.empty(0, dtype=np.int32), *held]))

    @property
    def components(self) -> int:
        return self.particle.coordinates.displacement_components


@pytest.fixture(params=BODIES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def body(name: str) -> Body:
    return Body(name)


def test_no_rigid_motion_is_left(body: Body) -> None:
    free = np.setdiff1d(np.arange(len(body.stiffness)), body.dofs())
    eigenvalues = np.linalg.eigvalsh(body.stiffness[np.ix_(free, free)])
    # The softest mode of a body of a few elements; a rigid motion would be round-off, below 1e-12.
    assert eigenvalues[0] > 1e-6 * eigenvalues[-1]


def test_no_more_than_the_rigid_motions_is_held(name: str, body: Body) -> None:
    pinned = body.dofs(first=body.components)
    symmetric = np.setdiff1d(body.dofs(), pinned)
    assert len(pinned) == LOOSE[name]
    free = np.setdiff1d(np.arange(len(body.stiffness)), symmetric)
    eigenvalues = np.linalg.eigvalsh(body.stiffness[np.ix_(free, free)])
    assert np.sum(eigenvalues < 1e-10 * eigenvalues[-1]) == LOOSE[name]


@pytest.mark.parametrize("name", ["half disc", "full sphere"])
def test_pins_carry_no_force(body: Body) -> None:
    load, held = body.swelling_load(), body.dofs()
    free = np.setdiff1d(np.arange(len(load)), held)
    moved = np.zeros(len(load))
    moved[free] = np.linalg.solve(body.stiffness[np.ix_(free, free)], load[free])
    reaction = (body.stiffness @ moved - load)[body.dofs(first=body.components)]
    # Round-off, amplified by the condition of the stiffness (about 1e4).
    assert np.abs(reaction).max() < 1e-11 * np.abs(load).max()


def test_rigid_motions_cost_no_energy(name: str, body: Body) -> None:
    modes = [vector.array.copy() for vector in rigid_body_modes(body.space)]
    assert len(modes) == (1 if body.components == 2 else 6)
    gram = np.array([[a @ b for b in modes] for a in modes])
    assert gram == pytest.approx(np.eye(len(modes)), abs=1e-12)
    scale = np.abs(body.stiffness).max()
    assert all(np.abs(body.stiffness @ mode).max() < 1e-12 * scale for mode in modes)


def test_the_layer_indicator_follows_the_tags() -> None:
    particle = half_disc(0.1, Resolution(layer_elements=2, bulk_elements=2, tangential=2))
    domain = spaces.domain(particle, 4)
    one = fem.Constant(particle.mesh, 1.0)
    share = fem.assemble_scalar(fem.form(domain.volume(domain.position.in_layer * one)))
    whole = fem.assemble_scalar(fem.form(domain.volume(one)))
    # Two quadratic elements along a quarter circle err by some 1e-3.
    assert share / whole == pytest.approx(1 - 0.9**3, rel=5e-3)
