from __future__ import annotations

import numpy as np
import pytest

from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.mechanics.elasticity import Confinement
from tests.models.ufl_values import number

MARGIN = 1e-2
SITES = 5e4


def outward(exchange: IonExchange, theta: float) -> float:
    return number(exchange.outward_flux({"occupancy": theta}, SITES))


CHARGE = IonExchange(extraction=3.0, margin=MARGIN)
DISCHARGE = IonExchange(insertion=3.0, margin=MARGIN)


@pytest.mark.parametrize("theta", [MARGIN, 0.5, 1.0])
def test_the_whole_current_flows_above_the_margin(theta: float) -> None:
    assert outward(CHARGE, theta) == 3.0


def test_nothing_leaves_an_empty_surface_and_below_zero_ions_come_back() -> None:
    assert outward(CHARGE, 0.0) == 0.0
    assert outward(CHARGE, -0.1 * MARGIN) < 0.0
    assert outward(CHARGE, 0.1 * MARGIN) > 0.0


def test_the_current_falls_with_two_continuous_derivatives() -> None:
    h = 1e-3 * MARGIN

    def differences(theta: float) -> tuple[float, float]:
        low, here, high = (outward(CHARGE, theta + s * h) / 3.0 for s in (-1, 0, 1))
        return (high - low) / (2 * h) * MARGIN, (high - 2 * here + low) / h**2 * MARGIN**2

    first, second = differences(MARGIN)
    # Of 1 − (1 − x)³ both vanish at x = 1; across it the quotients are h²/2 and h, in units of the margin.
    assert first == pytest.approx(0.0, abs=1e-6)
    assert second == pytest.approx(0.0, abs=1.1e-3)
    # The third jumps, from 6 to 0: just below, the second is −6 (1 − x).
    assert differences(0.9 * MARGIN)[1] == pytest.approx(-0.6, abs=1e-6)


@pytest.mark.parametrize("theta", [-0.001, 0.0, 0.003, 0.01, 0.5])
def test_insertion_is_extraction_mirrored(theta: float) -> None:
    assert outward(DISCHARGE, 1 - theta) == pytest.approx(-outward(CHARGE, theta), rel=1e-12, abs=1e-12)


def test_a_rest_exchanges_nothing() -> None:
    assert all(outward(IonExchange(), theta) == 0.0 for theta in np.linspace(0, 1, 5))


def test_a_hold_drives_the_surface_to_its_target() -> None:
    hold = IonExchange(transfer=2e-3, target=0.4)
    assert outward(hold, 0.4) == 0.0
    assert outward(hold, 0.5) == pytest.approx(2e-3 * SITES * 0.1)
    assert outward(hold, 0.3) == pytest.approx(-2e-3 * SITES * 0.1)


def test_confinement_pushes_back() -> None:
    assert Confinement(7.0).normal_traction(0.5) == -3.5
    assert Confinement().normal_traction(0.5) == 0.0
