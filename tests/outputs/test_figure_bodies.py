"""Cuts show the body that was computed."""

from __future__ import annotations

import itertools
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.collections import LineCollection, TriMesh
from matplotlib.colors import Normalize
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from oxyshell.drawing.bodies import Look, Round, Slab, Solid, islands
from oxyshell.drawing.particle import draw_particles, particle_height
from oxyshell.drawing.profiles import Edge, LabelledProfiles
from oxyshell.drawing.scales import duration, length, time_unit, unchanged
from oxyshell.drawing.sections import section
from oxyshell.drawing.style import new_figure
from oxyshell.errors import OutputError
from oxyshell.outputs import FieldSnapshot, Profiles
from tests.outputs.sample_run import RADIUS, changed, fields, profile

HALF_AXES = np.array([2e-7, 3e-7, 1e-7])
LOOK = Look("occupancy", 1.0, "viridis", Normalize(0.0, 10.0))


def value(points):
    """A field that is neither round nor symmetric about x, y or z."""
    x, y, z = (points / 1e-7).T
    return 5.0 + x - 0.3 * x * z + 0.1 * z**2 + y


def quadratic(corners):
    """Positions of the ten nodes of tetrahedra, in VTK's order, from their corners (cells, 4, 3)."""
    pairs = [(0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3)]
    middles = [0.5 * (corners[:, a] + corners[:, b]) for a, b in pairs]
    return np.concatenate([corners, np.stack(middles, axis=1)], axis=1)


def ellipsoid(sides=(-1, 1)):
    """The eight cells of an octahedron, or some of them, with all nodes pushed out to an ellipsoid."""
    cells = np.array(
        [[[0, 0, 0], [a, 0, 0], [0, b, 0], [0, 0, c]] for a in sides for b in sides for c in sides],
        dtype=float,
    )
    points = quadratic(cells).reshape(-1, 3)
    size = np.abs(points).sum(axis=1, keepdims=True)
    radius = np.linalg.norm(points, axis=1, keepdims=True)
    points = HALF_AXES * points * size / np.maximum(radius, 1e-30)
    return snapshot(points, "tetra10", 10)


def half_disc(lowest=-1.0):
    """A triangle6 fan of a half ellipse r ≥ 0, with z upwards in y."""
    angles = np.linspace(-np.pi / 2 if lowest < 0 else 0.0, np.pi / 2, 9)
    centre = np.zeros(2)
    cells = []
    for one, other in itertools.pairwise(angles):
        rim = [np.array([2e-7 * np.cos(a), 1e-7 * np.sin(a)]) for a in (one, (one + other) / 2, other)]
        cells.append([centre, rim[0], rim[2], rim[0] / 2, rim[1], rim[2] / 2])
    points = np.concatenate(cells)
    return snapshot(np.column_stack([points, np.zeros(len(points))]), "triangle6", 6)


def snapshot(points, kind, per_cell):
    return FieldSnapshot(
        time_s=0.0,
        points=points,
        cells={kind: np.arange(len(points)).reshape(-1, per_cell)},
        point_data={"occupancy": value(points), "displacement_m": points},
        cell_data={},
    )


def area(cut):
    a, b, c = (cut.points[cut.triangles[:, corner]] for corner in range(3))
    return 0.5 * np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]).sum()


def test_a_section_of_a_solid_lies_in_its_x_z_plane() -> None:
    cut = section(ellipsoid())
    np.testing.assert_allclose(np.ptp(cut.points, axis=0), 2 * HALF_AXES[[0, 2]], rtol=1e-6)
    plane = np.column_stack([cut.points[:, 0], np.zeros(len(cut.points)), cut.points[:, 1]])
    # Quadratic cells are cut as linear ones of half their size: exact for the linear part, and of the rest
    # (0.3 x z and 0.1 z²) a quarter of a cell's second difference is left.
    np.testing.assert_allclose(cut.values["occupancy"], value(plane), atol=0.3)
    # Straight edges between sixteen points of an ellipse leave out 2.6 % of it.
    assert area(cut) == pytest.approx(np.pi * 2e-7 * 1e-7, rel=0.12)
    ends = cut.points[cut.outline]
    rim = np.hypot(ends[..., 0] / 2e-7, ends[..., 1] / 1e-7)
    np.testing.assert_allclose(rim, 1.0, atol=1e-3)


def test_a_section_of_a_solid_has_the_values_on_both_sides_of_an_interface() -> None:
    whole = ellipsoid()
    # The interface is the plane x = 0, between cells that have points of their own.
    right = whole.points.reshape(-1, 10, 3)[:, :, 0].max(axis=1) > 0
    jumping = {"occupancy": np.repeat(np.where(right, 2.0, 1.0), 10)}
    cut = section(replace(whole, point_data=jumping, cell_data={"region": right.astype(np.int32)}))
    at = np.abs(cut.points[:, 0]) < 1e-12
    assert set(cut.values["occupancy"][at]) == {1.0, 2.0}
    corners = cut.values["occupancy"][cut.triangles]
    assert (corners == corners[:, :1]).all()
    # What is outside is so still: the interface is no part of the outline.
    np.testing.assert_array_equal(len(cut.outline), len(section(whole).outline))
    assert area(cut) == pytest.approx(area(section(whole)), rel=1e-6)


@pytest.mark.parametrize("normal", [0, 1, 2])
def test_a_solid_can_be_cut_across_any_axis(normal: int) -> None:
    axes = [axis for axis in range(3) if axis != normal]
    for sides in ((-1, 1), (1,)):
        cut = section(ellipsoid(sides), normal)
        # Of an eighth, beside its plane of symmetry, a ten-thousandth inside.
        np.testing.assert_allclose(np.ptp(cut.points, axis=0), 2 * HALF_AXES[axes], rtol=1e-3)
        assert area(cut) == pytest.approx(np.pi * HALF_AXES[axes].prod(), rel=0.12)


def test_a_plate_is_drawn_in_its_plane() -> None:
    body = Solid([ellipsoid((1,))], across=True)
    np.testing.assert_allclose(np.ptp(body.section(0).points, axis=0), 2 * HALF_AXES[:2], rtol=1e-3)
    assert body.caption(profiles()).startswith("cut across z, ")
    assert body.averaged
    assert Round("round plate", averaged=True).averaged
    assert not Round("cylinder").averaged


def test_an_eighth_of_a_solid_is_completed() -> None:
    whole, eighth = section(ellipsoid()), section(ellipsoid(sides=(1,)))
    # Beside its plane of symmetry, a ten-thousandth inside.
    assert area(eighth) == pytest.approx(area(whole), rel=1e-3)
    np.testing.assert_allclose(np.ptp(eighth.points, axis=0), 2 * HALF_AXES[[0, 2]], rtol=1e-3)
    values, points = eighth.values["occupancy"], eighth.points
    right = points[:, 0] > 0
    assert values[right].max() == pytest.approx(values[~right].max(), rel=1e-9)


@pytest.mark.parametrize("lowest", [-1.0, 0.0])
def test_a_half_disc_and_a_quarter_are_completed(lowest: float) -> None:
    cut = section(half_disc(lowest))
    np.testing.assert_allclose(np.ptp(cut.points, axis=0), [4e-7, 2e-7], rtol=1e-12)
    # Of sixteen sides with middles on the rim, so thirty-two: 1 − sin(2π/32)/(2π/32) = 0.64 % is left out.
    sides = 32 if lowest < 0 else 64
    share = np.sin(2 * np.pi / sides) / (2 * np.pi / sides)
    whole = np.pi * 2e-7 * 1e-7
    assert area(cut) == pytest.approx(whole * share, rel=5e-3)
    assert len(cut.outline) >= 16


def test_a_line_has_no_section() -> None:
    with pytest.raises(OutputError, match="No section is known through cells of the kind line"):
        section(fields(1, "line"))


def profiles(steps=(1, 3)):
    return Profiles.stack([profile(step) for step in steps])


def axes_of(draw):
    figure = new_figure(2.0, 2.0)
    axes = figure.add_subplot()
    draw(axes)
    figure.draw_without_rendering()
    return axes


def test_a_solid_is_drawn_from_its_fields_and_not_from_the_profile() -> None:
    body = Solid([half_disc(), half_disc()])
    axes = axes_of(lambda one: body.draw(one, profiles(), 1, LOOK))
    (mesh,) = axes.findobj(TriMesh)
    np.testing.assert_allclose(mesh.get_array(), section(half_disc()).values["occupancy"])
    across, along = axes.dataLim.width, axes.dataLim.height
    assert (across, along) == pytest.approx((400.0, 200.0))
    assert axes.get_aspect() == 1.0
    assert body.caption(profiles()) == "cut along z (upwards), 400 × 200 nm"


def test_a_plate_is_a_slab_from_surface_to_surface() -> None:
    axes = axes_of(lambda one: Slab().draw(one, profiles(), 1, LOOK))
    (image,) = axes.findobj(AxesImage)
    (line,) = image.get_array()
    occupancy, last = profiles()["occupancy"][1], len(line) - 1
    assert (line[0], line[last]) == pytest.approx((occupancy[-1], occupancy[-1]))
    # The two middle pixels lie half a pixel from the mid-plane.
    assert line[last // 2] == pytest.approx(occupancy[0], abs=1e-4)
    assert image.get_extent()[:2] == pytest.approx([-150.0, 150.0])
    assert Slab().caption(profiles()) == "plate, thickness 300 nm"
    assert Round("cylinder").caption(profiles()) == "cylinder, diameter 300 nm"


@pytest.mark.parametrize("coverage", [0.1, 0.5, 1.0])
def test_a_sink_covers_its_share_of_any_body(coverage: float) -> None:
    red = "#ff0000"
    plate = axes_of(lambda one: Slab().draw_sink(one, profiles(), 1, coverage, red))
    pieces = plate.findobj(lambda artist: isinstance(artist, Rectangle) and artist is not plate.patch)
    pieces = [piece for piece in pieces if mpl.colors.to_hex(piece.get_facecolor()) == red]
    assert len(pieces) == 2 * islands(coverage)
    assert sum(piece.get_height() for piece in pieces) == pytest.approx(2 * coverage * 2 * 0.62 * 150.0)
    solid = Solid([ellipsoid(), ellipsoid()])
    axes = axes_of(lambda one: solid.draw_sink(one, profiles(), 1, coverage, red))
    drawn = [c for c in axes.findobj(LineCollection) if mpl.colors.to_hex(c.get_color()[0]) == red]
    shown = sum(len(one.get_segments()) for one in drawn) / len(section(ellipsoid()).outline)
    # In whole edges of a coarse outline, so only a closed one is exact.
    assert shown == (pytest.approx(1.0) if coverage == 1.0 else pytest.approx(coverage, abs=0.35))


def labelled(**changes):
    return LabelledProfiles("One", changes.pop("profiles", profiles()), 2e-5, **changes)


def panels(system):
    figure = new_figure(7.0, particle_height([system], 7.0))
    draw_particles(figure, [system], 7.0)
    return figure, [axes for axes in figure.axes if axes.get_xlabel().startswith("Depth")]


def test_without_a_layer_there_is_no_second_view() -> None:
    figure, lines = panels(labelled())
    assert [axes.get_xlim() for axes in lines] == [(0.0, pytest.approx(150.0))] * 2
    images = figure.findobj(AxesImage)
    assert all(image.get_array().shape[0] > 1 for image in images)


@pytest.mark.parametrize("layer", [2e-9, 30e-9])
def test_the_second_view_follows_the_thickness_of_the_layer(layer: float) -> None:
    figure, lines = panels(labelled(edges=(Edge(layer),)))
    assert [axes.get_xlim()[1] for axes in lines] == pytest.approx([150.0, 3e9 * layer] * 2)
    strips = [image for image in figure.findobj(AxesImage) if image.get_array().shape[0] == 1]
    assert [image.get_extent()[1] for image in strips] == pytest.approx([3e9 * layer] * 4)


def test_a_view_of_a_layer_thicker_than_a_third_ends_at_the_centre() -> None:
    _, lines = panels(labelled(edges=(Edge(RADIUS / 2),)))
    for axes in lines:
        for line in axes.get_lines():
            depth = line.get_xdata()
            assert len(depth) == 0 or max(depth) <= 225.0
    whole, layer = lines[0].get_lines()[0], lines[1].get_lines()[0]
    assert max(whole.get_xdata()) == pytest.approx(max(layer.get_xdata())) == pytest.approx(150.0)


def test_what_does_not_change_is_told_and_not_drawn() -> None:
    still = Profiles.stack([profile(0), profile(0)])
    noise = 1e-4 * np.random.default_rng(1).normal(size=still["first_principal_Pa"].shape)
    names = dict(still.by_name) | {"first_principal_Pa": noise}
    times = np.array([0.0, 2400.0])
    figure, lines = panels(
        labelled(profiles=Profiles(times, still.extracted, still.radius_m, still.depth_m, names))
    )
    assert lines == []
    assert figure.findobj(AxesImage) == []
    told = [text.get_text() for text in figure.findobj(Text) if text.get_text()]
    assert told == [
        "Li per formula unit: 1.2, unchanged from 0 to 40 min",
        "First principal stress (MPa): 0, unchanged from 0 to 40 min",
    ]


def test_small_changes_of_small_things_are_changes() -> None:
    assert unchanged(np.array([[1.0, 2.0], [1.0, 2.0 + 1e-7]]))
    assert not unchanged(np.array([[1.0, 2.0], [1.0, 2.0 + 1e-4]]))
    assert not unchanged(np.array([[0.0], [1e-9]]))
    assert unchanged(np.array([[0.0], [1e-9]]), negligible=1e-6)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.0, "0 s"),
        (0.0123, "12.3 ms"),
        (59.0, "59 s"),
        (2400.0, "40 min"),
        (45509.26, "12.6 h"),
        (3.2e5, "3.7 d"),
    ],
)
def test_times_are_told_in_a_unit_that_fits(seconds: float, told: str) -> None:
    assert duration(seconds) == told


def test_lengths_are_told_in_a_unit_that_fits() -> None:
    assert [length(size) for size in (3e-7, 1e-6, 1e-5, 2e-3)] == ["300 nm", "1 µm", "10 µm", "2 mm"]
    assert time_unit(3 * 3600.0) == (3600.0, "h")


def test_states_on_the_way_back_are_dashed() -> None:
    cycle = Profiles.stack([profile(step) for step in (1, 3, 2)])
    back = Profiles(cycle.times, np.array([0.1, 0.3, 0.2]), cycle.radius_m, cycle.depth_m, cycle.by_name)
    figure, (content, _) = panels(labelled(profiles=back))
    assert [line.get_linestyle() for line in content.get_lines()[:3]] == ["-", "-", "--"]
    told = [text.get_text() for text in figure.findobj(Text)]
    assert told.count("dashed: ions go back in") == 2


def layered(first: float, second: float) -> Profiles:
    """Contents that are 1, 2 and 3 in a core and the two layers around it, whose inner edges are given."""
    ends = [0.0, RADIUS - first, RADIUS - second, RADIUS]
    radius = np.concatenate([np.linspace(low, high, 9) for low, high in itertools.pairwise(ends)])
    made = changed(profile(2, points=27), concentration_mol_m3=5e4 * np.repeat([1.0, 2.0, 3.0], 9))
    return Profiles.stack([replace(made, radius_m=radius, depth_m=RADIUS - radius)])


# A third of the view of all layers is a point of the curve; the other edge lies between two points.
@pytest.mark.parametrize("jumps", [True, False])
def test_a_curve_is_interrupted_where_hosts_meet(jumps: bool) -> None:
    edges = (Edge(1.7e-8, jumps), Edge(3e-8, jumps))
    _, lines = panels(labelled(profiles=layered(3e-8, 1.7e-8), edges=edges))
    for axes in lines[:2]:
        depth, content = (np.asarray(one) for one in axes.get_lines()[0].get_data())
        assert np.isnan(content).sum() == 2 * jumps
        known = depth[~np.isnan(depth)]
        assert (np.diff(known) >= 0).all()
        if jumps:
            for at, outer, inner in ((17.0, 3.0, 2.0), (30.0, 2.0, 1.0)):
                (gap,) = (one for one in np.flatnonzero(np.isnan(depth)) if abs(depth[one - 1] - at) < 1e-3)
                assert depth[[gap - 1, gap + 1]] == pytest.approx([at, at])
                assert content[[gap - 1, gap + 1]] == pytest.approx([outer, inner])


def test_a_jump_between_points_of_a_profile_is_one_between_them() -> None:
    # The means of an imported body are over bands of depth, none of which ends at an interface.
    made = layered(3e-8, 1.7e-8)
    _, (whole, *_) = panels(labelled(profiles=made, edges=(Edge(2.9e-8, jumps=True),)))
    depth = np.asarray(whole.get_lines()[0].get_xdata())
    (gap,) = np.flatnonzero(np.isnan(depth))
    assert depth[gap - 1] < 29.0 < depth[gap + 1]
    assert (np.diff(depth[:gap]) > 0).all()
    assert (np.diff(depth[gap + 1 :]) > 0).all()


def test_every_edge_of_a_layer_is_a_dotted_line() -> None:
    def dotted(*edges: Edge) -> tuple[list[float], str]:
        _, (_, layers, *_) = panels(labelled(edges=edges))
        found = [line.get_xdata()[0] for line in layers.get_lines() if line.get_linestyle() == ":"]
        return sorted(found), layers.get_title(loc="left")

    assert dotted(Edge(1.5e-8)) == ([pytest.approx(15.0)], "dotted: end of the layer")
    several = [pytest.approx(15.0), pytest.approx(30.0)]
    assert dotted(Edge(1.5e-8), Edge(3e-8)) == (several, "dotted: ends of layers")


def test_nothing_extracted_has_no_sign() -> None:
    cycle = Profiles.stack([profile(step) for step in (1, 3, 2)])
    back = Profiles(cycle.times, np.array([0.0, 0.3, -1e-9]), cycle.radius_m, cycle.depth_m, cycle.by_name)
    figure, _ = panels(labelled(profiles=back))
    told = [text.get_text() for text in figure.findobj(Text)]
    assert sum("0.00 " in text for text in told) >= 5
    assert not any("-0.00" in text for text in told)
