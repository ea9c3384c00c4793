"""Plates that are open at their edges only, round and hexagonal, against closed forms and series.

Neither the faces nor the thickness have an effect on diffusion: a round plate is the long cylinder at every
time, and in a hexagon the flux k n·x through the edges gives (k/2) r²/D, corners included. The stress is that
of a thin plate if the thickness is far below the radius, and that of the long cylinder in the middle of a
long one.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from oxyshell.outputs import Result
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.verification import closed_forms
from tests.verification.closed_forms import CYLINDER
from tests.verification.exact import agree, exact_row
from tests.verification.particles import (
    DIFFUSION_TIME,
    DIFFUSIVITY,
    DROP,
    OCCUPANCY,
    PARTIAL_MOLAR_VOLUME,
    RADIUS,
    SITES,
    YOUNG,
    charged,
    held,
)

CHARGED_AT = (0.02, 0.1, 0.3, 0.5)
STEADY = (0.6,)
"""Of the slowest even mode, e^(−14.7 Fo) of a disc of radius R, 1.5e-4 is left by then."""
STRESS = 0.02
# E Ω Δc/3 for an occupancy that is quadratic in the distance from the axis, r²/R² times this.
CONTENT = YOUNG * PARTIAL_MOLAR_VOLUME * SITES / 3
APOTHEM = math.sqrt(3) / 2
# Elastic constants of plane stress in a hexagon, from cubic elements in two dimensions.
HEXAGON_EDGE, HEXAGON_CENTRE = 0.5339, 0.19939
THIN = "closed form of a thin disc"
HEXAGON_FEM = "plane stress, cubic elements in the plane"


def plate(scenario: Scenario, shape: str, thickness: float, **more: Any) -> Scenario:
    """The scenario on a plate of a thickness in R."""
    particle = {"shape": shape, "radius": f"{RADIUS} m", "thickness": f"{thickness * RADIUS} m", **more}
    return scenario.with_values({"particle": particle})


def steady(bench: SimulationCache, shape: str, thickness: float, **more: Any) -> Result:
    """A plate that a constant current empties evenly."""
    return bench.run(plate(charged("sphere", STEADY, tolerance=1e-4), shape, thickness, **more))


def curvature(result: Result, scenario: Scenario) -> float:
    """k of an occupancy k r²/R² + constant that a constant flux leaves, R² ∂θ/∂t/(4 D)."""
    size = scenario.particle.geometry()
    assert size is not None
    return 0.25 * DROP * size.area / size.volume * RADIUS


@pytest.mark.parametrize("thickness", [0.01, 0.4, 4.0])
def test_a_disc_is_the_cylinder_at_all_times_whatever_its_thickness(
    bench: SimulationCache, record: Any, thickness: float
) -> None:
    result = bench.run(plate(charged("sphere", CHARGED_AT, tolerance=1e-5), "disc", thickness))
    profiles = result.profiles
    for fo, occupancy, fields in zip(CHARGED_AT, profiles["occupancy"][1:], result.fields[1:], strict=True):
        exact = CYLINDER.rise(np.array([0.0, 1.0]), fo)
        found = (OCCUPANCY - occupancy[[0, -1]]) / DROP
        figure = f"(c − c0) D/(F R) at the rim at Fo = {fo:g}, thickness {thickness:g} R"
        agree(
            record,
            exact_row("diffusion, round plate", "series, Crank 1975", figure, found[1], exact[1], 2e-3),
        )
        assert found[0] == pytest.approx(exact[0], abs=1e-3 * exact[1])
        # At every point of the plate, not in the mean over its thickness only.
        everywhere = (OCCUPANCY - fields.point_data["occupancy"]) / DROP
        series = CYLINDER.rise(fields.points[:, 0] / RADIUS, fo)
        assert np.abs(everywhere - series).max() < 2e-3 * exact[1]


def test_what_remains_in_a_disc_whose_rim_is_held(bench: SimulationCache) -> None:
    result = bench.run(plate(held("sphere", CHARGED_AT, tolerance=1e-5), "disc", 0.4))
    time, content = result.history["time_s"], result.history["mean_occupancy"]
    for fo in CHARGED_AT:
        (found,) = content[time == fo * DIFFUSION_TIME]
        # Each of the 100 steps may err by 1e-5 of occupancy, in the direction of the one before it.
        assert (found - 0.1) / (OCCUPANCY - 0.1) == pytest.approx(CYLINDER.remaining(fo), abs=2e-4)


MODES = {
    "round plate": ("disc", {}, 5.783186),
    "round plate of a hexagon's area": ("hexagon", {"dimension": 2}, 6.993026),
    "hexagonal plate": ("hexagon", {"dimension": 3}, 7.155339),
}


@pytest.mark.parametrize("name", MODES)
def test_the_slowest_mode_is_that_of_the_late_decay(bench: SimulationCache, record: Any, name: str) -> None:
    shape, more, exact = MODES[name]
    few = {"numerics.elements": {"bulk": 8, "tangential": 6}} if more.get("dimension") == 3 else {}
    # Of the next even mode, e^(−23 Fo) = 1e-4 is left beside the first one. Steps that err by 1e-5 each leave
    # 3e-5 of the 0.008 at the end.
    between = (0.4, 0.6)
    scenario = plate(held("sphere", between, tolerance=1e-5), shape, 0.1, **more).with_values(few)
    history = bench.run(scenario).history
    left = [history["mean_occupancy"][history["time_s"] == fo * DIFFUSION_TIME][0] - 0.1 for fo in between]
    found = math.log(left[0] / left[1]) / (between[1] - between[0])
    agree(record, exact_row(f"diffusion, {name}", "eigenvalue", "slowest mode, λ R²", found, exact, 5e-3))


@pytest.mark.parametrize("thickness", [0.1, pytest.param(0.4, marks=pytest.mark.long)])
def test_a_constant_flux_leaves_a_parabola_in_the_hexagon_corners_included(
    bench: SimulationCache, record: Any, thickness: float
) -> None:
    scenario = plate(charged("sphere", (0.8,), tolerance=1e-5), "hexagon", thickness, dimension=3)
    result = bench.run(scenario)
    k = curvature(result, scenario)
    fields = result.fields[-1]
    squares = (fields.points[:, :2] ** 2).sum(axis=1) / RADIUS**2
    # Mean of r² over a hexagon: 5/12 R². Of the slowest even mode, e^(−17.5 Fo) = 1e-6 is left.
    exact = OCCUPANCY - 0.8 * 4 * k - k * (squares - 5 / 12)
    occupancy = fields.point_data["occupancy"]
    assert np.abs(occupancy - exact).max() < 2e-4 * k
    assert squares.max() == pytest.approx(1.0, abs=1e-12)
    corner = occupancy[squares > 1 - 1e-9].mean() - result.history["mean_occupancy"][-1]
    agree(
        record,
        exact_row(
            "diffusion, hexagonal plate, constant flux",
            "(k/2) r²/D",
            f"corner − mean over ∂c/∂t R²/D, thickness {thickness:g} R",
            -corner / (4 * k),
            7 / 48,
            1e-3,
        ),
    )


@pytest.mark.parametrize(
    ("name", "shape", "more", "edge", "centre"),
    [
        ("round plate", "disc", {}, 0.5, 0.25),
        ("round plate of a hexagon's area", "hexagon", {"dimension": 2}, 0.41350, 0.20675),
        ("hexagonal plate", "hexagon", {"dimension": 3}, HEXAGON_EDGE, HEXAGON_CENTRE),
    ],
)
def test_a_thin_plate_is_in_plane_stress(
    bench: SimulationCache, record: Any, name: str, shape: str, more: Any, edge: float, centre: float
) -> None:
    result = steady(bench, shape, 0.02, **more)
    scenario = plate(charged("sphere", STEADY, tolerance=1e-4), shape, 0.02, **more)
    scale = CONTENT * curvature(result, scenario)
    fields = result.fields[-1]
    radius = np.linalg.norm(fields.points[:, : 2 if more.get("dimension") == 3 else 1], axis=1) / RADIUS
    hoop = fields.point_data["hoop_Pa"] / scale
    reference = HEXAGON_FEM if more.get("dimension") == 3 else THIN
    for figure, computed, exact in (
        ("largest hoop stress, at the edge, over E k R²", hoop.max(), edge),
        ("hoop stress in the centre over E k R²", -hoop[radius < 1e-9].mean(), centre),
    ):
        agree(record, exact_row(f"stress, {name}, thin", reference, figure, computed, exact, STRESS))
    if more.get("dimension") == 3:
        # In the middle of an edge, the y axis; none in the corners, which are free.
        middle = np.abs(fields.points / RADIUS - [0, APOTHEM, 0]).max(axis=1) < 1e-9
        assert hoop[middle].mean() == pytest.approx(hoop.max(), rel=1e-3)
        assert np.abs(hoop[radius > 1 - 1e-9]).max() < 0.05 * edge
    # Nothing loads the faces: across so thin a plate there is no stress.
    axis = 2 if more.get("dimension") == 3 else 1
    across = fields.point_data["stress_Pa"].reshape(-1, 3, 3)[:, axis, axis] / scale
    assert np.abs(across).max() < 0.02


def test_the_middle_of_a_long_round_plate_is_in_the_stress_of_a_long_cylinder(
    bench: SimulationCache, record: Any
) -> None:
    result = steady(bench, "disc", 16.0)
    fields = result.fields[-1]
    middle = fields.points[:, 1] < 1e-9 * RADIUS
    radius = fields.points[middle, 0] / RADIUS
    exact = closed_forms.stresses(CYLINDER, lambda r: CYLINDER.rise(r, STEADY[0]), radius)
    scale = CONTENT * DROP / 0.75
    tensor = fields.point_data["stress_Pa"].reshape(-1, 3, 3)[middle] / scale
    for values, found in (
        (exact.radial, tensor[:, 0, 0]),
        (exact.hoop, tensor[:, 2, 2]),
        (exact.axial, tensor[:, 1, 1]),
    ):
        assert np.abs(found + values).max() < STRESS * np.abs(exact.hoop).max()
    rim = radius > 1 - 1e-9
    row = exact_row(
        "stress, round plate of a thickness of 16 R",
        "closed form of a long cylinder",
        "hoop stress in the middle of the rim, in E Ω F R/(3 (1 − ν) D)",
        -tensor[rim, 2, 2].mean(),
        exact.hoop[rim].mean(),
        STRESS,
    )
    agree(record, row)


def test_the_stress_of_a_disc_goes_from_the_thin_to_the_long_limit(bench: SimulationCache) -> None:
    results = [steady(bench, "disc", thickness) for thickness in (0.02, 0.1, 0.4, 1.0)]
    largest = [result.summary["stress"]["hoop"]["peak_MPa"] * 1e6 / (CONTENT * 0.2) for result in results]
    # Of a thin disc 1/2, of a long cylinder 1/2/(1 − ν); near the faces of a thick disc a little more.
    assert largest == pytest.approx([0.5001, 0.5020, 0.5275, 0.6170], abs=2e-3)
    assert largest == sorted(largest)


@pytest.mark.parametrize(
    ("shape", "more", "within"),
    [
        ("disc", {}, 2e-4),
        pytest.param("hexagon", {"dimension": 3}, 1e-3, marks=pytest.mark.long),
    ],
)
def test_diffusion_across_the_layers_has_no_effect_where_the_faces_are_closed(
    bench: SimulationCache, shape: str, more: Any, within: float
) -> None:
    isotropic = plate(charged("sphere", (0.1, 0.3), tolerance=1e-4), shape, 0.2, **more)
    expected, *results = [
        bench.run(isotropic.with_values({"material.diffusivity_c": across}))
        for across in (None, *(f"{DIFFUSIVITY * ratio!r} m^2/s" for ratio in (1.0, 1e-3, 1e-6)))
    ]
    # The content of a triangle or tetrahedron is even across the plate within the error of the elements: at
    # the first moment 2e-4 of the scale in a disc and 7e-4 in the hexagon, in means at one depth less.
    for result in results:
        found, known = (one.profiles["occupancy"] for one in (result, expected))
        assert np.abs(found - known).max() < within * DROP
        ratio = result.summary["stress"]["hoop"]["peak_MPa"] / expected.summary["stress"]["hoop"]["peak_MPa"]
        assert ratio == pytest.approx(1.0, abs=1e-4)
    assert np.abs(results[0].profiles["occupancy"] - expected.profiles["occupancy"]).max() < 1e-12


LAYERED = {
    "material.chemical_strain": {"expansion_a": "0.03 cm^3/mol", "expansion_c": "-0.12 cm^3/mol"},
    "material.elasticity": {
        "modulus_a": "120 GPa",
        "modulus_c": "60 GPa",
        "poisson_ab": 0.25,
        "poisson_ac": 0.3,
        "shear_c": "25 GPa",
    },
    "material.diffusivity_c": f"{1e-3 * DIFFUSIVITY!r} m^2/s",
}
# σ_r, σ_θ and σ_z in GPa in the centre and at the rim of a strain 0.003 r² in the plane, −0.012 r² along c,
# with ν_ca = ν_ac E_c/E_a = 0.15: η = ε_a + ν_ca ε_c and K = E_a/(1 − ν_ac ν_ca) in the long cylinder, ε_a
# and E_a in the thin disc.
LAYERED_LONG = {0.0: (0.03769634, 0.03769634, -0.34869110), 1.0: (0.0, -0.07539267, 0.34869110)}
LAYERED_THIN = {0.0: (0.09, 0.09, 0.0), 1.0: (0.0, -0.18, 0.0)}


@pytest.mark.parametrize(("thickness", "exact"), [(0.02, LAYERED_THIN), (16.0, LAYERED_LONG)])
def test_stresses_of_a_layered_disc_have_their_thin_and_long_limits(
    bench: SimulationCache, record: Any, thickness: float, exact: Any
) -> None:
    result = bench.run(
        plate(charged("sphere", STEADY, tolerance=1e-4), "disc", thickness).with_values(LAYERED)
    )
    fields = result.fields[-1]
    tensor = fields.point_data["stress_Pa"].reshape(-1, 3, 3)
    radius, height = fields.points[:, 0] / RADIUS, fields.points[:, 1] / RADIUS
    # θ falls by 0.2 r², so that the strains are a tenth of those of the closed form, with the other sign.
    for place, stresses in exact.items():
        there = (np.abs(radius - place) < 1e-9) & (height < 1e-9)
        found = -tensor[there].mean(axis=0)[[0, 2, 1], [0, 2, 1]] / 1e8
        for name, computed, closed in zip(("σ_r", "σ_θ", "σ_z"), found, stresses, strict=True):
            if closed:
                figure = f"{name} in the mid-plane at r = {place:g} R, thickness {thickness:g} R, in 0.1 GPa"
                equation = "stress, round plate of a layered material"
                agree(record, exact_row(equation, "closed form", figure, computed, closed, STRESS))
            assert computed == pytest.approx(closed, abs=STRESS * abs(exact[1.0][1]))
