"""A particle emptied evenly while an elastic surrounding holds its surface: the same stress everywhere.

The surrounding pulls with p = −k u(R). Inside, u = (e + (1 − 2ν) p/E) r: p = −k e R/(1 + (1 − 2ν) k R/E).
"""

from __future__ import annotations

import numpy as np
import pytest

from oxyshell.scenario.loading import loads
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.verification.exact import Record, agree, exact_row

RADIUS, YOUNG, POISSON = 200e-9, 170e9, 0.3
STRAIN, EXTRACTED = -0.0075, 0.6
# k R/E = 0.5: particle and surrounding are about as stiff as each other.
STIFFNESS = 0.5 * YOUNG / RADIUS
EXACT = -STIFFNESS * STRAIN * RADIUS / (1 + (1 - 2 * POISSON) * STIFFNESS * RADIUS / YOUNG)
BOUND = 1e-3

# Charged until 0.6 of the sites are empty on average, and left alone until they are so everywhere.
SCENARIO = f"""
name: held by its surrounding
particle: {{shape: sphere, radius: {RADIUS}}}
material:
  formula: LiCoO2
  molar_volume: 20 cm^3/mol
  ion: {{species: Li, sites_per_formula: 1, occupancy: 0.9}}
  diffusivity: 1e-14 m^2/s
  drift: none
  chemical_strain: {{volume_change: {-3 * STRAIN / EXTRACTED!r}}}
  elasticity: {{young_modulus: {YOUNG}, poisson_ratio: {POISSON}}}
surface: {{confinement: {STIFFNESS!r}}}
cell: {{one_c: 200 mA/g}}
protocol:
  - charge: {{rate: 1000 C, until: {{extracted: {EXTRACTED}}}}}
  - rest: {{time: 12 s}}
numerics: {{time_tolerance: 1e-3}}
"""


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("line", {"particle.dimension": 1}),
        ("quarter disc", {"particle.dimension": 2, "particle.extent": "quarter"}),
        # A displacement that grows with r is in the space of any mesh; what a coarse one lacks is roundness.
        ("octant", {"particle.dimension": 3, "numerics.elements": {"bulk": 4, "tangential": 4}}),
    ],
    ids=["line", "plane", "solid"],
)
def test_an_even_strain_under_a_surrounding_is_an_even_stress(
    body: str, values: dict[str, object], bench: SimulationCache, record: Record
) -> None:
    end = bench.run(loads(SCENARIO).with_values(values)).fields[-1].point_data
    # Nothing is left of what the charge had made uneven, 1e-6 of the occupancy.
    assert np.ptp(end["occupancy"]) < 1e-6
    for name, symbol in {"hydrostatic_Pa": "σ_h", "hoop_Pa": "σ_θ"}.items():
        worst = end[name][np.argmax(np.abs(end[name] - EXACT))]
        equation = f"stress, even strain, surface held by an elastic surrounding, sphere as {body}"
        figure = f"{symbol} where it is furthest off, MPa"
        agree(
            record, exact_row(equation, "hydrostatic, closed form", figure, worst / 1e6, EXACT / 1e6, BOUND)
        )
    # No shear: what is left is the mesh's.
    assert np.abs(end["von_mises_Pa"]).max() < BOUND * EXACT
