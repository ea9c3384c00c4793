from __future__ import annotations

from typing import Any

import pytest

import oxyshell
from oxyshell.outputs import Result
from oxyshell.presentation.numbers import duration
from oxyshell.scenario.loading import loads

TEXT = """
name: core and shell
particle: {shape: sphere, radius: 150 nm}
material:
  formula: Li1.20Mn0.555Ni0.158Co0.080O2
  molar_volume: 20.11 cm^3/mol
  ion: {species: Li, sites_per_formula: 1.20, occupancy: 0.9}
  diffusivity: 1e-17 m^2/s
  chemical_strain: {volume_change: 3 %, per_extracted: 1.0}
  elasticity: {young_modulus: 170 GPa, poisson_ratio: 0.30}
shell: {thickness: 15 nm, potential_offset: -2 RT}
cell: {one_c: 250 mA/g}
protocol: [{charge: {rate: 0.01 C, until: {passed: 0.02}}}]
numerics: {elements: {layer: 4, bulk: 8}, time_tolerance: 1e-3}
"""


def run(**values: Any) -> Result:
    return oxyshell.run(loads(TEXT).with_values({key.replace("__", "."): one for key, one in values.items()}))


def test_a_largest_stress_of_the_first_instants_is_told_with_what_comes_after() -> None:
    found = run()
    (told,) = [one for one in found.summary["remarks"] if "due to the ions that move between hosts" in one]
    peak = found.summary["stress"]["first_principal"]
    late = abs(found.history["extracted_per_formula"]) >= 1e-2
    later = found.history["first_principal_peak_MPa"][late].max()
    assert peak["extracted_per_formula"] < 1e-2
    assert f"{peak['peak_MPa']:.4g} MPa after {duration(peak['time_s'])}" in told
    assert f"it is {later:.4g} MPa at most" in told


@pytest.mark.parametrize("own", [{"shell__potential_offset": None}, {"shell__potential_offset": "2 RT"}])
def test_nothing_is_told_in_equilibrium_or_where_the_current_makes_the_largest(own: dict[str, Any]) -> None:
    own = {"shell__elasticity": {"young_modulus": "160 GPa", "poisson_ratio": 0.3}, **own}
    told = run(**own).summary["remarks"]
    assert not any("due to the ions that move between hosts" in one for one in told)


def test_a_layer_that_does_not_fit_says_its_stress_as_made() -> None:
    found = run(shell__potential_offset=None, shell__strain_free_at=0.8)
    (told,) = [one for one in found.summary["remarks"] if "does not fit" in one]
    assert f"is {found.history['first_principal_peak_MPa'][0]:.4g} MPa." in told
    # A lattice that is larger by m = 0.12 %, θ_free = θ_0 − 3 n m/(s v) = 0.9 − 0.1, in a shell around a core
    # of a = 0.9 R: −E m/(1 − ν) (a/R)³ at the surface (Timoshenko & Goodier, thermal stress in a sphere). As
    # the strain is constant in each region, quadratic elements err by their interpolation of 1/r² alone.
    exact = -170e3 * 0.0012 / 0.7 * 0.9**3
    assert found.history["surface_hoop_MPa"][0] == pytest.approx(exact, rel=1e-3)
