"""Cylinders and plates of a layered crystal under a constant flux, against the closed forms of elasticity.

Long after the start θ − θ̄ is a parabola of the radius, and so are strains that are linear in θ. The tables
below are in MPa, of ε_a = 3e-4 s² and ε_c = −12e-4 s² at s = r/R = 0, ½ and 1. With ν_ca = ν_ac E_c/E_a:
long cylinder, c its axis: η = ε_a + ν_ca ε_c, K = E_a/(1 − ν_ac ν_ca), m(r) = (1/r²) ∫_0^r η r dr,
σ_r = K [m(R) − m(r)], σ_θ = K [m(R) + m(r) − η], σ_z = E_c (⟨ε_c⟩ − ε_c) + ν_ca K (⟨η⟩ − η);
plate, c normal: σ_a = σ_b = E_a/(1 − ν_ab) (⟨ε_a⟩ − ε_a);
plate, c in its plane: σ_b = q [E_a (⟨ε_a⟩ − ε_a) + ν_ca E_a (⟨ε_c⟩ − ε_c)] and
σ_c = q [E_c (⟨ε_c⟩ − ε_c) + ν_ca E_a (⟨ε_a⟩ − ε_a)], q = 1/(1 − ν_ac ν_ca).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import oxyshell
from oxyshell.models.base.constants import FARADAY_CONSTANT, GAS_CONSTANT
from oxyshell.outputs import Result
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests.verification.exact import Record, exact_row

RADIUS, DIFFUSIVITY, SITES = 1e-6, 1e-14, 2.5e4
# F R/(D c_s): the parabola of θ falls by half of it from centre to surface.
DROP = 0.02
CURRENT_DENSITY = DROP * DIFFUSIVITY * SITES / RADIUS * FARADAY_CONSTANT
# Slowest wave of a plate: exp(−π² Fo) = 3e-9.
FOURIER = 2.0
# Parabolas are exact in space; in time they are 1e-8 off after steps of a tolerance of 1e-6.
BOUND = 1e-6

TEXT = f"""
name: layered
particle: {{shape: cylinder, radius: {RADIUS}}}
material:
  formula: NaO2
  molar_volume: {1 / SITES}
  ion: {{species: Na, sites_per_formula: 1, occupancy: 0.9}}
  diffusivity: {DIFFUSIVITY}
  diffusivity_c: {DIFFUSIVITY}
  drift: none
  chemical_strain: {{strain_a: {{expression: -0.03*theta}}, strain_c: {{expression: 0.12*theta}}}}
  elasticity: {{modulus_a: 120 GPa, modulus_c: 60 GPa, poisson_ab: 0.25, poisson_ac: 0.3, shear_c: 20 GPa}}
protocol:
  - charge: {{current_density: {CURRENT_DENSITY!r}, until: {{time: {FOURIER * RADIUS**2 / DIFFUSIVITY!r}}}}}
numerics: {{time_tolerance: 1e-6, elements: {{bulk: 6, surface_size: 0.1}}}}
"""
LONG_CYLINDER = {"particle.shape": "cylinder", "material.diffusivity_c": "1e-20 m^2/s"}
NORMAL = {
    "particle": {"shape": "plate", "radius": RADIUS, "c_axis": "normal"},
    "material.diffusivity": "1e-11 m^2/s",
}
IN_PLANE = {
    "particle": {"shape": "plate", "radius": RADIUS, "c_axis": "in_plane"},
    "material.diffusivity_c": "1e-20 m^2/s",
}
# σ along the radius, σ across it (σ_θ, or along the second direction in the plane), and the third one.
CLOSED_FORMS: list[tuple[dict[str, Any], list[list[float]]]] = [
    (
        LONG_CYLINDER,
        [
            [3.769633507853404, 3.769633507853404, -34.86910994764398],
            [2.827225130890053, 0.942408376963351, -17.43455497382199],
            [0.0, -7.539267015706808, 34.86910994764398],
        ],
    ),
    (NORMAL, [[0.0, 16.0, 16.0], [0.0, 4.0, 4.0], [0.0, -32.0, -32.0]]),
    (
        IN_PLANE,
        [
            [0.0, 5.026178010471204, -23.246073298429315],
            [0.0, 1.2565445026178007, -5.8115183246073274],
            [0.0, -10.052356020942409, 46.492146596858636],
        ],
    ),
]


def layered(changes: dict[str, Any]) -> Scenario:
    return loads(TEXT).with_values(changes)


def stresses(result: Result) -> np.ndarray:
    """Three principal stresses in MPa at the end, at s = 0, ½ and 1, shape (3, 3)."""
    profiles = result.profiles
    radial, hoop, mean = (profiles[f"{name}_Pa"][-1] for name in ("radial_stress", "hoop", "hydrostatic"))
    components = np.array([radial, hoop, 3 * mean - radial - hoop]) / 1e6
    return np.array([_at(components, profiles.radius_m / RADIUS, place) for place in (0.0, 0.5, 1.0)])


def _at(values: np.ndarray, places: np.ndarray, place: float) -> list[float]:
    """Values on the parabolas through the three nearest places: those of a parabola."""
    _, first = np.unique(places, return_index=True)
    near = first[np.argsort(np.abs(places[first] - place))[:3]]
    return [float(np.polynomial.Polynomial.fit(places[near], one[near], 2)(place)) for one in values]


@pytest.mark.parametrize("strategy", ["monolithic", "split"])
@pytest.mark.parametrize(
    ("changes", "expected"), CLOSED_FORMS, ids=["cylinder", "plate, c normal", "plate, c in plane"]
)
def test_stress_of_a_layered_line(
    changes: dict[str, Any],
    expected: list[list[float]],
    strategy: str,
    record: Record,
    request: pytest.FixtureRequest,
) -> None:
    found = stresses(oxyshell.run(layered(changes | {"numerics.strategy": strategy})))
    np.testing.assert_allclose(found, expected, atol=BOUND * np.abs(expected).max())
    for index, name in ((1, "second"), (2, "third")):
        equation = f"stress, layered crystal, {request.node.callspec.id.replace('-', ', ')}"
        figure = f"{name} principal stress at the surface, MPa"
        exact = expected[-1][index]
        record(exact_row(equation, "orthotropic elasticity", figure, found[-1, index], exact, 10 * BOUND))


# Reference shape of NLMRO's strains: c rises while the first ions leave, and falls then.
CROOKED = {
    "strain_a": {"table": {"occupancy": [0, 0.3, 0.6, 1], "values": [0.004, 0.002, 0.001, 0]}},
    "strain_c": {"table": {"occupancy": [0, 0.4, 0.7, 1], "values": [-0.045, 0.005, 0.012, 0]}},
}


@pytest.mark.parametrize("changes", [LONG_CYLINDER, NORMAL, IN_PLANE], ids=["cylinder", "normal", "in_plane"])
def test_a_uniform_content_has_no_stress_whatever_the_tables(changes: dict[str, Any]) -> None:
    diffusion_time = RADIUS**2 / DIFFUSIVITY
    charge = {"current_density": 10 * CURRENT_DENSITY, "until": {"time": diffusion_time}}
    # Waves decay by exp(−π² 3) = 1e-13 and the quicker ones of a cylinder by more.
    steps = {"protocol": [{"charge": charge}, {"rest": {"time": 3 * diffusion_time}}]}
    own = {"material.chemical_strain": CROOKED, "numerics.time_tolerance": 1e-4}
    history = oxyshell.run(layered(changes | steps | own)).history
    peaks = np.abs(history["von_mises_peak_MPa"])
    # 1e-9 of E ε = 0.5 GPa is the round-off of strains of a percent.
    assert peaks.max() > 10
    assert peaks[-1] < 1e-6 * peaks.max()


def test_a_plate_of_equal_directions_is_the_isotropic_one() -> None:
    alike = {
        "material.chemical_strain": {"partial_molar_volume": 1e-6},
        "material.elasticity": {"young_modulus": "100 GPa", "poisson_ratio": 0.25},
        "material.diffusivity_c": None,
        "material.drift": "lattice",
        "protocol.0.charge.until": {"time": 0.5 * RADIUS**2 / DIFFUSIVITY},
        "numerics.time_tolerance": 1e-4,
        "particle": {"shape": "plate", "radius": RADIUS},
    }
    isotropic = oxyshell.run(layered(alike)).profiles
    shear = 100 / 2.5
    equal = {"modulus_a": "100 GPa", "modulus_c": "100 GPa", "poisson_ab": 0.25, "poisson_ac": 0.25}
    crystal = {
        "material.elasticity": {**equal, "shear_c": f"{shear} GPa"},
        "material.chemical_strain": {"expansion_a": 1e-6 / 3, "expansion_c": 1e-6 / 3},
        "material.diffusivity_c": DIFFUSIVITY,
    }
    for axis in ("normal", "in_plane"):
        profiles = oxyshell.run(layered(alike | crystal | {"particle.c_axis": axis})).profiles
        for name in ("occupancy", "hoop_Pa", "hydrostatic_Pa", "displacement_m"):
            scale = np.abs(isotropic[name]).max()
            # Round-off of the linear systems, of condition 1e5.
            np.testing.assert_allclose(profiles[name], isotropic[name], atol=1e-9 * scale)


# −∂W/∂θ = (c_s/RT) times β:σ per strain, from the closed forms above with strains of slopes −0.03 and 0.12.
_A, _C, _EA, _EC, _NAB, _NAC = -0.03, 0.12, 120e9, 60e9, 0.25, 0.3
_NCA = _NAC * _EC / _EA
_WORK = SITES * GAS_CONSTANT * 298.15
ALONG_LAYERS = (_EA * _A**2 + 2 * _NCA * _EA * _A * _C + _EC * _C**2) / (1 - _NAC * _NCA) / _WORK
ACROSS_LAYERS = 2 * _EA / (1 - _NAB) * _A**2 / _WORK


@pytest.mark.parametrize("strategy", ["monolithic", "split"])
@pytest.mark.parametrize(
    ("changes", "stiffening", "filling"),
    [(LONG_CYLINDER, ALONG_LAYERS, 2), (NORMAL, ACROSS_LAYERS, 1), (IN_PLANE, ALONG_LAYERS, 1)],
    ids=["cylinder", "plate, c normal", "plate, c in plane"],
)
def test_stress_spreads_ions_by_the_strain_energy(
    changes: dict[str, Any], stiffening: float, filling: int, strategy: str
) -> None:
    # A free body whose content varies in one direction has D (1 + θ(1 − θ) b) in the place of D. With the
    # mean at 1/2 in the end, θ(1 − θ) is 1/4 to within the square of the parabola of 1e-3.
    share = 0.05
    own = {
        "material.drift": "lattice",
        "material.ion.occupancy": 0.5 + share * DROP * filling * FOURIER,
        "protocol.0.charge.current_density": share * CURRENT_DENSITY,
        "numerics.strategy": strategy,
        "numerics.time_tolerance": 1e-7,
    }
    theta = oxyshell.run(layered(changes | own)).profiles["occupancy"][-1]
    expected = share * DROP / 2 / (1 + stiffening / 4)
    assert stiffening > 1
    assert theta[0] - theta[-1] == pytest.approx(expected, rel=1e-5)


def test_the_free_energy_of_a_closed_plate_falls() -> None:
    # c in the plane, with tables along which β_c turns its sign: the stress work is the derivative of the
    # strain energy, whatever they are.
    diffusion_time = RADIUS**2 / DIFFUSIVITY
    times = [f"{(0.3 + share) * diffusion_time!r} s" for share in (1e-4, 1e-3, 1e-2, 0.03, 0.1, 0.3)]
    charge = {"current_density": 40 * CURRENT_DENSITY, "until": {"time": 0.3 * diffusion_time}}
    own = {
        "protocol": [{"charge": charge}, {"rest": {"time": 0.4 * diffusion_time}}],
        "material.chemical_strain": CROOKED,
        "material.elasticity.modulus_a": "480 GPa",
        "material.elasticity.modulus_c": "240 GPa",
        "material.drift": "lattice",
        "numerics.time_tolerance": 1e-5,
        "output": {"at": {"time": times}},
    }
    profiles = oxyshell.run(layered(IN_PLANE | own)).profiles
    theta, along_b = profiles["occupancy"][1:], profiles["hoop_Pa"][1:]
    along_c = 3 * profiles["hydrostatic_Pa"][1:] - along_b

    def integrated(values: np.ndarray) -> np.ndarray:
        return np.asarray(np.trapezoid(values, profiles.radius_m / RADIUS, axis=1))

    compliance = along_b**2 / _EA + along_c**2 / _EC - 2 * _NAC / _EA * along_b * along_c
    # Moduli are four times those above.
    elastic = compliance / 2 / 4
    mixing = _WORK * (theta * np.log(theta) + (1 - theta) * np.log(1 - theta))
    energies = integrated(mixing + elastic)
    assert (np.diff(energies) < 0).all()
    assert integrated(elastic).max() > 0.1 * np.ptp(energies)
