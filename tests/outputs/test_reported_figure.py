"""Figure of results beside published ones: bars, numbers and marks are those that were given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from oxyshell.drawing.reported import ReportedSystem, reported_figure
from oxyshell.drawing.style import system_colours
from oxyshell.errors import OutputError

QUANTITIES = {"capacity": "Capacity (mA h/g)", "peak": "Peak stress (MPa)"}
SYSTEMS = (
    ReportedSystem("pristine", {"capacity": 53.0, "peak": 567.0}, {"capacity": 230.0}, frozenset({"peak"})),
    ReportedSystem("Ru-1", {"capacity": 225.0}, {"capacity": 261.0, "peak": 418.0}),
)

type Draw = Callable[[Sequence[ReportedSystem], Mapping[str, str]], Figure]


@pytest.fixture
def draw(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Draw:
    def drawn(systems: Sequence[ReportedSystem], quantities: Mapping[str, str]) -> Figure:
        seen: list[Figure] = []
        monkeypatch.setattr("oxyshell.drawing.reported.save", lambda figure, path: seen.append(figure))
        reported_figure(systems, quantities, tmp_path / "x.png")
        return seen[0]

    return drawn


def widths(axes: Axes) -> list[float]:
    return [bar.get_width() for bar in axes.patches if isinstance(bar, Rectangle)]


def test_bars_numbers_and_marks_are_the_values(draw: Draw) -> None:
    figure = draw(SYSTEMS, QUANTITIES)
    capacity, peak = figure.axes
    assert widths(capacity) == [53.0, 225.0]
    assert [float(text.get_text()) for text in capacity.texts if text.get_gid() is None] == [53.0, 225.0]
    assert [float(np.asarray(line.get_xdata())[0]) for line in capacity.lines] == [230.0, 261.0]
    assert [tick.get_text() for tick in capacity.get_yticklabels()] == ["pristine", "Ru-1"]
    # What a system does not have is left out, what was published of it is not.
    assert widths(peak) == [567.0]
    assert [float(np.asarray(line.get_xdata())[0]) for line in peak.lines] == [418.0]
    assert (capacity.get_xlabel(), peak.get_xlabel()) == tuple(QUANTITIES.values())


def test_a_number_stands_beside_a_mark_that_would_cover_it(draw: Draw) -> None:
    capacity, _ = draw(SYSTEMS, QUANTITIES).axes
    assert [text.xy for text in capacity.texts if isinstance(text, Annotation)][:2] == [(53.0, 0), (261.0, 1)]
    assert capacity.get_xlim()[1] > 1.2 * 261


def test_colours_tell_what_is_calibrated(draw: Draw) -> None:
    predicted, calibrated = system_colours(2)
    figure = draw(SYSTEMS, QUANTITIES)
    for axes, colour in zip(figure.axes, (predicted, calibrated), strict=True):
        assert axes.patches[0].get_facecolor()[:3] == pytest.approx(
            [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)], abs=1e-9
        )
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["predicted", "calibrated", "published"]


def test_what_is_imposed_has_a_colour_of_its_own(draw: Draw) -> None:
    imposed = ReportedSystem("NLMO", {"peak": 13.5}, imposed=frozenset({"peak"}))
    figure = draw([*SYSTEMS, imposed], QUANTITIES)
    colour = system_colours(3)[2]
    assert figure.axes[1].patches[-1].get_facecolor()[:3] == pytest.approx(
        [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)], abs=1e-9
    )
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()][2:] == ["imposed", "published"]


def test_more_quantities_than_fit_in_a_row(draw: Draw) -> None:
    many = {f"q{index}": f"Quantity {index}" for index in range(5)}
    figure = draw([ReportedSystem("one", dict.fromkeys(many, 0.0))], many)
    assert [axes.get_xlabel() for axes in figure.axes] == list(many.values())


def test_nothing_to_draw(tmp_path: Path) -> None:
    for systems, quantities in (((), QUANTITIES), (SYSTEMS, {})):
        with pytest.raises(OutputError, match="at least one system and one quantity"):
            reported_figure(systems, quantities, tmp_path / "x.png")
