"""Tests of the addresses that C gets."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest

from oxyshell.solver.compiled.memory import address_of


def test_c_finds_the_values_of_an_array() -> None:
    values = np.array([1.5, -2.5, 3.5])
    found = (ctypes.c_double * 2).from_address(address_of(values[1:]))
    assert list(found) == [-2.5, 3.5]


def test_values_with_gaps_between_them_are_refused() -> None:
    with pytest.raises(TypeError, match="contiguous"):
        address_of(np.zeros(6)[::2])
