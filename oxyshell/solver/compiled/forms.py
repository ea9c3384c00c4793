"""Forms and expressions of FFCx as structures of loop.c.

They hold addresses of the very arrays that functions and constants have their values in: a new value is seen
without any call.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import _cffi_backend  # type: ignore[import-untyped]
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import cpp, fem

from oxyshell.solver.compiled import structures

type Ints = npt.NDArray[np.int32]
type Targets = Callable[[Ints], Ints]
"""From cells, (entities, sides), to where each entry of their tensors is added, (entities, size)."""

# `cffi.FFI` is the same with a parser of C besides, which takes longer to load than a run's forms.
_FFI = _cffi_backend.FFI()
_KINDS = [
    cpp.fem._IntegralType.cell,
    cpp.fem._IntegralType.exterior_facet,
    cpp.fem._IntegralType.interior_facet,
]


@dataclass(frozen=True, eq=False)
class CompiledForm:
    """A form as loop.c has it.

    Attributes:
        structure: The structure.
        kept: What it points to.
    """

    structure: structures.Form
    kept: list[Any]

    @property
    def address(self) -> int:
        """Where the structure is."""
        return ctypes.addressof(self.structure)


@dataclass(frozen=True)
class _Part:
    """An integral: its kernel, the cells and facets of its entities, and the entries of a tensor."""

    kernel: int
    cells: Ints
    facets: Ints | None
    target: Ints


def compiled_form(form: fem.Form, targets: Targets) -> CompiledForm:
    """A form, its tensors added where `targets` says.

    Args:
        form: Of one process, on a mesh of one kind of cells.
        targets: Where entries are added.
    """
    ufcx, own = form.ufcx_form, form._cpp_object
    offsets = [ufcx.form_integral_offsets[i] for i in range(len(_KINDS) + 1)]
    parts = []
    for number, kind in enumerate(_KINDS):
        for index in range(offsets[number + 1] - offsets[number]):
            integral = ufcx.form_integrals[offsets[number] + index]
            entities = np.asarray(own.domains(kind, index), dtype=np.int32)
            cells, facets = _split(entities, number)
            parts.append(_Part(_address(integral.tabulate_tensor_float64), cells, facets, targets(cells)))
    return _assembled(parts, own.coefficients, own.constants, form.mesh, form)


def compiled_expression(expression: fem.Expression, mesh: Any, cells: Ints) -> CompiledForm:
    """An expression at its points in some cells; its values stand one cell after the other.

    Args:
        expression: The expression.
        mesh: The mesh.
        cells: Cells of this process.
    """
    ufcx, value = expression._ufcx_expression, expression._ufl_expression
    read = ufl.algorithms.extract_coefficients(value)
    coefficients = [
        read[ufcx.original_coefficient_positions[i]]._cpp_object for i in range(ufcx.num_coefficients)
    ]
    constants = [constant._cpp_object for constant in ufl.algorithms.analysis.extract_constants(value)]
    size = len(expression.X()) * expression.value_size
    target = np.arange(len(cells) * size, dtype=np.int32).reshape(len(cells), size)
    part = _Part(_address(ufcx.tabulate_tensor_float64), cells.reshape(-1, 1), None, target)
    return _assembled([part], coefficients, constants, mesh._cpp_object, expression)


def _split(entities: Ints, kind: int) -> tuple[Ints, Ints | None]:
    """Cells and facets of entities, shape (entities, sides) each."""
    if kind == 0:
        return np.ascontiguousarray(entities.reshape(-1, 1)), None
    pairs = entities.reshape(entities.size // (2 * kind), kind, 2)
    return np.ascontiguousarray(pairs[:, :, 0]), np.ascontiguousarray(pairs[:, :, 1])


def _address(function: Any) -> int:
    return int(_FFI.cast("uintptr_t", function))


def _assembled(
    parts: Sequence[_Part], coefficients: Sequence[Any], constants: Sequence[Any], mesh: Any, owner: Any
) -> CompiledForm:
    kept: list[Any] = [owner, mesh]

    def pointer(values: npt.NDArray[Any]) -> int:
        kept.append(values)
        return int(values.ctypes.data)

    read, width = [], 0
    for one in coefficients:
        dofs = cell_dofs(one.function_space)
        read.append(structures.Coefficient(pointer(one.x.array), pointer(dofs), dofs.shape[1], width))
        width += dofs.shape[1]
    values = [one.value for one in constants]
    numbers = [structures.Constant(pointer(one), one.size) for one in values]
    goes = [
        structures.Integral(
            part.kernel,
            *part.cells.shape,
            pointer(part.cells),
            None if part.facets is None else pointer(part.facets),
            part.target.shape[1],
            pointer(np.ascontiguousarray(part.target)),
        )
        for part in parts
    ]
    nodes = np.asarray(mesh.geometry.dofmaps[0])
    coordinates = np.ascontiguousarray(mesh.geometry.x[nodes].reshape(len(nodes), -1))
    largest = max((part.target.shape[1] for part in parts), default=1)
    sides = 2
    structure = structures.Form(
        len(goes),
        len(read),
        len(numbers),
        width,
        _array(structures.Integral, goes, kept),
        _array(structures.Coefficient, read, kept),
        _array(structures.Constant, numbers, kept),
        pointer(coordinates),
        coordinates.shape[1],
        pointer(np.zeros(sum(one.size for one in values) + 1)),
        pointer(np.zeros(sides * width + 1)),
        pointer(np.zeros(sides * coordinates.shape[1])),
        pointer(np.zeros(largest)),
    )
    return CompiledForm(structure, kept)


def _array(kind: type[ctypes.Structure], items: Sequence[ctypes.Structure], kept: list[Any]) -> Any:
    array = (kind * max(len(items), 1))(*items)
    kept.append(array)
    return array


def cell_dofs(space: Any) -> Ints:
    """Degrees of freedom of each cell in a function's array, shape (cells, dofs).

    Args:
        space: A function space as DOLFINx's C++ has it.
    """
    dofmap = space.dofmap
    nodes, bs = np.asarray(dofmap.map()), dofmap.bs
    dofs = nodes[:, :, None] * bs + np.arange(bs, dtype=np.int32)
    return np.ascontiguousarray(dofs.reshape(len(nodes), -1), dtype=np.int32)
