"""Scenarios with one constant diffusivity and one thing that happens."""

from __future__ import annotations

from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario

RADIUS, DIFFUSIVITY = 1e-6, 1e-14
DIFFUSION_TIME = RADIUS**2 / DIFFUSIVITY
SITES = 5e4
OCCUPANCY = 0.9
YOUNG, POISSON, PARTIAL_MOLAR_VOLUME = 1e11, 0.25, 1e-6
# A flux F with F R/(D c_s) = 0.4: at Fo = 0.5 a sphere's surface has come from 0.9 to 0.22.
DROP = 0.4
CURRENT_DENSITY = DROP * DIFFUSIVITY * SITES / RADIUS * FARADAY_CONSTANT
# E Ω (F R/D)/(3 (1 − ν)), and the same for the whole content.
FLUX_STRESS = YOUNG * PARTIAL_MOLAR_VOLUME * DROP * SITES / (3 * (1 - POISSON))
CONTENT_STRESS = FLUX_STRESS / DROP

_PARTICLE = f"""
name: verification
particle: {{shape: sphere, radius: {RADIUS}}}
material:
  formula: LiCoO2
  molar_volume: {1 / SITES}
  ion: {{species: Li, sites_per_formula: 1, occupancy: {OCCUPANCY}}}
  diffusivity: {DIFFUSIVITY}
  drift: none
  chemical_strain: {{partial_molar_volume: {PARTIAL_MOLAR_VOLUME}}}
  elasticity: {{young_modulus: {YOUNG}, poisson_ratio: {POISSON}}}
"""
_CHARGE = f"""
protocol:
  - charge: {{current_density: {CURRENT_DENSITY!r}, until: {{time: %r}}}}
"""
_HOLD = """
protocol:
  - hold: {surface_occupancy: 0.1, time: %r}
"""


def charged(shape: str, fourier: tuple[float, ...], tolerance: float) -> Scenario:
    """A particle under constant flux, looked at at some Fourier numbers, the last of which ends it."""
    return _looked_at(_PARTICLE + _CHARGE % (fourier[-1] * DIFFUSION_TIME), shape, fourier, tolerance)


def held(shape: str, fourier: tuple[float, ...], tolerance: float) -> Scenario:
    """A particle whose surface is brought from 0.9 to 0.1 at once."""
    return _looked_at(_PARTICLE + _HOLD % (fourier[-1] * DIFFUSION_TIME), shape, fourier, tolerance)


def _looked_at(text: str, shape: str, fourier: tuple[float, ...], tolerance: float) -> Scenario:
    times = [f"{fo * DIFFUSION_TIME!r}" for fo in fourier]
    output = f"output: {{at: {{time: [{', '.join(times)}]}}}}\n"
    numerics = f"numerics: {{time_tolerance: {tolerance!r}}}\n"
    return loads(text + output + numerics).with_values({"particle.shape": shape})
