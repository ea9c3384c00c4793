"""Properties that change with the stoichiometry: numbers, functions and tables of a BPX file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from oxyshell.models.base import formula
from oxyshell.models.base.expression import Array
from oxyshell.models.electrode.given_curve import FormulaMark, GivenCurve
from oxyshell.models.ions.section import Diffusivity
from oxyshell.scenario.importing.bpx.file import function_of
from oxyshell.scenario.importing.bpx.values import Values, stated

_CURVE_POINTS, _DIFFUSIVITY_POINTS = 401, 100
_DIGITS = 9
_X = "x"
_UNIT = "m^2/s"


def diffusivity(values: Values) -> dict[str, Any]:
    """The diffusivity of the particle."""
    given, source = values.take("diffusivity"), values.particle.source("diffusivity")
    match given:
        case str():
            entry: dict[str, Any] = {"expression": function_of(given, formula.VARIABLE), "unit": _UNIT}
            if not _is_valid(Diffusivity, entry):
                entry = _property_table(_sampled(values, "diffusivity", given, _DIFFUSIVITY_POINTS))
        case int() | float():
            entry = {"value": f"{float(given)!r} {_UNIT}"}
        case _:
            entry = _property_table(_pairs(given))
    return {**entry, "status": "literature", "source": source}


def potential(values: Values, key: str) -> dict[str, Any]:
    """One curve of the open-circuit potential.

    Args:
        values: Values of the particle.
        key: That of the curve in `bpx`, such as "ocp".
    """
    given, source = values.take(key), values.particle.source(key)
    match given:
        case str():
            written = function_of(given, _X)
            if _is_valid(Annotated[GivenCurve, FormulaMark()], written):
                return {"formula": stated(written, "literature", source)}
            table = _sampled(values, key, given, _CURVE_POINTS)
        case int() | float():
            return {"constant": stated(f"{float(given)!r} V", "literature", source)}
        case _:
            table = _pairs(given)
    return {"table": stated([list(pair) for pair in table], "literature", source)}


def _sampled(values: Values, key: str, text: str, points: int) -> list[tuple[float, float]]:
    """A function that a scenario cannot have at all contents, as a table over the range of the cell."""
    import numpy as np

    low, high = values.stoichiometries()
    x = np.linspace(low, high, points)
    sampled: Array = formula.parse(function_of(text, _X), _X).values(x)
    values.changed.append(
        f"{values.particle.title(key)} is a table of {points} points from x = {low:g} to {high:g}, constant "
        "beyond: a scenario cannot have its function between 0 and 1."
    )
    return [
        (float(f"{one:.{_DIGITS}g}"), float(f"{value:.{_DIGITS}g}"))
        for one, value in zip(x, sampled, strict=True)
    ]


def _pairs(table: Any) -> list[tuple[float, float]]:
    """The points of a table at contents that a host can have, from the emptiest on."""
    return [(float(x), float(y)) for x, y in sorted(zip(table.x, table.y, strict=True)) if 0 <= x <= 1]


def _property_table(pairs: Iterable[tuple[float, float]]) -> dict[str, Any]:
    occupancy, values = zip(*pairs, strict=True)
    return {"table": {"occupancy": list(occupancy), "values": list(values)}, "unit": _UNIT}


def _is_valid(kind: Any, written: Any) -> bool:
    import pydantic

    try:
        pydantic.TypeAdapter(kind).validate_python(written)
    except pydantic.ValidationError:
        return False
    return True
