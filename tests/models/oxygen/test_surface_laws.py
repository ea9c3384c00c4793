from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from oxyshell.models.oxygen.surface import SurfaceExchange, SurfaceModel
from oxyshell.models.oxygen.surface_laws.parts import Adsorption, Loading
from tests.surface_laws import (
    CARRIER,
    SEALED,
    SITE_DENSITY,
    barrier,
    closed_sink,
    fixed_surface,
    islands,
    open_surface,
    surface,
)

K = 3e-9
CONTENT = 7500.0
FILLINGS = np.linspace(0.0, 1.0, 7)


def adsorption(energy: float) -> Adsorption:
    return Adsorption.from_data({"energy": f"{energy} eV", "attempt_frequency": "1e13 1/s"})


FIRM = adsorption(-1.497).desorption(298.15)


def outward(law: SurfaceModel, filling: float) -> tuple[float, float]:
    """What goes into the sink and past it, as shares of what passes an open surface."""
    exchange = law.exchange
    held = filling * exchange.capacity
    captured, lost = exchange.captured(CONTENT, held), exchange.lost(CONTENT, held)
    return captured / (K * CONTENT), lost / (K * CONTENT)


# Laws without a sink.


def test_nothing_passes_a_sealed_surface() -> None:
    assert surface("sealed") == SurfaceModel(exchange=SurfaceExchange(), coverage=0.0)
    assert outward(SEALED, 0.3) == (0.0, 0.0)
    assert SEALED.exchange.desorbed(1.0) == 0.0


def test_all_that_reaches_an_open_surface_escapes() -> None:
    assert outward(open_surface(K), 0.0) == (0.0, 1.0)
    assert open_surface(K).coverage == 0.0


def test_a_biot_number_is_counted_in_diffusivity_over_radius() -> None:
    law = surface("open", transfer={"biot": 1000})
    assert law.exchange.escape == pytest.approx(1000 * 1.4e-18 / 150e-9, rel=1e-14)


def test_a_fixed_surface_is_held_and_has_no_flux_law() -> None:
    fixed = fixed_surface(2 * CONTENT)
    assert (fixed.exchange.holds, fixed.exchange.outside) == (True, 2 * CONTENT)
    assert outward(fixed, 0.0) == (0.0, 0.0)
    others = (SEALED, open_surface(K), islands(0.5, K), closed_sink(1, K))
    assert not any(law.exchange.holds for law in others)


@pytest.mark.parametrize(
    ("diffusivity", "share"),
    # δ/D against 1/k: as large, much larger (the barrier alone is left), negligible.
    [(2e-9 * K, 0.5), (2e-15 * K, 1e-6), (1e-9, 1.0)],
)
def test_a_barrier_is_a_resistance_in_series(diffusivity: float, share: float) -> None:
    captured, lost = outward(barrier(2e-9, diffusivity, K), 0.0)
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
    captured, lost = outward(islands(coverage, K, efficiency), filling)
    assert captured + lost == pytest.approx(1.0, rel=1e-14)
    assert captured == pytest.approx(coverage * efficiency * (1 - filling), rel=1e-14, abs=1e-16)


@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize("coverage", [0.5, 1.0])
def test_a_closed_coating_captures_until_it_is_full_and_lets_pass_where_it_does_not_cover(
    coverage: float, filling: float
) -> None:
    captured, lost = outward(closed_sink(1, K, coverage=coverage), filling)
    assert captured == pytest.approx(coverage * (1 - filling), rel=1e-14, abs=1e-16)
    assert lost == pytest.approx(1 - coverage, rel=1e-14)


@pytest.mark.parametrize("coverage", [0.25, 1.0])
def test_a_sink_holds_one_molecule_per_site_of_every_layer_that_it_covers(coverage: float) -> None:
    for layers, law in (
        (3, closed_sink(3, K, coverage=coverage)),
        (2, islands(coverage, K, layers=2)),
    ):
        assert law.exchange.capacity == pytest.approx(layers * SITE_DENSITY * coverage, rel=1e-15, abs=0)
        assert law.coverage == coverage


@pytest.mark.parametrize("law", [closed_sink(1, K), islands(0.1, K)], ids=["shell", "islands"])
def test_a_sink_desorbs_in_proportion_to_what_it_holds(law: SurfaceModel) -> None:
    # 1e13 exp(−1.497/0.0256926) = 4.96e-13 per second, of 8.41e-6 mol/m²: by hand, three digits.
    full = law.exchange.desorbed(SITE_DENSITY)
    assert full == pytest.approx(4.17e-18, rel=2e-3, abs=0)
    assert law.exchange.desorbed(SITE_DENSITY / 4) == pytest.approx(full / 4, rel=1e-14, abs=0)
    assert law.exchange.desorbed(0.0) == 0.0


@pytest.mark.parametrize(("energy", "rate"), [(-1.497, 5.0e-13), (-0.484, 6.6e4), (0.0, 1e13)])
def test_how_fast_o2_leaves_a_surface(energy: float, rate: float) -> None:
    # The brief gives two digits.
    assert adsorption(energy).desorption(298.15) == pytest.approx(rate, rel=0.01, abs=0)


def test_desorption_follows_arrhenius() -> None:
    cold, warm = (adsorption(-1.0).desorption(t) for t in (300.0, 330.0))
    # k_B in eV/K by the CODATA value, not by ours.
    assert math.log(warm / cold) == pytest.approx((1 / 300 - 1 / 330) / 8.617333262e-5, rel=1e-9)


# How much of the surface a measured mass covers.


@pytest.mark.parametrize(("height", "covered"), [(4, 0.25), (1, 1.0), (0.5, 1.0)])
def test_islands_of_a_height_cover_what_their_volume_is_enough_for(height: float, covered: float) -> None:
    # 4 % of the bare particle, of a shell that is twice as dense, on a plate of half thickness 50 nm: 1 nm.
    written = {
        "formula": "RuO2",
        "mass_fraction": 0.04 / 1.04,
        "density": "8 g/cm^3",
        "height": f"{height} nm",
    }
    loading, plate = Loading.from_data(written), replace(CARRIER, density=4000.0, volume_to_surface=50e-9)
    assert loading.mean_thickness(plate) == pytest.approx(1e-9, rel=1e-14, abs=0)
    assert loading.coverage(plate) == pytest.approx(covered, rel=1e-14)
