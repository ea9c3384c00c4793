from __future__ import annotations

import pytest

from oxyshell.presentation.numbers import directed


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
