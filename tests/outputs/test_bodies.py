"""Sections of a radial run, read back as ParaView reads them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import pyvista

from oxyshell.models.base.observable import SectionArrays
from oxyshell.outputs import FieldSnapshot, Profiles
from oxyshell.outputs.bodies import Shift, Turn, body, region_of_points, write_bodies
from oxyshell.outputs.fields import FieldWriter
from tests.outputs.sample_run import RADIUS, changed, fields, profile

POINTS = 17
ARRAYS = SectionArrays(
    scalars=("occupancy", "hoop_Pa", "hydrostatic_Pa", "von_mises_Pa", "oxygen_mol_m3"),
    vectors=("displacement_m",),
    tensors={"stress_Pa": ("radial_stress_Pa", "hoop_Pa", "hydrostatic_Pa")},
)
HALF_DISC = (Turn(np.pi),)
SWEEPS: dict[str, Any] = {
    "sphere": HALF_DISC,
    "cylinder": (Turn(2 * np.pi),),
    "plate": (Shift(-1.0), Shift(1.0)),
}


def radial(step):
    """A profile of two elements that meet at 100 nm, where θ jumps, with all stresses different."""
    inner, outer = np.linspace(0.0, 1e-7, POINTS), np.linspace(1e-7, RADIUS, POINTS)
    radius = np.concatenate([inner, outer])
    made = profile(step, points=2 * POINTS)
    x = radius / RADIUS
    return changed(
        replace(made, radius_m=radius, depth_m=RADIUS - radius),
        occupancy=1.0 - x / 2 - np.repeat([0.0, 0.1], POINTS),
        radial_stress_Pa=1e8 * step * (1 - x**2),
        hoop_Pa=1e8 * step * (1 - 2 * x**2),
        hydrostatic_Pa=1e8 * step * (1 - 5 * x**2 / 3),
        von_mises_Pa=1e8 * step * x**2,
        displacement_m=-1e-9 * step * x,
        oxygen_mol_m3=100.0 * x,
        oxygen_generated_mol_m3=0.0 * x,
    )


def line():
    """The fields of that line, as far as they say of which region its two elements are."""
    first = np.arange(POINTS - 1)
    starts = np.concatenate([first, POINTS + first])
    points = np.zeros((2 * POINTS, 3))
    points[:, 0] = radial(0).radius_m
    return FieldSnapshot(
        time_s=0.0,
        points=points,
        cells={"line": np.column_stack([starts, starts + 1])},
        point_data={},
        cell_data={"region": np.repeat(np.array([1, 2], dtype=np.int32), POINTS - 1)},
    )


STEPS = (0, 2, 5)


@pytest.fixture(params=SWEEPS)
def read(request, tmp_path):
    """The last section of each shape, with what its profile says at its points."""
    (tmp_path / "fields").mkdir()
    profiles = Profiles.stack([radial(step) for step in STEPS])
    write_bodies(tmp_path, profiles, [line()] * len(STEPS), SWEEPS[request.param], ARRAYS)
    reader = pyvista.PVDReader(tmp_path / "fields" / "particle.pvd")
    assert reader.time_values == [10.0 * step for step in STEPS]
    reader.set_active_time_value(50.0)
    (mesh,) = reader.read()
    return request.param, mesh


def distance(shape, mesh):
    return np.abs(mesh.points[:, 0]) if shape == "plate" else np.linalg.norm(mesh.points, axis=1)


def outwards(shape, mesh):
    if shape == "plate":
        return np.array(np.sign(mesh.points))[:, :1] * [1.0, 0.0, 0.0]
    return mesh.points / np.maximum(distance(shape, mesh), 1e-30)[:, None]


def test_values_are_those_of_the_profile(read) -> None:
    shape, mesh = read
    r, last = distance(shape, mesh), radial(5)
    assert r.min() == pytest.approx(0.0, abs=1e-15)
    assert r.max() == pytest.approx(RADIUS, rel=1e-6)
    smooth = ("hoop_Pa", "hydrostatic_Pa", "von_mises_Pa", "oxygen_mol_m3")
    for name in smooth:
        along = last.values[name]
        # Every point of a section is one of the profile: single precision is all that differs.
        expected = np.interp(r, last.radius_m, along)
        np.testing.assert_allclose(mesh[name], expected, rtol=1e-5, atol=1e-5 * np.abs(along).max())
    at_jump = np.abs(r - 1e-7) < 1e-12
    jump = {round(float(one), 4) for one in mesh["occupancy"][at_jump]}
    assert jump == {round(1 - 1 / 3, 4), round(1 - 1 / 3 - 0.1, 4)}


def test_a_region_can_be_selected(read) -> None:
    shape, mesh = read
    for number, (low, high), values in (
        (1, (0.0, 1e-7), [1.0, 2 / 3]),
        (2, (1e-7, RADIUS), [2 / 3 - 0.1, 0.4]),
    ):
        part = mesh.threshold((number - 0.5, number + 0.5), scalars="region")
        r = distance(shape, part)
        assert [r.min(), r.max()] == pytest.approx([low, high], rel=1e-5, abs=1e-15)
        # With its own side of the jump.
        assert [part["occupancy"].max(), part["occupancy"].min()] == pytest.approx(values, rel=1e-5)


def test_vectors_and_tensors_point_along_the_axes(read) -> None:
    shape, mesh = read
    r = distance(shape, mesh)
    away = r > 1e-9
    n = outwards(shape, mesh)[away]
    np.testing.assert_allclose(
        mesh["displacement_m"][away], (-5e-9 * r[away] / RADIUS)[:, None] * n, atol=1e-14
    )
    stress = np.asarray(mesh["stress_Pa"], dtype=float).reshape(-1, 3, 3)[away]
    np.testing.assert_allclose(stress, np.swapaxes(stress, 1, 2), rtol=1e-12)
    x = r[away] / RADIUS
    size = 1e-5 * 5e8
    np.testing.assert_allclose(np.einsum("pi,pij,pj->p", n, stress, n), 5e8 * (1 - x**2), atol=size)
    across = np.column_stack([-n[:, 1], n[:, 0], n[:, 2]])
    np.testing.assert_allclose(
        np.einsum("pi,pij,pj->p", across, stress, across), 5e8 * (1 - 2 * x**2), atol=size
    )
    # What is left of the trace 3 − 5 x²: 1 − 2 x², out of the plane.
    np.testing.assert_allclose(stress[:, 2, 2], 5e8 * (1 - 2 * x**2), atol=size)


def test_the_section_has_the_particles_shape(read) -> None:
    shape, mesh = read
    low_x, high_x, low_y, high_y, low_z, high_z = np.array(mesh.bounds) / RADIUS
    assert (low_z, high_z) == (0.0, 0.0)
    expected = {"sphere": (0, 1, -1, 1), "cylinder": (-1, 1, -1, 1), "plate": (-1, 1, -0.5, 0.5)}[shape]
    assert (low_x, high_x, low_y, high_y) == pytest.approx(expected, abs=1e-6)
    # In units of R: VTK's areas of cells of 1e-16 m² are lost in single precision.
    mesh.points = np.asarray(mesh.points, dtype=float) / RADIUS
    area = mesh.compute_cell_sizes(length=False, volume=False)["Area"].sum()
    # Chords over 7.5° leave out 1 − sin(7.5°)/7.5° = 0.29 %.
    whole = {"sphere": np.pi / 2, "cylinder": np.pi, "plate": 2.0}[shape]
    assert area == pytest.approx(whole, rel=4e-3)


def test_points_of_a_section_are_a_quarter_of_the_profiles() -> None:
    made: FieldSnapshot = body(radial(1), region_of_points(line()), HALF_DISC, ARRAYS)
    assert len(made.points) == 2 * 5 * 25
    assert len(made.cells["quad"]) == 2 * 4 * 24


def test_a_run_begun_anew_leaves_no_sections_of_the_one_before(tmp_path) -> None:
    writer = FieldWriter(tmp_path)
    writer.clear()
    writer.write(fields(0))
    write_bodies(tmp_path, Profiles.stack([radial(1)]), [line()], HALF_DISC, ARRAYS)
    assert (tmp_path / "fields" / "particle_000000.vtu").exists()
    writer.clear()
    assert list((tmp_path / "fields").iterdir()) == []
