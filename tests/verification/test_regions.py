"""Particles of several regions: finite volumes, equilibrium, slow extraction, misfit, and no region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from oxyshell.meshes.ball import octant, quarter_disc
from oxyshell.meshes.coordinates import Coordinates, Cylindrical, Planar, Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution, radial_resolution
from oxyshell.models.mechanics.reference import AtOccupancy
from oxyshell.models.particle.strategies import choose
from oxyshell.solver.settings import Discretisation, StrategyChoice
from oxyshell.solver.state import Array, State
from tests.regions import Followed, Stage, follow, model_of
from tests.sampling import Sample, Sampler
from tests.verification.exact import Record, agree, exact_row
from tests.verification.layered import Part, Slow, at_rest, edge_stresses, pair

RADIUS, SITES, DIFFUSIVITY, TEMPERATURE = 150e-9, 1.2 / 20.11e-6, 1.568e-19, 298.15
# One Li per formula unit at 0.1 C of 250 mA/g, in mol/(m³ s) and s.
PACE, DURATION = 1.092652545, 45509.426776256
# Full width of the interval of depths that counts as one place, in R.
PLACE = 1e-9


def core(share: float, change: float, **more: float) -> Part:
    """The core of an LRMO particle.

    Args:
        share: Thickness of its shell over R.
        change: Its volume change per Li of the formula unit.
        more: Whatever else is not as in LRMO.
    """
    numbers = {"diffusivity": DIFFUSIVITY, "young": 170e9, "poisson": 0.3, "site_density": SITES} | more
    return Part(edge=1 - share, volume=change * 20.11e-6, **numbers)


def stages(radius: float, *plan: tuple[float, float], dimensions: int = 3) -> list[Stage]:
    """Currents over 0.1 C, outward, and times over that of a charge of 1.0 Li."""
    return [Stage(factor * PACE * radius / dimensions, time * DURATION) for factor, time in plan]


def line(share: float, coordinates: Coordinates | None = None) -> ParticleMesh:
    return radial_line(coordinates or Spherical(), share, radial_resolution(share))


CHARGE = ((1.0, 1.0),)
CYCLE = ((1.0, 1.0), (-1.0, 0.8), (0.0, 1.0))
STEP = pair(core(0.2, 0.1), site_density=SITES / 2)
# Faster, softer, and strained less.
COATED = {"site_density": 0.7 * SITES, "diffusivity": 100 * DIFFUSIVITY, "young": 85e9}


@dataclass(frozen=True)
class Case:
    """A run whose largest tension finite volumes have found.

    Attributes:
        parts: Core and shell.
        plan: Of `stages`.
        peak: Largest first principal stress, MPa: on 80 + 60 and 160 + 120 cells, extrapolated. On three
            meshes the extrapolated values agree within 2e-5.
        radius: R, m.
    """

    parts: tuple[Part, Part]
    plan: tuple[tuple[float, float], ...]
    peak: float
    radius: float = RADIUS


CASES = {
    "Ru-1, step, R = 200 nm": Case(
        pair(core(4.5 / 200, 0.0269, diffusivity=2.788e-19), site_density=0.78 * SITES),
        CHARGE,
        426.228,
        200e-9,
    ),
    "step .4/4.5 nm": Case(pair(core(0.03, 0.0269), site_density=0.6 * SITES), CHARGE, 453.132),
    "step .5/30 nm, 10 %": Case(STEP, CHARGE, 947.590),
    "the same, and a rest": Case(STEP, ((1.0, 1.0), (0.0, 5.0)), 966.799),
    "shell D × 100, E/2, Ω/3, sites × .7": Case(
        pair(core(0.2, 0.1), **COATED, volume=0.1 / 3 * 20.11e-6), CHARGE, 2219.07
    ),
    "shell D/100, E × 2, Ω/3, sites × .7": Case(
        pair(
            core(0.2, 0.0269),
            site_density=0.7 * SITES,
            diffusivity=DIFFUSIVITY / 100,
            young=340e9,
            volume=0.0269 / 3 * 20.11e-6,
        ),
        ((1.0, 0.03),),
        1190.773,
    ),
    "step, μ⁰ + 1.5 RT": Case(pair(STEP[0], site_density=SITES / 2, offset=1.5), CHARGE, 1226.095),
    "step, μ⁰ − 1.5 RT": Case(pair(STEP[0], site_density=SITES / 2, offset=-1.5), CHARGE, 1368.538),
    "step, r = 1e12 s/m": Case(pair(STEP[0], site_density=SITES / 2, resistance=1e12), CHARGE, 1826.850),
    "all of it, a cycle and a rest": Case(
        pair(
            core(0.2, 0.0269),
            **COATED,
            volume=0.0269 / 3 * 20.11e-6,
            poisson=0.25,
            offset=1.5,
            resistance=1e11,
        ),
        CYCLE,
        567.680,
    ),
}


TWO = "ions and stress, two regions"
VOLUMES = "own finite volumes with a jump"


@pytest.mark.parametrize("name", CASES)
def test_the_peak_is_that_of_finite_volumes(name: str, record: Record) -> None:
    case = CASES[name]
    share = 1 - case.parts[0].edge
    run = follow(model_of(case.parts, case.radius), line(share), stages(case.radius, *case.plan), 1e-5)
    # Time steps leave 1e-4, where the peak lies between two of them; the mesh 2.3e-4 of the slow shell.
    figure = f"largest first principal stress, MPa, {name}"
    agree(record, exact_row(f"{TWO}, sphere as line", VOLUMES, figure, run.peak() / 1e6, case.peak, 5e-4))
    assert run.balance < 1e-12


def both_sides(points: Sampler, values: Array, edge: float) -> tuple[float, float]:
    """A quantity on the inner and on the outer side of an interface on a line."""
    inner, outer = np.flatnonzero(np.abs(points.radius - edge) < PLACE)
    return float(values[inner]), float(values[outer])


def body_peak(mesh: ParticleMesh, tolerance: float, discretisation: Discretisation) -> float:
    """Largest first principal stress, MPa, at the end of the charge of a particle with a thick step layer."""
    run = follow(model_of(STEP, RADIUS), mesh, stages(RADIUS, *CHARGE), tolerance, discretisation)
    assert run.balance < 1e-10
    points = Sampler(run.system)
    return points.peaks(points.stress(run.last))["first_principal"].value / 1e6


def disc(elements: int) -> ParticleMesh:
    third = max(elements // 3, 1)
    return quarter_disc(
        0.2, Resolution(bulk_elements=elements, layer_elements=third, tangential=elements // 2)
    )


def solid(elements: int) -> ParticleMesh:
    third = max(elements // 3, 1)
    return octant(0.2, Resolution(bulk_elements=elements, layer_elements=third, tangential=elements // 2))


@pytest.mark.slow
def test_the_peak_on_a_disc_is_that_of_finite_volumes_and_converges(record: Record) -> None:
    exact = CASES["step .5/30 nm, 10 %"].peak
    together = Discretisation(strategy=StrategyChoice.MONOLITHIC)
    coarse, fine = (body_peak(disc(elements), 1e-4, together) for elements in (8, 16))
    figure = "largest first principal stress, MPa, step .5/30 nm, 10 %"
    agree(record, exact_row(f"{TWO}, sphere as quarter disc", VOLUMES, figure, fine, exact, 5e-4))
    # Third order.
    assert abs(fine - exact) < abs(coarse - exact) / 6


@pytest.mark.long
def test_the_peak_of_a_solid_converges_to_that_of_finite_volumes(record: Record) -> None:
    exact = CASES["step .5/30 nm, 10 %"].peak
    linear = Discretisation(degree=1)
    coarse, fine = (body_peak(solid(elements), 1e-3, linear) for elements in (6, 12))
    figure = "largest first principal stress, MPa, step .5/30 nm, 10 %"
    agree(record, exact_row(f"{TWO}, sphere as octant", VOLUMES, figure, fine, exact, 2e-2))
    # Second order.
    assert abs(fine - exact) < abs(coarse - exact) / 3


def test_occupancies_on_both_sides_of_a_step() -> None:
    share = 30000 / DURATION
    run = follow(model_of(STEP, RADIUS), line(0.2), stages(RADIUS, (1.0, share), (1.0, 1 - share)), 1e-6)
    points = Sampler(run.system)
    (middle,) = (one.state for one in run.moments if one.state.time == pytest.approx(30000, rel=1e-9))
    # Of finite volumes on 160 + 120 cells.
    for state, exact in ((middle, (0.38054, 0.17278)), (run.last, (0.256533, 0.073530))):
        theta = points.sample(state).occupancy
        assert both_sides(points, theta, 0.8) == pytest.approx(exact, abs=2e-5)


def test_a_sharp_interface_converges_under_refinement() -> None:
    def peak(elements: int) -> float:
        even = Resolution(bulk_elements=4 * elements, layer_elements=elements, surface_size=1.0)
        mesh = radial_line(Spherical(), 0.2, even)
        smooth = stages(RADIUS, (0.3, 1.0), (0.0, 0.01))
        run = follow(model_of(STEP, RADIUS), mesh, smooth, 1e-8, Discretisation(degree=2))
        points = Sampler(run.system)
        hoop = points.sample(run.last).stress.hoop
        return both_sides(points, hoop, 0.8)[0]

    coarse, middle, fine = (peak(elements) for elements in (1, 2, 4))
    # Third order and better: where θ is of degree 2, u is of degree 3.
    assert abs(middle - fine) < abs(coarse - middle) / 6


# At rest.

ALIEN = {"site_density": 0.6 * SITES, "young": 85e9, "poisson": 0.25, "volume": 0.05 * 20.11e-6}
COORDINATES: dict[int, Coordinates] = {3: Spherical(), 2: Cylindrical(), 1: Planar()}


@pytest.mark.parametrize("offset", [1.0, -2.0])
@pytest.mark.parametrize(
    ("dimensions", "drift"), [(3, "lattice"), (3, "none"), (3, "dilute"), (2, "lattice"), (1, "lattice")]
)
def test_at_rest_the_chemical_potential_is_uniform(
    dimensions: int, drift: str, offset: float, record: Record
) -> None:
    parts = pair(core(0.3, 0.06), **ALIEN, offset=offset, resistance=1e10)
    plan = stages(RADIUS, (1.0, 0.5), (0.0, 400.0), dimensions=dimensions)
    model = model_of(parts, RADIUS, drift)
    run = follow(model, line(0.3, COORDINATES[dimensions]), plan, 1e-5)
    points = Sampler(run.system)
    theta = points.sample(run.last).occupancy
    made, left = (run.moments[index].observation.content for index in (0, -1))
    exact = at_rest(parts, dimensions, 1 - left / made, TEMPERATURE, drift)
    # Steps of a rest grow with what is left of the differences.
    found = both_sides(points, theta, 0.7)
    assert found == pytest.approx(exact, abs=2e-6)
    shape = {3: "sphere", 2: "cylinder", 1: "plate"}[dimensions]
    equation = f"{TWO} at rest, drift {drift}, {shape} as line"
    for side, computed, value in zip(("core", "shell"), found, exact, strict=True):
        figure = f"θ of the {side}, μ⁰ {offset:+g} RT in the shell"
        agree(record, exact_row(equation, "equal chemical potential", figure, computed, value, 1e-5))
    assert np.ptp(potentials(run, run.last, parts, drift)) < 1e-5


def potentials(run: Followed, state: State, parts: Sequence[Part], drift: str) -> Array:
    """μ/RT at points of the whole line."""
    points = Sampler(run.system)
    sample = points.sample(state)
    outside = in_shell(points, parts[0].edge)
    volume, offset = (
        np.where(outside, getattr(parts[1], name), getattr(parts[0], name)) for name in ("volume", "offset")
    )
    work = 0.0 if drift == "none" else volume * sample.stress.hydrostatic / (8.31446261815324 * TEMPERATURE)
    full = 1.0 if drift == "dilute" else 1 - sample.occupancy
    found: Array = np.log(sample.occupancy / full) + offset - work
    return found


def in_shell(points: Sampler, edge: float) -> np.ndarray:
    """Whether each point of a line is one of a cell of the shell."""
    middles = points.radius.reshape(-1, points.points_per_cell).mean(axis=1)
    return np.repeat(middles > edge, points.points_per_cell)


# Slow extraction, without drift.


def slow_run(resistance: float) -> tuple[Followed, Slow, float]:
    """A run that has become slow, its closed form, and the share of the ions that has left."""
    parts = pair(core(0.2, 1e-4), site_density=SITES / 2, diffusivity=5 * DIFFUSIVITY, resistance=resistance)
    slow = Slow(parts, RADIUS, rate=0.1 * DIFFUSIVITY / RADIUS**2)
    time = 6 * RADIUS**2 / DIFFUSIVITY
    run = follow(model_of(parts, RADIUS, "none"), line(0.2), [Stage(slow.flux, time)], 1e-8)
    return run, slow, slow.rate * time / 0.999


@pytest.mark.parametrize("resistance", [0.0, 1e-3, 1e11, 1e12])
def test_slow_extraction_has_the_profile_of_the_closed_form(resistance: float, record: Record) -> None:
    run, slow, extracted = slow_run(resistance)
    points = Sampler(run.system)
    theta = points.sample(run.last).occupancy
    exact = slow.occupancy(points.radius, in_shell(points, 0.8), extracted)
    # 1/r in the shell, by cubics: 2e-8.
    np.testing.assert_allclose(theta, exact, rtol=0, atol=1e-7)
    inner, outer = both_sides(points, theta, 0.8)
    assert inner - outer == pytest.approx(slow.drop, abs=1e-7)
    equation = "diffusion, two regions, constant flux for long, sphere as line"
    places = {"θ in the centre": (theta[0], exact[0]), "θ at the surface": (theta[-1], exact[-1])}
    if resistance > 1:
        places["jump of θ"] = (inner - outer, slow.drop)
    for figure, (computed, value) in places.items():
        row = exact_row(
            equation, "parabolas and 1/r", f"{figure}, r = {resistance:g} s/m", computed, value, 1e-5
        )
        agree(record, row)


def test_a_small_resistance_is_none_and_a_huge_one_closes_the_core() -> None:
    def end(resistance: float) -> tuple[Array, np.ndarray]:
        parts = pair(core(0.2, 0.0269), **ALIEN, resistance=resistance)
        run = follow(model_of(parts, RADIUS), line(0.2), stages(RADIUS, (1.0, 0.2)), 1e-5)
        points = Sampler(run.system)
        return points.sample(run.last).occupancy, in_shell(points, 0.8)

    none, _ = end(0.0)
    small, _ = end(1.0)
    # r D/R is the length of the core that resists as much, over R: 1e-12.
    np.testing.assert_allclose(small, none, rtol=0, atol=1e-9)
    huge, outside = end(1e30)
    np.testing.assert_allclose(huge[~outside], 0.999, rtol=0, atol=1e-9)
    assert huge[outside].max() < 0.7


# Elasticity.

SHRUNK, SHRUNK_SHELL, EDGE = -0.0075, -0.0060, 195.5 / 200
MODULI = {"one modulus": (170e9, 0.3), "softer shell": (100e9, 0.25)}


@pytest.mark.parametrize("moduli", MODULI.values(), ids=list(MODULI))
@pytest.mark.parametrize(
    ("mesh", "bound"),
    [
        (lambda: line(1 - EDGE), 1e-6),
        (lambda: quarter_disc(1 - EDGE, Resolution(bulk_elements=10, layer_elements=2, tangential=8)), 1e-3),
        pytest.param(
            lambda: octant(1 - EDGE, Resolution(bulk_elements=6, layer_elements=1, tangential=6)),
            1e-3,
            marks=pytest.mark.long,
        ),
    ],
    ids=["line", "disc", "octant"],
)
def test_a_core_in_a_shell_with_moduli_of_its_own(
    mesh: Callable[[], ParticleMesh], bound: float, moduli: tuple[float, float], record: Record
) -> None:
    # Emptied from 0.9 to 0.3 everywhere.
    young, poisson = moduli
    inner = core(1 - EDGE, 0.0, site_density=1e4, occupancy=0.9)
    inner = replace(inner, volume=3 * SHRUNK / (-0.6 * inner.site_density))
    parts = pair(inner, young=young, poisson=poisson, volume=inner.volume * SHRUNK_SHELL / SHRUNK)
    model = model_of(parts, RADIUS, "none")
    pace = 0.6 * inner.site_density * RADIUS / 3
    run = follow(model, mesh(), [Stage(pace / 1e7, 1e7), Stage(0.0, 1e8)], 1e-3)
    points = Sampler(run.system, at_vertices=run.system.particle.mesh.topology.dim == 3)
    sample = points.sample(run.last)
    assert np.ptp(sample.occupancy) < 1e-6
    (_, pressure), (inside, outside) = edge_stresses(parts, 3, (SHRUNK, SHRUNK_SHELL))
    hoop, hydrostatic = sample.stress.hoop, sample.stress.hydrostatic
    surface = hoop[points.depth < 1e-6]
    assert surface == pytest.approx(np.full(surface.size, outside), rel=bound)
    near = hoop[np.abs(points.radius - EDGE) < 1e-6]
    shell = near[near < 0.5 * inside]
    assert shell == pytest.approx(np.full(shell.size, inside), rel=bound)
    middle = hydrostatic[points.radius < 0.8]
    assert middle == pytest.approx(np.full(middle.size, pressure), abs=bound * abs(inside))
    body = {1: "line", 2: "quarter disc", 3: "octant"}[run.system.particle.mesh.topology.dim]
    equation = f"stress, core in a shell with E = {young / 1e9:g} GPa, ν = {poisson:g}, sphere as {body}"
    for figure, values, value in (
        ("σ_h in the core, MPa", middle, pressure),
        ("σ_θ at the shell's inner edge, MPa", shell, inside),
        ("σ_θ at the surface, MPa", surface, outside),
    ):
        row = exact_row(
            equation,
            "Lamé, two layers with moduli of their own",
            figure,
            values.mean() / 1e6,
            value / 1e6,
            bound,
        )
        agree(record, row)


@pytest.mark.parametrize(
    ("mesh", "bound"),
    [
        (lambda: line(1 - EDGE), 1e-6),
        (lambda: quarter_disc(1 - EDGE, Resolution(bulk_elements=10, layer_elements=2, tangential=8)), 1e-3),
    ],
    ids=["line", "disc"],
)
@pytest.mark.parametrize("moduli", MODULI.values(), ids=list(MODULI))
def test_a_shell_that_does_not_fit_is_stressed_as_made(
    mesh: Callable[[], ParticleMesh], bound: float, moduli: tuple[float, float]
) -> None:
    young, poisson = moduli
    inner = core(1 - EDGE, 0.03)
    parts = pair(inner, young=young, poisson=poisson)
    model, free = model_of(parts, RADIUS), 0.8
    region = replace(model.regions[0], strain_free=AtOccupancy(free))
    misfit = parts[1].volume * parts[1].site_density * (parts[1].occupancy - free) / 3
    strategy = choose(mesh(), replace(model, regions=(region,)), Discretisation())
    state = strategy.system.initial_state()
    points = Sampler(strategy.system)
    sample = points.sample(state)
    assert sample.occupancy == pytest.approx(np.full(points.depth.size, inner.occupancy), abs=1e-14)
    (_, pressure), (inside, outside) = edge_stresses(parts, 3, (0.0, misfit))
    assert abs(inside) > 1e8
    hoop = sample.stress.hoop
    surface = hoop[points.depth < 1e-6]
    assert surface == pytest.approx(np.full(surface.size, outside), rel=bound)
    middle = sample.stress.hydrostatic[points.radius < 0.8]
    assert middle == pytest.approx(np.full(middle.size, pressure), abs=bound * abs(inside))


# A region of the core's own material.


def departure(mesh: ParticleMesh, tolerance: float, discretisation: Discretisation) -> tuple[float, ...]:
    """Largest differences that a region of the same material makes.

    Returns:
        Of the peak, over itself; of θ at the end; of σ_θ at the end, over the largest.
    """
    model = model_of(pair(core(0.2, 0.0362)), RADIUS)
    plan = stages(RADIUS, (1.0, 1.0), (0.0, 0.3))
    runs = [follow(one, mesh, plan, tolerance, discretisation) for one in (replace(model, regions=()), model)]
    plain, divided = runs
    before, after = (Sampler(run.system).sample(run.last) for run in runs)
    hoop: Callable[[Sample], Array] = lambda sample: sample.stress.hoop  # noqa: E731
    return (
        abs(divided.peak() / plain.peak() - 1),
        float(np.abs(after.occupancy - before.occupancy).max()),
        float(np.abs(hoop(after) - hoop(before)).max() / np.abs(hoop(before)).max()),
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("strategy", "share"), [("monolithic", 0.03), ("monolithic", 0.2), ("monolithic", 0.97), ("split", 0.5)]
)
def test_a_region_of_the_same_material_changes_nothing(strategy: str, share: float) -> None:
    choice = Discretisation(strategy=StrategyChoice(strategy))
    # What may jump does so by what the elements leave of the flux.
    fine = radial_line(Spherical(), share, Resolution(bulk_elements=24, layer_elements=24))
    peak, theta, hoop = departure(fine, 1e-4, choice)
    assert peak < 1e-8
    assert theta < 1e-8
    assert hoop < 1e-7


@pytest.mark.long
def test_in_a_plane_a_region_of_the_same_material_changes_what_the_elements_leave() -> None:
    together = Discretisation(strategy=StrategyChoice.MONOLITHIC)
    coarse, fine = (departure(disc(elements), 1e-4, together) for elements in (8, 16))
    assert coarse[0] < 1e-4
    assert coarse[1] < 5e-4
    # Third order, of the peak and of θ.
    assert fine[0] < coarse[0] / 4
    assert fine[1] < coarse[1] / 4
