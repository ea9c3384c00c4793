"""Outputs at which quantities of a run are drawn."""

from __future__ import annotations

import math

import numpy as np
import pint
import pytest

import oxyshell
from oxyshell.errors import InputError
from oxyshell.running.run_result import RunResult

QUICK = {"numerics.elements": {"bulk": 4}, "numerics.time_tolerance": 1e-2}


@pytest.fixture(scope="module")
def result() -> RunResult:
    return oxyshell.run(oxyshell.load("scenarios/lrmo-pristine.yaml").with_values(QUICK))


@pytest.mark.parametrize("place", ["5 h", pint.Quantity(5, "hour"), 0.4, np.float32(0.4), "0.4"])
def test_an_output_is_asked_for_by_time_or_by_content(place, result) -> None:
    (axes,) = result.plot("hoop", at=place).axes
    assert len(axes.lines) == 1


@pytest.mark.parametrize("place", [math.nan, "nan", math.inf, pint.Quantity(3, "kg"), "3 kg", "", [None]])
def test_what_names_no_output_is_refused(place, result) -> None:
    with pytest.raises(InputError, match="--at: found"):
        result.plot("hoop", at=place)
