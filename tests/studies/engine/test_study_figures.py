"""Figures of a quantity over a parameter: words on the axes, names of lines, scales."""

from __future__ import annotations

import itertools

import pytest

from oxyshell.studies.engine.study_figures import figure
from oxyshell.studies.engine.tables import Column

PEAK = "stress.first_principal.peak_MPa"
GRID = list(itertools.product([1e-19, 2e-19, 4e-19], [0.1, 0.5]))
CHARGES = (
    Column("material.diffusivity", "m^2/s", [diffusivity for diffusivity, _ in GRID]),
    Column("protocol.0.charge.rate", "C", [rate for _, rate in GRID]),
    Column(PEAK, "MPa", [300.0 + 100.0 * rate - 1e20 * diffusivity for diffusivity, rate in GRID]),
)
POINTS = (
    Column("material.diffusivity", "m^2/s", [1e-20 * 1.6**index for index in range(12)]),
    Column("shell.thickness", "nm", [1.0 + 5.0 * index for index in range(12)]),
    Column("max of history.surface_hoop_MPa", "MPa", [100.0 + index for index in range(12)]),
)
SPREAD = (
    Column("shell.thickness", "nm", [1.0, 3.0, 10.0, 50.0]),
    Column(PEAK, "MPa", [400.0, 380.0, 350.0, 300.0]),
)


def test_axes_have_words_units_and_capitals() -> None:
    (axes,) = figure(CHARGES[0], CHARGES[2], CHARGES[:2]).axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == (
        "Diffusivity (m²/s)",
        "Peak first principal stress (MPa)",
    )
    assert axes.get_title("left") == "Lines: rate of the charge"
    assert [text.get_text() for text in axes.texts] == ["0.1 C", "0.5 C"]


def test_two_parameters_of_the_same_words_keep_their_paths() -> None:
    other = Column("protocol.2.charge.rate", "C", CHARGES[1].values)
    (axes,) = figure(CHARGES[1], CHARGES[2], (CHARGES[1], other)).axes
    assert axes.get_xlabel() == "protocol.0.charge.rate (C)"


@pytest.mark.parametrize("width", [7.0, 3.4])
def test_a_figure_is_as_wide_as_asked(width: float) -> None:
    assert figure(*SPREAD, SPREAD[:1], width).get_size_inches()[0] == width


def test_a_logarithmic_axis_of_usual_numbers_needs_no_powers_of_ten() -> None:
    (axes,) = figure(*SPREAD, SPREAD[:1]).axes
    assert axes.get_xscale() == "log"
    assert {"1", "2", "5", "10", "20", "50"} <= {text.get_text() for text in axes.get_xticklabels()}
