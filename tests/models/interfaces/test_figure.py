"""The figure of interfaces: lines, labels and titles of one run and of several."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import oxyshell

# Imported before a test puts something else in the place of what they import.
import oxyshell.drawing.history
import oxyshell.drawing.profiles
from oxyshell.models.base.physics import LabelledRun
from oxyshell.models.interfaces.figure import interface_figure
from oxyshell.models.interfaces.observables import NORMAL
from oxyshell.scenario.loading import loads
from tests.models.interfaces.test_runs import TEXT

type Draw = Callable[..., Figure]


@pytest.fixture(scope="module")
def run() -> LabelledRun:
    """A core in two layers, out of which ions go and into which they come back, each past 0.4."""
    scenario = loads(TEXT).with_values({"output": {"at": {"extracted": [0.4]}}})
    return LabelledRun("One", scenario, oxyshell.run(scenario))


@pytest.fixture
def draw(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Draw:
    def drawn(*runs: LabelledRun) -> Figure:
        seen: list[Figure] = []
        monkeypatch.setattr("oxyshell.drawing.style.save", lambda figure, path: seen.append(figure))
        interface_figure(runs, tmp_path / "x.png")
        return seen[0]

    return drawn


def legend(found: Any) -> list[str]:
    return [text.get_text() for text in found.get_texts()]


def test_each_interface_of_a_run_has_a_line_that_is_dashed_on_the_way_back(
    run: LabelledRun, draw: Draw
) -> None:
    _, _, course = draw(run).axes
    assert legend(course.get_legend()) == ["core | inner", "inner | coat"]
    history = run.result.history
    out, back, *others = (line for line in course.get_lines() if np.size(line.get_xdata()) > 2)
    turned = int(np.argmax(history["extracted_per_formula"]))
    traction = history["bulk_inner_normal_traction_MPa"]
    np.testing.assert_array_equal(out.get_ydata(), traction[: turned + 1])
    np.testing.assert_array_equal(back.get_ydata(), traction[turned:])
    styles = [(line.get_linestyle(), line.get_color()) for line in (out, back, *others)]
    assert [style for style, _ in styles] == ["-", "--"] * 2
    colours = [colour for _, colour in styles]
    assert colours[0] == colours[1] != colours[2] == colours[3]


def test_curves_are_told_by_their_time_and_regions_by_their_names(run: LabelledRun, draw: Draw) -> None:
    figure = draw(run)
    content, hoop, _ = figure.axes
    told = legend(figure.legends[0])
    assert told[0] == "t = 0 s, 0 extracted"
    assert told[-1] == "dashed: ions go back in"
    # Twice 0.4: on the way out and back.
    amounts = [one.split(", ")[1] for one in told[1:-1]]
    assert amounts[:3] == [f"{amount} extracted" for amount in ("0.400", "0.500", "0.400")]
    assert len(set(told)) == 6
    for axes in (content, hoop):
        assert axes.get_title(loc="left").startswith("core | inner | coat\n")
        styles = [line.get_linestyle() for line in axes.get_lines() if np.size(line.get_xdata()) > 2]
        assert styles == ["-"] * 3 + ["--"] * 2


def test_of_several_runs_the_largest_tractions_are_drawn(run: LabelledRun, draw: Draw) -> None:
    figure = draw(run, LabelledRun("Two", run.scenario, run.result))
    *_, course = figure.axes
    assert course.get_title(loc="left").startswith("largest of all interfaces")
    (drawn,) = {
        tuple(np.asarray(line.get_ydata())) for line in course.get_lines() if line.get_linestyle() == "--"
    }
    np.testing.assert_array_equal(drawn, run.result.history[NORMAL][-len(drawn) :])
    assert legend(figure.legends[0]) == ["One", "Two", "dashed: ions go back in"]


def test_regions_that_differ_between_runs_are_named_in_the_legend(run: LabelledRun, draw: Draw) -> None:
    pairs = ("bulk|a", "bulk|b")
    each = [dict(one) for one in run.result.summary["interfaces"]["each"]]
    for one, between in zip(each, pairs, strict=True):
        one["between"] = between
    summary = {**run.result.summary, "interfaces": {"each": each}}
    other = SimpleNamespace(summary=summary, history=run.result.history, profiles=run.result.profiles)
    figure = draw(run, LabelledRun("Two", run.scenario, other))
    # Both lie on the core: there is no order of all three.
    assert legend(figure.legends[0])[:2] == ["One (core | inner | coat)", "Two (core | a, core | b)"]
    assert figure.axes[0].get_title(loc="left").startswith("at the last output time")
