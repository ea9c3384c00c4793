from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib import colors
from matplotlib import image as images

from oxyshell import drawing as figures
from oxyshell.drawing.comparison import PeakStress, comparison_figure
from oxyshell.drawing.history import LabelledHistory, StepEnd, history_figure
from oxyshell.drawing.particle import draw_particles, particle_figure, particle_height
from oxyshell.drawing.profiles import Edge, LabelledProfiles
from oxyshell.drawing.style import new_figure
from oxyshell.errors import OutputError
from oxyshell.outputs import Profiles
from tests.outputs.sample_run import COLUMNS, RADIUS, numbers, profile

VOLUME = 2e-5
LAYER = 4.5e-9
WINDOW = 3 * LAYER
SYSTEMS = [
    LabelledProfiles("Pristine", Profiles.stack([profile(step) for step in (1, 3)]), VOLUME),
    LabelledProfiles(
        "Coated", Profiles.stack([profile(step) for step in (2, 4, 6)]), VOLUME, edges=(Edge(LAYER),)
    ),
]


def drawn(systems):
    figure = new_figure(7.0, particle_height(systems, 7.0))
    draw_particles(figure, systems, 7.0)
    return figure


def with_images(figure, pixels_high):
    found = [a for a in figure.findobj(images.AxesImage) if (a.get_array().shape[0] == 1) != pixels_high]
    return [a for a in found if a.axes.get_label() != "<colorbar>"]


@pytest.fixture(scope="module")
def figure():
    return drawn(SYSTEMS)


@pytest.fixture(scope="module")
def discs(figure):
    return with_images(figure, pixels_high=True)


@pytest.fixture(scope="module")
def strips(figure):
    return with_images(figure, pixels_high=False)


STATES = [profile(step) for step in (1, 3, 2, 4, 6)]
CONTENTS = [VOLUME * state.concentration_mol_m3 for state in STATES]
STRESSES = [state.first_principal_Pa / 1e6 for state in STATES]


def test_each_disc_is_the_profile_turned_around_the_centre(discs):
    assert len(discs) == 10
    for disc, values in zip(discs, CONTENTS + STRESSES, strict=True):
        pixels = disc.get_array()
        middle = len(pixels) // 2
        span = np.ptp(values)
        # The middle pixel lies half a pixel off the centre and the edge pixel on the surface;
        # between them the made-up profile is r², sampled at 31 points: 1/(8·30²)·2 of its span.
        assert pixels[middle, middle] == pytest.approx(values[0], abs=1e-3 * span)
        assert pixels[middle, -1] == pytest.approx(values[-1], abs=1e-3 * span)
        np.testing.assert_allclose(pixels, pixels.T, atol=1e-9 * span)
        np.testing.assert_allclose(pixels, pixels[::-1], atol=1e-9 * span)


def test_discs_of_all_systems_share_one_scale_per_quantity(discs):
    limits = [disc.get_clim() for disc in discs]
    assert set(limits[:5]) == {(np.min(CONTENTS), np.max(CONTENTS))}
    assert set(limits[5:]) == {(-np.max(STRESSES), np.max(STRESSES))}
    assert (
        len({disc.get_cmap().name for disc in discs[:5]}) == len({d.get_cmap().name for d in discs[5:]}) == 1
    )


def test_a_disc_says_its_system_and_its_state_of_charge(discs):
    assert [disc.axes.get_title() for disc in discs[:5]] == [
        f"{time} s\n{extracted} Li\nextracted"
        for time, extracted in ((10, "0.10"), (30, "0.30"), (20, "0.20"), (40, "0.40"), (60, "0.60"))
    ]
    assert [disc.axes.get_ylabel() for disc in discs[:5]] == ["Pristine", "", "Coated", "", ""]


def test_a_strip_is_the_outermost_part_of_its_profile(discs, strips):
    assert len(strips) == 10
    for strip, disc, values in zip(strips, discs, CONTENTS + STRESSES, strict=True):
        (along_depth,) = strip.get_array()
        depth = np.linspace(0.0, WINDOW, len(along_depth))
        radius = STATES[0].radius_m
        np.testing.assert_allclose(along_depth, np.interp(RADIUS - depth, radius, values), rtol=1e-9)
        assert strip.get_clim() == disc.get_clim()


def test_bars_and_axes_have_labels_with_units():
    labels = {axes.get_ylabel() for axes in drawn(SYSTEMS).axes} | {
        a.get_xlabel() for a in drawn(SYSTEMS).axes
    }
    assert {"Li per formula unit", "First principal stress (MPa)", "Depth below the surface (nm)"} <= labels


def test_lines_over_depth_end_at_the_last_state(figure):
    panels = [axes for axes in figure.axes if axes.get_xlabel().startswith("Depth")]
    # Over the whole radius, and over three thicknesses of the layer.
    limits = [axes.get_xlim()[1] for axes in panels]
    np.testing.assert_allclose(limits, [150.0, 13.5, 150.0, 13.5], rtol=1e-12)
    lines = [axes.get_lines() for axes in panels]
    for panel, expected in zip(lines, (CONTENTS, CONTENTS, STRESSES, STRESSES), strict=True):
        named = {line.get_label(): line for line in panel if not line.get_label().startswith("_")}
        coated = "Coated:\n60 s, 0.60 extracted, earlier paler"
        assert list(named) == ["Pristine:\n30 s, 0.30 extracted, earlier paler", coated]
        assert named[coated].get_ydata()[0] == pytest.approx(expected[-1][-1])


def test_points_may_come_in_any_order(discs):
    last = SYSTEMS[1].profiles
    turned = Profiles(
        last.times,
        last.extracted,
        last.radius_m[::-1],
        last.depth_m[::-1],
        {name: values[:, ::-1] for name, values in last.items()},
    )
    again = with_images(
        drawn([SYSTEMS[0], dataclasses.replace(SYSTEMS[1], profiles=turned)]), pixels_high=True
    )
    for one, other in zip(discs, again, strict=True):
        np.testing.assert_array_equal(one.get_array(), other.get_array())


def test_of_many_states_an_even_choice_is_drawn_with_first_and_last():
    many = LabelledProfiles("Many", Profiles.stack([profile(step) for step in range(13)]), VOLUME, ion="Na")
    titles = [disc.axes.get_title() for disc in with_images(drawn([many]), pixels_high=True)]
    assert [title.partition("\n")[2] for title in titles[:6]] == [
        f"{extracted} Na extracted" for extracted in ("0.00", "0.20", "0.50", "0.70", "1.00", "1.20")
    ]


def test_a_particle_without_stress_can_be_drawn():
    zero = LabelledProfiles("As made", Profiles.stack([profile(0)]), VOLUME)
    content, stress = with_images(drawn([zero]), pixels_high=True)
    assert stress.get_clim() == (-1.0, 1.0)
    assert np.all(content.get_array() == VOLUME * 6e4)


def test_figures_become_png_files(tmp_path):
    history = {name: np.array([numbers(step)[name] for step in range(4)]) for name in COLUMNS}
    peaks = [
        PeakStress("Pristine", 567.0, 567.05, "calibrated"),
        PeakStress("Coated", 418.0, 402.4, "predicted"),
    ]
    particle_figure(SYSTEMS, tmp_path / "figures" / "particle.png")
    comparison_figure(SYSTEMS[:1], peaks, tmp_path / "figures" / "comparison.png")
    history_figure([LabelledHistory("Pristine", history)], tmp_path / "figures" / "history.png")
    for name in ("particle", "comparison", "history"):
        pixels = images.imread(tmp_path / "figures" / f"{name}.png")
        assert min(pixels.shape[:2]) > 500
        assert 0.05 < np.mean(np.any(pixels[..., :3] < 0.98, axis=2)) < 0.9, "about that much is not white"


def test_bars_say_published_computed_and_status(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr("oxyshell.drawing.comparison.save", lambda figure, path: seen.append(figure))
    comparison_figure(SYSTEMS[:1], [PeakStress("Coated", 400.0, 410.0, "predicted")], tmp_path / "x.png")
    (figure,) = seen
    (axes,) = [axes for axes in figure.axes if axes.get_xlabel().startswith("Peak")]
    assert [bar.get_width() for bar in axes.patches] == [400.0, 410.0]
    assert [text.get_text() for text in axes.texts] == [
        "400 published",
        "410 computed (predicted, +2.5%)",
        "(e)",
    ]


def test_history_lines_are_the_columns(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr("oxyshell.drawing.history.save", lambda figure, path: seen.append(figure))
    history = {name: np.array([numbers(step)[name] for step in range(4)]) for name in COLUMNS}
    history_figure([LabelledHistory("One", history)], tmp_path / "x.png")
    expected = [
        ["first_principal_peak_MPa", "von_mises_peak_MPa"],
        ["first_principal_depth_nm", "von_mises_depth_nm"],
        ["surface_occupancy", "mean_occupancy"],
    ]
    rows = np.array(seen[0].axes).reshape(3, 2).T
    labels = [[axes.get_xlabel() for axes in line] for line in rows]
    assert labels == [["", "", "Time (s)"], ["", "", "Li extracted per formula unit"]]
    for along, panels in zip(("time_s", "extracted_per_formula"), rows, strict=True):
        for axes, names in zip(panels, expected, strict=True):
            lines = axes.get_lines()
            np.testing.assert_array_equal([line.get_xdata() for line in lines], [history[along]] * 2)
            np.testing.assert_array_equal([line.get_ydata() for line in lines], [history[n] for n in names])


def test_nothing_to_draw_is_an_error(tmp_path):
    empty = LabelledProfiles("Empty", Profiles.stack([]), VOLUME)
    for systems in ([], [empty]):
        with pytest.raises(OutputError, match="at least one system"):
            particle_figure(systems, tmp_path / "x.png")
    with pytest.raises(OutputError, match="published"):
        comparison_figure(SYSTEMS, [], tmp_path / "x.png")
    with pytest.raises(OutputError, match="at least one system"):
        history_figure([], tmp_path / "x.png")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "figures").write_text("a file")
    history = LabelledHistory("One", {name: np.zeros(2) for name in COLUMNS})
    with pytest.raises(OutputError, match=f"Cannot use {tmp_path}/figures"):
        history_figure([history], tmp_path / "figures" / "history.png")


def test_figures_use_no_global_state():
    sources = Path(figures.__file__).parent.glob("*.py")
    found = {source.name for source in sources if re.search("pyplot|rcParams", source.read_text())}
    # It is what sees to the backend.
    assert found == {"_matplotlib.py"}


def test_the_depth_of_a_peak_that_is_not_there_yet_is_not_drawn(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr("oxyshell.drawing.history.save", lambda figure, path: seen.append(figure))
    history = {name: np.linspace(0.0, 1.0, 3) for name in COLUMNS}
    history |= {"von_mises_peak_MPa": np.array([1e-9, 4.0, 500.0]), "von_mises_depth_nm": np.full(3, 150.0)}
    history_figure([LabelledHistory("One", history)], tmp_path / "x.png")
    _, depth = (line.get_ydata() for line in seen[0].axes[2].get_lines()[:2])
    np.testing.assert_array_equal(depth, [np.nan, np.nan, 150.0])


def drawn_history(systems, monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr("oxyshell.drawing.history.save", lambda figure, path: seen.append(figure))
    history_figure(systems, tmp_path / "x.png")
    return seen[0]


def course(hours, extracted, **columns):
    steps = len(hours)
    moving = {name: np.linspace(1.0, 2.0, steps) for name in COLUMNS}
    return (
        moving | {"time_s": 3600.0 * np.array(hours), "extracted_per_formula": np.array(extracted)} | columns
    )


def test_where_nothing_moves_nothing_is_drawn(tmp_path, monkeypatch):
    noise = np.random.default_rng(1).normal(size=7)
    still = dict.fromkeys(COLUMNS, 0.999 + 1e-13 * noise) | {"time_s": np.linspace(0.0, 2400.0, 7)}
    still |= {name: 1e-9 * noise for name in COLUMNS if name.endswith("_MPa")}
    figure = drawn_history([LabelledHistory("Kept", still)], monkeypatch, tmp_path)
    assert [line for axes in figure.axes for line in axes.get_lines()] == []
    assert [axes.texts[0].get_text() for axes in figure.axes] == [
        "Peak stress (MPa): 0, unchanged from 0 to 40 min",
        "Depth of the peak (nm): no stress, so no peak",
        "Occupancy θ: 0.999, unchanged from 0 to 40 min",
    ]


def test_a_small_stress_that_is_one_is_drawn(tmp_path, monkeypatch):
    small = {name: np.linspace(0.0, 0.05, 5) for name in COLUMNS} | {"time_s": np.linspace(0.0, 60.0, 5)}
    figure = drawn_history([LabelledHistory("Soft", small)], monkeypatch, tmp_path)
    assert all(len(axes.get_lines()) == 2 for axes in figure.axes)


HOURS = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
CYCLE = course(HOURS, [0.0, 0.4, 0.8, 0.8, 0.5, 0.1])
STEPS = (StepEnd("charge", 7200.0), StepEnd("rest", 10800.0), StepEnd("discharge", 18000.0))


def test_steps_of_a_protocol_are_told_apart_and_meet(tmp_path, monkeypatch):
    figure = drawn_history([LabelledHistory("One", CYCLE, steps=STEPS)], monkeypatch, tmp_path)
    rows = np.array(figure.axes).reshape(3, 2).T
    assert [axes.get_xlabel() for axes in rows[:, 2]] == ["Time (h)", "Li extracted per formula unit"]
    for axes, column in ((rows[0, 2], "time_s"), (rows[1, 2], "extracted_per_formula")):
        surface = axes.get_lines()[0:6:2]
        assert len({line.get_color() for line in surface}) == 3
        scale = 3600.0 if column == "time_s" else 1.0
        ends = [(line.get_xdata()[0], line.get_xdata()[-1]) for line in surface]
        np.testing.assert_allclose(
            ends, [(CYCLE[column][i] / scale, CYCLE[column][j] / scale) for i, j in ((0, 2), (2, 3), (3, 5))]
        )
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "step 1: charge",
        "step 2: rest",
        "step 3: discharge",
    ]


def test_of_several_systems_earlier_steps_are_paler(tmp_path, monkeypatch):
    systems = [LabelledHistory(name, CYCLE, steps=STEPS) for name in ("One", "Two")]
    figure = drawn_history(systems, monkeypatch, tmp_path)
    lines = figure.axes[4].get_lines()[0:12:2]
    shade = [sum(colors.to_rgb(line.get_color())) for line in lines]
    assert shade[0] > shade[1] > shade[2]
    assert shade[3] > shade[4] > shade[5]
    assert [lines[2].get_color(), lines[5].get_color()] == ["#0072b2", "#d55e00"]


def test_many_cycles_have_a_colour_for_each_step(tmp_path, monkeypatch):
    ends = tuple(StepEnd("half", 3600.0 * hour) for hour in range(1, 21))
    many = LabelledHistory("Many", course(range(21), [0.5 * (hour % 2) for hour in range(21)]), steps=ends)
    figure = drawn_history([many], monkeypatch, tmp_path)
    assert len({line.get_color() for line in figure.axes[0].get_lines()[:40]}) == 20
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "step 1: half",
        "step 11: half",
        "step 20: half",
    ]


def test_a_step_that_ended_at_once_has_no_line_of_its_own(tmp_path, monkeypatch):
    ends = (StepEnd("charge", 7200.0), StepEnd("rest", 7200.0), StepEnd("discharge", 18000.0))
    figure = drawn_history([LabelledHistory("One", CYCLE, steps=ends)], monkeypatch, tmp_path)
    surface = figure.axes[4].get_lines()[0:6:2]
    assert [len(line.get_xdata()) for line in surface] == [3, 1, 4]


def test_hosts_of_other_molar_volumes_are_drawn_by_their_occupancy():
    states = Profiles.stack([profile(step) for step in (1, 3)])
    figure = drawn([LabelledProfiles("Core and shell", states, None, edges=(Edge(LAYER),))])
    contents = [axes for axes in figure.axes if "Li" in axes.get_ylabel()]
    assert {axes.get_ylabel() for axes in contents} == {"Occupancy of Li sites"}
    panel = next(axes for axes in contents if axes.get_xlabel().startswith("Depth"))
    first = [line.get_ydata()[0] for line in panel.get_lines() if len(line.get_ydata()) > 2]
    assert first == pytest.approx([occupancy[-1] for occupancy in states["occupancy"]])
