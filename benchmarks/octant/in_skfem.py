"""The charge of an octant in scikit-fem, with SciPy's factorisation and PyAMG's Gauss–Seidel."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from benchmarks.octant.march import Operator, conjugate_gradients
from benchmarks.octant.problem import Array, Charge, Mesh

# Degree of the quadrature, of the constant operators and of the ions' equation.
_DEGREE, _IONS_DEGREE, _SURFACE_DEGREE = 4, 2, 5


class Octant:
    """P1 and P2 on curved tetrahedra; CG in two levels: Gauss–Seidel, and P1 factorised by SuperLU."""

    def __init__(self, charge: Charge, mesh: Mesh) -> None:
        """Assemble what stays."""
        # Optional dependencies, without types.
        fem: Any = importlib.import_module("skfem")
        self._fem, self._charge = fem, charge
        self._helpers: Any = importlib.import_module("skfem.helpers")
        self._linalg: Any = importlib.import_module("scipy.sparse.linalg")
        self._mesh = _mesh(fem, mesh)
        self._surface = self._boundary()
        linear, quadratic = fem.ElementTetP1(), fem.ElementVector(fem.ElementTetP2())
        self._scalars = fem.Basis(self._mesh, linear, intorder=_DEGREE)
        self._vectors = fem.Basis(self._mesh, quadratic, intorder=_DEGREE)
        self._of_ions = fem.Basis(self._mesh, linear, intorder=_IONS_DEGREE)
        self._outer = fem.FacetBasis(self._mesh, linear, facets=self._surface, intorder=_SURFACE_DEGREE)
        self._outer_vectors = fem.FacetBasis(
            self._mesh, quadratic, facets=self._surface, intorder=_SURFACE_DEGREE
        )
        self.sizes = (self._scalars.N, self._vectors.N)
        self._linear()
        self._elasticity()
        self._ions()
        self.iterations = 0

    def _boundary(self) -> Any:
        """Facets on the sphere."""
        points = self._mesh.p[:, self._mesh.facets].mean(axis=1)
        outer = self._mesh.boundary_facets()
        return outer[(points[:, outer] > 1e-9).all(axis=0)]

    def _linear(self) -> None:
        fem, bulk, helpers = self._fem, self._charge.bulk, self._helpers

        @fem.BilinearForm
        def mass(theta: Any, test: Any, _: Any) -> Any:
            return theta * test

        @fem.BilinearForm
        def load(theta: Any, v: Any, _: Any) -> Any:
            return bulk * theta * helpers.div(v)

        matrix, forces = mass.assemble(self._scalars), load.assemble(self._scalars, self._vectors).tocsr()
        back = forces.T.tocsr()
        self.mass = matrix.dot
        self.load, self.trace = forces.dot, back.dot
        self.project = self._linalg.splu(matrix.tocsc(), **_SYMMETRIC).solve

    def _elasticity(self) -> None:
        fem, (lame, shear), helpers = self._fem, self._charge.lame, self._helpers

        @fem.BilinearForm
        def stiffness(u: Any, v: Any, _: Any) -> Any:
            strains = helpers.ddot(helpers.sym_grad(u), helpers.sym_grad(v))
            return lame * helpers.div(u) * helpers.div(v) + 2 * shear * strains

        matrix = stiffness.assemble(self._vectors)
        unknowns = np.arange(self._vectors.N)
        held = self._vectors.doflocs[unknowns % 3, unknowns] < 1e-9
        self._free = np.flatnonzero(~held)
        self._matrix = matrix[self._free][:, self._free].tocsr()
        linear = self._linear_in_quadratic()[self._free][:, self._free[self._free < 3 * self._mesh.nvertices]]
        coarse = self._linalg.splu((linear.T @ self._matrix @ linear).tocsc(), **_SYMMETRIC).solve
        relax: Any = importlib.import_module("pyamg.relaxation.relaxation").gauss_seidel

        def precondition(forces: Array) -> Array:
            correction = np.zeros_like(forces)
            relax(self._matrix, correction, forces, sweep="forward")
            correction += linear @ coarse(linear.T @ (forces - self._matrix @ correction))
            relax(self._matrix, correction, forces, sweep="backward")
            return correction

        self._precondition = precondition

    def _linear_in_quadratic(self) -> Any:
        """The displacements of P2 at its nodes by those of P1, three unknowns a node, vertices first."""
        sparse: Any = importlib.import_module("scipy.sparse")
        vertices, edges = self._mesh.nvertices, self._mesh.edges
        rows = np.repeat(np.arange(edges.shape[1]), 2)
        middles = sparse.csr_matrix(
            (np.full(rows.size, 0.5), (rows, edges.T.ravel())), (edges.shape[1], vertices)
        )
        return sparse.kron(sparse.vstack([sparse.identity(vertices), middles]), sparse.identity(3)).tocsr()

    def _ions(self) -> None:
        fem, charge, helpers = self._fem, self._charge, self._helpers

        @fem.BilinearForm
        def jacobian(theta: Any, test: Any, w: Any) -> Any:
            mobility, slope = w.theta * (1 - w.theta), 1 - 2 * w.theta
            flow = (1 + charge.coupling * mobility) * helpers.grad(theta)
            flow = flow + theta * slope * (charge.coupling * helpers.grad(w.theta) - helpers.grad(w.phi))
            return w.lead * theta * test + helpers.dot(flow, helpers.grad(test))

        @fem.LinearForm
        def residual(test: Any, w: Any) -> Any:
            mobility = w.theta * (1 - w.theta)
            flow = (1 + charge.coupling * mobility) * helpers.grad(w.theta) - mobility * helpers.grad(w.phi)
            return w.lead * w.theta * test + helpers.dot(flow, helpers.grad(test))

        @fem.BilinearForm
        def leaving_slope(theta: Any, test: Any, w: Any) -> Any:
            missing = np.maximum(1 - w.theta / charge.margin, 0)
            return 3 * charge.flux * missing**2 / charge.margin * theta * test

        @fem.LinearForm
        def leaving(test: Any, w: Any) -> Any:
            return charge.flux * (1 - np.maximum(1 - w.theta / charge.margin, 0) ** 3) * test

        self._forms = (jacobian, residual, leaving_slope, leaving)

    def residual(self, theta: Array, phi: Array, lead: float) -> Array:
        _, residual, _, leaving = self._forms
        basis, outer = self._of_ions, self._outer
        fields = {"theta": basis.interpolate(theta), "phi": basis.interpolate(phi), "lead": lead}
        inside: Array = residual.assemble(basis, **fields)
        return inside + leaving.assemble(outer, theta=outer.interpolate(theta))

    def factorised(self, theta: Array, phi: Array, lead: float) -> Operator:
        jacobian, _, leaving_slope, _ = self._forms
        basis, outer = self._of_ions, self._outer
        fields = {"theta": basis.interpolate(theta), "phi": basis.interpolate(phi), "lead": lead}
        matrix = jacobian.assemble(basis, **fields)
        matrix = matrix + leaving_slope.assemble(outer, theta=outer.interpolate(theta))
        solve: Operator = self._linalg.splu(matrix.tocsc(), **_SYMMETRIC).solve
        return solve

    def displacement(self, forces: Array, guess: Array) -> Array:
        solution = np.zeros(self._vectors.N)
        solution[self._free], iterations = conjugate_gradients(
            self._matrix.dot, self._precondition, forces[self._free], guess[self._free]
        )
        self.iterations += iterations
        return solution

    def hoop(self, theta: Array, displacement: Array) -> float:
        fem, charge, helpers = self._fem, self._charge, self._helpers
        lame, shear = charge.lame

        @fem.Functional
        def hoop(w: Any) -> Any:
            strain = helpers.sym_grad(w.u)
            volume = helpers.trace(strain)
            isotropic = lame * volume - charge.bulk * (w.theta - charge.occupancy)
            normal = isotropic + 2 * shear * helpers.dot(w.n, helpers.mul(strain, w.n))
            return (3 * isotropic + 2 * shear * volume - normal) / 2

        @fem.Functional
        def area(_: Any) -> Any:
            return 1.0

        found = hoop.assemble(
            self._outer, theta=self._outer.interpolate(theta), u=self._outer_vectors.interpolate(displacement)
        )
        return float(found / area.assemble(self._outer))


# Of matrices whose pattern is symmetric.
_SYMMETRIC = {"permc_spec": "MMD_AT_PLUS_A", "options": {"SymmetricMode": True}, "diag_pivot_thresh": 0.01}


def _mesh(fem: Any, given: Mesh) -> Any:
    straight = fem.MeshTet(np.ascontiguousarray(given.points.T), np.ascontiguousarray(given.cells.T))
    curved = fem.MeshTet2.from_mesh(straight)
    places = curved.doflocs.copy()
    # After the vertices come the edges.
    places[:, len(given.points) :] = given.middles_of(straight.edges.T).T
    return fem.MeshTet2(places, curved.t)
