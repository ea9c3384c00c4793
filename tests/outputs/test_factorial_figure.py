from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib import image as images

from oxyshell.drawing.factorial import FactorialCell, factorial_figure
from oxyshell.drawing.style import short
from oxyshell.errors import OutputError

SHELLS, LAYERS = ("none", "islands", "conformal"), ("without", "with")
QUANTITIES = {"kept": "O₂ retention", "peak": "Peak stress (MPa)"}
VALUES = {
    ("none", "without"): (0.14, 567.0),
    ("islands", "without"): (0.1402, 566.0),
    ("conformal", "without"): (0.976, 565.0),
    ("none", "with"): (0.152, 402.0),
    ("islands", "with"): (0.153, 401.0),
    ("conformal", "with"): (0.978, 400.0),
}
CELLS = [
    FactorialCell({"Shell": shell, "Layer": layer}, dict(zip(QUANTITIES, values, strict=True)))
    for (shell, layer), values in VALUES.items()
]


@pytest.fixture
def draw(monkeypatch, tmp_path):
    def drawn(cells, quantities):
        seen = []
        monkeypatch.setattr("oxyshell.drawing.factorial.save", lambda figure, path: seen.append(figure))
        factorial_figure(cells, quantities, tmp_path / "x.png")
        return seen[0]

    return drawn


@pytest.mark.parametrize("order", [range(6), (0, 3, 1, 4, 2, 5)], ids=["by layer", "by shell"])
def test_bars_and_their_labels_are_the_values_of_each_combination(draw, order):
    figure = draw([CELLS[index] for index in order], QUANTITIES)
    for index, (axes, label) in enumerate(zip(figure.axes, QUANTITIES.values(), strict=True)):
        expected = [VALUES[shell, layer][index] for layer in LAYERS for shell in SHELLS]
        assert [bar.get_height() for bar in axes.patches] == expected
        assert [float(text.get_text()) for text in axes.texts if text.get_gid() is None] == [
            float(f"{value:.3g}") for value in expected
        ]
        assert [tick.get_text() for tick in axes.get_xticklabels()] == list(SHELLS)
        assert (axes.get_xlabel(), axes.get_ylabel()) == ("Shell", label)
        # The bars of one shell stand together, without before with, and touch no other shell's.
        places = np.array([bar.get_x() + bar.get_width() / 2 for bar in axes.patches]).reshape(2, 3)
        np.testing.assert_array_equal(np.rint(places), [[0, 1, 2]] * 2)
        assert np.all(places[0] < places[1])
    (legend,) = figure.legends
    assert legend.get_title().get_text() == "Layer"
    assert [text.get_text() for text in legend.get_texts()] == list(LAYERS)


@pytest.mark.parametrize(("count", "grid"), [(1, (1, 1)), (4, (2, 2)), (5, (3, 2)), (8, (4, 2))])
def test_every_quantity_has_a_panel_and_there_are_no_empty_ones(draw, count, grid):
    names = [f"Number {index}" for index in range(count)]
    cells = [
        dataclasses.replace(cell, values=dict.fromkeys(names, float(index)))
        for index, cell in enumerate(CELLS)
    ]
    axes = draw(cells, {name: name for name in names}).axes
    assert [one.get_ylabel() for one in axes] == names
    assert axes[0].get_gridspec().get_geometry() == grid


def test_what_is_no_factorial_study_is_refused(tmp_path):
    other = FactorialCell({"Shell": "none", "Size": "small"}, CELLS[0].values)
    three = FactorialCell({"Shell": "none", "Layer": "with", "Size": "small"}, CELLS[0].values)
    for cells, quantities, message in (
        ([], QUANTITIES, "at least one cell and one quantity"),
        (CELLS, {}, "at least one cell and one quantity"),
        ([*CELLS, other], QUANTITIES, "same two factors in every cell; found Shell, Layer; Shell, Size"),
        ([three], QUANTITIES, "same two factors in every cell; found Shell, Layer, Size"),
        (CELLS[:5], QUANTITIES, "expected 6, found 5, 5 of them different"),
        ([*CELLS, CELLS[0]], QUANTITIES, "expected 6, found 7, 6 of them different"),
        ([*CELLS[:5], CELLS[0]], QUANTITIES, "expected 6, found 6, 5 of them different"),
        (CELLS, QUANTITIES | {"lost": "Lost"}, "The cell none, without has no lost"),
    ):
        with pytest.raises(OutputError, match=message):
            factorial_figure(cells, quantities, tmp_path / "x.png")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.14, "0.140"),
        (0.97849, "0.978"),
        (12.34, "12.3"),
        (567.05, "567"),
        (1529.4, "1529"),
        (0.0023, "0.0023"),
        (-402.4, "−402"),
        (5.67e7, "5.7e7"),
        (-5.67e-7, "−5.7e−7"),
        (3e-12, "3e−12"),
        (-4e-13, "0"),
    ],
)
def test_numbers_are_written_in_two_or_three_digits(value, text):
    assert short(value) == text


def test_the_figure_becomes_a_png_file(tmp_path):
    factorial_figure(CELLS, QUANTITIES, tmp_path / "figures" / "factorial.png")
    pixels = images.imread(tmp_path / "figures" / "factorial.png")
    assert min(pixels.shape[:2]) > 500
    assert 0.05 < np.mean(np.any(pixels[..., :3] < 0.98, axis=2)) < 0.9, "about that much is not white"
