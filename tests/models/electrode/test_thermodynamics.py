"""The slope of a potential beside steep fronts of the occupancy."""

from __future__ import annotations

import numpy as np
import pytest

import oxyshell
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.electrode.thermodynamics import OpenCircuitSlope
from oxyshell.scenario.loading import loads
from tests.electrode import THERMAL_VOLTAGE, ideal_curve, scenario_file

TWO = "msmr: [{potential: 4.2 V, share: 0.5, width: 1.0}, {potential: 3.7 V, share: 0.5, width: 1.0}]"


def test_beyond_full_and_empty_the_slope_is_that_of_the_edge() -> None:
    slope = OpenCircuitSlope(ideal_curve(), 1.2, 1.0, THERMAL_VOLTAGE)
    least = 0.2 / 1.2
    theta = np.array([least - 1e-3, least + 1e-9 / 1.2, 1 - 1e-9 / 1.2, 1 + 1e-3])
    found = np.asarray(slope.value(theta, NUMPY))
    assert np.isfinite(found).all()
    assert found[0] == pytest.approx(found[1], rel=1e-6)
    assert found[3] == pytest.approx(found[2], rel=1e-6)
    assert np.isfinite(slope.factor(theta, NUMPY)).all()


@pytest.mark.parametrize("meaning", ["chemical", "jump"])
def test_a_front_from_full_to_half_full(meaning: str) -> None:
    # The polynomials of the outermost element swing above 1, where the potential is no number.
    section = (
        f"{{open_circuit: {{{TWO}}}, kinetics: {{law: constant, exchange_current: 1 A/m^2}}, "
        f"thermodynamic_factor: {meaning}}}"
    )
    text = scenario_file("front", section, "[hold at 4.0 V for 100 s]", diffusivity="1.568e-17 m^2/s")
    found = oxyshell.run(loads(text))
    assert found.summary["protocol"][0]["ended_by"] == "time"
    assert found.history["surface_occupancy"][-1] == pytest.approx(0.5, abs=1e-3)
