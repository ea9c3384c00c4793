"""Fronts between phases: against closed forms of the linear equations, and an independent solver's fronts."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest

import oxyshell
from oxyshell.meshes.coordinates import Planar
from oxyshell.models.chemical_potential.equilibrium import gap, profile
from oxyshell.models.chemical_potential.facts import PhaseFacts
from oxyshell.models.chemical_potential.solution import CoherentInteraction, RegularInteraction
from oxyshell.models.particle.monolithic import MonolithicSystem
from oxyshell.outputs import Result
from oxyshell.scenario.loading import loads
from oxyshell.solver.integrators.rosenbrock import Rosenbrock
from tests.phases import ENERGY, RADIUS, TIME, extraction, model, places, scenario_file, system

# Place of the front over R after a time in R²/D, ions leaving at a flux of 0.02 c_s D/R from θ = 0.95, for
# χ = 3 and a width of 0.04 R: by finite volumes on 400 cells, independent of this package.
FRONTS = {
    "plate": (
        (10.0, 0.791763), (15.0, 0.676314), (20.0, 0.561347), (25.0, 0.446815), (30.0, 0.3327),
        (35.0, 0.21899), (40.0, 0.105665), (42.5, 0.049144),
    ),
    "cylinder": (
        (5.0, 0.88895), (7.5, 0.821115), (10.0, 0.747547), (12.5, 0.666406), (15.0, 0.574768),
        (17.5, 0.467154), (20.0, 0.330519), (21.25, 0.239303),
    ),
}  # fmt: skip


@functools.cache
def run(text: str) -> Result:
    return oxyshell.run(loads(text))


def under_flux(shape: str, more: str = "") -> Result:
    times = ", ".join(f"{time * TIME!r} s" for time, _ in FRONTS[shape][:-1])
    return run(
        scenario_file(
            f"[{extraction(0.02, '{extracted: 0.85}')}]",
            f"{{shape: {shape}, radius: 1 um}}",
            more=f"output: {{at: {{time: [{times}]}}}}\n{more}",
        )
    )


@pytest.mark.parametrize("shape", ["plate", pytest.param("cylinder", marks=pytest.mark.long)])
def test_a_front_under_a_constant_flux_is_where_another_solver_has_it(shape: str) -> None:
    result = under_flux(shape)
    front, time = result.history["front_radius_nm"] * 1e-9 / RADIUS, result.history["time_s"] / TIME
    for at, place in FRONTS[shape]:
        (index,) = np.flatnonzero(np.abs(time - at) < 1e-9 * at)
        # Its finite volumes err by 1e-4, these cubics (34 cells) by 2e-4.
        assert front[index] == pytest.approx(place, abs=1e-3)
    assert np.isnan(front[0])
    assert result.summary["ions"]["balance_error"] < 1e-13
    # As many as the other solver takes, within a factor of 1.5.
    assert result.summary["steps"] < 650


@pytest.mark.long
def test_more_cells_than_are_chosen_move_the_front_by_less_than_a_thousandth() -> None:
    chosen, finer = (
        under_flux("plate", more) for more in ("", "numerics: {elements: {bulk: 80, surface_size: 0.0125}}")
    )
    for at, _ in FRONTS["plate"][:-1]:
        places_of = []
        for result in (chosen, finer):
            (index,) = np.flatnonzero(np.abs(result.history["time_s"] / TIME - at) < 1e-9 * at)
            places_of.append(result.history["front_radius_nm"][index] * 1e-9 / RADIUS)
        assert places_of[0] == pytest.approx(places_of[1], abs=1e-3)


# χ, θ as made, ℓ/R, waves on the radius of a plate that grow (near the fastest) and that decay.
WAVES = ((2.5, 0.5, 5, 9), (2.5, 0.4, 4, 8), (3.0, 0.5, 6, 12), (3.0, 0.4, 6, 11), (4.0, 0.4, 9, 15))
LENGTH = 0.05


@functools.cache
def plate() -> MonolithicSystem:
    return system(model(3.0, LENGTH, 0.5), Planar(), 60)


def growth(chi: float, theta: float, waves: int, strain: float = 0.0) -> tuple[float, float]:
    """Rate at which a small cosine grows in a closed plate, over D/R²: of the solved one, and exactly."""
    solved = plate()
    solved.update(model(chi, LENGTH, theta, strain))
    k, mobility = waves * np.pi, theta * (1 - theta)
    # B/c_s RT of strain through the thickness, E e²/(1 − ν).
    stiffness = 100e9 * strain**2 / 0.75 / ENERGY
    exact = -(k**2) * (1 - 2 * (chi - stiffness) * mobility + mobility * LENGTH**2 * k**2)
    wave = np.cos(k * places(solved))
    state = solved.initial_state(theta)
    unknowns = np.array(state.unknowns)
    unknowns[solved.fields.rows["occupancy"]] += 1e-6 * wave
    unknowns[solved.fields.rows["excess_potential"]] += (-2 * chi + LENGTH**2 * k**2) * 1e-6 * wave
    state = replace(state, unknowns=unknowns)
    method = Rosenbrock(solved, 1.0)
    step, amplitudes = 0.05 / abs(exact), []
    for _ in range(21):
        amplitudes.append(2 * float(np.mean((solved.occupancy(state) - theta) * wave)))
        state = method.attempt(state, step * solved.time_unit).state
    # The first step makes stress and content agree.
    return float(np.log(amplitudes[20] / amplitudes[1]) / (19 * step)), float(exact)


@pytest.mark.parametrize(("chi", "theta", "growing", "decaying"), WAVES)
def test_small_waves_grow_and_decay_as_the_linear_equation_says(
    chi: float, theta: float, growing: int, decaying: int
) -> None:
    # Cubics with eight unknowns and more on a wave, and steps of a twentieth of its time: a few 1e-5.
    found, exact = growth(chi, theta, growing)
    assert exact > 0
    assert found == pytest.approx(exact, rel=1e-3)
    found, exact = growth(chi, theta, decaying)
    assert exact < 0
    assert found == pytest.approx(exact, rel=1e-3)


def test_strain_takes_its_share_off_the_interaction() -> None:
    # B/c_s RT = 0.5: the same wave grows for χ = 3 and decays for χ = 2.4.
    strain = float(np.sqrt(0.5 * ENERGY * 0.75 / 100e9))
    for chi, grows in ((3.0, True), (2.4, False)):
        found, exact = growth(chi, 0.5, 4, strain)
        assert (exact > 0) is grows
        assert found == pytest.approx(exact, rel=1e-3)


SETTLED = f"[{extraction(0.02, '{extracted: 0.2}')}, {{rest: {{time: {10 * TIME!r} s}}}}]"


def settled(shape: str = "plate", strain: float = 0.0) -> Result:
    """A particle whose outer phase has come to rest, its linear strain from empty to full."""
    particle = f"{{shape: {shape}, radius: 1 um}}"
    return run(scenario_file(SETTLED, particle, volume_change=f"{300 * strain!r} %"))


def test_the_energy_of_a_closed_particle_falls() -> None:
    result = settled(strain=0.006)
    energy, extracted = result.history["free_energy_J"], result.history["extracted_per_formula"]
    closed = energy[extracted >= 0.2 - 1e-12]
    assert closed.size > 10
    fall = closed[0] - closed[-1]
    assert fall > 0
    # It rises by what the cells and the tolerance of a step leave.
    assert result.summary["chemical_potential"]["largest_rise_of_free_energy_J"] < 1e-3 * fall
    assert np.all(result.history["gradient_energy_J"] >= 0)


@pytest.mark.parametrize("strain", [0.0, 0.006])
def test_phases_at_rest_are_those_of_the_coherent_gap(strain: float) -> None:
    result = settled(strain=strain)
    stiffness = 100e9 * strain**2 / 0.75 / ENERGY
    found = result.summary["chemical_potential"]["phases"]
    assert found["coherent_stiffness"] == pytest.approx(stiffness, rel=1e-9, abs=1e-12)
    phases = gap(CoherentInteraction(interaction=RegularInteraction(3.0), stiffness=stiffness))
    assert phases is not None
    # Of a front's foot, e^-7 is left at the surface; the cubics err by 1e-4.
    theta = result.profiles["occupancy"][-1]
    assert theta[0] == pytest.approx(phases.concentrated, abs=1e-3)
    assert theta[-1] == pytest.approx(phases.dilute, abs=1e-3)


def test_the_front_at_rest_has_the_profile_and_the_energy_of_equilibrium() -> None:
    result = settled()
    interaction = RegularInteraction(3.0)
    phases = gap(interaction)
    assert phases is not None
    radius, theta = result.profiles.radius_m / RADIUS, result.profiles["occupancy"][-1]
    front = result.history["front_radius_nm"][-1] * 1e-9 / RADIUS
    inside = (theta > 0.08) & (theta < 0.92)
    length = result.summary["chemical_potential"]["gradient_length_nm"] * 1e-9 / RADIUS
    exact = front - length * profile(interaction, phases, theta[inside])
    # A fiftieth of the width of 0.04 R, which has 1.4 cubic cells.
    np.testing.assert_allclose(radius[inside], exact, rtol=0, atol=8e-4)
    # Half of the energy of the front is in the gradient; both faces of the plate have a front, R² of each.
    interface = phases.interface * length * RADIUS * ENERGY
    gradient = result.history["gradient_energy_J"][-1] / (2 * RADIUS**2)
    # The cells err by 1e-3 of it.
    assert gradient == pytest.approx(interface / 2, rel=3e-3)
    numbers = result.summary["chemical_potential"]["phases"]
    assert numbers["interface_energy_J_m2"] == pytest.approx(interface, rel=1e-9)
    assert numbers["front_width_nm"] == pytest.approx(40.0, rel=1e-9)


def stresses_at_rest(shape: str) -> tuple[np.ndarray, np.ndarray, float, float]:
    """σ_θ at the centre and at the surface, E e/(1 − ν) of the phases, and the radius of the front over R."""
    profiles = settled(shape, strain=0.006).profiles
    theta, radius = profiles["occupancy"][-1], profiles.radius_m / RADIUS
    bound = 100e9 * 0.006 * (theta[0] - theta[-1]) / 0.75
    return (*profiles["hoop_Pa"][-1][[0, -1]], bound, np.interp(0.5, theta[::-1], radius[::-1]))


def test_a_thin_layer_of_the_other_phase_has_the_stress_of_a_layer() -> None:
    centre, surface, bound, front = stresses_at_rest("plate")
    # σ = E/(1 − ν) (⟨ε⟩ − ε): what lies below pulls at the layer, which has shrunk.
    assert surface == pytest.approx(bound * front, rel=1e-2)
    assert centre == pytest.approx(-bound * (1 - front), rel=1e-2)


@pytest.mark.long
def test_the_shell_of_a_long_cylinder_has_the_stress_of_a_misfit() -> None:
    centre, surface, bound, front = stresses_at_rest("cylinder")
    # At the surface σ_θ = E/(1 − ν) (⟨ε⟩ − ε); at the centre half of that.
    assert surface == pytest.approx(bound * front**2, rel=1e-2)
    assert centre == pytest.approx(-bound * (1 - front**2) / 2, rel=1e-2)


# Rates of the mean occupancy in D/R² beyond which a plate's surface empties; as in the brief.
LIMITS = ((2.5, 0.097), (3.0, 0.056), (4.0, 0.019))


@pytest.mark.parametrize(("chi", "limit"), LIMITS)
def test_the_rate_that_a_layer_of_the_dilute_phase_carries(chi: float, limit: float) -> None:
    protocol, potential = f"[{extraction(0.02, '{extracted: 0.5}')}]", f"{{model: regular, interaction: {chi}"
    scenario = loads(scenario_file(protocol, occupancy=0.99, potential=f"{potential}, front_width: 40 nm}}"))
    facts = PhaseFacts.of(scenario)
    # θ − χθ² + 2χθ³/3 at the binodal.
    assert facts.phases is not None
    at = facts.phases.dilute
    assert facts.limiting_rate == pytest.approx(at - chi * at**2 + 2 * chi * at**3 / 3, rel=1e-6)
    assert round(facts.limiting_rate, 3) == limit
    assert facts.limiting_flux == pytest.approx(facts.limiting_rate * 25000 * 1e-14 / RADIUS, rel=1e-9)


def test_faster_than_that_the_surface_empties_before_the_front_is_at_the_centre() -> None:
    result = run(scenario_file(f"[{extraction(0.08, '{extracted: 0.8}')}]"))
    (told,) = result.summary["current"]["shortfalls"]
    assert told["least_over_set"] < 0.9
    assert any("the surface was exhausted" in one for one in result.summary["remarks"])
    # A layer that carries the whole current is as thick as limit over rate.
    front = np.interp(told["from_s"], result.history["time_s"], result.history["front_radius_nm"]) * 1e-9
    assert 1 - front / RADIUS == pytest.approx(0.0564 / 0.08, abs=0.05)
    slow = under_flux("plate")
    assert not slow.summary["current"]["shortfalls"]
