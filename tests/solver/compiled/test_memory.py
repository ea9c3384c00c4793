from __future__ import annotations

import numpy as np
import pytest

from oxyshell.solver.compiled.memory import address_of


def test_an_address_is_where_the_first_number_is() -> None:
    values = np.arange(6.0)
    assert address_of(values) == values.ctypes.data
    assert address_of(values[2:]) == values.ctypes.data + 16


def test_what_may_only_be_read_has_one_too() -> None:
    values = np.arange(6.0)
    values.flags.writeable = False
    assert address_of(values) == values.ctypes.data


def test_what_lies_apart_is_refused() -> None:
    with pytest.raises((TypeError, ValueError)):
        address_of(np.arange(6.0)[::2])
