"""Rows of a comparison as a terminal shows them."""

from __future__ import annotations

import pytest

from oxyshell.studies.comparison.report import signed


@pytest.mark.parametrize(
    ("percent", "text"),
    [(12.34, "+12.3 %"), (-3.65, "-3.6 %"), (0.04, "+0.0 %"), (-0.04, "+0.0 %"), (-0.06, "-0.1 %")],
)
def test_a_deviation_that_rounds_to_nothing_has_no_sign_of_its_own(percent: float, text: str) -> None:
    assert signed(percent) == text
