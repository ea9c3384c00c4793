from __future__ import annotations

import pytest

from oxyshell.presentation.numbers import directed, ordinal


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


def test_places_in_an_order_have_their_endings() -> None:
    numbers = (1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111)
    assert [ordinal(number) for number in numbers] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "103rd", "111th",
    ]  # fmt: skip
