"""Trends that the literature on core–shell cathode particles reports, with what this model has of them.

Wu & Lu, J. Phys. Chem. C (2017), doi 10.1021/acs.jpcc.7b05096: unlike in a particle of one material,
lithiation pulls the shell along its circumference and delithiation pulls it off the core; large cores with
relatively thin shells fracture, thick shells debond. Tu, Wu, Ai & Martínez-Pañeda (2024), arXiv:2403.13409:
NMC111 on NMC811 with constant properties neither debonds nor fractures with a small core and a thin shell.
(Both after their abstracts.) Here the shell differs from the core in that it misses ion sites, and so swells
less.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from oxyshell.outputs import Result
from oxyshell.scenario.loading import load, loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.verification.exact import Record

pytestmark = pytest.mark.slow
WU_LU, TU = "Wu & Lu 2017", "Tu et al. 2024"
# By which each value exceeds the one before; meshes and steps as fine again move none by a tenth of it.
MARGIN = 0.01

# Typical of NMC, none of it measured. So slow that ions are spread evenly: stress comes from the misfit.
CHARGED = loads("""
name: core and shell
particle: {shape: sphere, radius: 5.5 um}
material:
  formula: LiNi0.8Mn0.1Co0.1O2
  molar_volume: 20 cm^3/mol
  ion: {species: Li, sites_per_formula: 1, occupancy: 0.95}
  diffusivity: 1e-14 m^2/s
  drift: none
  chemical_strain: {volume_change: 5 %, per_extracted: 1}
  elasticity: {young_modulus: 140 GPa, poisson_ratio: 0.3}
shell: {thickness: 0.5 um, deficiency: 0.2, profile: step}
cell: {one_c: 200 mA/g}
protocol:
  - charge: {rate: 0.02 C, until: {surface_occupancy: 0.05}}
numerics: {maximum_step: 4000 s}
""")


def filled(scenario: Scenario, rate: str) -> Scenario:
    """The scenario from an empty particle to a nearly full surface."""
    discharge = {"discharge": {"rate": rate, "until": {"surface_occupancy": 0.95}}}
    changes = {"material.ion.occupancy": 0.001, "output": {"at": {}}, "protocol": [discharge]}
    return scenario.with_values(changes)


DISCHARGED = filled(CHARGED, "0.02 C")
# Diffusion rules here: stress comes from the content's gradient.
RU1 = load(Path(__file__).parents[2] / "scenarios" / "lrmo-ru1.yaml")
# The largest tension comes and goes between two steps, unless they are short.
RU1_DISCHARGED = filled(RU1, "0.1 C").with_values({"numerics.time_tolerance": 1e-5})


def core_and_shell(scenario: Scenario, core: float, thickness: float, unit: str = "um") -> Scenario:
    """With a core of some radius under a shell of some thickness."""
    sizes = {"particle.radius": f"{core + thickness} {unit}", "shell.thickness": f"{thickness} {unit}"}
    return scenario.with_values(sizes)


def sized(path: str) -> Callable[[float], Scenario]:
    """Ru-1 on charge with one of its lengths in nm."""
    return lambda size: RU1.with_values({path: f"{size} nm"})


def hoop(result: Result) -> float:
    """Largest hoop stress anywhere at any time, MPa."""
    stress = result.summary["stress"]
    assert isinstance(stress, dict)
    return float(stress["hoop"]["peak_MPa"])


def at_interface(result: Result) -> float:
    """σ_r at the shell's inner edge in the end, MPa."""
    radius = result.profiles.radius_m
    assert radius[-1] > 5e-6  # the cores below are of 5 µm
    return float(np.interp(5e-6, radius, result.profiles["radial_stress_Pa"][-1]) / 1e6)


SHELLS = (0.3, 0.6, 1.0, 1.5, 2.2)
LAYERS = (1.5, 3.0, 4.5, 6.0, 9.0)
HOOP, RADIAL = "largest σ_θ, MPa", "σ_r at the interface in the end, MPa"
# What is said, by whom, what is varied and how, what is looked at: all of it rises along the values.
TRENDS = {
    "particle": (
        "charge: a smaller particle under the same layer has less hoop tension",
        TU,
        "R of lrmo-ru1, nm",
        (100, 125, 150, 175, 200),
        sized("particle.radius"),
        HOOP,
        hoop,
    ),
    "core": (
        "discharge, slow: a smaller core has less hoop tension in its shell",
        f"{TU}; {WU_LU}",
        "core under a shell of 0.5 µm, µm",
        (3, 4, 6, 9, 14),
        lambda core: core_and_shell(DISCHARGED, core, 0.5),
        HOOP,
        hoop,
    ),
    "relatively thin": (
        "discharge, slow: a thicker shell has less hoop tension",
        WU_LU,
        "shell on a core of 5 µm, µm",
        SHELLS[::-1],
        lambda shell: core_and_shell(DISCHARGED, 5, shell),
        HOOP,
        hoop,
    ),
    "debonding": (
        "charge, slow: a thinner shell is pulled off its core less",
        f"{TU}; {WU_LU}",
        "shell on a core of 5 µm, µm",
        SHELLS,
        lambda shell: core_and_shell(CHARGED, 5, shell),
        RADIAL,
        at_interface,
    ),
    "thin and fast": (
        "discharge, fast: a thinner layer on the same core has less hoop tension, in the centre",
        TU,
        "layer of lrmo-ru1 on a core of 120 nm, nm",
        (1.5, 3.0, 4.5, 9.0, 15.0),
        lambda layer: core_and_shell(RU1_DISCHARGED, 120, layer, "nm"),
        HOOP,
        hoop,
    ),
    "thick": (
        "charge: a thicker layer in the same particle has less hoop tension",
        f"the opposite of {TU}",
        "layer of lrmo-ru1, nm",
        LAYERS[::-1],
        sized("shell.thickness"),
        HOOP,
        hoop,
    ),
}


@pytest.mark.parametrize(
    ("trend", "literature", "varied", "values", "scenario", "figure", "read"), TRENDS.values(), ids=TRENDS
)
def test_a_trend(
    trend: str,
    literature: str,
    varied: str,
    values: Sequence[float],
    scenario: Callable[[float], Scenario],
    figure: str,
    read: Callable[[Result], float],
    bench: SimulationCache,
    record: Record,
) -> None:
    computed = [read(bench.run(scenario(value))) for value in values]
    record(
        {
            "kind": "trend",
            "trend": trend,
            "literature": literature,
            "varied": varied,
            "values": list(values),
            "figure": figure,
            "computed": computed,
        }
    )
    assert computed[0] > 0
    for one, other in pairwise(computed):
        assert other > (1 + MARGIN) * one


def test_only_a_shell_is_pulled(bench: SimulationCache) -> None:
    # Wu & Lu: "in sharp contrast to a single-component particle".
    for scenario, column in ((DISCHARGED, "hoop_Pa"), (CHARGED, "radial_stress_Pa")):
        shelled = bench.run(scenario).profiles
        alone = bench.run(scenario.with_values({"shell": None})).profiles
        edge = int(np.abs(shelled.depth_m - 0.5e-6).argmin())
        outside = shelled[column][-1, edge:].max()
        assert outside > 30e6
        # Without a misfit it is pressed there: along the surface on discharge, across it on charge.
        surface = alone[column][-1, alone.depth_m < 0.5e-6]
        assert surface.max() < 1e-3 * outside
