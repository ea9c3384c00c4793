"""The diffusivities of a layered material, from the keys of a file to the flux."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import ufl

from oxyshell.meshes.coordinates import Axisymmetric, Cartesian, Cylindrical, PlanarAcrossLayers
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.layers import Paths
from oxyshell.models.base.properties import Constant, FormulaProperty
from oxyshell.models.electrode.thermodynamics import ChemicalDiffusivity
from oxyshell.models.ions.transport import LatticeDrift, LayeredTransport, Transport
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.units import natural_units
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests import electrode
from tests.models.ufl_values import number

TRANSPORT = LayeredTransport(
    diffusivity=FormulaProperty.parse("1 + theta", 2.0),
    diffusivity_c=FormulaProperty.parse("1 - theta", 5.0),
    drift=LatticeDrift(),
)
ARRHENIUS = {"energy": "30 kJ/mol", "reference": "298.15 K"}
PLATE = {"shape": "plate", "radius": "150 nm"}


def base(**changes: str) -> Scenario:
    return loads(electrode.scenario_file("layered", electrode.IDEAL, "[charge at 0.1 C for 1 h]", **changes))


def model(changes: dict[str, Any]) -> ParticleModel:
    sphere = {"shape": "sphere", "radius": "150 nm", "dimension": 2}
    return (
        base().with_values({"particle": sphere, "material.diffusivity_c": "1e-22 m^2/s", **changes}).model()
    )


def values(one: ParticleModel, theta: float = 0.4) -> list[float]:
    found = one.transport.diffusivities
    return [float(np.asarray(each.value(np.float64(theta), NUMPY))) for each in found]


@pytest.mark.parametrize(
    ("coordinates", "dimension", "diffusivities"),
    [
        (Axisymmetric(), 2, [2.8, 3.0]),
        (Cartesian(), 3, [2.8, 2.8, 3.0]),
        (Cylindrical(), 1, [2.8]),
        (PlanarAcrossLayers(), 1, [3.0]),
    ],
)
def test_every_direction_has_its_diffusivity(
    coordinates: Any, dimension: int, diffusivities: list[float]
) -> None:
    slopes, work_slopes = [0.5, -0.3, 0.2][:dimension], [4.0, 1.0, -2.0][:dimension]
    flux = TRANSPORT.flux(0.4, ufl.as_vector(slopes), ufl.as_vector(work_slopes), 10.0, coordinates)
    for index, (slope, work_slope) in enumerate(zip(slopes, work_slopes, strict=True)):
        expected = -10.0 * diffusivities[index] * (slope - 0.4 * 0.6 * work_slope)
        assert number(flux[index]) == pytest.approx(expected, rel=1e-14)


def test_a_material_without_d_c_has_one_diffusivity() -> None:
    assert type(model({"material.diffusivity_c": None}).transport) is Transport
    assert values(model({})) == [1.568e-19, 1e-22]


@pytest.mark.parametrize(
    ("particle", "paths", "found"),
    [
        ({"shape": "cylinder", "radius": "150 nm"}, Paths.WITHIN, 1.568e-19),
        (PLATE | {"c_axis": "in_plane"}, Paths.WITHIN, 1.568e-19),
        (PLATE | {"c_axis": "normal"}, Paths.ACROSS, 1e-22),
    ],
)
def test_along_a_line_there_is_one_diffusivity(particle: Any, paths: Paths, found: float) -> None:
    line = base().with_values({"particle": particle, "material.diffusivity_c": "1e-22 m^2/s"})
    assert line.particle.paths is paths
    assert values(line.model()) == [found]
    # It is the one that rules the run.
    assert natural_units(line.model()).time == pytest.approx(150e-9**2 / found, rel=1e-14)


@pytest.mark.parametrize("diffusivity_c", [1e-22, 1e-16])
def test_the_unit_of_time_is_that_of_the_quickest_direction(diffusivity_c: float) -> None:
    units = natural_units(model({"material.diffusivity_c": diffusivity_c}))
    assert units.time == pytest.approx(150e-9**2 / max(diffusivity_c, 1.568e-19), rel=1e-14)


def test_temperature_changes_both_diffusivities_alike() -> None:
    warm = {"material.diffusivity_activation": ARRHENIUS, "temperature": "318.15 K"}
    ratios = np.array(values(model(warm))) / values(model({}))
    assert ratios[0] == pytest.approx(ratios[1], rel=1e-14)
    assert ratios[0] == pytest.approx(np.exp(-30e3 / 8.314462618 * (1 / 318.15 - 1 / 298.15)), rel=1e-9)


def test_a_thermodynamic_factor_acts_on_both_diffusivities() -> None:
    jump = model({"electrode.thermodynamic_factor": "jump"})
    for one in jump.transport.diffusivities:
        assert type(one) is ChemicalDiffusivity
    # Γ = 1 for ions that differ from vacancies by their number only.
    np.testing.assert_allclose(values(jump), values(model({})), rtol=1e-9)
    skewed = "{open_circuit: {formula: 4.2 - 0.9*x}, kinetics: {law: constant, exchange_current: 1 A/m^2}}"
    factors = [
        np.array(values(one)) / values(model({}))
        for one in (
            loads(electrode.scenario_file("jump", skewed, "[charge at 0.1 C for 1 h]"))
            .with_values(
                {
                    "particle": {"shape": "sphere", "radius": "150 nm", "dimension": 2},
                    "material.diffusivity_c": "1e-22 m^2/s",
                    "electrode.thermodynamic_factor": "jump",
                }
            )
            .model(),
        )
    ]
    # Γ = θ (1 − θ) 0.9 V/(RT/F), the whole of the sites being exchangeable.
    np.testing.assert_allclose(factors, 0.24 * 0.9 / electrode.THERMAL_VOLTAGE, rtol=1e-9)


def test_numbers_alone_make_no_other_kind_of_transport() -> None:
    faster = TRANSPORT.with_diffusivities(lambda one: Constant(3.0))
    assert faster.diffusivities == (Constant(3.0), Constant(3.0))
    assert faster.drift == TRANSPORT.drift
