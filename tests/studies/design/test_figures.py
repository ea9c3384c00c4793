"""The picture of a Pareto front."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from oxyshell.drawing.text import find_letters
from oxyshell.studies.design.designs import Designs
from oxyshell.studies.design.figures import draw_front
from oxyshell.studies.design.verdict import Measure
from oxyshell.studies.engine.tables import Column

NAME = "NMC811 under 20 nm of NMC111, as it was measured and published"
"""As long as a name that is drawn may be."""
MATERIALS = ("NMC111", "LRMO-pristine-single-crystal", "LiNbO3 coating", "NMC622")


def found(objectives: int) -> Designs:
    measures = tuple(Measure(f"objective {index}", "MPa", 1.0) for index in range(objectives))
    front = range(len(MATERIALS))
    return Designs(
        name="Fronts",
        measures=measures,
        variables=("shell.from", "shell.thickness"),
        values=tuple({"shell.from": material} for material in MATERIALS),
        objectives=np.array([[float(index + column) for column in range(objectives)] for index in front]),
        front=tuple(front),
        reference=(NAME, {}, tuple([2.0] * objectives)),
        winner=1,
        best=1,
        verdict="",
        checked=(),
        check={},
        failed=(),
        remarks=(),
        runs=0,
        path=None,
    )


@pytest.mark.parametrize("objectives", [2, 3])
def test_a_legend_is_as_wide_as_the_picture_at_most(
    objectives: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[Figure] = []
    monkeypatch.setattr("oxyshell.studies.design.figures.save", lambda figure, path: seen.append(figure))
    variables = (Column("material", "1", MATERIALS), Column("thickness", "nm", [5.0, 10.0, 20.0, 40.0]))
    draw_front(found(objectives), variables, tmp_path / "front.png")
    (figure,) = seen
    find_letters(figure)
    figure.canvas.draw()
    (legend,) = figure.legends
    drawn, page = legend.get_window_extent(), figure.bbox
    assert len(legend.get_texts()) == 7
    assert page.x0 <= drawn.x0 < drawn.x1 <= page.x1
    assert page.y0 <= drawn.y0 < drawn.y1 <= page.y1
    # And leaves room for the panels.
    assert figure.axes[0].get_window_extent().height > 0.4 * page.height
