"""Stresses in the table of results of a run."""

from __future__ import annotations

import pytest

from oxyshell.models.mechanics.observables import MEASURES
from oxyshell.models.mechanics.physics import Mechanics


def summary(megapascal: float) -> dict[str, dict[str, dict[str, float]]]:
    peak = {"peak_MPa": megapascal, "depth_nm": 4.5, "extracted_per_formula": 0.5, "time_s": 3600.0}
    return {"stress": dict.fromkeys(MEASURES, peak)}


@pytest.mark.parametrize(
    ("megapascal", "value", "place"),
    [
        (402.85, "402.9 MPa", "4.5 nm deep"),
        (2e-6, "2e-06 MPa", "4.5 nm deep"),
        (8.7e-12, "0 MPa", "at all times"),
        (-8.7e-12, "0 MPa", "at all times"),
    ],
)
def test_round_off_is_no_stress(megapascal: float, value: str, place: str) -> None:
    found = list(Mechanics().findings(summary(megapascal)))
    assert len(found) == len(MEASURES)
    assert {one.value for one in found} == {value}
    assert all(one.circumstances.startswith(place) for one in found)
