"""Rows of a comparison as a terminal shows them."""

from __future__ import annotations

import pytest

from oxyshell.presentation.document import lines_of
from oxyshell.studies.comparison.comparison_result import ComparisonResult
from oxyshell.studies.comparison.report import render, signed
from tests.terminal import assert_fits


@pytest.mark.parametrize(
    ("percent", "text"),
    [(12.34, "+12.3 %"), (-3.65, "-3.6 %"), (0.04, "+0.0 %"), (-0.04, "+0.0 %"), (-0.06, "-0.1 %")],
)
def test_a_deviation_that_rounds_to_nothing_has_no_sign_of_its_own(percent: float, text: str) -> None:
    assert signed(percent) == text


@pytest.mark.slow
def test_the_reports_of_the_paper_fit_into_a_terminal(
    peak_stress: ComparisonResult, oxygen_retention: ComparisonResult
) -> None:
    for result in (peak_stress, oxygen_retention):
        assert_fits(render(result))
    told = "\n".join(lines_of(render(peak_stress), 80))
    # Of texts that are below their rows the heading stands above.
    assert "peak first principal  pristine  567.0 MPa" in told
    assert "\n  where and when\n──" in told
    assert "diffusivity × 0.8," in told
    unfolded = " ".join(told.split())
    assert "rate of the charge = 0.1 C" in unfolded
    assert "ion occupancy = 0.999" in unfolded
    assert "material." not in told
    assert "protocol." not in told
    assert "^" not in "\n".join(lines_of(render(oxygen_retention), 80))
