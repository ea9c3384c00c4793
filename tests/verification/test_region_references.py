"""Closed forms and finite volumes of particles with several regions, against each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.verification.closed_forms import SHAPES, Shape, misfit
from tests.verification.layered import Part, Slow, at_rest, edge_stresses, evenly_strained, pair
from tests.verification.peers.region_volumes import Course, Volumes, extrapolated

EDGE, CORE_STRAIN, SHELL_STRAIN = 195.5 / 200, -0.0075, -0.0060
RADIUS, SITES, TEMPERATURE = 150e-9, 1.2 / 20.11e-6, 298.15
LRMO = Part(
    edge=0.8, site_density=SITES, diffusivity=1.568e-19, young=170e9, poisson=0.3, volume=0.1 * 20.11e-6
)
# A charge of 1.0 Li per formula unit at 0.1 C of 250 mA/g, in D c_s/R and R²/D.
FLUX, DURATION = 0.8758588649945328, 0.317149016673493


def test_a_shell_with_its_own_moduli_has_the_printed_stresses() -> None:
    for young, poisson, printed in (
        (170e9, 0.3, (16.027, -348.259, -340.246)),
        (100e9, 0.25, (8.938, -194.217, -189.748)),
    ):
        parts = pair(replace(LRMO, edge=EDGE), young=young, poisson=poisson)
        (_, core), shell = edge_stresses(parts, 3, (CORE_STRAIN, SHELL_STRAIN))
        assert (core / 1e6, *np.array(shell) / 1e6) == pytest.approx(printed, abs=6e-4)


def test_equal_moduli_are_the_older_closed_form() -> None:
    exact = misfit(CORE_STRAIN, SHELL_STRAIN, EDGE, 1.0, 170e9, 0.3)
    (_, core), shell = edge_stresses(pair(replace(LRMO, edge=EDGE)), 3, (CORE_STRAIN, SHELL_STRAIN))
    assert core == pytest.approx(exact.core, rel=1e-10)
    assert shell == pytest.approx([exact.hoop_inside, exact.hoop_outside], rel=1e-10)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_equal_moduli_are_the_textbook_integrals(shape: Shape) -> None:
    parts, d, radius = pair(LRMO), shape.dimensions, np.array([0.8, 0.9, 1.0])
    inner, outer = 0.01, -0.02
    share = (0.8 / radius) ** d
    within = inner * share + outer * (1 - share)
    solution = evenly_strained(parts, d, (inner, outer))
    integral = outer * (radius**d - 0.8**d) / d
    radial, hoop = solution.stresses(1, radius, integral, np.full(3, outer))
    assert radial == pytest.approx(shape.radial(within[-1], within, outer) * LRMO.biaxial, rel=1e-9, abs=1.0)
    assert hoop == pytest.approx(shape.hoop(within[-1], within, outer) * LRMO.biaxial, rel=1e-9)


@pytest.mark.parametrize("dimensions", [3, 2, 1])
def test_a_body_of_three_regions_is_that_of_two_of_which_one_is_cut(dimensions: int) -> None:
    core, shell = pair(LRMO, young=85e9, poisson=0.25)
    three = (core, replace(shell, edge=0.9), shell)
    whole = edge_stresses((core, shell), dimensions, (0.01, -0.02))
    cut = edge_stresses(three, dimensions, (0.01, -0.02, -0.02))
    assert cut[0] == pytest.approx(whole[0], rel=1e-9)
    assert (cut[1][0], cut[2][1]) == pytest.approx(whole[1], rel=1e-9)
    assert cut[1][1] == pytest.approx(cut[2][0], rel=1e-9)


def test_finite_volumes_find_the_peak_of_a_step_layer() -> None:
    parts = pair(LRMO, site_density=SITES / 2)
    coarse, fine = (Volumes(parts, RADIUS, cells) for cells in ((20, 15), (40, 30)))
    peaks = [one.run([Course(FLUX, DURATION)], moments=1).tension / 1e6 for one in (coarse, fine)]
    # Another finite element solver: 947.590. What is left after extrapolation is 1e-6 of it.
    assert extrapolated(*peaks) == pytest.approx(947.59, abs=0.005)
    core, shell = fine.fields(fine.last, FLUX)
    assert (core.theta[-1], shell.theta[0]) == pytest.approx((0.2565, 0.0735), abs=1e-4)


@pytest.mark.parametrize(
    ("dimensions", "drift"), [(3, "lattice"), (3, "none"), (3, "dilute"), (2, "lattice"), (1, "lattice")]
)
def test_finite_volumes_come_to_rest_in_the_equilibrium_of_the_closed_form(
    dimensions: int, drift: str
) -> None:
    parts = pair(LRMO, site_density=SITES / 2, young=85e9, poisson=0.25, offset=-1.0, diffusivity=1e-18)
    solver = Volumes(parts, RADIUS, (10, 8), dimensions=dimensions, drift=drift)
    solver.run([Course(0.3 / dimensions, 1.0), Course(0.0, 30.0)], moments=1, tolerance=1e-6)
    core, shell = solver.fields(solver.last, 0.0)
    room = np.array([0.8**dimensions, (1 - 0.8**dimensions) / 2])
    # The current is 0.3 of the core's sites in the whole body per R²/D.
    extracted = 0.3 / (0.999 * room.sum())
    exact = at_rest(parts, dimensions, extracted, TEMPERATURE, drift)
    assert (core.theta[-1], shell.theta[0]) == pytest.approx(exact, abs=1e-6)
    potential = np.concatenate([core.potential, shell.potential])
    assert np.ptp(potential) < 1e-5


def test_finite_volumes_come_to_the_profile_of_slow_extraction() -> None:
    parts = pair(LRMO, site_density=SITES / 2, diffusivity=5e-19, resistance=1e12)
    slow = Slow(parts, RADIUS, rate=0.1 * LRMO.diffusivity / RADIUS**2)
    solvers = [Volumes(parts, RADIUS, cells, drift="none") for cells in ((10, 8), (20, 16))]
    flux = slow.flux * RADIUS / (LRMO.diffusivity * SITES)
    found = []
    for solver in solvers:
        solver.run([Course(flux, 6.0)], moments=1, tolerance=1e-8)
        core, shell = solver.fields(solver.last, flux)
        found.append(np.array([core.theta[0], core.theta[-1], shell.theta[0], shell.theta[-1]]))
    places, seen = np.array([0.0, 0.8, 0.8, 1.0]), np.array([False, False, True, True])
    exact = slow.occupancy(places, seen, extracted=0.6 / 0.999)
    assert found[1] + (found[1] - found[0]) / 3 == pytest.approx(exact, abs=2e-6)
    assert exact[1] - exact[2] == pytest.approx(slow.drop, rel=1e-12)
    assert slow.drop > 0.01
