from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from oxyshell.models.base.domain import Position
from oxyshell.models.host.lattice import (
    CosineLayer,
    Host,
    Layer,
    LinearLayer,
    NoLayer,
    NoVacancies,
    OxygenVacancies,
    UniformLayer,
    Vacancies,
)
from tests.models.ufl_values import number, tensor

THICKNESS = 0.03
LAYERS: dict[str, Callable[[float], Layer]] = {
    "none": lambda d: NoLayer(),
    "linear": lambda d: LinearLayer(THICKNESS, d),
    "step": lambda d: UniformLayer(THICKNESS, d),
    "cosine": lambda d: CosineLayer(THICKNESS, d),
}


def deficit(layer: Layer, depth: float) -> float:
    return number(layer.deficit(Position(depth, 1.0 if depth <= THICKNESS else 0.0)))


@pytest.mark.parametrize(
    ("name", "shares"),
    [
        # At the surface, at a quarter, half and the whole of the thickness, and below.
        ("none", (0, 0, 0, 0, 0)),
        ("linear", (1, 0.75, 0.5, 0, 0)),
        # Of a region, which is all of one kind.
        ("step", (1, 1, 1, 1, 1)),
        ("cosine", (1, (1 + math.sqrt(0.5)) / 2, 0.5, 0, 0)),
    ],
)
def test_profiles(name: str, shares: tuple[float, ...]) -> None:
    layer = LAYERS[name](0.22)
    depths = (0.0, THICKNESS / 4, THICKNESS / 2, THICKNESS, 0.5)
    found = [deficit(layer, depth) for depth in depths]
    assert found == pytest.approx([0.22 * share for share in shares], abs=1e-15)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("depth", [0.0, THICKNESS / 2, THICKNESS, 0.5])
def test_no_deficiency_is_the_bulk_everywhere(name: str, depth: float) -> None:
    assert deficit(LAYERS[name](0.0), depth) == 0.0


def test_host_sites() -> None:
    host = Host(site_density=5e4, occupancy=0.999, molar_volume=2e-5, layer=LinearLayer(THICKNESS, 0.2))
    surface, below = (number(host.sites(Position(depth, 1.0))) for depth in (0.0, 0.1))
    assert surface == pytest.approx(4e4)
    assert below == 5e4


LOST = OxygenVacancies(sites_lost=1.5, partial_molar_volume=-6e-6)


def oxidised(vacancies: Vacancies) -> Host:
    layer = LinearLayer(THICKNESS, 0.2)
    return Host(site_density=5e4, occupancy=0.999, molar_volume=2e-5, layer=layer, vacancies=vacancies)


@pytest.mark.parametrize(("depth", "as_made"), [(0.0, 4e4), (0.1, 5e4)])
@pytest.mark.parametrize("released", [0.0, 1000.0, 8000.0])
def test_every_o2_takes_sites_along_and_the_ions_stay(depth: float, as_made: float, released: float) -> None:
    host, here = oxidised(LOST), Position(depth, 1.0, released)
    assert number(host.sites_as_made(here)) == pytest.approx(as_made)
    assert number(host.sites(here)) == pytest.approx(as_made - 1.5 * released)
    # Occupancy over the sites that are left, content over those as made: the same ions.
    ions = number(host.sites(here)) * 0.6
    assert number(host.filled(0.6, here)) * as_made == pytest.approx(ions, rel=1e-14)


def test_lost_oxygen_strains_the_host_by_its_partial_molar_volume() -> None:
    strain = tensor(LOST.strain(2000.0))
    # −6 cm³/mol of 2000 mol/m³: a hundredth less volume, the same in all directions.
    assert strain.trace() == pytest.approx(-0.012, rel=1e-14)
    assert strain == pytest.approx(strain[0, 0] * np.eye(3), abs=1e-18)


def test_without_vacancies_the_host_stays_as_made_whatever_oxygen_it_loses() -> None:
    host, here = oxidised(NoVacancies()), Position(0.0, 1.0, 8000.0)
    assert number(host.sites(here)) == number(host.sites_as_made(here)) == pytest.approx(4e4)
    assert host.filled(0.6, here) == 0.6
    assert not tensor(NoVacancies().strain(8000.0)).any()
    assert NoVacancies().weight(1e-6) == 0.0


@pytest.mark.parametrize(
    ("volume", "ion_volume", "weight"),
    # The sites lost, unless the strain of an O2 is that of more ions; ions without strain count sites alone.
    [(-6e-6, 6e-6, 1.5), (-6e-6, 1e-6, 6.0), (6e-6, -1e-6, 6.0), (6e-6, 0.0, 1.5)],
)
def test_how_much_a_mistaken_release_matters(volume: float, ion_volume: float, weight: float) -> None:
    vacancies = OxygenVacancies(sites_lost=1.5, partial_molar_volume=volume)
    assert vacancies.weight(ion_volume) == pytest.approx(weight, rel=1e-14)
