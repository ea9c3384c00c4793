"""What holds whatever the numbers are, for every scenario that ships."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.resolution import radial_resolution
from oxyshell.models.base.protocol import Protocol
from oxyshell.models.host.lattice import CosineLayer, Layer, LinearLayer, NoLayer, UniformLayer
from oxyshell.models.particle.strategies import choose
from oxyshell.models.particle.system import as_made, enter
from oxyshell.outputs import Result
from oxyshell.running.jumps_told import tolerances
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.solver.march import march
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.settings import Discretisation, StepControl
from oxyshell.studies.engine.simulation_cache import SimulationCache
from oxyshell.studies.registry import load_any
from tests.sampling import Sample, Sampler
from tests.sized import sized
from tests.verification.closed_forms import SHAPES

FOLDER = Path(__file__).parents[2] / "scenarios"
SHIPPED = {file.stem: file for file in sorted(FOLDER.glob("*.yaml")) if isinstance(load_any(file), Scenario)}
# Half a minute for each run.
LONG = {"gitt"}
CUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {shape.name: shape.cut for shape in SHAPES}
# Where a chemical strain has its numbers.
EXPANSIONS = ("volume_change", "partial_molar_volume", "expansion_a", "expansion_c", "strain_a", "strain_c")
# Boole's rule for the five points that a radial line's profile has in every element.
BOOLE = np.array([7, 32, 12, 32, 7]) / 90
ROUND_OFF = 1e-9


def shipped(name: str) -> Scenario:
    return load(SHIPPED[name])


def with_expansion(scenario: Scenario, factor: float) -> Scenario:
    """The scenario with the chemical strains of all its materials multiplied."""
    sections = {
        ".".join(one.place("chemical_strain")): one.material.chemical_strain for one in scenario.parts
    }
    paths = [f"{path}.{key}" for path, one in sections.items() for key in EXPANSIONS if key in one.entries()]
    return scenario.with_values({path: factor * scenario.get(path) for path in paths})


def largest_stress(result: Result) -> float:
    stress = result.profiles
    return float(max(np.abs(stress[name]).max() for name in ("hoop_Pa", "radial_stress_Pa", "von_mises_Pa")))


def has_plain_expansion(scenario: Scenario) -> bool:
    """Whether the chemical strain is given by numbers, not by tables or formulas."""
    try:
        with_expansion(scenario, 1.0)
    except ScenarioError:
        return False
    return True


def has_a_line(scenario: Scenario) -> bool:
    """Whether one coordinate is enough for the particle."""
    return scenario.particle.shape in CUTS and not scenario.material.layered


def is_free(scenario: Scenario) -> bool:
    return scenario.surface.confinement.value == 0.0


def has_oxygen(scenario: Scenario) -> bool:
    return scenario.oxygen is not None


def moves_ions(scenario: Scenario) -> bool:
    """Whether something is done to the ions: a particle at rest has no stress to speak of."""
    return any(step.kind != "rest" for step in sized(scenario).protocol().steps)


def simulates_every_cycle(scenario: Scenario) -> bool:
    """Whether no cycle is jumped over: a jump has no moments in between."""
    return not tolerances(sized(scenario).protocol())


def ends_at_no_column(scenario: Scenario) -> bool:
    """Whether its steps end at times and contents, which need no recorder."""
    return not sized(scenario).protocol().columns


def of_shipped(*conditions: Callable[[Scenario], bool]) -> pytest.MarkDecorator:
    """Runs a test for all scenarios for which some conditions hold."""
    names = [name for name in SHIPPED if all(condition(shipped(name)) for condition in conditions)]
    assert len(names) > 2
    marked = [pytest.param(name, marks=pytest.mark.long) if name in LONG else name for name in names]
    return pytest.mark.parametrize("name", marked)


type Run = Callable[[Scenario], Result]


@pytest.fixture(scope="module")
def run(bench: SimulationCache) -> Run:
    """Runs a scenario unless it was run before."""
    known: dict[Scenario, Result] = {}

    def run_once(scenario: Scenario) -> Result:
        if scenario not in known:
            known[scenario] = bench.run(scenario)
        return known[scenario]

    return run_once


@of_shipped()
def test_occupancies_are_shares(name: str, run: Run) -> None:
    result = run(shipped(name))
    for values in (result.profiles["occupancy"], result.history["surface_occupancy"]):
        assert values.min() >= -ROUND_OFF
        assert values.max() <= 1 + ROUND_OFF


@of_shipped()
def test_no_ion_is_lost(name: str, run: Run) -> None:
    history = run(shipped(name)).history
    assert len(history["balance_error"]) > 10
    assert np.abs(history["balance_error"]).max() < 1e-10
    # The same from the numbers themselves.
    total = history["ions_in_particle_mol"] + history["ions_out_mol"]
    assert np.ptp(total) < 1e-10 * history["ions_in_particle_mol"].max()


def of_several_regions() -> pytest.MarkDecorator:
    """Runs a test for all scenarios of spheres of several hosts."""
    names = [name for name in SHIPPED if len(shipped(name).parts) > 1 and has_a_line(shipped(name))]
    assert names
    return pytest.mark.parametrize(
        "name", [name for name in names if shipped(name).particle.shape == "sphere"]
    )


@of_several_regions()
def test_what_leaves_a_region_has_passed_its_interface(name: str, run: Run) -> None:
    scenario = shipped(name)
    profiles, history = run(scenario).profiles, run(scenario).history
    moments = [int(np.argmin(np.abs(history["time_s"] - time))) for time in profiles.times]
    radius = profiles.radius_m.reshape(-1, 17)[:, ::4]
    weights = 4 * np.pi * radius**2 * (radius[:, -1:] - radius[:, :1]) * BOOLE
    content = profiles["concentration_mol_m3"].reshape(len(moments), -1, 17)[:, :, ::4]
    names = [part.name for part in scenario.parts]
    edge = scenario.particle.radius.value
    for layer, within, around in zip(reversed(scenario.layers), names[-2::-1], names[:0:-1], strict=False):
        assert layer.section.thickness is not None
        edge -= layer.section.thickness.value
        inside = radius.mean(axis=1) < edge
        amounts = (weights * content)[:, inside].sum(axis=(1, 2))
        passed = history[f"{within}_{around}_ions_passed_mol"][moments]
        # c r² is of degree 5 in an element of even host sites: the rule is exact.
        assert np.abs(amounts[0] - amounts - passed).max() < 1e-10 * amounts[0]
        assert np.ptp(passed) > 1e-3 * amounts[0]


@of_shipped(moves_ions, is_free)
def test_a_free_surface_bears_no_traction(name: str, run: Run) -> None:
    scenario = shipped(name)
    result = run(scenario)
    surface = result.profiles.depth_m < 1e-9 * scenario.particle.radius.value
    traction = result.profiles["radial_stress_Pa"][:, surface]
    assert traction.size > 0
    # A front that two elements resolve has stresses of a few per cent of error.
    bound = 1e-3 if scenario.section("chemical_potential") is None else 2e-2
    assert np.abs(traction).max() < bound * largest_stress(result)


@of_shipped(moves_ions, is_free, has_a_line)
def test_the_stress_is_in_equilibrium_with_itself(name: str, run: Run) -> None:
    particle = shipped(name).particle
    line = {"shape": particle.shape, "radius": particle.radius.value}
    profiles = run(shipped(name).with_values({"particle": line})).profiles
    # Every fourth of the 17 points of an element, for the rule of five.
    radius = profiles.radius_m.reshape(-1, 17)[:, ::4]
    spans = (radius[:, -1:] - radius[:, :1]) * BOOLE
    cut = CUTS[particle.shape](radius)
    forces = [spans * cut * hoop.reshape(-1, 17)[:, ::4] for hoop in profiles["hoop_Pa"][1:]]
    largest = max(np.abs(force).sum() for force in forces)
    for force in forces:
        # σ_θ r is of degree 4 in an element: the rule is exact, but for round-off of what a rest has left.
        assert abs(force.sum()) < 1e-9 * np.abs(force).sum() + 1e-12 * largest


@of_shipped(moves_ions, has_plain_expansion)
def test_the_opposite_expansion_turns_every_stress_around(name: str, run: Run) -> None:
    # The stress, and its weight in the chemical potential, are proportional to Ω: transport knows only Ω².
    scenario = shipped(name)
    one, other = run(scenario), run(with_expansion(scenario, -1.0))
    assert np.abs(one.profiles["occupancy"] - other.profiles["occupancy"]).max() < ROUND_OFF
    for measure in ("hoop_Pa", "radial_stress_Pa", "displacement_m"):
        total = one.profiles[measure] + other.profiles[measure]
        assert np.abs(total).max() < ROUND_OFF * np.abs(one.profiles[measure]).max()
    assert largest_stress(one) > 0


@of_shipped(moves_ions, has_plain_expansion)
def test_without_expansion_there_is_no_stress_and_ions_diffuse_by_ficks_law(name: str, run: Run) -> None:
    scenario = shipped(name)
    # A layer of a material of the library has a law of its own.
    laws = [".".join((*part.path, "drift")) for part in scenario.parts]
    without_stress: dict[str, Any] = dict.fromkeys(laws, "none")
    if scenario.section("electrode") is not None:
        without_stress["electrode.stress_shifts_potential"] = False
    rigid, fick = run(with_expansion(scenario, 0.0)), run(scenario.with_values(without_stress))
    assert largest_stress(rigid) < ROUND_OFF * largest_stress(fick)
    assert np.abs(rigid.profiles["occupancy"] - fick.profiles["occupancy"]).max() < ROUND_OFF


@of_shipped(has_a_line, ends_at_no_column)
def test_a_layer_that_misses_nothing_is_none(name: str) -> None:
    scenario = shipped(name)
    model = scenario.model()
    line = radial_line(Spherical(), 0.03, radial_resolution(0.03))
    thickness = 0.03 * model.radius
    layers: list[Layer] = [
        NoLayer(),
        *(kind(thickness, 0.0) for kind in (LinearLayer, UniformLayer, CosineLayer)),
    ]

    def ended(layer: Layer) -> Sample:
        layered = replace(model, host=replace(model.host, layer=layer))
        strategy = choose(line, layered, Discretisation())
        system = strategy.system
        subject = Marchable(
            method=strategy.method(1e-3),
            observe=system.observe,
            begin=partial(enter, system, as_made(layered)),
            initial=system.initial_state(model.host.occupancy),
            diffusion_time=system.time_unit,
            formula_units=system.volume * model.radius**3 / model.host.molar_volume,
            sites=system.observe(system.initial_state(1.0)).content,
        )
        protocol = Protocol(sized(scenario).protocol().steps)
        *_, last = march(subject, protocol, StepControl(1e-3))
        return Sampler(system).sample(last.state)

    pristine, *others = (ended(layer) for layer in layers)
    for other in others:
        assert np.abs(other.occupancy - pristine.occupancy).max() < ROUND_OFF
        assert (
            np.abs(other.stress.hoop - pristine.stress.hoop).max()
            < ROUND_OFF * np.abs(pristine.stress.hoop).max()
        )


@of_shipped(has_a_line, simulates_every_cycle)
def test_times_are_hit(name: str, run: Run) -> None:
    scenario = shipped(name).with_values({"output.every_cycle": 1})
    whole = float(run(scenario).history["time_s"][-1])
    asked = [whole * share for share in (0.111, 0.5, 0.9)]
    result = run(scenario.with_values({"output.at": {"time": asked}}))
    reached = [end["time_s"] for end in result.summary["protocol"]]
    assert list(result.profiles.times) == pytest.approx(sorted([0.0, *asked, *reached]), rel=1e-12)
    assert result.profiles.times[-1] == result.history["time_s"][-1] == result.summary["time_s"]
    assert [snapshot.time_s for snapshot in result.fields] == list(result.profiles.times)
    began, ends = 0.0, result.summary["protocol"]
    assert isinstance(ends, list)
    protocol = sized(scenario).protocol()
    # A repetition may be over early.
    for step, end in zip(protocol.steps, ends, strict=not protocol.repeats):
        by_time = end["ended_by"] == "time"
        lengths = [target.value for target in step.until if by_time and target.key == "time"]
        assert [end["time_s"] - began] * len(lengths) == pytest.approx(lengths, rel=1e-12)
        began = end["time_s"]


@of_shipped(has_oxygen)
def test_no_oxygen_is_lost(name: str, run: Run) -> None:
    result = run(shipped(name))
    history = result.history
    assert history["oxygen_balance_error"].max() < 1e-10
    # The same from the numbers themselves, and what is where is a share of it.
    there = history["oxygen_in_lattice_mol"] + history["oxygen_captured_mol"] + history["oxygen_released_mol"]
    total = history["oxygen_in_lattice_mol"][0] + history["oxygen_generated_mol"]
    assert np.abs(there - total).max() < 1e-10 * total.max()
    for column in ("oxygen_in_lattice_mol", "oxygen_captured_mol", "oxygen_released_mol"):
        assert history[column].min() >= -ROUND_OFF * total.max()
        assert history[column].max() <= total.max() * (1 + ROUND_OFF)
    assert history["sink_filling"].max() <= 1 + shipped(name).numerics.oxygen_tolerance
    for column in ("oxygen_released_mol", "oxygen_generated_mol"):
        assert np.diff(history[column]).min() >= -ROUND_OFF * total.max()


@of_shipped(has_oxygen)
def test_oxygen_that_does_not_act_back_leaves_the_ions_alone(name: str, run: Run) -> None:
    scenario = shipped(name)
    if scenario.oxygen is None or scenario.oxygen.vacancies is not None:
        pytest.skip("its oxygen acts back on the host")
    along, alone = run(scenario), run(scenario.with_values({"oxygen": None}))
    for column, values in alone.history.items():
        assert np.array_equal(values, along.history[column], equal_nan=True), column


@of_shipped(has_oxygen)
def test_a_sink_that_catches_nothing_is_an_open_surface(name: str, run: Run) -> None:
    scenario = shipped(name)
    transfer = scenario.to_data()["oxygen"]["surface"]["transfer"]
    blind = {
        "law": "islands",
        "transfer": transfer,
        "adsorption": {"energy": "-1.497 eV", "attempt_frequency": "1e13 1/s"},
        "site_density": "8.41e-6 mol/m^2",
        "coverage": 0.2,
        "efficiency": 0,
    }
    bare, covered = (
        run(scenario.with_values({"oxygen.surface": surface}))
        for surface in ({"law": "open", "transfer": transfer}, blind)
    )
    lost = bare.history["oxygen_released_mol"]
    assert np.abs(covered.history["oxygen_released_mol"] - lost).max() < ROUND_OFF * lost.max()
    assert covered.history["oxygen_captured_mol"].max() == 0.0
    assert lost[-1] > 0
