"""The structures of loop.c, as ctypes has them."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, c_double, c_int, c_void_p


class Coefficient(Structure):
    """A function that an integral reads."""

    _fields_ = [("values", c_void_p), ("dofs", c_void_p), ("count", c_int), ("start", c_int)]


class Constant(Structure):
    """A constant of a form."""

    _fields_ = [("value", c_void_p), ("size", c_int)]


class Integral(Structure):
    """A kernel and the entities that it goes over."""

    _fields_ = [
        ("tabulate", c_void_p),
        ("entities", c_int),
        ("sides", c_int),
        ("cells", c_void_p),
        ("facets", c_void_p),
        ("size", c_int),
        ("target", c_void_p),
    ]


class Form(Structure):
    """Integrals with what they read."""

    _fields_ = [
        ("integrals", c_int),
        ("coefficients", c_int),
        ("constants", c_int),
        ("width", c_int),
        ("integral", POINTER(Integral)),
        ("coefficient", POINTER(Coefficient)),
        ("constant", POINTER(Constant)),
        ("coordinates", c_void_p),
        ("of_cell", c_int),
        ("packed_constants", c_void_p),
        ("packed_coefficients", c_void_p),
        ("packed_coordinates", c_void_p),
        ("tensor", c_void_p),
    ]


class Block(Structure):
    """Unknowns of one function."""

    _fields_ = [("values", c_void_p), ("index", c_void_p), ("start", c_int), ("count", c_int)]


class Driven(Structure):
    """Values that go evenly in time."""

    _fields_ = [("target", c_void_p), ("start", c_void_p), ("change", c_void_p), ("count", c_int)]


class System(Structure):
    """M dy/dt = f(y) with an outflow."""

    _fields_ = [
        *((name, c_int) for name in ("size", "banded", "below", "above")),
        *((name, c_int) for name in ("blocks", "rates", "matrices", "masses", "slopes", "held")),
        ("block", POINTER(Block)),
        *((name, POINTER(Form)) for name in ("rate", "matrix", "mass", "slope", "outflow")),
        *(
            (name, c_void_p)
            for name in (
                "place",
                "held_rows",
                "shift",
                "entries",
                "pivots",
                "reach",
                "lower",
                "inverse",
                "scale",
            )
        ),
        *((name, c_void_p) for name in ("corner", "corner_pivots")),
        *((name, c_void_p) for name in ("mass_rows", "mass_columns", "mass_values")),
        ("mass_entries", c_int),
        *((name, c_void_p) for name in ("outflow_slope", "right", "work", "fixed_rows", "fixed_values")),
        ("fixed", c_int),
        ("counts", c_void_p),
        ("drives", c_int),
        ("driven", POINTER(Driven)),
    ]


_NUMBER, _WHOLE, _ADDRESS = c_double, c_int, c_void_p
SIGNATURES: dict[str, tuple[type | None, list[type]]] = {
    "integrate": (_NUMBER, [_ADDRESS]),
    "put": (None, [_ADDRESS, _ADDRESS]),
    "rate": (None, [_ADDRESS, _ADDRESS, _ADDRESS]),
    "drive": (None, [_ADDRESS, _NUMBER]),
    "outflow": (_NUMBER, [_ADDRESS, _ADDRESS]),
    "assemble_mass": (None, [_ADDRESS]),
    "multiply": (None, [_ADDRESS, _ADDRESS, _ADDRESS]),
    "prepare": (_WHOLE, [_ADDRESS, _ADDRESS, _NUMBER]),
    "solve": (None, [_ADDRESS, _ADDRESS, _ADDRESS]),
    "outflow_change": (_NUMBER, [_ADDRESS, _ADDRESS]),
    "rests": (_WHOLE, [_ADDRESS, _ADDRESS, _ADDRESS, _WHOLE]),
    "stages": (
        None,
        [
            *(_ADDRESS, _ADDRESS, _NUMBER, _NUMBER, _WHOLE, _WHOLE, _WHOLE),
            *(_ADDRESS, _ADDRESS, _ADDRESS, _ADDRESS, _NUMBER, _ADDRESS, _ADDRESS, _ADDRESS),
        ],
    ),
    "evaluate": (None, [_ADDRESS, _ADDRESS]),
}
"""Result and arguments of each function."""


def declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """The library, its functions' results and arguments known to ctypes."""
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
