"""Material properties that a file gives as a number, a table over the occupancy, or a formula of it."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, core_schema

from oxyshell.errors import InputError
from oxyshell.inputs import units
from oxyshell.inputs.mistakes import Refusal, describe, problem, refuse, refused
from oxyshell.inputs.parameters import (
    ANY,
    PROVENANCE_SCHEMA,
    SCALAR_SCHEMAS,
    Bounds,
    Circumstances,
    Origin,
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
_INNER = ("table", "expression", "unit")
_COLUMNS = ("occupancy", "values")
_EXPECTED = "a number with unit, {table: {occupancy: [...], values: [...]}} or {expression: ..., unit: ...}"


@dataclass(frozen=True)
class OccupancyProperty:
    """A property that may depend on the occupancy θ.

    Attributes:
        function: As the equations use it, in SI.
        unit: The SI unit.
        written: As the user wrote it, without where it comes from; not compared.
        status: Kind of source.
        source: Where it comes from, in words.
        under: If it was calibrated, the circumstances that were stated.
    """

    function: Property
    unit: str
    written: Any = field(compare=False)
    status: Status = "unstated"
    source: str = ""
    under: Circumstances = ()

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
        return with_provenance(written, Origin(self.status, self.source, self.under))


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
        body, origin, problems = split_provenance(raw, (*_FORMS, "unit"))
        here: tuple[str, ...] = ("value",) if isinstance(raw, Mapping) and "value" in raw else ()
        inner = body.get("value")
        if isinstance(inner, Mapping) and len(body) == 1:
            problems += unknown_keys(inner, _INNER, "value")
            body = {key: inner[key] for key in _INNER if key in inner}
        refuse(problems)
        forms = [form for form in _FORMS if form in body]
        if len(forms) != 1 or (forms == ["value"] and len(body) > 1):
            raise refused(problem(describe(raw), _EXPECTED, *here))
        read = {"value": self._constant, "table": self._table, "expression": self._expression}[forms[0]]
        function, written = read(body, here)
        return OccupancyProperty(function, self.unit, written, *origin)

    def _constant(self, body: Mapping[str, Any], here: tuple[str, ...]) -> tuple[Property, Any]:
        try:
            reading = Quantity(self.unit, self.bounds).read(body["value"])
        except Refusal as refusal:
            expected = refusal.expected if isinstance(body["value"], str | int | float) else _EXPECTED
            raise refused(problem(refusal.found, expected, *here)) from None
        return Constant(reading.value), reading.text

    def _expression(self, body: Mapping[str, Any], here: tuple[str, ...]) -> tuple[Property, Any]:
        text, size = body["expression"], self._scale(body, here)
        here = (*here, "expression")
        if isinstance(text, bool) or not isinstance(text, str | int | float):
            raise refused(problem(describe(text), "a formula of theta", *here))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python warns of "1(theta)" before we refuse it
                function = Expression.parse(str(text), size)
        except (InputError, ArithmeticError) as error:
            raise refused(problem(str(error), "a formula of theta", *here)) from None
        self._check_range(function, *here)
        return function, dict(body)

    def _table(self, body: Mapping[str, Any], here: tuple[str, ...]) -> tuple[Property, Any]:
        table, size = body["table"], self._scale(body, here)
        here = (*here, "table")
        if not isinstance(table, Mapping):
            raise refused(problem(describe(table), "a mapping with 'occupancy' and 'values'", *here))
        refuse(unknown_keys(table, _COLUMNS, *here))
        refuse(
            [
                problem(describe(table.get(key)), "a list of at least two numbers", *here, key)
                for key in _COLUMNS
                if not isinstance(table.get(key), list | tuple)
            ]
        )
        occupancy = _numbers(table["occupancy"], "1", 1.0, *here, "occupancy")
        values = _numbers(table["values"], self.unit, size, *here, "values")
        _check_table(occupancy, values, *here)
        function = Table(occupancy, values)
        self._check_range(function, *here, "values")
        lists = {key: list(table[key]) for key in _COLUMNS}
        return function, {**body, "table": lists}

    def _scale(self, body: Mapping[str, Any], here: tuple[str, ...]) -> float:
        try:
            return units.scale(body["unit"], self.unit) if "unit" in body else 1.0
        except Refusal as refusal:
            raise refused(problem(refusal.found, refusal.expected, *here, "unit")) from None

    def _check_range(self, function: Property, *here: str) -> None:
        import numpy as np

        theta = np.linspace(0.0, 1.0, _POINTS)
        try:
            with np.errstate(all="ignore"):
                values = np.asarray(function.value(theta, expressions.NUMPY), dtype=float)
        except (ArithmeticError, TypeError, ValueError) as error:  # 1/0, (-1)**0.5
            found, expected = f"a formula that fails ({error})", "a number for every theta from 0 to 1"
            raise refused(problem(found, expected, *here)) from None
        for occupancy, value in zip(theta, np.broadcast_to(values, theta.shape), strict=True):
            if not self.bounds.hold(float(value)):
                allowed = str(self.bounds) or "finite"
                found = f"{value:.6g} {self.unit} at theta = {occupancy:.4g}"
                raise refused(problem(found, f"values {allowed} for every theta from 0 to 1", *here))


def _numbers(raw: Sequence[Any], unit: str, size: float, *here: str) -> tuple[float, ...]:
    """Numbers of a table; bare ones are in a unit of the given size."""
    numbers: list[float] = []
    problems: list[InitErrorDetails] = []
    for index, entry in enumerate(raw):
        try:
            numbers.append((1.0 if isinstance(entry, str) else size) * units.read(entry, unit).value)
        except Refusal as refusal:
            problems.append(problem(refusal.found, refusal.expected, *here, index))
    refuse(problems)
    return tuple(numbers)


def _check_table(occupancy: tuple[float, ...], values: tuple[float, ...], *here: str) -> None:
    if len(occupancy) != len(values):
        found = f"{len(values)} values for {len(occupancy)} occupancies"
        raise refused(problem(found, "one value for each occupancy", *here, "values"))
    if not 2 <= len(values) <= _LONGEST_TABLE:
        found = f"{len(values)} values"
        raise refused(problem(found, f"from 2 to {_LONGEST_TABLE} values", *here, "values"))
    for index, (left, right) in enumerate(itertools.pairwise(occupancy), start=1):
        if not left < right:
            raise refused(
                problem(f"{right:g} after {left:g}", "increasing occupancies", *here, "occupancy", index)
            )
    if occupancy[0] < 0 or occupancy[-1] > 1:
        found = f"occupancies from {occupancy[0]:g} to {occupancy[-1]:g}"
        raise refused(problem(found, "occupancies from 0 to 1", *here, "occupancy"))
