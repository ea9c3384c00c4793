from __future__ import annotations

import pytest

from oxyshell.presentation.numbers import (
    directed,
    duration,
    exact_duration,
    ordinal,
    time_in_words,
    with_printed_units,
    with_unit,
)


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (0.3, "0.30 Li extracted"),
        (-0.123, "0.12 Li inserted"),
        (-0.001, "0.00 Li extracted"),
        (-0.0, "0.00 Li extracted"),
        (0.0, "0.00 Li extracted"),
    ],
)
def test_an_amount_has_its_direction_in_words(amount: float, told: str) -> None:
    assert directed(amount, 2, "Li") == told


def test_an_amount_without_a_unit_has_other_words() -> None:
    assert directed(-0.94, 1, "mA h/g", "taken out", "put in") == "0.9 mA h/g put in"
    assert directed(0.5, 3) == "0.500 extracted"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("1.568e-19 m^2/s", "1.568e-19 m²/s"),
        ("0.24 MPa m^0.5", "0.24 MPa √m"),
        ("0.5 um", "0.5 µm"),
        ("0 ohm m^2", "0 Ω m²"),
        ("20 umol/g, as uncertain as 1 mol/m^3", "20 µmol/g, as uncertain as 1 mol/m³"),
        ("1e-9 * (3 - 2*theta)", "1e-9 * (3 - 2*theta)"),
    ],
)
def test_units_of_files_are_printed_as_a_reader_knows_them(written: str, printed: str) -> None:
    assert with_printed_units(written) == printed


def test_times_have_the_unit_that_suits_or_the_one_that_is_shortest() -> None:
    assert [duration(one) for one in (0, 3e-20, 4.5e-6, 90, 180000)] == [
        "0 s", "3e-20 s", "4.5 µs", "90 s", "2.08 d"
    ]  # fmt: skip
    assert [exact_duration(one) for one in (90, 180000, 172800)] == ["90 s", "50 h", "2 d"]
    assert time_in_words(45509.3) == "t = 12.64 h"


def test_nothing_has_no_sign() -> None:
    assert with_unit(-0.0, "mA h/g") == "0 mA h/g"


def test_places_in_an_order_have_their_endings() -> None:
    numbers = (1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111)
    assert [ordinal(number) for number in numbers] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "103rd", "111th",
    ]  # fmt: skip
