"""Every figure of runs, at both widths of a page: legible, within its edges, nothing on anything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import oxyshell
from oxyshell.errors import InputError
from oxyshell.figure_format import ONE_COLUMN, TWO_COLUMNS, width_in_inches
from oxyshell.models import registry
from oxyshell.models.base.physics import LabelledRun
from oxyshell.outputs import Result
from oxyshell.running.asked import asked, figure_of
from tests.drawing.on_paper import faults
from tests.program import SCENARIOS

COARSE = {"numerics.time_tolerance": 1e-2}


@pytest.fixture(scope="module")
def runs() -> dict[str, LabelledRun]:
    names = ("lrmo-pristine", "lrmo-ru1", "lrmo-first-cycle", "nmc-core-shell")
    found = {}
    for name in names:
        scenario = oxyshell.load(SCENARIOS / f"{name}.yaml").with_values(COARSE)
        found[name] = LabelledRun(scenario.name, scenario, oxyshell.run(scenario))
    return found


PAIR, CYCLE, REGIONS = ("lrmo-pristine", "lrmo-ru1"), ("lrmo-first-cycle",), ("nmc-core-shell",)


@pytest.mark.parametrize(
    ("names", "width"),
    [
        (PAIR, TWO_COLUMNS),
        (CYCLE, ONE_COLUMN),
        *(
            pytest.param(*rest, marks=pytest.mark.long)
            for rest in (
                (PAIR, ONE_COLUMN), (CYCLE, TWO_COLUMNS), (REGIONS, ONE_COLUMN), (REGIONS, TWO_COLUMNS)
            )
        ),
    ],
)  # fmt: skip
def test_a_figure_can_be_printed(
    names: tuple[str, ...],
    width: float,
    runs: dict[str, LabelledRun],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: kept.append(figure))
    shown = [runs[name] for name in names]
    drawn = [figure for physics in registry.physics() for figure in physics.figures(shown)]
    for figure in drawn:
        figure.draw(tmp_path / f"{figure.name}.png", width)
    told = {figure.name: list(faults(one)) for figure, one in zip(drawn, kept, strict=True)}
    assert not {name: found for name, found in told.items() if found}
    assert all(one.get_size_inches()[0] == width for one in kept)


@pytest.fixture(scope="module")
def result(runs: dict[str, LabelledRun]) -> Result:
    found: Result = runs["lrmo-ru1"].result
    return found


@pytest.mark.parametrize("width", [TWO_COLUMNS, ONE_COLUMN])
def test_quantities_are_drawn_by_their_names(result: Result, width: float) -> None:
    figure = figure_of(result, ["stress", "occupancy", "hoop_peak", "time_step_s"], width=width)
    assert not list(faults(figure))
    assert [axes.get_xlabel() for axes in figure.axes[:3:2]] == ["Depth below the surface (nm)", "Time (h)"]
    ends = [np.asarray(line.get_ydata())[0] for line in figure.axes[0].get_lines()[:6]]
    stored = 1e-6 * result.profiles["first_principal_Pa"][:, -1]
    assert ends == pytest.approx(stored)


def test_profiles_are_drawn_at_the_output_nearest_to_a_content_or_a_time(result: Result) -> None:
    found = asked(result, "hoop", [0.41, "2 h"], "radius")
    assert found.told == (
        "At 0.41: the output at 5.06 h, 0.400 Li extracted.",
        "At 2 h: the output at 2.53 h, 0.200 Li extracted.",
    )
    (panel,) = found.panels
    assert (panel.x, found.names) == ("Distance from the centre (nm)", ("hoop_Pa",))
    assert [line.x[0] for line in panel.lines] == pytest.approx([150.0, 150.0])
    (course,) = asked(result, "first_principal_peak_MPa", over="content").panels
    assert course.lines[0].x == pytest.approx(result.history["extracted_per_formula"])


@pytest.mark.parametrize(
    ("what", "at", "over", "told"),
    [
        ("strss", (), "", "no quantity 'strss', expected 'stress'"),
        ("stress", ("2 parsecs",), "", "'2 parsecs'"),
        ("hoop_peak", (0.5,), "", "its whole course is drawn"),
        ("stress", (), "time", "expected one of 'depth' and 'radius'"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused(
    what: str, at: tuple[Any, ...], over: str, told: str, result: Result
) -> None:
    with pytest.raises(InputError, match=told):
        asked(result, what, at, over)


def test_widths_are_read_with_their_units() -> None:
    assert [width_in_inches(text) for text in ("3.4in", "86 mm", "17.78cm")] == pytest.approx(
        [3.4, 86 / 25.4, 7.0]
    )
    for wrong in ("3.4", "1 in", "2 m"):
        with pytest.raises(InputError, match="found the width"):
            width_in_inches(wrong)


@pytest.mark.parametrize("ending", ["pdf", "eps"])
def test_a_figure_that_a_script_saves_embeds_its_fonts_as_truetype(
    ending: str, runs: dict[str, LabelledRun], tmp_path: Path
) -> None:
    file = tmp_path / f"stress.{ending}"
    figure_of(runs["lrmo-ru1"].result, "stress").savefig(file)
    written = file.read_bytes()
    truetype, outlines = {
        "pdf": (b"/CIDFontType2", b"/Type3"),
        "eps": (b"/FontType 42", b"/FontType 3"),
    }[ending]
    assert truetype in written
    assert outlines not in written
