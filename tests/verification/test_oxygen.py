"""Oxygen against exact solutions, limits and the numbers of the physics brief, section 3."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from oxyshell.meshes.ball import half_disc, octant
from oxyshell.meshes.coordinates import Cylindrical, Planar, Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution, disc_resolution, radial_resolution, solid_resolution
from oxyshell.models.host.lattice import LinearLayer
from oxyshell.models.oxygen.model import LiOLiContent, OverOxidation, OxygenModel, Reuse
from oxyshell.scenario.loading import load
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.oxygen import FULL, HOST, INITIAL, RADIUS, SECONDS, Kept, Vessel, oxygen, velocity
from tests.surface_laws import (
    SEALED,
    SITE_DENSITY,
    barrier,
    closed_sink,
    fixed_surface,
    islands,
    open_surface,
)
from tests.verification.closed_forms import robin_remaining
from tests.verification.exact import Record, agree, exact_row

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parents[2] / "scenarios"
FINE = Resolution(bulk_elements=12, surface_size=0.004)
LINES = {
    "sphere": radial_line(Spherical(), 0.0, FINE),
    "cylinder": radial_line(Cylindrical(), 0.0, FINE),
    "plate": radial_line(Planar(), 0.0, FINE),
}
K = velocity(1000.0, 0.15)
SOURCE = OverOxidation(
    onset=0.396, rate=1e-3, content=LiOLiContent(bulk=0.842, deficient=0.755, deficiency=0.22)
)


# So slow that its lattice does not notice: a source that is steady and even.
STEADY = OverOxidation(onset=0.0, rate=1e-9)


OPEN = "oxygen, {}, open surface"
SINK = "oxygen, sphere, closed sink"
SERIES = "Robin series, Crank 1975"


def series(
    record: Record,
    kept: Kept,
    equation: str,
    biot: float,
    fourier: float,
    shape: str = "sphere",
    **allowed: float,
) -> None:
    """What is kept against the Robin series; `within`, of what there was, or `relative` to what is left."""
    exact = robin_remaining(biot, fourier, shape)
    bound = allowed["relative"] if "relative" in allowed else allowed["within"] / exact
    figure = f"share that remains at Fo = {fourier:g}, L = {biot:g}"
    agree(record, exact_row(equation, SERIES, figure, kept.retention, exact, bound))


def steady_content(vessel: Vessel, model: OxygenModel) -> float:
    """Mean content that a steady source leaves behind, in S R²/D."""
    theta = FULL - 1.0 / (HOST.site_density * HOST.molar_volume)
    end = 30 * SECONDS  # Fo = 4.5: what was not steady has decayed by e^-20
    # The content is a millionth of the lattice's, by which errors are measured.
    kept = vessel.keep(model, vessel.drive(0.0, theta, 1.0), vessel.drive(end, theta, 1.0), tolerance=1e-10)
    rate = 1e-9 * 0.25 / HOST.molar_volume
    diffusivity = 0.15 * RADIUS**2 / SECONDS
    volume = 4 / 3 * math.pi * RADIUS**3
    return kept.seen.lattice / volume / (rate * RADIUS**2 / diffusivity)


def note_steady(record: Record, equation: str, mean: float, exact: float) -> None:
    # 1e-9 per second of the source's own lattice are used up meanwhile; the surface is held to 1e-6.
    figure = "mean content, in S R²/D"
    agree(record, exact_row(equation, "steady state, closed form", figure, mean, exact, 2e-4))


@pytest.fixture(scope="module")
def sphere() -> Vessel:
    return Vessel(oxygen())


@pytest.fixture(scope="module")
def reacting() -> Vessel:
    return Vessel(oxygen(source=SOURCE))


# Diffusion out of the particle.


@pytest.mark.parametrize("shape", LINES)
def test_an_open_particle_empties_as_the_robin_series_says(shape: str, record: Record) -> None:
    vessel = Vessel(oxygen(), LINES[shape])
    for fourier in (0.05, 0.10, 0.15, 0.20):
        kept = vessel.keep(oxygen(fourier=fourier))
        # 1e-5 per step in some 100 steps, most of them far below it; the mesh's share is smaller still.
        series(record, kept, OPEN.format(shape), 1000.0, fourier, shape, within=1e-5)


@pytest.mark.parametrize("biot", [0.1, 1.0, 10.0, 100.0])
def test_any_biot_number(sphere: Vessel, biot: float, record: Record) -> None:
    kept = sphere.keep(oxygen(open_surface(velocity(biot, 0.15))))
    series(record, kept, OPEN.format("sphere"), biot, 0.15, within=1e-5)


@pytest.mark.parametrize(
    ("body", "particle"),
    [
        ("half disc", half_disc(0.0, disc_resolution(0.0))),
        ("octant", octant(0.0, solid_resolution(0.0))),
    ],
    ids=["axisymmetric", "solid"],
)
def test_bodies_empty_like_the_line(body: str, particle: ParticleMesh, record: Record) -> None:
    vessel = Vessel(oxygen(), particle, degree=2)
    for fourier in (0.05, 0.20):
        kept = vessel.keep(oxygen(fourier=fourier), tolerance=1e-3)
        # The octant's ten elements along the radius err by 0.03 % at the last.
        series(record, kept, OPEN.format(f"sphere as {body}"), 1000.0, fourier, relative=1e-3)


def test_a_fixed_content_is_reached_from_both_sides(sphere: Vessel, record: Record) -> None:
    emptied = sphere.keep(oxygen(fixed_surface(0.0)))
    # What is missing after as long is what has come in from outside into an empty particle.
    filled = sphere.keep(oxygen(fixed_surface(INITIAL), initial=0.0))
    series(record, emptied, "oxygen, sphere, surface held", 1e6, 0.15, within=1e-5)
    share = filled.seen.lattice / (INITIAL * 4 / 3 * math.pi * RADIUS**3)
    assert share == pytest.approx(1 - emptied.retention, abs=2e-5)
    assert filled.state.state.left < 0


def test_a_sealed_particle_keeps_all(sphere: Vessel, record: Record) -> None:
    kept = sphere.keep(oxygen(SEALED))
    equation, figure = "oxygen, sphere, sealed", "share that remains after 2400 s"
    agree(record, exact_row(equation, "conservation", figure, kept.retention, 1.0, 1e-12))
    assert kept.state.state.left == 0.0


def test_a_barrier_is_a_resistance_in_series(sphere: Vessel, record: Record) -> None:
    behind = barrier(2e-9, 2e-9 * velocity(3.0, 0.15), velocity(6.0, 0.15))
    kept = sphere.keep(oxygen(behind))
    # Bi = 3 and 6 in series are 2.
    series(
        record, kept, "oxygen, sphere, barrier (L = 3) before an open surface (L = 6)", 2.0, 0.15, within=1e-5
    )


def test_a_steady_source_feels_the_diffusivity_of_each_region(record: Record) -> None:
    # In steady state the flux is S r/3, so that c(r) = S (R² − r²)/(6 D_L) in the layer and
    # c(a) + S (a² − r²)/(6 D) below it; here with D_L = D/10 and a = 0.97 R.
    layer = LinearLayer(thickness=0.03 * RADIUS, deficiency=0.0)
    host = replace(HOST, layer=layer)
    surface = fixed_surface(0.0)
    model = oxygen(surface, initial=0.0, source=STEADY, host=host, layer_factor=0.1)
    mean = steady_content(Vessel(model, radial_line(Spherical(), 0.03, radial_resolution(0.03))), model)
    a, slowed = 0.97, 10.0
    layer_part = slowed / 6 * (1 - a**3 - 3 / 5 * (1 - a**5))
    core_part = slowed / 6 * (1 - a**2) * a**3 + a**5 / 15
    equation = "oxygen, sphere, steady source, a tenth of D in the layer"
    note_steady(record, equation, mean, layer_part + core_part)


# Sinks.


@pytest.mark.parametrize(
    ("layers", "retained", "captured"), [(1, 0.978, 0.022), (3, 0.933, 0.067), (10, 0.776, 0.224)]
)
def test_a_closed_sink_fills_and_then_blocks(
    sphere: Vessel, layers: int, retained: float, captured: float, record: Record
) -> None:
    kept = sphere.keep(oxygen(closed_sink(layers, K)))
    assert kept.retention == pytest.approx(retained, abs=0.005)
    assert kept.captured == pytest.approx(captured, abs=0.005)
    # Full, to the content that it still desorbs: Γ_max A over what there is.
    capacity = 3 * layers * SITE_DENSITY / (INITIAL * RADIUS)
    equation, figure = f"{SINK}, monolayers: {layers}", "share captured, of what there was"
    agree(record, exact_row(equation, "capacity", figure, kept.captured, capacity, 1e-9))
    # Three shares that are computed apart from one another.
    total = kept.retention + kept.captured + kept.released
    figure = "retained + captured + released, of what there was"
    agree(record, exact_row(equation, "conservation", figure, total, 1.0, 1e-10))
    assert kept.seen.filling <= kept.seen.fullest + 1e-14
    assert kept.seen.filling > 1 - 1e-6
    assert kept.seen.fullest < 1 + 1e-5
    centre = sphere.system.part(kept.state.state.unknowns, "mobile").max() * INITIAL
    assert kept.seen.surface / centre > 0.94


def test_islands_do_not_hold_back_what_they_do_not_cover(sphere: Vessel, record: Record) -> None:
    bare, covered = sphere.keep(oxygen()), sphere.keep(oxygen(islands(0.05, K)))
    # The same flux leaves the lattice by construction: equal but for the linear solver's round-off.
    assert covered.retention == pytest.approx(bare.retention, abs=1e-9)
    capacity = 0.05 * 3 * SITE_DENSITY / (INITIAL * RADIUS)
    equation, figure = "oxygen, sphere, islands on 5 %", "share captured, of what there was"
    agree(record, exact_row(equation, "capacity", figure, covered.captured, capacity, 1e-6))
    assert covered.released == pytest.approx(bare.released - covered.captured, abs=1e-9)


def test_islands_that_catch_nothing_are_an_open_surface(sphere: Vessel, record: Record) -> None:
    blind = sphere.keep(oxygen(islands(0.3, K, efficiency=0.0)))
    assert blind.captured == 0.0
    series(record, blind, "oxygen, sphere, islands that catch nothing", 1000.0, 0.15, within=1e-5)


def test_a_sink_that_covers_half_lets_the_rest_out(sphere: Vessel) -> None:
    # Once its half is full, the open half has half the transfer velocity; it fills within seconds.
    kept = sphere.keep(oxygen(closed_sink(1, velocity(20.0, 0.15), coverage=0.5)))
    capacity = 0.5 * 3 * SITE_DENSITY / (INITIAL * RADIUS)
    assert kept.captured == pytest.approx(capacity, rel=1e-4)
    assert robin_remaining(20.0, 0.15) < kept.retention < robin_remaining(10.0, 0.15)
    assert kept.retention == pytest.approx(robin_remaining(10.0, 0.15), abs=capacity)


def test_a_sink_that_holds_as_loosely_as_the_bare_oxide_is_an_open_surface(
    sphere: Vessel, record: Record
) -> None:
    weak = sphere.keep(oxygen(closed_sink(1, K, energy=-0.484)))
    # k c/(Γ_max k_des) of the sink is filled at first, 1e-4, and so much slower is capture.
    series(record, weak, "oxygen, sphere, closed sink that holds nothing", 1000.0, 0.15, within=1e-5)
    assert weak.seen.filling < 1e-4


def test_a_sink_between_firm_and_loose_agrees_with_its_ordinary_equations(record: Record) -> None:
    # Slow exchange keeps the particle even: dc/dt = -3 k c (1 - f)/R, df/dt = k c (1 - f)/Γ_max - k_des f.
    biot, layers, energy = 1e-3, 0.5, -0.92
    sink = closed_sink(layers, velocity(biot, 0.15), energy=energy)
    model = oxygen(sink)
    kept = Vessel(model).keep(model, tolerance=1e-7)
    k, capacity, back = velocity(biot, 0.15), SITE_DENSITY * layers, sink.exchange.desorption

    def rates(_: float, y: np.ndarray) -> list[float]:
        inward = k * y[0] * (1 - y[1])
        return [-3 * inward / RADIUS, inward / capacity - back * y[1]]

    exact = solve_ivp(rates, (0, SECONDS), [INITIAL, 0.0], rtol=1e-10, atol=1e-12).y[:, -1]
    assert 0.02 < back * SECONDS < 50  # neither limit
    # What the surface lacks against the mean is of the order of Bi/5 of what leaves.
    equation, reference = f"{SINK} with desorption, L = {biot:g}", "its ordinary equations, scipy"
    lost = 1 - exact[0] / INITIAL
    agree(record, exact_row(equation, reference, "filling after 2400 s", kept.seen.filling, exact[1], biot))
    agree(record, exact_row(equation, reference, "share that left", 1 - kept.retention, lost, biot))


# The source.


def test_the_lattice_generates_what_is_over_oxidised_and_not_more(reacting: Vessel, record: Record) -> None:
    # p = (x − 0.396)/4 V_m at x = 1.0, generated as 1 − e^{−kt} in a sealed particle held at that content.
    extracted = 1.0
    theta = FULL - extracted / (HOST.site_density * HOST.molar_volume)
    model = oxygen(SEALED, initial=0.0, source=SOURCE)
    kept = reacting.keep(
        model, reacting.drive(0.0, theta, extracted), reacting.drive(SECONDS, theta, extracted)
    )
    most = (extracted - 0.396) / 4 / HOST.molar_volume
    assert most == pytest.approx(7530, rel=0.005)
    volume = 4 / 3 * math.pi * RADIUS**3
    exact = most * volume * (1 - math.exp(-SOURCE.rate * SECONDS))
    equation, unit = "oxygen, sphere, sealed, source of an over-oxidised lattice", 1e-18
    figure = "O2 generated after 2400 s, amol"
    generated = kept.seen.generated / unit
    agree(record, exact_row(equation, "closed form", figure, generated, exact / unit, 1e-4))
    figure = "O2 in the lattice, of what was generated"
    share = kept.seen.lattice / kept.seen.generated
    agree(record, exact_row(equation, "conservation", figure, share, 1.0, 1e-12))


def test_nothing_is_generated_below_the_onset_or_on_the_way_back(reacting: Vessel) -> None:
    model = oxygen(SEALED, initial=0.0, source=SOURCE)
    sites = HOST.site_density * HOST.molar_volume
    low, high = FULL - 0.39 / sites, FULL - 0.9 / sites
    stops = [
        reacting.drive(0.0),
        reacting.drive(1e4, low),
        reacting.drive(2e4, high),
        reacting.drive(3e4, low),
    ]
    generated: list[float] = []
    reacting.keep(model, *stops, watch=lambda seen, _: generated.append(seen.generated))
    scale = 4 / 3 * math.pi * RADIUS**3 * 9980
    assert abs(generated[0]) < 1e-12 * scale
    assert generated[1] > 0.05 * scale
    # On the way back only what is still over-oxidised beyond what has left goes on leaving.
    assert generated[1] <= generated[2] <= 0.504 / 4 / HOST.molar_volume / 9980 * scale * (1 + 1e-6)


def test_a_steady_source_comes_out_as_the_series_says(record: Record) -> None:
    model = oxygen(fixed_surface(0.0), initial=0.0, source=STEADY)
    note_steady(record, "oxygen, sphere, steady source", steady_content(Vessel(model), model), 1 / 15)


# Reuse.


def test_captured_oxygen_goes_back_below_the_threshold_only(sphere: Vessel, record: Record) -> None:
    rate = 1e-3
    reuse = Reuse(rate=rate, below=0.4, width=0.01)
    model = oxygen(closed_sink(1, K), reuse=reuse)
    charged, discharged = 0.8, 0.2
    seen = []
    sphere.keep(
        model,
        sphere.drive(0.0, FULL, charged),
        sphere.drive(SECONDS, FULL, charged),
        sphere.drive(SECONDS + 1.0, FULL, discharged),
        sphere.drive(SECONDS + 1001.0, FULL, discharged),
        watch=lambda one, state: seen.append((one.filling, one.lattice, state.state.left)),
    )
    full, _, emptied = seen
    assert full[0] > 1 - 1e-6
    # It goes back and is captured again: the sink empties as far as capture and reuse balance.
    capture = K * (emptied[1] / (4 / 3 * math.pi * RADIUS**3))
    balance = capture / (capture + rate * SITE_DENSITY)
    figure = "filling, capture against reuse"
    agree(
        record,
        exact_row(f"{SINK} with reuse", "balance of rates", figure, emptied[0], balance, 2e-3 / balance),
    )
    assert emptied[0] < full[0]
    assert emptied[1] > full[1]
    assert emptied[2] == pytest.approx(full[2], abs=1e-6 * full[1])


# What ships.


@pytest.mark.parametrize("dimension", [1, 2])
def test_the_shipped_particles_keep_what_the_brief_says(
    bench: SimulationCache, dimension: int, record: Record
) -> None:
    changes = {"particle.dimension": dimension, "particle.extent": None, "numerics.oxygen_tolerance": 1e-3}
    pristine, shelled = (
        bench.run(load(FOLDER / f"lrmo-oxygen-{name}.yaml").with_values(changes)).summary["oxygen"]
        for name in ("pristine", "ru1")
    )
    equation = f"oxygen, lrmo-oxygen-pristine, {dimension}D"
    figure, exact = "share that remains after 40 min", robin_remaining(1000.0, 0.15)
    agree(record, exact_row(equation, SERIES, figure, pristine["retention"], exact, 0.005))
    assert shelled["retention"] == pytest.approx(0.978, abs=0.005)
    assert shelled["surface_to_centre"] > 0.94
    assert pristine["surface_to_centre"] < 0.003
