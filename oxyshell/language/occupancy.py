"""Material properties that a file gives as a number, a table over the occupancy, or a formula of it."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails

from oxyshell.errors import InputError
from oxyshell.language import patterns, tables, units
from oxyshell.language.mistakes import Refusal, describe, problem, refuse, refused
from oxyshell.language.parameters import (
    ONLY_CALIBRATED,
    PROVENANCE_SCHEMA,
    SHARE,
    Circumstances,
    Origin,
    Quantity,
    Status,
    plain,
    split_provenance,
    unknown_keys,
    with_provenance,
)
from oxyshell.models.base import pieces
from oxyshell.models.base.formula import NUMPY, Formula, parse
from oxyshell.models.base.properties import Constant, FormulaProperty, Property
from oxyshell.models.base.smooth_table import SmoothTable

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
        source: Its source in words.
        under: If it was calibrated, the circumstances that were stated.
        error: Distance of `function` from the values of a long table, as `tables.SimplifiedTable` has it.
    """

    function: Property
    unit: str
    written: Any = field(compare=False)
    status: Status = "unstated"
    source: str = ""
    under: Circumstances = ()
    error: float = field(default=0.0, compare=False)

    @property
    def constant(self) -> bool:
        """True for a property that is one number."""
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

        return float(np.asarray(self.function.value(np.float64(theta), NUMPY)))

    def to_data(self) -> Any:
        """The entry of a file."""
        written = plain(self.written) if self.constant else self.written
        return with_provenance(written, Origin(self.status, self.source, self.under))


@dataclass(frozen=True)
class _Reading:
    function: Property
    written: Any
    error: float = 0.0


class OccupancyQuantity(Quantity):
    """Marks an `OccupancyProperty` field with its SI unit and the range it keeps for every θ in [0, 1].

    Attributes:
        longest_table: Most values of a table.
    """

    longest_table: ClassVar[int] = 10_000

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        scalars = self.scalar_schemas()
        occupancies = Quantity("1", SHARE).scalar_schemas()
        table = {
            "type": "object",
            "properties": {
                "occupancy": _numbers_schema(occupancies, self.longest_table),
                "values": _numbers_schema(self.scalar_schemas(bare=False), self.longest_table),
            },
            "required": ["occupancy", "values"],
            "additionalProperties": False,
        }
        unit = {"type": "string", "pattern": rf"^\s*{patterns.unit_of(self.unit)}$"}
        forms = {"table": table, "expression": {"type": ["string", "number"]}, "unit": unit}
        one = [{"required": [form]} for form in _FORMS]
        inner = {"type": "object", "properties": forms, "additionalProperties": False, "oneOf": one[1:]}
        outer = {
            "type": "object",
            "properties": {"value": {"anyOf": [*scalars, inner]}, **forms, **PROVENANCE_SCHEMA},
            "additionalProperties": False,
            "oneOf": one,
            **ONLY_CALIBRATED,
        }
        title = f"{self._expected()}; one number, or a table or a formula of the occupancy"
        return {"title": title, "anyOf": [*scalars, outer]}

    def validate(self, raw: Any) -> Any:
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
        reading = read(body, here)
        return OccupancyProperty(reading.function, self.unit, reading.written, *origin, error=reading.error)

    def _constant(self, body: Mapping[str, Any], here: tuple[str, ...]) -> _Reading:
        try:
            reading = self.read(body["value"])
        except Refusal as refusal:
            expected = refusal.expected if isinstance(body["value"], str | int | float) else _EXPECTED
            raise refused(problem(refusal.found, expected, *here)) from None
        return _Reading(Constant(reading.value), reading.text)

    def _expression(self, body: Mapping[str, Any], here: tuple[str, ...]) -> _Reading:
        text, size = body["expression"], self._scale(body, here)
        here = (*here, "expression")
        if isinstance(text, bool) or not isinstance(text, str | int | float):
            raise refused(problem(describe(text), "a formula of theta", *here))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python warns of "1(theta)" before we refuse it
                formula = parse(str(text))
        except (InputError, ArithmeticError) as error:
            raise refused(problem(str(error), "a formula of theta", *here)) from None
        self._check_formula(formula, size, "unit" not in body, *here)
        try:
            function = FormulaProperty.of(formula, size)
        except InputError as error:
            raise refused(problem(str(error), "one that can be integrated", *here)) from None
        return _Reading(function, dict(body))

    def _table(self, body: Mapping[str, Any], here: tuple[str, ...]) -> _Reading:
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
        _check_table(occupancy, values, self.longest_table, *here)
        bare = "unit" not in body and not any(units.has_unit(entry) for entry in table["values"])
        self._check_range(occupancy, values, bare, *here, "values")
        lists = {key: list(table[key]) for key in _COLUMNS}
        function, error = self._through(occupancy, values)
        return _Reading(function, {**body, "table": lists}, error)

    def _through(self, occupancy: tuple[float, ...], values: tuple[float, ...]) -> tuple[Property, float]:
        """The property through the values of a table, and its distance from them."""
        used = tables.simplified(occupancy, values)
        return used.table, used.error

    def _scale(self, body: Mapping[str, Any], here: tuple[str, ...]) -> float:
        try:
            return units.scale(body["unit"], self.unit) if "unit" in body else 1.0
        except Refusal as refusal:
            raise refused(problem(refusal.found, refusal.expected, *here, "unit")) from None

    def _check_formula(self, formula: Formula, size: float, bare: bool, *here: str) -> None:
        import numpy as np

        try:
            theta = pieces.samples(formula)
            with np.errstate(all="ignore"):
                values = size * formula.values(theta)
        except InputError as error:
            raise refused(problem(str(error), "a simpler one", *here)) from None
        except (ArithmeticError, TypeError, ValueError) as error:  # 1/0, (-1)**0.5
            words, expected = f"a formula that fails ({error})", "a number for every theta from 0 to 1"
            raise refused(problem(words, expected, *here)) from None
        self._check_range(theta, values, bare, *here)

    def _check_range(self, theta: Any, values: Any, bare: bool, *here: str) -> None:
        import numpy as np

        # A range has no holes, and NaN is in none: two numbers speak for all.
        in_range = self.bounds.hold(float(np.min(values))) and self.bounds.hold(float(np.max(values)))
        for occupancy, value in () if in_range else zip(theta, values, strict=True):
            if not self.bounds.hold(value):
                allowed = str(self.bounds) or "finite"
                found = f"{value:.6g} {self.unit} at theta = {occupancy:.6g}"
                raise refused(problem(found, f"values {allowed} for every theta from 0 to 1", *here))
        largest = float(np.max(np.abs(values)))
        try:
            self.scale.check(largest if bare else f"{largest:.6g} {self.unit}", largest)
        except Refusal as refusal:
            found = f"{refusal.found} (the largest value)"
            raise refused(problem(found, refusal.expected, *here)) from None


def _numbers_schema(scalars: list[JsonSchemaValue], most: int) -> JsonSchemaValue:
    return {"type": "array", "items": {"anyOf": scalars}, "minItems": 2, "maxItems": most}


class SmoothQuantity(OccupancyQuantity):
    """Marks an `OccupancyProperty` whose derivative the equations use: that of a table is continuous."""

    longest_table: ClassVar[int] = 100

    def _through(self, occupancy: tuple[float, ...], values: tuple[float, ...]) -> tuple[Property, float]:
        return SmoothTable.through(occupancy, values), 0.0


def _numbers(raw: Sequence[Any], unit: str, size: float, *here: str) -> tuple[float, ...]:
    """Numbers of a table; bare ones are in a unit of the given size."""
    numbers: list[float] = []
    problems: list[InitErrorDetails] = []
    for index, entry in enumerate(raw):
        try:
            numbers.append((1.0 if units.has_unit(entry) else size) * units.read(entry, unit).value)
        except Refusal as refusal:
            problems.append(problem(refusal.found, refusal.expected, *here, index))
    refuse(problems)
    return tuple(numbers)


def _check_table(occupancy: tuple[float, ...], values: tuple[float, ...], longest: int, *here: str) -> None:
    if len(occupancy) != len(values):
        found = f"{len(values)} values for {len(occupancy)} occupancies"
        raise refused(problem(found, "one value for each occupancy", *here, "values"))
    if not 2 <= len(values) <= longest:
        found = f"{len(values)} values"
        raise refused(problem(found, f"from 2 to {longest} values", *here, "values"))
    falling = occupancy[1] < occupancy[0]
    for index, (left, right) in enumerate(itertools.pairwise(occupancy), start=1):
        if left == right or (right < left) != falling:
            found = f"{right:g} again" if left == right else f"{right:g} after {left:g}"
            expected = (
                "occupancies that only increase or only decrease (a jump takes two of them, close together)"
            )
            raise refused(problem(found, expected, *here, "occupancy", index))
    if min(occupancy) < 0 or max(occupancy) > 1:
        found = f"occupancies from {min(occupancy):g} to {max(occupancy):g}"
        raise refused(problem(found, "occupancies from 0 to 1", *here, "occupancy"))
