"""Addresses of arrays that the compiled loop reads and writes."""

from __future__ import annotations

import ctypes

from oxyshell.solver.state import Array

_addressof, _at = ctypes.addressof, ctypes.c_char.from_buffer


def address_of(values: Array) -> int:
    """Where values are, for the length of a call; `values.ctypes` takes several times as long.

    Args:
        values: At least one number, contiguous, of double precision.

    Raises:
        TypeError: If they are not contiguous.
    """
    try:
        return _addressof(_at(values))
    except (TypeError, ValueError):
        # Only what can be written to gives its address in this way.
        if values.flags.c_contiguous:
            return int(values.ctypes.data)
        raise
