from __future__ import annotations

import numpy as np
import pytest
import ufl

from oxyshell.models.base.properties import Constant, FormulaProperty
from oxyshell.models.ions.transport import DiluteDrift, Drift, LatticeDrift, NoDrift, Transport
from tests.models.ufl_values import number


def flux(drift: Drift, theta: float, slope: float, work_slope: float) -> float:
    transport = Transport(diffusivity=FormulaProperty.parse("1 + theta", 2.0), drift=drift)
    vectors = (ufl.as_vector([slope, 0.0]), ufl.as_vector([work_slope, 0.0]))
    return number(transport.flux(theta, *vectors, 10.0, None)[0])


@pytest.mark.parametrize(
    ("drift", "mobility"), [(LatticeDrift(), 0.3 * 0.7), (DiluteDrift(), 0.3), (NoDrift(), 0.0)]
)
def test_flux(drift: Drift, mobility: float) -> None:
    expected = -2.0 * 1.3 * 10.0 * (0.5 - mobility * 4.0)
    assert flux(drift, 0.3, 0.5, 4.0) == pytest.approx(expected, rel=1e-14)


def test_ions_go_down_the_occupancy_and_up_the_stress_work() -> None:
    assert flux(LatticeDrift(), 0.3, 1.0, 0.0) < 0
    assert flux(LatticeDrift(), 0.3, 0.0, 1.0) > 0


@pytest.mark.parametrize("work_slope", [-1e3, 0.0, 7.0])
def test_without_drift_stress_does_not_matter(work_slope: float) -> None:
    assert flux(NoDrift(), 0.3, 0.5, work_slope) == flux(NoDrift(), 0.3, 0.5, 0.0)


@pytest.mark.parametrize("theta", [0.0, 1.0])
def test_stress_moves_nothing_on_an_empty_or_full_lattice(theta: float) -> None:
    assert flux(LatticeDrift(), theta, 0.0, 5.0) == 0.0


def test_equilibrium_of_the_chemical_potential_has_no_flux() -> None:
    # ln(θ/(1−θ)) − W = constant: the slope of θ is θ(1−θ) times the slope of W.
    transport = Transport(diffusivity=Constant(3.0), drift=LatticeDrift())
    theta, work_slope = 0.3, 2.0
    h = 1e-6
    level = np.log(theta / (1 - theta))
    neighbours = [1 / (1 + np.exp(-(level + s * work_slope * h))) for s in (1, -1)]
    slope = (neighbours[0] - neighbours[1]) / (2 * h)
    found = transport.flux(theta, ufl.as_vector([slope, 0.0]), ufl.as_vector([work_slope, 0.0]), 1.0, None)
    # The difference quotient errs by h² and round-off over h.
    assert number(found[0]) == pytest.approx(0.0, abs=1e-9)
