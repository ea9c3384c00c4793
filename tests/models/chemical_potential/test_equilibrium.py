from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from oxyshell.models.base.formula import NUMPY
from oxyshell.models.chemical_potential.equilibrium import Gap, gap, profile
from oxyshell.models.chemical_potential.solution import (
    CoherentInteraction,
    Interaction,
    NoInteraction,
    OpenCircuitInteraction,
    RegularInteraction,
)
from oxyshell.models.electrode.potentials.formula import FormulaCurve
from tests.electrode import THERMAL_VOLTAGE

# χ, binodal, spinodal, interface energy over √(κ c_s RT), tangent width over ℓ, length of the foot over ℓ:
# by high-precision quadrature, independent of this package.
TABLE = (
    (2.5, 0.14479410825606, 0.27639320225002, 0.13025768715453, 2.65298836761003, 0.57020407102134),
    (3.0, 0.07072018167994, 0.21132486540519, 0.28827186781800, 1.78871118014803, 0.32939789500690),
    (4.0, 0.02124798796137, 0.14644660940673, 0.55854694762056, 1.18486298081152, 0.15794617606151),
)
# From so far between the phases of χ = 3 to the other end, over ℓ; likewise.
WIDTHS = ((0.1, 1.8478250309093958), (0.05, 2.399422839952349), (0.01, 3.5382244171563118))


def phases(interaction: Interaction) -> Gap:
    found = gap(interaction)
    assert found is not None
    return found


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"chi {row[0]:g}")
def test_a_regular_solution_has_the_phases_and_the_front_of_the_table(row: tuple[float, ...]) -> None:
    chi, dilute, unstable, interface, width, foot = row
    found = phases(RegularInteraction(chi))
    numbers = (found.dilute, 1 - found.concentrated, found.unstable[0], 1 - found.unstable[1])
    # The slope of μ is a difference over 1e-6 of θ(1 − θ): its zero errs by 1e-10.
    np.testing.assert_allclose(numbers, (dilute, dilute, unstable, unstable), rtol=1e-9)
    np.testing.assert_allclose(
        (found.interface, found.width, found.tail), (interface, width, foot), rtol=1e-9
    )
    assert found.middle == pytest.approx(0.5, abs=1e-12)


@pytest.mark.parametrize("chi", [-5.0, 0.0, 1.9, 2.0])
def test_ions_that_attract_each_other_too_little_stay_uniform(chi: float) -> None:
    assert gap(RegularInteraction(chi)) is None
    assert gap(NoInteraction()) is None


@pytest.mark.parametrize("chi", [2.001, 2.05, 8.0, 20.0])
def test_phases_far_from_the_table_are_in_equilibrium(chi: float) -> None:
    found = phases(RegularInteraction(chi))
    # ln(θ/(1−θ)) + χ(1 − 2θ) = 0; near χ = 2 the equation is flat.
    mismatch = np.log(found.dilute / (1 - found.dilute)) + chi * (1 - 2 * found.dilute)
    # What round-off of 1 − θ makes of the logarithm at a binodal of 2e-9.
    assert abs(mismatch) < 1e-7
    spinodal = (1 - np.sqrt(1 - 2 / chi)) / 2
    assert found.unstable[0] == pytest.approx(spinodal, rel=1e-6)


def test_the_profile_of_a_front_has_its_tangent_and_its_feet() -> None:
    interaction = RegularInteraction(3.0)
    found = phases(interaction)
    shares = np.linspace(0.02, 0.98, 49)
    at = profile(interaction, found, found.dilute + shares * (found.concentrated - found.dilute))
    assert abs(at[24]) < 1e-15
    np.testing.assert_allclose(at, -at[::-1], atol=1e-10)
    # Around the middle a straight line over the width, its curvature being of third order.
    near = profile(interaction, found, np.array([found.middle - 1e-3, found.middle + 1e-3]))
    slope = 2e-3 / (near[1] - near[0])
    assert slope * found.width == pytest.approx(found.concentrated - found.dilute, rel=1e-5)
    for share, width in WIDTHS:
        at_ends = found.dilute + np.array([share, 1 - share]) * (found.concentrated - found.dilute)
        start, end = profile(interaction, found, at_ends)
        # The integrand grows towards the feet.
        assert end - start == pytest.approx(width, rel=1e-8)


def test_coherency_is_a_smaller_interaction() -> None:
    # Of a regular solution, B (θ − ⟨θ⟩)² takes B/c_s RT off χ but for terms that are linear in θ.
    free, bound = (
        phases(RegularInteraction(3.0)),
        phases(CoherentInteraction(interaction=RegularInteraction(3.5), stiffness=0.5)),
    )
    assert bound.dilute == pytest.approx(free.dilute, rel=1e-9)
    assert bound.interface == pytest.approx(free.interface, rel=1e-9)
    # χ_c = 2 + B/c_s RT.
    assert gap(CoherentInteraction(interaction=RegularInteraction(2.99), stiffness=1.0)) is None
    assert gap(CoherentInteraction(interaction=RegularInteraction(3.01), stiffness=1.0)) is not None


def open_circuit(chi: float, **changes: Any) -> OpenCircuitInteraction:
    """That of the potential of a regular solution."""
    voltage = f"3.2 - {THERMAL_VOLTAGE!r}*(log(x/(1 - x)) + {chi}*(1 - 2*x))"
    standard: dict[str, Any] = {"sites": 1.0, "exchangeable": 1.0, "voltage": THERMAL_VOLTAGE}
    return OpenCircuitInteraction(curve=FormulaCurve.parse(voltage), **standard | changes)


def test_an_open_circuit_potential_is_the_interaction_that_it_is_of() -> None:
    regular, read = RegularInteraction(3.0), open_circuit(3.0)
    theta = np.linspace(0.01, 0.99, 21)
    excess = read.potential(theta, NUMPY) - regular.potential(theta, NUMPY)
    np.testing.assert_allclose(excess, -3.2 / THERMAL_VOLTAGE, rtol=1e-12)
    np.testing.assert_allclose(phases(read).dilute, phases(regular).dilute, rtol=1e-8)
    np.testing.assert_allclose(phases(read).width, phases(regular).width, rtol=1e-8)
    # Half of the sites cannot be emptied: the same over the other half, and μ counts the whole lattice.
    half = open_circuit(3.0, exchangeable=0.5)
    x = np.array([0.2, 0.8])
    whole = 0.5 + x / 2
    of_half = half.potential(whole, NUMPY) + np.log(whole / (1 - whole))
    of_all = read.potential(x, NUMPY) + np.log(x / (1 - x))
    np.testing.assert_allclose(of_half, of_all, rtol=1e-12)


def test_the_energy_of_an_interaction_is_the_integral_of_its_potential() -> None:
    theta, step = np.linspace(0.05, 0.95, 7), 1e-4
    for interaction in (
        RegularInteraction(3.0),
        open_circuit(3.0),
        CoherentInteraction(interaction=RegularInteraction(3.0), stiffness=0.7),
    ):
        rise = interaction.energy(theta + step, NUMPY) - interaction.energy(theta - step, NUMPY)
        # By a central difference, to step² times the third derivative of the energy.
        np.testing.assert_allclose(
            rise / (2 * step), interaction.potential(theta, NUMPY), rtol=1e-6, atol=1e-6
        )
