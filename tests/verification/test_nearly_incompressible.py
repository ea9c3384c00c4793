"""Without drift the stress of a sphere is proportional to E/(1 − ν), up to the largest ν that is allowed."""

from __future__ import annotations

import pytest

import oxyshell
from oxyshell.inputs import loads

TEXT = """\
name: sphere
particle: {shape: sphere, radius: 150 nm}
material:
  formula: Li1.20Mn0.555Ni0.158Co0.080O2
  molar_volume: 20.11 cm^3/mol
  ion: {species: Li, sites_per_formula: 1.20, occupancy: 0.999}
  diffusivity: 1.568e-19 m^2/s
  drift: none
  chemical_strain: {volume_change: 2.69 %, per_extracted: 1.0}
  elasticity: {young_modulus: 170 GPa, poisson_ratio: 0.30}
cell: {one_c: 250 mA/g}
protocol: [{charge: {rate: 0.1 C, until: {passed: 0.3}}}]
"""


def scaled_peak(poisson_ratio: float) -> float:
    """Peak of the hoop stress times (1 − ν), MPa, which is at the surface."""
    changed = loads(TEXT).with_values({"material.elasticity.poisson_ratio": poisson_ratio})
    peak = oxyshell.run(changed).summary["stress"]["hoop"]
    assert peak["depth_nm"] == pytest.approx(0.0, abs=1e-9)
    return float(peak["peak_MPa"] * (1 - poisson_ratio))


def test_the_stress_of_a_sphere_scales_up_to_the_allowed_poisson_ratios() -> None:
    """594 MPa at ν = 0.4999. The error grows as 1/(1 − 2ν): 6e-7 at 0.49, 6e-6 at 0.499, 6e-5 at 0.4999."""
    expected = scaled_peak(0.3)
    assert scaled_peak(0.4999) == pytest.approx(expected, rel=1e-4)
    assert scaled_peak(0.4999) / (1 - 0.4999) == pytest.approx(594, abs=0.5)
    assert scaled_peak(0.49) == pytest.approx(expected, rel=1e-6)
    assert scaled_peak(-0.9998) == pytest.approx(expected, rel=1e-6)
