"""Numbers that know their dimension, so that a model can be rewritten in other units or with symbols.

A model is a tree of frozen dataclasses. Its numbers are fields made with `quantity`, which records their
SI unit. `map_numbers` visits them all: the solver uses it to pass to dimensionless units, to replace each
number by a symbolic constant (so that a new value never recompiles a form), and to compare two models'
structure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Dimension:
    """Exponents of length, time, amount of substance, stress and temperature."""

    length: float = 0.0
    time: float = 0.0
    amount: float = 0.0
    stress: float = 0.0
    temperature: float = 0.0


@dataclass(frozen=True)
class Units:
    """A system of units: the size of each base unit in SI.

    Attributes:
        length: m.
        time: s.
        amount: mol.
        stress: Pa.
        temperature: K.
    """

    length: float = 1.0
    time: float = 1.0
    amount: float = 1.0
    stress: float = 1.0
    temperature: float = 1.0

    def size(self, dimension: Dimension) -> float:
        """The size in SI of this system's unit of a dimension."""
        size: float = (
            self.length**dimension.length
            * self.time**dimension.time
            * self.amount**dimension.amount
            * self.stress**dimension.stress
            * self.temperature**dimension.temperature
        )
        return size


NONE = Dimension()
_BASE = {
    "1": NONE,
    "m": Dimension(length=1),
    "s": Dimension(time=1),
    "mol": Dimension(amount=1),
    "Pa": Dimension(stress=1),
    "J": Dimension(length=3, stress=1),  # Pa m³
    "K": Dimension(temperature=1),
}


@cache
def dimension_of(unit: str) -> Dimension:
    """The dimension of an SI unit, such as "1", "m^2/s" or "mol/(m^2 s)".

    Raises:
        ValueError: If it is no product of powers of m, s, mol, Pa, J and K.
    """
    above, _, below = unit.partition("/")
    exponents = {entry.name: 0.0 for entry in fields(Dimension)}
    for factors, sign in ((above, 1), (below.strip("()"), -1)):
        for factor in factors.split():
            name, raised, power = factor.partition("^")
            if name not in _BASE or (raised and not power.isdecimal()):
                raise ValueError(f"found the unit '{unit}', expected powers of {', '.join(_BASE)}")
            for exponent in exponents:
                exponents[exponent] += sign * int(power or 1) * getattr(_BASE[name], exponent)
    return Dimension(**exponents)


_INHERITED = "inherited"


def quantity(unit: str, **options: Any) -> Any:
    """A dataclass field that holds a number (or a property of occupancy) in the SI unit `unit`."""
    return field(metadata={"dimension": dimension_of(unit)}, **options)


def inherited(**options: Any) -> Any:
    """A dataclass field whose dimension is that of the field which holds its object."""
    return field(metadata={"dimension": _INHERITED}, **options)


def map_numbers(
    model: Any,
    function: Callable[[str, Any, Dimension], Any],
    path: str = "",
    dimension: Dimension = NONE,
) -> Any:
    """A copy of a model with every number replaced by `function(path, number, dimension)`.

    Args:
        model: A frozen dataclass; fields made by `quantity` or `inherited` hold numbers, tuples of
            numbers, or further models, other fields hold structure, which is kept, or models and tuples of
            them, which are descended into.
        function: Called once for each number, in a fixed order.
        path: Prefix of the paths handed to `function`, dots between names.
        dimension: Dimension of the `inherited` fields of `model`.

    Returns:
        A model of the same type.
    """
    changes: dict[str, Any] = {}
    for name, declared in _declared(type(model)):  # type: ignore[arg-type]  # a type can be a key
        value = getattr(model, name)
        here = f"{path}.{name}" if path else name
        own = dimension if declared == _INHERITED else declared or NONE
        if declared is not None and isinstance(value, float):
            changes[name] = function(here, value, own)
        elif is_dataclass(value):
            changes[name] = map_numbers(value, function, here, own)
        elif isinstance(value, tuple) and all(map(is_dataclass, value)):
            several = (map_numbers(one, function, f"{here}.{i}", own) for i, one in enumerate(value))
            changes[name] = tuple(several)
        elif declared is not None and isinstance(value, tuple):
            changes[name] = tuple(function(f"{here}.{i}", v, own) for i, v in enumerate(value))
        elif declared is not None:
            changes[name] = function(here, value, own)
    return replace(model, **changes) if changes else model


@cache
def _declared(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass, each with the dimension that is declared for it."""
    return tuple((entry.name, entry.metadata.get("dimension")) for entry in fields(kind))


def structure[Model](model: Model) -> Model:
    """The model with all its numbers set to zero: equal for models that need the same compiled forms."""
    result: Model = map_numbers(model, lambda _path, _value, _dimension: 0.0)
    return result


def in_units[Model](model: Model, units: Units) -> Model:
    """The model with its SI numbers expressed in other units."""
    result: Model = map_numbers(model, lambda _path, value, dimension: value / units.size(dimension))
    return result
