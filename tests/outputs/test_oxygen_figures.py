from __future__ import annotations

import dataclasses
import itertools

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import image as images
from matplotlib.collections import QuadMesh
from matplotlib.patches import Wedge

from oxyshell.drawing.history import LabelledHistory
from oxyshell.errors import OutputError
from oxyshell.models.oxygen.cut_figure import LabelledOxygen, oxygen_figure
from oxyshell.models.oxygen.release_figure import PublishedShares, release_figure
from oxyshell.outputs import Profiles
from tests.outputs.sample_run import ALL_COLUMNS, oxygen_profile, profile

TIMES = np.linspace(0.0, 50.0, 11)
CAPTURED = np.linspace(0.0, 0.2, 11)
FILLING = np.linspace(0.0, 1.0, 11) ** 2


def history(**columns):
    everything = {name: np.zeros(11) for name in ALL_COLUMNS}
    return everything | {
        "time_s": TIMES,
        "oxygen_in_lattice_mol": 3e-19 * (1.0 - 2.0 * CAPTURED),
        "oxygen_captured_mol": 3e-19 * CAPTURED,
        "oxygen_released_mol": 3e-19 * CAPTURED,
        "oxygen_retention": 1.0 - 2.0 * CAPTURED,
        "sink_filling": FILLING,
        **columns,
    }


def system(label, steps, coverage):
    profiles = Profiles.stack([oxygen_profile(step) for step in steps])
    return LabelledOxygen(label, profiles, history(), coverage)


SYSTEMS = [system("Pristine", (0, 2, 5), 0.0), system("Coated", (1, 4), 1.0)]
STATES = [oxygen_profile(step).oxygen_mol_m3 for step in (0, 2, 5, 1, 4)]


@pytest.fixture
def draw(monkeypatch, tmp_path):
    """Draw a figure and give it back, in place of its file."""

    def drawn(figure, systems, *others):
        seen = []
        monkeypatch.setattr(
            f"{figure.__module__}.save",
            lambda canvas, path: seen.append(canvas),
        )
        figure(systems, tmp_path / "x.png", *others)
        return seen[0]

    return drawn


def discs(figure):
    found = figure.findobj(images.AxesImage)
    return [image for image in found if image.get_array().shape[0] > 1 and image.axes.get_title()]


def bars(figure):
    return {mesh.axes.get_xlabel(): mesh for mesh in figure.findobj(QuadMesh)}


def panel(figure, label):
    (found,) = [axes for axes in figure.axes if axes.get_xlabel() == label]
    return found


def pieces(axes):
    return [patch for patch in axes.patches if isinstance(patch, Wedge)]


def test_each_disc_is_its_profile_on_one_scale_from_zero(draw):
    found = discs(draw(oxygen_figure, SYSTEMS))
    assert len(found) == 5
    for disc, values in zip(found, STATES, strict=True):
        pixels = disc.get_array()
        middle = len(pixels) // 2
        # The middle pixel lies half a pixel off the centre, the edge pixel on the surface, and the made-up
        # profile is r², sampled at 31 points: of its span, 2/(8·30²) = 3e-4.
        tolerance = 1e-3 * np.ptp(values) + 1e-9
        assert pixels[middle, middle] == pytest.approx(values[0], abs=tolerance)
        assert pixels[middle, -1] == pytest.approx(values[-1], abs=tolerance)
        assert disc.get_clim() == (0.0, np.max(STATES))


def test_a_disc_says_its_system_and_its_time(draw):
    figure = draw(oxygen_figure, SYSTEMS)
    axes = [disc.axes for disc in discs(figure)]
    times = ["t = 0 s", "t = 20 s", "t = 50 s", "t = 10 s", "t = 40 s"]
    assert [one.get_title() for one in axes] == times
    assert [one.get_ylabel() for one in axes] == ["Pristine", "", "", "Coated", ""]
    assert len(figure.axes) == len(axes) + 2 + 2, "two colour bars, two panels of lines and no empty ones"


def test_of_many_times_an_even_choice_is_drawn_with_first_and_last(draw):
    figure = draw(oxygen_figure, [system("Many", range(13), 0.0)])
    times = [f"t = {time}" for time in ("0 s", "20 s", "50 s", "70 s", "100 s", "2 min")]
    assert [disc.axes.get_title() for disc in discs(figure)] == times


@pytest.mark.parametrize(
    ("coverage", "count"), [(0.0, 0), (0.002, 1), (0.047, 5), (0.155, 18), (0.4, 24), (0.97, 24), (1.0, 1)]
)
def test_a_ring_covers_the_share_of_the_circumference_that_the_sink_covers(draw, coverage, count):
    for disc in discs(draw(oxygen_figure, [system("Coated", (0, 2), coverage)])):
        found = pieces(disc.axes)
        assert len(found) == count
        assert sum(piece.theta2 - piece.theta1 for piece in found) == pytest.approx(360.0 * coverage)
        ends = [(piece.theta1, piece.theta2) for piece in found]
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(ends)), "overlap"
        assert all(piece.r - piece.width > disc.get_extent()[1] for piece in found), "it hides the lattice"
        assert all(piece.r < disc.axes.get_xlim()[1] for piece in found), "it is cut off"


def test_a_ring_has_the_colour_of_the_filling_at_its_time(draw):
    figure = draw(oxygen_figure, [system("Coated", (0, 2, 5), 1.0)])
    bar = bars(figure)["Filling of the coating\n(thickness not to scale)"]
    # Times 0, 20 and 50 s are steps of the history, with fillings (t/50 s)².
    expected = [mpl.colors.to_hex(bar.cmap(filling)) for filling in (0.0, 0.16, 1.0)]
    rings = [pieces(disc.axes)[0] for disc in discs(figure)]
    assert [mpl.colors.to_hex(ring.get_facecolor()) for ring in rings] == expected
    assert len(set(expected)) == 3
    assert bar.axes.get_xlim() == (0.0, 1.0)


def test_between_steps_the_filling_is_interpolated():
    between = dataclasses.replace(SYSTEMS[1].profiles, times=np.array([2.5, 47.5]))
    filling = dataclasses.replace(SYSTEMS[1], profiles=between).filling()
    np.testing.assert_allclose(filling, [(0.0 + 0.01) / 2, (0.81 + 1.0) / 2], rtol=1e-12)


@pytest.mark.parametrize(("systems", "count"), [(SYSTEMS, 2), (SYSTEMS[:1], 1)])
def test_a_scale_of_the_coating_is_drawn_where_there_is_one(draw, systems, count):
    figure = draw(oxygen_figure, systems)
    labels = ["Mobile O₂ in the lattice\n(mol/m³)", "Filling of the coating\n(thickness not to scale)"]
    assert list(bars(figure)) == labels[:count]
    assert bars(figure)[labels[0]].cmap == discs(figure)[0].cmap
    assert bars(figure)[labels[0]].axes.get_xlim() == discs(figure)[0].get_clim()


def test_lines_are_the_last_profiles_and_what_is_kept_and_captured(draw):
    figure = draw(oxygen_figure, SYSTEMS)
    along_radius, over_time = panel(figure, "r/R"), panel(figure, "Time (s)")
    assert [line.get_label() for line in along_radius.get_lines()] == [
        "Pristine, t = 50 s",
        "Coated, t = 40 s",
    ]
    for line, values in zip(along_radius.get_lines(), (STATES[2], STATES[4]), strict=True):
        np.testing.assert_allclose(line.get_xdata(), np.linspace(0.0, 1.0, 31), atol=1e-12)
        np.testing.assert_array_equal(line.get_ydata(), values)
    assert along_radius.get_ylim()[1] > np.max(STATES)
    # Nothing was captured where there is no sink, so there is no line either.
    expected = [1.0 - 2.0 * CAPTURED, 1.0 - 2.0 * CAPTURED, CAPTURED]
    for line, values in zip(over_time.get_lines(), expected, strict=True):
        np.testing.assert_allclose(line.get_xdata(), TIMES)
        np.testing.assert_allclose(line.get_ydata(), values, atol=1e-12)


def test_lines_that_coincide_are_all_seen(draw):
    figure = draw(oxygen_figure, [SYSTEMS[0]] * 4)
    widths = [line.get_linewidth() for line in panel(figure, "r/R").get_lines()]
    assert all(wide > 1.3 * narrow for wide, narrow in itertools.pairwise(widths))


def test_before_there_is_oxygen_no_share_is_captured(draw):
    none_yet = np.where(TIMES < 25.0, 0.0, 1e-19)
    amounts = dict.fromkeys(("oxygen_in_lattice_mol", "oxygen_captured_mol", "oxygen_released_mol"), none_yet)
    late = dataclasses.replace(SYSTEMS[1], history=history(**amounts))
    _, captured = panel(draw(oxygen_figure, [late]), "Time (s)").get_lines()
    np.testing.assert_allclose(captured.get_ydata(), np.where(TIMES < 25.0, np.nan, 1.0 / 3.0))


def test_a_particle_that_has_lost_all_can_be_drawn(draw):
    nothing = dataclasses.replace(SYSTEMS[0].profiles, by_name={"oxygen_mol_m3": np.zeros((3, 31))})
    for disc in discs(draw(oxygen_figure, [dataclasses.replace(SYSTEMS[0], profiles=nothing)])):
        assert disc.get_clim() == (0.0, 1.0)
        assert np.all(disc.get_array() == 0.0)


RATE = np.linspace(0.0, 2.0, 11)
EXTRACTED = np.linspace(0.0, 1.0, 11)


def released(label, ion="Li", **columns):
    usual = {"oxygen_release_umol_g_min": RATE, "extracted_per_formula": EXTRACTED}
    return LabelledHistory(label, history(**(usual | columns)), ion)


SHARES = PublishedShares((4.4, 4.8), {"Coated": (3.9, 16.0), "Other": (8.0, 23.1)}, "somebody 2025")


def test_release_is_drawn_over_time_and_over_what_is_extracted(draw):
    double = released("Coated", "Na", oxygen_release_umol_g_min=2.0 * RATE)
    figure = draw(release_figure, [released("Pristine"), double])
    assert len(figure.axes) == 2
    for label, along in {"Time (s)": TIMES, "Li/Na extracted per formula unit": EXTRACTED}.items():
        axes = panel(figure, label)
        assert axes.get_ylabel() == "O₂ release rate (µmol/(g min))"
        assert axes.get_ylim()[1] > 4.0
        assert axes.get_title(loc="left") == ""
        for line, values in zip(axes.get_lines(), (RATE, 2.0 * RATE), strict=True):
            np.testing.assert_allclose(line.get_xdata(), along)
            np.testing.assert_array_equal(line.get_ydata(), values)


def test_without_current_there_is_nothing_extracted_to_draw_against(draw):
    figure = draw(release_figure, [released("Pristine", extracted_per_formula=np.full(11, 0.3))])
    assert [axes.get_xlabel() for axes in figure.axes] == ["Time (s)"]


def test_a_rate_that_begins_off_the_scale_is_said(draw):
    spike = np.concatenate([[4321.0], np.linspace(5.0, 1.0, 10)])
    (axes,) = draw(
        release_figure,
        [released("Open", oxygen_release_umol_g_min=spike, extracted_per_formula=np.zeros(11))],
    ).axes
    assert 5.0 < axes.get_ylim()[1] < 6.0
    assert axes.get_title(loc="left") == "begins off the scale, at 4321 µmol/(g min)"


def test_published_shares_are_drawn_beside_and_keep_the_colour_of_their_system(draw):
    figure = draw(release_figure, [released("Pristine"), released("Coated")], SHARES)
    axes = panel(figure, "Voltage against Li (V)")
    assert [bar.get_height() for bar in axes.patches] == [3.9, 16.0, 8.0, 23.1]
    assert [text.get_text() for text in axes.texts if text.get_gid() is None] == [
        "3.9",
        "16.0",
        "8.0",
        "23.1",
    ]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["4.4", "4.8"]
    assert axes.get_title(loc="left") == "published, somebody 2025"
    lines = [mpl.colors.to_hex(line.get_color()) for line in panel(figure, "Time (s)").get_lines()]
    bars = [mpl.colors.to_hex(bar.get_facecolor()) for bar in axes.patches]
    assert bars[:2] == [lines[1]] * 2
    assert bars[2] not in lines


def test_shares_without_their_voltage_are_refused():
    with pytest.raises(OutputError, match="Other has 1 published shares for 2 voltages"):
        PublishedShares((4.4, 4.8), {"Other": (8.0,)})


def test_nothing_to_draw_is_an_error_that_says_why(tmp_path):
    path = tmp_path / "x.png"
    without = Profiles.stack([profile(0)])
    dry = {name: values for name, values in history().items() if "oxygen" not in name and "sink" not in name}
    for systems, message in (
        ([], "at least one system"),
        ([dataclasses.replace(SYSTEMS[0], profiles=Profiles.stack([]))], "an output time in each"),
        ([SYSTEMS[0], dataclasses.replace(SYSTEMS[1], profiles=without)], "Coated was run without oxygen"),
        ([dataclasses.replace(SYSTEMS[0], history=dry)], "Pristine was run without oxygen"),
    ):
        with pytest.raises(OutputError, match=message):
            oxygen_figure(systems, path)
    for histories, message in (
        ([], "at least one system"),
        ([LabelledHistory("Dry", dry)], "Dry was run without oxygen"),
    ):
        with pytest.raises(OutputError, match=message):
            release_figure(histories, path)
    assert not path.exists()


def test_figures_become_png_files(tmp_path):
    oxygen_figure(SYSTEMS, tmp_path / "figures" / "oxygen.png")
    release_figure([released("Pristine")], tmp_path / "figures" / "release.png", SHARES)
    for name in ("oxygen", "release"):
        pixels = images.imread(tmp_path / "figures" / f"{name}.png")
        assert min(pixels.shape[:2]) > 500
        assert 0.05 < np.mean(np.any(pixels[..., :3] < 0.98, axis=2)) < 0.9, "about that much is not white"
