from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from oxyshell.models.base.dimension import (
    Dimension,
    Units,
    dimension_of,
    in_units,
    map_numbers,
    quantity,
    structure,
)
from oxyshell.models.base.properties import Constant, FormulaProperty, Property, Table


@dataclass(frozen=True)
class Material:
    modulus: Property = quantity("Pa")
    ratio: Any = quantity("1", default=0.3)


@dataclass(frozen=True, kw_only=True)
class Body:
    radius: Any = quantity("m")
    material: Material
    diffusivity: Property = quantity("m^2/s")


UNITS = Units(length=1e-7, time=50.0, amount=2e-17, stress=1e9, temperature=0.3)
BODY = Body(
    radius=1.5e-7,
    material=Material(Table((0.0, 1.0), (1e11, 2e11))),
    diffusivity=FormulaProperty.parse("1 - 0.9*theta", 1e-19),
)


def visited(model: Any) -> list[tuple[str, float, Dimension]]:
    seen: list[tuple[str, float, Dimension]] = []

    def see(path: str, value: float, dimension: Dimension) -> float:
        seen.append((path, value, dimension))
        return value

    assert map_numbers(model, see) == model
    return seen


def test_every_number_is_visited_once_in_order_with_its_path_and_dimension() -> None:
    none, pascal = dimension_of("1"), dimension_of("Pa")
    assert visited(BODY) == [
        ("radius", 1.5e-7, dimension_of("m")),
        ("material.modulus.occupancy.0", 0.0, none),
        ("material.modulus.occupancy.1", 1.0, none),
        ("material.modulus.values.0", 1e11, pascal),
        ("material.modulus.values.1", 2e11, pascal),
        ("material.ratio", 0.3, none),
        ("diffusivity.formula.numbers.0", 1.0, none),
        ("diffusivity.formula.numbers.1", 0.9, none),
        ("diffusivity.scale", 1e-19, dimension_of("m^2/s")),
    ]


def test_mapping_leaves_the_model_itself_alone() -> None:
    doubled = map_numbers(BODY, lambda _path, value, _dimension: 2 * value)
    assert doubled.radius == 3e-7
    assert doubled.material.modulus.values == (2e11, 4e11)
    assert BODY.radius == 1.5e-7


UNITS_OF_MODELS = [
    "1", "m", "m^3", "s", "mol", "m/s", "m^2/s", "1/s", "mol/s", "mol/m^2", "mol/m^3", "m^3/mol",
    "mol/(m^2 s)", "Pa", "Pa/m", "J/mol", "m^4/(mol s)", "K", "J/(m s K)", "J/(m^2 s K)", "J/K",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS_OF_MODELS)
def test_the_size_of_a_unit_follows_its_name(unit: str) -> None:
    sizes = {
        "m": UNITS.length,
        "s": UNITS.time,
        "mol": UNITS.amount,
        "Pa": UNITS.stress,
        "K": UNITS.temperature,
    }
    sizes |= {"K": UNITS.temperature, "J": UNITS.stress * UNITS.length**3}
    formula = unit.replace("^", "**").replace(" ", "*")
    expected = eval(formula, {}, sizes)
    assert UNITS.size(dimension_of(unit)) == pytest.approx(expected, rel=1e-14, abs=0)


@pytest.mark.parametrize("unit", ["kg", "m^-1", "m^", "m/s/s"])
def test_a_unit_of_another_kind_is_refused(unit: str) -> None:
    with pytest.raises(ValueError, match="expected powers of 1, m, s, mol, Pa, J, K"):
        dimension_of(unit)


def test_other_units_and_back() -> None:
    scaled: Any = in_units(BODY, UNITS)
    assert scaled.radius == pytest.approx(1.5)
    assert scaled.diffusivity.scale == pytest.approx(1e-19 * 50.0 / 1e-14, abs=0, rel=1e-14)
    assert scaled.diffusivity.formula.numbers == (1.0, 0.9)
    assert scaled.material.modulus.values == pytest.approx((100.0, 200.0))
    back = Units(1 / UNITS.length, 1 / UNITS.time, 1 / UNITS.amount, 1 / UNITS.stress)
    for (_, now, _), (_, before, _) in zip(visited(in_units(scaled, back)), visited(BODY), strict=True):
        assert now == pytest.approx(before, rel=1e-14, abs=0)


def test_structure_is_blind_to_numbers_only() -> None:
    other = map_numbers(BODY, lambda _path, value, _dimension: value + 1.0)
    assert structure(other) == structure(BODY)
    assert hash(structure(other)) == hash(structure(BODY))
    for changed in (
        replace(BODY, diffusivity=Constant(1e-19)),
        replace(BODY, diffusivity=FormulaProperty.parse("1 + 0.9*theta", 1e-19)),
        replace(BODY, material=Material(Table((0.0, 0.5, 1.0), (1e11, 1e11, 2e11)))),
    ):
        assert structure(changed) != structure(BODY)
