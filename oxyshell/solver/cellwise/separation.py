"""Finds an unknown that can be solved for cell by cell, and takes its equation out of a system.

Such an unknown lives in the cells, its equation reads no other unknown, and what it feeds to the others is a
density that their test functions weight: M_r dr/dt = ∫ s(r) w dV and M_c dc/dt = ∫ e(r) v dV + g(c), where
∂g/∂c within the cells depends on no unknown. ∂f/∂y is then block triangular, and its block of r falls apart
into cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import ufl
from dolfinx import fem
from ufl.corealg.traversal import unique_pre_traversal

from oxyshell.solver.derivatives import expanded
from oxyshell.solver.equations import Equations


@dataclass(frozen=True, eq=False)
class Density:
    """A density that depends on the unknown r of the cells, per volume of R³ or of its section.

    Attributes:
        value: e(r).
        slope: ∂e/∂r.
    """

    value: ufl.core.expr.Expr
    slope: ufl.core.expr.Expr


@dataclass(frozen=True, eq=False)
class Separated:
    """A system without the equation of an unknown that is solved for cell by cell.

    Attributes:
        number: Its block in the whole system.
        degree: Quadrature degree of all integrals over cells.
        amount: Density of its mass, so that M = ∫ amount r w dV.
        source: s(r).
        fed: e(r) of the other blocks that have one, by their number in `others`.
        others: The other blocks, without e(r).
        steady: What is constant of ∂g/∂c between two changes of the model, by number in `others`; it is not
            in the rates of these.
    """

    number: int
    degree: int
    amount: ufl.core.expr.Expr
    source: Density
    fed: Mapping[int, Density]
    others: Equations
    steady: Mapping[int, ufl.Form]


def separated(equations: Equations) -> Separated | None:
    """The system with one unknown apart; None if no unknown can be solved for cell by cell."""
    found = [i for i, _ in enumerate(equations.blocks) if _lives_in_cells(equations, i)]
    if len(found) != 1 or len(equations.blocks) == 1 or equations.held.size:
        return None
    try:
        return _Separation(equations, found[0]).result()
    except _CoupledError:
        return None


class _CoupledError(Exception):
    """The equations are not of the form that can be separated."""


def _element(equations: Equations, number: int) -> Any:
    return equations.blocks[number].function.function_space.ufl_element()


def _is_scalar_lagrange(element: Any) -> bool:
    is_one = element.block_size == 1 and element.reference_value_size == 1
    return is_one and element.element_family is not None


def _lives_in_cells(equations: Equations, number: int) -> bool:
    element = _element(equations, number)
    return _is_scalar_lagrange(element) and element.discontinuous and equations.blocks[number].is_whole


class _Separation:
    def __init__(self, equations: Equations, number: int) -> None:
        self._equations, self._number = equations, number
        self._functions = [block.function for block in equations.blocks]
        self._own = self._functions[number]
        mesh = self._own.function_space.mesh
        self._one, self._zero = fem.Constant(mesh, 1.0), fem.Constant(mesh, 0.0)
        self._degrees: set[int] = set()

    def result(self) -> Separated:
        equations, number = self._equations, self._number
        source = self._source()
        mass = self._in_cells(equations.masses[number])
        others = [i for i in range(len(equations.blocks)) if i != number]
        fed: dict[int, Density] = {}
        steady: dict[int, ufl.Form] = {}
        rates = []
        for place, i in enumerate(others):
            density, constant, rest = self._other(i)
            fed |= {place: density} if density is not None else {}
            steady |= {place: constant} if constant is not None else {}
            rates.append(rest)
        self._require(self._own not in equations.outflow.coefficients())
        amount = self._density(mass, *mass.arguments())
        self._require(not self._reads(amount, self._functions) and len(self._degrees) == 1)
        return Separated(
            number=number,
            degree=self._degrees.pop(),
            amount=amount,
            source=source,
            fed=fed,
            others=_restricted(equations, others, rates),
            steady=steady,
        )

    def _source(self) -> Density:
        form = self._in_cells(self._equations.rates[self._number])
        density = self._of_own(self._density(form, *form.arguments()))
        self._require(density is not None)
        assert density is not None
        return density

    def _other(self, i: int) -> tuple[Density | None, ufl.Form | None, ufl.Form]:
        """e(r) and the constant slope of another block, and the rest of its rate."""
        rate, function = self._equations.rates[i], self._functions[i]
        inside, outside = _by_kind(rate)
        self._require(self._own not in outside.coefficients())
        if inside.empty():
            return None, None, rate
        self._require(_is_scalar_lagrange(_element(self._equations, i)))
        (test,) = inside.arguments()
        inside = self._in_cells(inside)
        slope = expanded(ufl.derivative(inside, function, ufl.TrialFunction(function.function_space)))
        self._require(slope.empty() or not self._reads(slope, self._functions))
        at_zero = expanded(ufl.replace(inside, {function: self._zero}))
        others = [one for one in self._functions if one is not self._own]
        self._require(at_zero.empty() or not self._reads(at_zero, others))
        density = None if at_zero.empty() else self._of_own(self._density(at_zero, test))
        if slope.empty():
            return density, None, self._never_empty(outside, i)
        if self._reads(slope, self._equations.driven):
            return density, None, ufl.action(slope, function) + outside
        return density, slope, self._never_empty(outside, i)

    def _never_empty(self, outside: ufl.Form, i: int) -> ufl.Form:
        """A rate, zero where there is none."""
        if not outside.empty():
            return outside
        test = ufl.TestFunction(self._functions[i].function_space)
        return self._zero * test * ufl.dx(self._own.function_space.mesh)

    def _of_own(self, density: ufl.core.expr.Expr | None) -> Density | None:
        """A density with its slope, at points: it may read values of the own unknown, and no gradients."""
        if density is None:
            return None
        trial = ufl.TrialFunction(self._own.function_space)
        slope = ufl.algorithms.apply_derivatives.apply_derivatives(
            ufl.algorithms.apply_algebra_lowering.apply_algebra_lowering(
                ufl.derivative(density, self._own, trial)
            )
        )
        self._require(not _has_gradient(density, self._own) and not _has_gradient(slope, trial))
        others = [one for one in self._functions if one is not self._own]
        self._require(not self._reads(density, others))
        return Density(density, ufl.replace(slope, {trial: self._one}))

    def _density(self, form: ufl.Form, *arguments: Any) -> ufl.core.expr.Expr:
        """The factor of the arguments in a form, which has no gradients of them."""
        shown = expanded(form)
        for integral in shown.integrals():
            self._require(not any(_has_gradient(integral.integrand(), one) for one in arguments))
        at_one = ufl.replace(form, dict.fromkeys(arguments, self._one))
        return sum((integral.integrand() for integral in at_one.integrals()), start=ufl.as_ufl(0))

    def _in_cells(self, form: ufl.Form) -> ufl.Form:
        """A form all of whose integrals are over all cells, with one rule."""
        for integral in form.integrals():
            self._require(integral.integral_type() == "cell" and integral.subdomain_id() == "everywhere")
            self._degrees.add(integral.metadata().get("quadrature_degree", -1))
        return form

    def _reads(self, what: Any, functions: Iterable[Any]) -> bool:
        wanted = set(functions)
        integrands = [one.integrand() for one in what.integrals()] if isinstance(what, ufl.Form) else [what]
        return any(node in wanted for one in integrands for node in unique_pre_traversal(one))

    @staticmethod
    def _require(condition: bool) -> None:
        if not condition:
            raise _CoupledError


def _has_gradient(expression: ufl.core.expr.Expr, of: Any) -> bool:
    """Whether an expression reads derivatives of a function or an argument."""
    kinds = (ufl.classes.Grad, ufl.classes.ReferenceGrad)
    gradients = (node for node in unique_pre_traversal(expression) if isinstance(node, kinds))
    return any(of in unique_pre_traversal(node) for node in gradients)


def _by_kind(form: ufl.Form) -> tuple[ufl.Form, ufl.Form]:
    """A form's integrals over cells, and all others."""
    inside = [one for one in form.integrals() if one.integral_type() == "cell"]
    outside = [one for one in form.integrals() if one.integral_type() != "cell"]
    return ufl.Form(inside), ufl.Form(outside)


def _restricted(equations: Equations, kept: Sequence[int], rates: Sequence[ufl.Form]) -> Equations:
    """The equations of some blocks, numbered on their own."""
    blocks = [equations.blocks[i] for i in kept]
    ends = np.concatenate([[0], np.cumsum([block.active.size for block in blocks])])
    return replace(
        equations,
        blocks=blocks,
        spans=[slice(start, end) for start, end in pairwise(ends.tolist())],
        size=int(ends[-1]),
        rates=list(rates),
        masses=[equations.masses[i] for i in kept],
        counts=np.concatenate([equations.counts[equations.spans[i]] for i in kept]),
    )
