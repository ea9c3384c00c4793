"""Laws of losses: limits, invariants, and what they do to the particle's model."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from oxyshell.errors import InputError, LayerError
from oxyshell.models.base.cycle_law import CycleLaw
from oxyshell.models.degradation import names
from oxyshell.models.degradation.from_scenario import law_of
from oxyshell.models.degradation.laws import reported
from tests.losses import after, law, left, with_losses

ROUND_OFF = 1e-12


def layer(growth: dict[str, Any], start: str = "1 nm", **others: Any) -> dict[str, Any]:
    return {"layer": {"start": start, "growth": growth, **others}}


GROWTH: dict[str, dict[str, Any]] = {
    "linear": {"law": "linear", "rate": "0.05 nm"},
    "parabolic": {"law": "parabolic", "rate": "0.8 nm^2"},
    "passivating": {"law": "passivating", "rate": "0.2 nm", "passivating_thickness": "4 nm"},
    "per_hour": {"law": "per_hour", "rate": "0.025 nm/h"},
}
TWO_HOURS = {"duration_s": 7200.0}


@pytest.mark.parametrize("name", GROWTH)
def test_without_what_drives_it_nothing_is_lost_to_the_last_bit(name: str) -> None:
    idle = {"kind": "number", "strength": 0}
    losses = layer(GROWTH[name], "3.6 nm", driver=idle) | {
        "area": {"rate": 0.1, "driver": idle},
        "voltage": {"rate": "1 mV", "driver": idle},
        "redox": {"share": 0.3, "loss": {"law": "exponential", "rate": 0}},
    }
    one = law(losses)
    numbers = after(one, 300, TWO_HOURS)
    assert numbers == one.start()
    assert one.retention(numbers) == 1.0
    assert one.active(numbers) == 1.0


@pytest.mark.parametrize("name", GROWTH)
def test_half_the_rate_in_twice_the_cycles_leaves_the_same(name: str) -> None:
    whole = GROWTH[name]
    number, unit = whole["rate"].split()
    half = {**whole, "rate": f"{float(number) / 2!r} {unit}"}
    found = [left(law(layer(growth)), cycles, TWO_HOURS) for growth, cycles in ((whole, 300), (half, 600))]
    # Linear and parabolic sums are exact; the sum of the passivating law is Euler's method, whose error is
    # half a step's change of the growth, k/(2 s*) of it at most.
    assert found[0] == pytest.approx(found[1], abs=1e-3 if name == "passivating" else ROUND_OFF)


@pytest.mark.parametrize("law_name", ["exponential", "accelerating"])
def test_half_the_rate_in_twice_the_cycles_leaves_the_same_redox(law_name: str) -> None:
    # Of the accelerating law, a quarter: it is a rate per cycle and cycle.
    slower = {"exponential": 2, "accelerating": 4}[law_name]
    found = [
        left(law({"redox": {"share": 1.0, "loss": {"law": law_name, "rate": rate}}}), cycles)
        for rate, cycles in ((0.002, 30), (0.002 / slower, 60))
    ]
    assert found[0] == pytest.approx(found[1], abs=ROUND_OFF)


def test_a_passivating_layer_is_linear_while_thin_and_parabolic_once_thick() -> None:
    thin = {"law": "passivating", "rate": "0.05 nm", "passivating_thickness": "10 um"}
    assert left(law(layer(thin)), 300) == pytest.approx(left(law(layer(GROWTH["linear"])), 300), abs=1e-3)
    # s²/2 + s s* = k s* N, so that s² grows by 2 k s* in a cycle where s is far above s*.
    thick = {"law": "passivating", "rate": "4 nm", "passivating_thickness": "0.1 nm"}
    parabola = {"law": "parabolic", "rate": "0.8 nm^2"}
    found, expected = (left(law(layer(growth)), 300) for growth in (thick, parabola))
    # s* over s, of the 16 nm by which it grows: 3 · 0.1/150.
    assert found == pytest.approx(expected, abs=2e-3)


def test_the_growth_of_the_layer_counts_on_all_of_the_surface() -> None:
    # Cracks open 1 % of the surface in every cycle: s = s0 + k (N + 0.01 N (N − 1)/2).
    losses = layer(GROWTH["linear"]) | {"area": {"rate": 0.01}}
    numbers = after(law(losses), 100)
    assert numbers[names.AREA] == pytest.approx(2.0, abs=ROUND_OFF)
    assert 1e9 * numbers[names.LAYER] == pytest.approx(1 + 0.05 * (100 + 0.01 * 100 * 99 / 2), abs=1e-9)


SPHERE, CYLINDER, PLATE = ({"shape": shape, "radius": "150 nm"} for shape in ("sphere", "cylinder", "plate"))
DISC, HEXAGON = ({"shape": shape, "radius": "150 nm", "thickness": "60 nm"} for shape in ("disc", "hexagon"))
# A hexagon of circumradius R is a round plate of its area, or a solid that a layer fills at its apothem.
EQUAL_AREA, APOTHEM = math.sqrt(1.5 * math.sqrt(3) / math.pi), math.sqrt(3) / 2


@pytest.mark.parametrize(
    ("particle", "radius", "power"),
    [
        (SPHERE, 150, 3),
        (CYLINDER, 150, 2),
        (PLATE, 150, 1),
        (DISC, 150, 2),
        (HEXAGON, 150 * EQUAL_AREA, 2),
        ({**HEXAGON, "dimension": 3}, 150 * APOTHEM, 2),
    ],
    ids=["sphere", "cylinder", "plate", "disc", "hexagon as a round plate", "hexagon"],
)
def test_a_layer_takes_its_share_of_the_shape(particle: dict[str, Any], radius: float, power: int) -> None:
    one = law(layer(GROWTH["linear"]), {"particle": particle})
    numbers = after(one, 300)
    share = (radius - 16) / (radius - 1)
    assert one.active(numbers) == pytest.approx(share**power, abs=ROUND_OFF)
    assert one.retention(numbers) == one.active(numbers)


@pytest.mark.parametrize(
    ("particle", "power"),
    [(SPHERE, 3), (CYLINDER, 2), (PLATE, 1), (DISC, 2)],
    ids=["sphere", "cylinder", "plate", "disc"],
)
def test_a_smaller_core_is_emptied_sooner_by_the_same_current_per_mass(
    particle: dict[str, Any], power: int
) -> None:
    scenario = with_losses(layer(GROWTH["linear"]), {"particle": particle})
    one = law_of(scenario, scenario.geometry())
    assert one is not None
    particle_made = scenario.model()
    made = replace(particle_made, exchange=particle_made.exchange.at_current(1e-6))
    numbers = after(one, 300)
    aged = one.aged(made, numbers)
    share = (150 - 16) / (150 - 1)
    assert aged.radius == made.radius
    assert aged.host.site_density == pytest.approx(made.host.site_density, rel=ROUND_OFF)
    # Times are as before, on a particle of the as-made size that stands for a smaller one.
    assert aged.exchange.set_flux == pytest.approx(made.exchange.set_flux / share**power, rel=ROUND_OFF)
    assert one.aged(made, one.start()) == made


def test_a_layer_that_reaches_the_centre_is_told() -> None:
    one = law(layer({"law": "linear", "rate": "1 nm"}))
    numbers = after(one, 148)
    assert one.active(numbers) == pytest.approx(1 / 149**3, rel=1e-6)
    with pytest.raises(LayerError, match=r"found a surface layer of 151 nm, expected less than the 150 nm"):
        after(one, 150)
    # An extrapolation over cycles may go beyond what a cycle leads to.
    with pytest.raises(LayerError):
        one.active({**numbers, names.LAYER: 151e-9})


ELECTRODE = {
    "open_circuit": {"formula": "4.4 - x"},
    "kinetics": {"law": "constant", "exchange_current": "1 A/m^2"},
}


@pytest.mark.parametrize("own", ["0 ohm m^2", "0.01 ohm m^2"])
def test_a_layer_with_a_resistivity_is_a_film_that_thickens(own: str) -> None:
    losses = layer(GROWTH["linear"], resistivity="1e7 ohm m")
    scenario = with_losses(losses, {"electrode": {**ELECTRODE, "film_resistance": own}})
    one = law_of(scenario, scenario.geometry())
    assert one is not None
    made: Any = scenario.model()
    aged = one.aged(made, after(one, 300))
    base = float(own.split()[0])
    faraday = 96485.33212
    assert made.exchange.film.resistance == pytest.approx((base + 1e7 * 1e-9) * faraday, rel=1e-9)
    # In units in which the core is as large as the particle was made, and so is its surface.
    share = (150 - 16) / (150 - 1)
    assert aged.exchange.film.resistance == pytest.approx((base + 1e7 * 16e-9) * faraday * share, rel=1e-9)
    assert type(aged.exchange.film) is type(made.exchange.film)


def test_of_the_first_cycle_what_drives_a_loss_holds_in_all() -> None:
    driver = {"kind": "column", "column": "first_principal_peak_MPa", "reference": 500, "cycle": "first"}
    one = law(layer(GROWTH["linear"], driver=driver) | {"voltage": {"rate": "1 mV", "driver": driver}})
    numbers = one.after(one.start(), {"first_principal_peak_MPa": 250.0}, 1)
    for number in range(2, 11):
        numbers = one.after(numbers, {"first_principal_peak_MPa": 100.0 * number}, number)
    assert 1e9 * numbers[names.LAYER] == pytest.approx(1 + 10 * 0.05 / 2, abs=1e-9)
    assert 1e3 * numbers[names.VOLTAGE] == pytest.approx(10 / 2, abs=1e-9)


def test_a_driver_of_each_cycle_follows_its_column() -> None:
    driver = {
        "kind": "column",
        "column": "first_principal_peak_MPa",
        "reference": 500,
        "power": 2,
        "factor": 0.5,
    }
    one = law(layer(GROWTH["linear"], driver=driver))
    numbers = one.start()
    for number, peak in enumerate((1000.0, 500.0, -1e-9), start=1):
        numbers = one.after(numbers, {"first_principal_peak_MPa": peak}, number)
    assert 1e9 * numbers[names.LAYER] == pytest.approx(1 + 0.05 * (2 + 0.5), abs=1e-9)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"cycle": 1.0, "block": "x"}, r"no numbers of 'first_principal_peak_MPa' in a cycle.*'cycle'$"),
        ({"first_principal_peak_MPa": "x"}, r"no numbers of 'first_principal_peak_MPa'"),
        ({"first_principal_peak_MPa": math.nan}, r"no number in the column"),
        ({"first_principal_peak_MPa": 1e300}, r"too large a number to drive a loss"),
    ],
)
def test_a_column_without_a_number_is_told(row: dict[str, float | str], message: str) -> None:
    driver = {"kind": "column", "column": "first_principal_peak_MPa", "reference": 500, "power": 2}
    one = law(layer(GROWTH["linear"], driver=driver))
    with pytest.raises(InputError, match=message):
        one.after(one.start(), row, 1)


def test_the_redox_is_whole_before_the_law_begins() -> None:
    loss = {"law": "exponential", "rate": 0.1, "from_cycle": 4, "start": 0.9}
    one = law({"redox": {"share": 0.4, "loss": loss}})
    found = [after(one, cycles)[names.REDOX] for cycles in range(5)]
    assert found == pytest.approx([1, 1, 1, 0.9, 0.9 * math.exp(-0.1)], abs=ROUND_OFF)
    assert left(one, 4) == pytest.approx(1 - 0.4 * (1 - found[4]), abs=ROUND_OFF)


def test_retention_refers_to_the_first_cycle_whatever_that_has_lost() -> None:
    loss = {"law": "exponential", "rate": 0.1, "start": 0.5}
    one = law({"redox": {"share": 0.4, "loss": loss}})
    assert one.retention(one.start()) == 1.0
    assert left(one, 1) == pytest.approx((1 - 0.4 * (1 - 0.5 * math.exp(-0.1))) / 0.8, abs=ROUND_OFF)


def test_losses_act_beside_each_other() -> None:
    parts = layer(GROWTH["linear"]), {"redox": {"share": 0.4, "loss": {"law": "exponential", "rate": 0.01}}}
    product = math.prod(left(law(part), 100) for part in parts)
    both = law({**parts[0], **parts[1]})
    assert left(both, 100) == pytest.approx(product, abs=ROUND_OFF)
    # The redox is no part of the particle that is simulated.
    assert both.active(after(both, 100)) == pytest.approx(left(law(parts[0]), 100), abs=ROUND_OFF)


def test_numbers_are_reported_in_the_units_of_their_columns() -> None:
    losses = layer(GROWTH["linear"]) | {"voltage": {"rate": "2 mV"}}
    one: CycleLaw = law(losses)
    assert reported(one, after(one, 10)) == pytest.approx(
        {
            "layer_thickness_nm": 1.5,
            "relative_area": 1.0,
            "voltage_fade_mV": 20.0,
            "redox_share": 1.0,
            "retention": (148.5 / 149) ** 3,
        }
    )
