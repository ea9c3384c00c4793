"""Addresses of arrays that the compiled loop reads and writes."""

from __future__ import annotations

import ctypes

from oxyshell.solver.state import Array

_addressof, _at = ctypes.addressof, ctypes.c_char.from_buffer


def address_of(values: Array) -> int:
    """Where values are, for the length of a call; `values.ctypes` takes several times as long.

    Args:
        values: At least one number, contiguous, of double precision, and not read-only.
    """
    return _addressof(_at(values))
