"""The charge of an octant in NGSolve."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from benchmarks.octant.march import Operator, conjugate_gradients
from benchmarks.octant.problem import Array, Charge, Mesh

# A quadratic bubble of an edge is this large in its middle.
_BUBBLE = -0.125
_SIDES = ("surface", "x", "y", "z")


class Octant:
    """P1 and P2 on curved tetrahedra; two-level CG: Gauss–Seidel, and P1 factorised by sparse Cholesky."""

    def __init__(self, charge: Charge, mesh: Mesh) -> None:
        """Assemble what stays."""
        # An optional dependency, without types.
        ng: Any = importlib.import_module("ngsolve")
        ng.SetNumThreads(1)
        self._ng, self._charge = ng, charge
        self._mesh = _mesh(ng, mesh)
        scalars = ng.H1(self._mesh, order=1)
        fixed = {f"dirichlet{axis}": axis for axis in "xyz"}
        vectors = ng.VectorH1(self._mesh, order=2, **fixed)
        self.sizes = (scalars.ndof, vectors.ndof)
        self._functions(scalars, vectors)
        self._ions(scalars)
        self._linear(scalars, vectors)
        self._elasticity(vectors)
        self.iterations = 0

    def _functions(self, scalars: Any, vectors: Any) -> None:
        ng = self._ng
        self._theta, self._phi = ng.GridFunction(scalars), ng.GridFunction(scalars)
        self._displacement, self._lead = ng.GridFunction(vectors), ng.Parameter(1.0)
        self._sphere = self._mesh.Boundaries("surface")
        self._area = ng.Integrate(ng.CF(1), self._mesh, ng.BND, definedon=self._sphere)

    def _ions(self, scalars: Any) -> None:
        ng, charge = self._ng, self._charge
        theta, test = scalars.TnT()
        mobility = theta * (1 - theta)
        flow = (1 + charge.coupling * mobility) * ng.grad(theta) - mobility * ng.grad(self._phi)
        missing = ng.IfPos(theta - charge.margin, 0, 1 - theta / charge.margin)
        form = ng.BilinearForm(scalars)
        form += (self._lead * theta * test + flow * ng.grad(test)).Compile() * ng.dx
        leaves = charge.flux * (1 - missing**3) * test
        form += leaves.Compile() * ng.ds("surface", bonus_intorder=3)
        self._form, self._residual = form, self._theta.vec.CreateVector()

    def _linear(self, scalars: Any, vectors: Any) -> None:
        ng, bulk = self._ng, self._charge.bulk
        (theta, test), (u, v) = scalars.TnT(), vectors.TnT()

        def assembled(form: Any, trial: Any, tested: Any) -> Any:
            bilinear = ng.BilinearForm(trialspace=trial, testspace=tested)
            bilinear += form * ng.dx
            return bilinear.Assemble().mat

        mass = ng.BilinearForm(scalars, symmetric=True)
        mass += theta * test * ng.dx
        matrix = mass.Assemble().mat
        self.mass = _on_arrays(matrix)
        self.project = _on_arrays(matrix.Inverse(inverse="sparsecholesky"), matrix)
        self.load = _on_arrays(assembled(bulk * theta * ng.div(v), scalars, vectors))
        self.trace = _on_arrays(assembled(bulk * ng.div(u) * test, vectors, scalars))

    def _elasticity(self, vectors: Any) -> None:
        ng, (lame, shear) = self._ng, self._charge.lame
        u, v = vectors.TnT()
        form = ng.BilinearForm(vectors, symmetric=False)
        strains = ng.InnerProduct(ng.Sym(ng.Grad(u)), ng.Sym(ng.Grad(v)))
        form += (lame * ng.div(u) * ng.div(v) + 2 * shear * strains) * ng.dx
        matrix = form.Assemble().mat
        free = vectors.FreeDofs()
        # The basis is hierarchical: the block of the vertices is the matrix of P1.
        vertices = ng.BitArray(vectors.ndof)
        vertices.Clear()
        for component in range(3):
            begin = vectors.Range(component).start
            vertices[begin : begin + self._mesh.nv] = True
        coarse = matrix.Inverse(vertices & free, inverse="sparsecholesky")
        smoother = matrix.CreateSmoother(free)
        self._fixed = ~np.array(list(free), dtype=bool)
        self._matrix = _on_arrays(matrix)
        forces, correction, left = (matrix.CreateColVector() for _ in range(3))

        def precondition(values: Array) -> Array:
            forces.FV().NumPy()[:] = values
            correction[:] = 0
            smoother.Smooth(correction, forces)
            left.data = forces - matrix * correction
            correction.data += coarse * left
            smoother.SmoothBack(correction, forces)
            return correction.FV().NumPy().copy()

        self._precondition = precondition

    def _put(self, theta: Array, phi: Array, lead: float) -> None:
        self._theta.vec.FV().NumPy()[:] = theta
        self._phi.vec.FV().NumPy()[:] = phi
        self._lead.Set(lead)

    def residual(self, theta: Array, phi: Array, lead: float) -> Array:
        self._put(theta, phi, lead)
        self._form.Apply(self._theta.vec, self._residual)
        return self._residual.FV().NumPy().copy()

    def factorised(self, theta: Array, phi: Array, lead: float) -> Operator:
        self._put(theta, phi, lead)
        self._form.AssembleLinearization(self._theta.vec)
        return _on_arrays(self._form.mat.Inverse(inverse="umfpack"), self._form.mat)

    def displacement(self, forces: Array, guess: Array) -> Array:
        forces = np.where(self._fixed, 0.0, forces)

        def product(values: Array) -> Array:
            return np.where(self._fixed, 0.0, self._matrix(values))

        solution, iterations = conjugate_gradients(product, self._precondition, forces, guess)
        self.iterations += iterations
        return solution

    def hoop(self, theta: Array, displacement: Array) -> float:
        ng, (lame, shear) = self._ng, self._charge.lame
        self._theta.vec.FV().NumPy()[:] = theta
        self._displacement.vec.FV().NumPy()[:] = displacement
        moved, strain = self._theta - self._charge.occupancy, ng.Sym(ng.Grad(self._displacement))
        isotropic = lame * ng.Trace(strain) - self._charge.bulk * moved
        stress = isotropic * ng.Id(3) + 2 * shear * strain
        normal = ng.specialcf.normal(3)
        hoop = ng.BoundaryFromVolumeCF((ng.Trace(stress) - normal * (stress * normal)) / 2)
        return float(ng.Integrate(hoop, self._mesh, ng.BND, definedon=self._sphere) / self._area)


def _mesh(ng: Any, given: Mesh) -> Any:
    meshing: Any = importlib.import_module("netgen.meshing")
    mesh = meshing.Mesh(dim=3)
    mesh.AddPoints(np.ascontiguousarray(given.points))
    for number, name in enumerate(_SIDES, start=1):
        mesh.Add(meshing.FaceDescriptor(surfnr=number, domin=1, bc=number))
        mesh.SetBCName(number - 1, name)
    # Netgen's tetrahedra turn the other way.
    mesh.AddElements(3, 1, np.ascontiguousarray(given.cells[:, [0, 2, 1, 3]], dtype=np.int32), 0)
    for number, facets in enumerate((given.surface, *given.planes), start=1):
        mesh.AddElements(2, number, np.ascontiguousarray(facets, dtype=np.int32), 0)
    straight = ng.Mesh(mesh)
    curved = ng.GridFunction(ng.VectorH1(straight, order=2))
    edges = np.array([[vertex.nr for vertex in edge.vertices] for edge in straight.edges])
    shift = (given.middles_of(edges) - given.points[edges].mean(axis=1)) / _BUBBLE
    values = curved.vec.FV().NumPy().reshape(3, -1)
    values[:, straight.nv :] = shift.T
    straight.SetDeformation(curved)
    # The function lives as long as the mesh that it curves.
    straight.curved = curved
    return straight


def _on_arrays(matrix: Any, shaped: Any = None) -> Operator:
    shaped = shaped or matrix
    source, target = shaped.CreateRowVector(), shaped.CreateColVector()

    def apply(values: Array) -> Array:
        source.FV().NumPy()[:] = values
        target.data = matrix * source
        return np.array(target.FV().NumPy())

    return apply
