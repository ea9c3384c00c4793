from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import ufl

from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.properties import Constant, FormulaProperty, Table
from oxyshell.models.mechanics.elasticity import (
    IsotropicChemicalStrain,
    IsotropicElasticity,
    TransverseChemicalStrain,
    TransverseElasticity,
)
from tests.models.ufl_values import number, tensor

ISOTROPIC = IsotropicElasticity(Constant(170.0), Constant(0.3))
LAYERED = TransverseElasticity(
    modulus_a=Constant(180.0),
    modulus_c=Constant(90.0),
    poisson_ab=Constant(0.28),
    poisson_ac=Constant(0.21),
    shear_c=Constant(45.0),
)


@pytest.fixture(params=range(4))
def strain(request: pytest.FixtureRequest) -> np.ndarray:
    values = np.random.default_rng(request.param).normal(size=(3, 3))
    return values + values.T


def voigt(symmetric: np.ndarray, shear: float) -> np.ndarray:
    off = shear * np.array([symmetric[1, 2], symmetric[0, 2], symmetric[0, 1]])
    return np.concatenate([np.diag(symmetric), off])


def compliance(ea: float, ec: float, nab: float, nac: float, gc: float) -> np.ndarray:
    """ε = S σ with engineering shear strains, order 11 22 33 23 13 12."""
    normal = [[1 / ea, -nab / ea, -nac / ea], [-nab / ea, 1 / ea, -nac / ea], [-nac / ea, -nac / ea, 1 / ec]]
    matrix = np.diag([0.0, 0.0, 0.0, 1 / gc, 1 / gc, 2 * (1 + nab) / ea])
    matrix[:3, :3] = normal
    return matrix


def test_isotropic_stress_is_the_inverse_of_the_compliance(strain: np.ndarray) -> None:
    stress = tensor(ISOTROPIC.stress(ufl.as_matrix(strain.tolist()), 0.5))
    inverse = np.linalg.inv(compliance(170.0, 170.0, 0.3, 0.3, 170.0 / 2.6))
    np.testing.assert_allclose(voigt(stress, 1.0), inverse @ voigt(strain, 2.0), rtol=1e-12, atol=1e-12)


def test_layered_stress_is_the_inverse_of_the_compliance(strain: np.ndarray) -> None:
    stress = tensor(LAYERED.stress(ufl.as_matrix(strain.tolist()), 0.5))
    inverse = np.linalg.inv(compliance(180.0, 90.0, 0.28, 0.21, 45.0))
    np.testing.assert_allclose(voigt(stress, 1.0), inverse @ voigt(strain, 2.0), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(stress, stress.T)


def test_layered_with_equal_constants_is_isotropic(strain: np.ndarray) -> None:
    e, nu = Constant(170.0), Constant(0.3)
    layered = TransverseElasticity(e, e, nu, nu, Constant(170.0 / 2.6))
    moving = ufl.as_matrix(strain.tolist())
    np.testing.assert_allclose(
        tensor(layered.stress(moving, 0.5)), tensor(ISOTROPIC.stress(moving, 0.5)), rtol=1e-12, atol=1e-11
    )
    assert layered.biaxial_modulus(0.5, NUMPY) == ISOTROPIC.biaxial_modulus(0.5, NUMPY)


@pytest.mark.parametrize("elasticity", [ISOTROPIC, LAYERED])
def test_biaxial_modulus_is_the_stress_of_a_stretched_plane(
    elasticity: IsotropicElasticity | TransverseElasticity,
) -> None:
    # Equal strain along a and b with nothing across: the c strain follows from σ33 = 0.
    unit = [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 0]]
    across = [[0.0, 0, 0], [0, 0, 0], [0, 0, 1.0]]
    s = tensor(elasticity.stress(ufl.as_matrix(unit), 0.5))
    t = tensor(elasticity.stress(ufl.as_matrix(across), 0.5))
    stress = s - s[2, 2] / t[2, 2] * t
    assert elasticity.biaxial_modulus(0.5, NUMPY) == pytest.approx(stress[0, 0], rel=1e-12)
    assert stress[1, 1] == pytest.approx(stress[0, 0], rel=1e-12)


def test_moduli_follow_the_occupancy() -> None:
    softening = replace(ISOTROPIC, young_modulus=Table((0.0, 1.0), (100.0, 200.0)))
    one = ufl.Identity(3)
    empty, full = (tensor(softening.stress(one, theta))[0, 0] for theta in (0.0, 1.0))
    assert full == pytest.approx(2 * empty)
    # The bulk modulus of full occupancy: σ = E/(1 − 2ν) under uniform expansion.
    assert full == pytest.approx(200.0 / 0.4)


def test_chemical_strain_of_an_isotropic_host() -> None:
    chemical = IsotropicChemicalStrain(Constant(6e-7))
    strain = tensor(chemical.strain(0.4, 0.999, 5.9e4))
    np.testing.assert_allclose(strain, 6e-7 / 3 * 5.9e4 * (0.4 - 0.999) * np.eye(3), rtol=1e-14)
    assert chemical.volume(0.4, NUMPY) == 6e-7


def test_chemical_strain_of_a_layered_host() -> None:
    chemical = TransverseChemicalStrain(Constant(3e-7), Constant(-1e-7))
    strain = tensor(chemical.strain(0.4, 0.999, 5.9e4))
    change = 5.9e4 * (0.4 - 0.999)
    np.testing.assert_allclose(strain, np.diag([3e-7, 3e-7, -1e-7]) * change, rtol=1e-14)
    assert chemical.volume(0.4, NUMPY) == pytest.approx(5e-7, rel=1e-14, abs=0)


@pytest.mark.parametrize(
    "chemical",
    [
        IsotropicChemicalStrain(FormulaProperty.parse("1 - 0.5*theta**2", 6e-7)),
        TransverseChemicalStrain(Table((0.0, 1.0), (1e-7, 4e-7)), FormulaProperty.parse("2 - theta", -1e-7)),
    ],
)
def test_work_is_the_stress_times_the_strain_per_ion(
    chemical: IsotropicChemicalStrain | TransverseChemicalStrain, strain: np.ndarray
) -> None:
    sites, theta, h = 5.9e4, 0.4, 1e-4
    slope = tensor(chemical.strain(theta + h, 0.999, sites)) - tensor(
        chemical.strain(theta - h, 0.999, sites)
    )
    beta = slope / (2 * h * sites)
    work = number(chemical.work(ufl.as_matrix(strain.tolist()), theta))
    # β:σ by a central difference, h² times the third derivative (at most the size of β) over 6.
    scale = np.abs(beta).max() * np.abs(strain).sum()
    assert work == pytest.approx((beta * strain).sum(), abs=h**2 * scale)
    assert chemical.volume(theta, NUMPY) == pytest.approx(np.trace(beta), rel=h**2, abs=0)
