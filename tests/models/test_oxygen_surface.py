from __future__ import annotations

import math

import numpy as np
import pytest

from oxyshell.models.oxygen.surface import (
    ELECTRON_VOLT,
    Adsorption,
    Barrier,
    ConformalSink,
    Fixed,
    Islands,
    Loading,
    Open,
    Sealed,
    SurfaceExchange,
    SurfaceLaw,
)

K = 3e-9
CONTENT = 7500.0
SITES = 8.41e-6
FIRM = Adsorption(energy=-1.497 * ELECTRON_VOLT, attempt_frequency=1e13, temperature=298.15)
FILLINGS = np.linspace(0.0, 1.0, 7)


def islands(coverage: float, efficiency: float = 1.0) -> Islands:
    return Islands(
        transfer=K, adsorption=FIRM, site_density=SITES, layers=2.0, coverage=coverage, efficiency=efficiency
    )


def shell(coverage: float = 1.0, layers: float = 1.0) -> ConformalSink:
    return ConformalSink(transfer=K, adsorption=FIRM, site_density=SITES, layers=layers, coverage=coverage)


def outward(law: SurfaceLaw, filling: float) -> tuple[float, float]:
    """What goes into the sink and past it, as shares of what passes an open surface."""
    exchange = law.exchange
    held = filling * exchange.capacity
    captured, lost = exchange.captured(CONTENT, held), exchange.lost(CONTENT, held)
    return captured / (K * CONTENT), lost / (K * CONTENT)


# Laws without a sink.


def test_nothing_passes_a_sealed_surface() -> None:
    assert Sealed().exchange == SurfaceExchange()
    assert outward(Sealed(), 0.3) == (0.0, 0.0)
    assert Sealed().exchange.desorbed(1.0) == 0.0


def test_all_that_reaches_an_open_surface_escapes() -> None:
    assert outward(Open(transfer=K), 0.0) == (0.0, 1.0)
    assert Open(transfer=K).coverage == 0.0


def test_a_fixed_surface_is_held_and_has_no_flux_law() -> None:
    fixed = Fixed(content=2 * CONTENT)
    assert (fixed.exchange.holds, fixed.exchange.outside) == (True, 2 * CONTENT)
    assert outward(fixed, 0.0) == (0.0, 0.0)
    assert not any(law.exchange.holds for law in (Sealed(), Open(transfer=K), islands(0.5), shell(1.0)))


@pytest.mark.parametrize(
    ("diffusivity", "share"),
    # δ/D against 1/k: as large, much larger (the barrier alone is left), negligible.
    [(2e-9 * K, 0.5), (2e-15 * K, 1e-6), (1.0, 1.0)],
)
def test_a_barrier_is_a_resistance_in_series(diffusivity: float, share: float) -> None:
    captured, lost = outward(Barrier(thickness=2e-9, diffusivity=diffusivity, transfer=K), 0.0)
    assert captured == 0.0
    # Where one resistance dwarfs the other, this is their ratio.
    assert lost == pytest.approx(share, rel=1e-6)


# Sinks.


@pytest.mark.parametrize("efficiency", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("coverage", [1e-3, 0.05, 1.0])
@pytest.mark.parametrize("filling", FILLINGS)
def test_islands_let_out_of_the_lattice_what_an_open_surface_does(
    coverage: float, efficiency: float, filling: float
) -> None:
    captured, lost = outward(islands(coverage, efficiency), filling)
    assert captured + lost == pytest.approx(1.0, rel=1e-14)
    assert captured == pytest.approx(coverage * efficiency * (1 - filling), rel=1e-14, abs=1e-16)


@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize("coverage", [0.5, 1.0])
def test_a_closed_shell_captures_until_it_is_full_and_lets_pass_where_it_does_not_cover(
    coverage: float, filling: float
) -> None:
    captured, lost = outward(shell(coverage), filling)
    assert captured == pytest.approx(coverage * (1 - filling), rel=1e-14, abs=1e-16)
    assert lost == pytest.approx(1 - coverage, rel=1e-14)


@pytest.mark.parametrize("coverage", [0.25, 1.0])
def test_a_sink_holds_one_molecule_per_site_of_every_layer_that_it_covers(coverage: float) -> None:
    assert shell(coverage, layers=3.0).exchange.capacity == pytest.approx(
        3 * SITES * coverage, rel=1e-15, abs=0
    )
    assert islands(coverage).exchange.capacity == pytest.approx(2 * SITES * coverage, rel=1e-15, abs=0)


@pytest.mark.parametrize("law", [shell(), islands(0.1)], ids=["shell", "islands"])
def test_a_sink_desorbs_in_proportion_to_what_it_holds(law: SurfaceLaw) -> None:
    # 1e13 exp(−1.497/0.0256926) = 4.96e-13 per second, of 8.41e-6 mol/m²: by hand, three digits.
    assert law.exchange.desorbed(SITES) == pytest.approx(4.17e-18, rel=2e-3, abs=0)
    assert law.exchange.desorbed(SITES / 4) == pytest.approx(
        law.exchange.desorbed(SITES) / 4, rel=1e-14, abs=0
    )
    assert law.exchange.desorbed(0.0) == 0.0


@pytest.mark.parametrize(("energy", "rate"), [(-1.497, 5.0e-13), (-0.484, 6.6e4), (0.0, 1e13)])
def test_how_fast_o2_leaves_a_surface(energy: float, rate: float) -> None:
    adsorption = Adsorption(energy=energy * ELECTRON_VOLT, attempt_frequency=1e13, temperature=298.15)
    # The brief gives two digits.
    assert adsorption.desorption == pytest.approx(rate, rel=0.01, abs=0)


def test_desorption_follows_arrhenius() -> None:
    cold, warm = (
        Adsorption(energy=-1.0 * ELECTRON_VOLT, attempt_frequency=1e13, temperature=t).desorption
        for t in (300.0, 330.0)
    )
    # k_B in eV/K by the CODATA value, not by ours.
    assert math.log(warm / cold) == pytest.approx((1 / 300 - 1 / 330) / 8.617333262e-5, rel=1e-9)


# How much of the surface a measured mass covers.

# 4 % of a shell that is twice as dense, on a plate of half thickness 50 nm: 1 nm.
LOADING = Loading(mass_fraction=0.04, shell_density=8000.0, particle_density=4000.0, volume_to_surface=50e-9)


@pytest.mark.parametrize(("height", "covered"), [(4e-9, 0.25), (1e-9, 1.0), (0.5e-9, 1.0)])
def test_islands_of_a_height_cover_what_their_volume_is_enough_for(height: float, covered: float) -> None:
    assert LOADING.mean_thickness == pytest.approx(1e-9, rel=1e-14, abs=0)
    assert LOADING.coverage(height) == pytest.approx(covered, rel=1e-14)
