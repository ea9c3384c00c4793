"""Material properties that a file gives as a number, a table over the occupancy, or a formula of it."""

from __future__ import annotations

import functools
import itertools
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, core_schema

from oxyshell.errors import InputError
from oxyshell.inputs import units
from oxyshell.inputs.mistakes import Refusal, describe, problem, refuse
from oxyshell.inputs.parameters import (
    ANY,
    PROVENANCE_SCHEMA,
    SCALAR_SCHEMAS,
    Bounds,
    Quantity,
    Status,
    plain,
    split_provenance,
    unknown_keys,
    with_provenance,
)
from oxyshell.models import expressions
from oxyshell.models.properties import Constant, Expression, Property, Table

_POINTS = 2001
_LONGEST_TABLE = 100
_FORMS = ("value", "table", "expression")
_EXPECTED = "a number with unit, {table: {occupancy: [...], values: [...]}} or {expression: ..., unit: ...}"


@dataclass(frozen=True)
class OccupancyProperty:
    """A property that may depend on the occupancy θ.

    Attributes:
        function: As the equations use it, in SI.
        unit: The SI unit.
        written: As the user wrote it, without status and source; not compared.
        status: Kind of source.
        source: Where it comes from, in words.
    """

    function: Property
    unit: str
    written: Any = field(compare=False)
    status: Status = "unstated"
    source: str = ""

    @property
    def constant(self) -> bool:
        """Whether the property is one number."""
        return not isinstance(self.written, Mapping)

    @property
    def value(self) -> float:
        """The one number, in SI.

        Raises:
            InputError: If the property depends on the occupancy; then ask `at`.
        """
        if not self.constant:
            raise InputError(f"found {self.text}, expected a single number")
        return self.at(0.0)

    @property
    def text(self) -> str:
        """Readable: "1.568e-19 m^2/s", "1 - 0.9*theta m^2/s", "a table of 5 values"."""
        match self.written:
            case {"expression": expression, **rest}:
                return f"{expression} {rest.get('unit', '')}".strip()
            case {"table": table}:
                return f"a table of {len(table['values'])} values"
            case _:
                return str(self.written)

    def at(self, theta: float) -> float:
        """The property at an occupancy, in SI."""
        import numpy as np

        return float(np.asarray(self.function.value(np.float64(theta), expressions.NUMPY)))

    def to_data(self) -> Any:
        """What to write to a file."""
        written = plain(self.written) if self.constant else self.written
        return with_provenance(written, self.status, self.source)


@dataclass(frozen=True)
class OccupancyQuantity:
    """Marks an `OccupancyProperty` field with its SI unit and the range it keeps for every θ in [0, 1]."""

    unit: str
    bounds: Bounds = ANY

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(OccupancyProperty.to_data)
        return core_schema.no_info_plain_validator_function(self.validate, serialization=written)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        numbers = {"type": "array", "items": {"anyOf": SCALAR_SCHEMAS}, "minItems": 2}
        table = {
            "type": "object",
            "properties": {"occupancy": numbers, "values": numbers},
            "required": ["occupancy", "values"],
            "additionalProperties": False,
        }
        forms = {"table": table, "expression": {"type": ["string", "number"]}, "unit": {"type": "string"}}
        inner = {"type": "object", "properties": forms, "additionalProperties": False}
        outer = {
            "type": "object",
            "properties": {"value": {"anyOf": [*SCALAR_SCHEMAS, inner]}, **forms, **PROVENANCE_SCHEMA},
            "additionalProperties": False,
        }
        return {"title": f"{_EXPECTED}, in {self.unit}", "anyOf": [*SCALAR_SCHEMAS, outer]}

    def validate(self, raw: Any) -> OccupancyProperty:
        """Read a property in any of its forms; raises pydantic's ValidationError."""
        body, status, source, problems = split_provenance(raw, (*_FORMS, "unit"))
        location: tuple[str, ...] = ()
        inner = body.get("value")
        if isinstance(inner, Mapping) and len(body) == 1:
            allowed = ("table", "expression", "unit")
            problems += unknown_keys(inner, allowed, "value")
            body, location = {key: inner[key] for key in allowed if key in inner}, ("value",)
        elif isinstance(raw, Mapping) and "value" in raw:
            location = ("value",)
        refuse(problems)
        forms = [form for form in _FORMS if form in body]
        if len(forms) != 1 or (forms == ["value"] and len(body) > 1):
            refuse([problem(describe(raw), _EXPECTED, *location)])
        read = {"value": self._constant, "table": self._table, "expression": self._expression}[forms[0]]
        result, written, found = read(body)
        # A number's own place is `location`; tables and formulas have places below it.
        refuse([_moved(entry, location) for entry in found])
        return OccupancyProperty(result, self.unit, written, status, source)

    def _constant(self, body: Mapping[str, Any]) -> _Read:
        try:
            reading = Quantity(self.unit, self.bounds).read(body["value"])
        except Refusal as refusal:
            expected = refusal.expected if isinstance(body["value"], str | int | float) else _EXPECTED
            return Constant(0.0), "", [problem(refusal.found, expected)]
        return Constant(reading.value), reading.text, []

    def _expression(self, body: Mapping[str, Any]) -> _Read:
        text = body["expression"]
        problems: list[InitErrorDetails] = []
        size = 1.0
        if "unit" in body:
            size = _attempt(lambda: units.scale(body["unit"], self.unit), problems, "unit") or 1.0
        if isinstance(text, bool) or not isinstance(text, str | int | float):
            return Constant(0.0), "", [*problems, problem(describe(text), "a formula of theta", "expression")]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python warns of "1(theta)" before we refuse it
                result = Expression.parse(str(text), size)
        except (InputError, ArithmeticError) as error:
            return Constant(0.0), "", [*problems, problem(str(error), "a formula of theta", "expression")]
        written = {"expression": text} | ({"unit": body["unit"]} if "unit" in body else {})
        return result, written, [*problems, *self._range(result, "expression")]

    def _table(self, body: Mapping[str, Any]) -> _Read:
        table = body["table"]
        keys = ("occupancy", "values")
        if not isinstance(table, Mapping):
            return (
                Constant(0.0),
                "",
                [problem(describe(table), "a mapping with 'occupancy' and 'values'", "table")],
            )
        problems = unknown_keys(table, keys, "table") or [
            problem(describe(table.get(key)), "a list of at least two numbers", "table", key)
            for key in keys
            if not isinstance(table.get(key), list | tuple)
        ]
        if problems:
            return Constant(0.0), "", problems
        size = 1.0
        if "unit" in body:
            size = _attempt(lambda: units.scale(body["unit"], self.unit), problems, "unit") or 1.0
        occupancy = self._numbers(table["occupancy"], "1", 1.0, problems, "occupancy")
        values = self._numbers(table["values"], self.unit, size, problems, "values")
        if not problems:
            problems = _shape_of_table(occupancy, values)
        if problems:
            return Constant(0.0), "", problems
        result = Table(occupancy, values)
        lists = {key: list(table[key]) for key in keys}
        written = {"table": lists} | ({"unit": body["unit"]} if "unit" in body else {})
        return result, written, self._range(result, "table", "values")

    @staticmethod
    def _numbers(
        raw: Any, unit: str, size: float, problems: list[InitErrorDetails], key: str
    ) -> tuple[float, ...]:
        numbers = []
        for index, entry in enumerate(raw):
            own = 1.0 if isinstance(entry, str) else size
            value = _attempt(functools.partial(_value, entry, unit), problems, "table", key, index)
            numbers.append(own * (value or 0.0))
        return tuple(numbers)

    def _range(self, result: Property, *location: str) -> list[InitErrorDetails]:
        import numpy as np

        theta = np.linspace(0.0, 1.0, _POINTS)
        try:
            with np.errstate(all="ignore"):
                values = np.asarray(result.value(theta, expressions.NUMPY), dtype=float)
        except (ArithmeticError, TypeError, ValueError) as error:  # 1/0, (-1)**0.5
            return [
                problem(f"a formula that fails ({error})", "a number for every theta from 0 to 1", *location)
            ]
        values = np.broadcast_to(values, theta.shape)
        for occupancy, value in zip(theta, values, strict=True):
            if not self.bounds.hold(float(value)):
                allowed = str(self.bounds) or "finite"
                found = f"{value:.6g} {self.unit} at theta = {occupancy:.4g}"
                return [problem(found, f"values {allowed} for every theta from 0 to 1", *location)]
        return []


type _Read = tuple[Property, Any, list[InitErrorDetails]]


def _attempt(
    read: Callable[[], float], problems: list[InitErrorDetails], *location: str | int
) -> float | None:
    try:
        return read()
    except Refusal as refusal:
        problems.append(problem(refusal.found, refusal.expected, *location))
        return None


def _value(raw: Any, unit: str) -> float:
    return units.read(raw, unit).value


def _moved(entry: InitErrorDetails, prefix: tuple[str, ...]) -> InitErrorDetails:
    return InitErrorDetails(type=entry["type"], loc=(*prefix, *entry.get("loc", ())), input=None)


def _shape_of_table(occupancy: tuple[float, ...], values: tuple[float, ...]) -> list[InitErrorDetails]:
    if len(occupancy) != len(values):
        found = f"{len(values)} values for {len(occupancy)} occupancies"
        return [problem(found, "one value for each occupancy", "table", "values")]
    if not 2 <= len(values) <= _LONGEST_TABLE:
        return [problem(f"{len(values)} values", f"from 2 to {_LONGEST_TABLE} values", "table", "values")]
    for index, (left, right) in enumerate(itertools.pairwise(occupancy)):
        if not left < right:
            found = f"{right:g} after {left:g}"
            return [problem(found, "increasing occupancies", "table", "occupancy", index + 1)]
    if occupancy[0] < 0 or occupancy[-1] > 1:
        found = f"occupancies from {occupancy[0]:g} to {occupancy[-1]:g}"
        return [problem(found, "occupancies from 0 to 1", "table", "occupancy")]
    return []
