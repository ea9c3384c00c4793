"""Curves of a potential as a file gives them: a formula of x, or a table in the file or in one of its own."""

from __future__ import annotations

import csv
import itertools
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from oxyshell.errors import InputError
from oxyshell.language import tables, units
from oxyshell.language.mistakes import NOTHING, Refusal, describe, problem, refuse, refused
from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.parameters import (
    SCALAR_SCHEMAS,
    Origin,
    parameter_schema,
    split_provenance,
    with_provenance,
)
from oxyshell.language.sections import Context
from oxyshell.models.base import pieces
from oxyshell.models.base.expression import Array
from oxyshell.models.base.properties import Property
from oxyshell.models.electrode.potential import Curve
from oxyshell.models.electrode.potentials.formula import VARIABLE, FormulaCurve
from oxyshell.models.electrode.potentials.table import TableCurve

_LONGEST_TABLE = 10_000
_LARGEST_FILE = 10_000_000
# A potential may be infinite at 0 and 1, such as ln(x/(1 − x)): formulas are looked at between these.
_LOWEST, _HIGHEST = 1e-6, 1 - 1e-6
_LARGEST = 100.0

RISE = 1e-3
"""Largest rise of U with x, V, that counts as noise of a measurement or a fit."""

_FALLING = (
    "a potential that falls as ions come in (x is the share of the exchangeable ions in the host, 1 where it "
    "is full): where it rises, one voltage belongs to several contents, and the host separates into phases"
)
_TABLE = "a list of [x, U] pairs, or the path of a file with two columns, x and U in V"
_FORMULA = f"a formula of {VARIABLE} in V"


@dataclass(frozen=True)
class GivenCurve(OccupancyProperty):
    """A curve as it was given: a formula or a table, of the content x in place of the occupancy.

    Attributes:
        rise: Largest rise of U with x, V; at most `RISE`.
    """

    rise: float = field(default=0.0, compare=False)

    @property
    def curve(self) -> Curve:
        """As the equations use it."""
        return cast(Curve, self.function)

    @property
    def constant(self) -> bool:
        """False: it is no single number."""
        return False

    @property
    def text(self) -> str:
        """Readable: "4.2 - x V", "a table of 5 values"."""
        if isinstance(self.written, str):
            return f"{self.written} V"
        return f"a table of {len(self.written)} values"

    def to_data(self) -> Any:
        """The entry of a file; a table that was read from another file stands in it."""
        written = self.written if isinstance(self.written, str) else [list(pair) for pair in self.written]
        return with_provenance(written, Origin(self.status, self.source, self.under))


class _Mark:
    """Marks a `GivenCurve` field."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            self._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value.to_data()),
        )

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schemas = self.schemas()
        return {"title": self.expected, "anyOf": [*schemas, parameter_schema(schemas)]}

    expected: str

    def schemas(self) -> list[JsonSchemaValue]:
        """JSON Schemas of the forms in which it can be written."""
        raise NotImplementedError

    def read(self, raw: Any, folder: Path, *here: str) -> tuple[Curve, Any, float, float]:
        """The curve, as it is written again, the error of its simplification, its largest rise."""
        raise NotImplementedError

    def _validate(self, raw: Any, info: core_schema.ValidationInfo) -> GivenCurve:
        folder = info.context.folder if isinstance(info.context, Context) else Path.cwd()
        body, origin, problems = split_provenance(raw, ("value",))
        here = ("value",) if isinstance(raw, Mapping) else ()
        if "value" not in body:
            problems.append(problem(NOTHING, self.expected, "value"))
        refuse(problems)
        curve, written, error, rise = self.read(body["value"], folder, *here)
        return GivenCurve(cast(Property, curve), "V", written, *origin, error=error, rise=rise)


class FormulaMark(_Mark):
    """Marks a curve that is a formula of x."""

    expected = _FORMULA

    def schemas(self) -> list[JsonSchemaValue]:
        return SCALAR_SCHEMAS

    def read(self, raw: Any, folder: Path, *here: str) -> tuple[Curve, Any, float, float]:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise refused(problem(describe(raw), self.expected, *here))
        text = str(raw).strip()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python warns of "1(x)" before it is refused
                curve = FormulaCurve.parse(text)
            x, values = _sampled(curve)
        except (InputError, ArithmeticError, TypeError, ValueError) as error:
            raise refused(problem(str(error), self.expected, *here)) from None
        return curve, text, 0.0, _rise(x, values, *here)


class TableMark(_Mark):
    """Marks a curve that is a table of contents and potentials, or the file of one."""

    expected = _TABLE

    def schemas(self) -> list[JsonSchemaValue]:
        pair = {"type": "array", "items": {"anyOf": SCALAR_SCHEMAS}, "minItems": 2, "maxItems": 2}
        return [{"type": "string"}, {"type": "array", "items": pair, "minItems": 2}]

    def read(self, raw: Any, folder: Path, *here: str) -> tuple[Curve, Any, float, float]:
        in_file = isinstance(raw, str | Path)
        rows = _rows_of_file(folder, raw, *here) if in_file else raw
        if not isinstance(rows, list | tuple):
            raise refused(problem(describe(rows), self.expected, *here))

        def at(index: int, column: int | None = None) -> tuple[str | int, ...]:
            cell = () if column is None else (column,)
            return here if in_file else (*here, index, *cell)

        if not 2 <= len(rows) <= _LONGEST_TABLE:
            expected = f"from 2 to {_LONGEST_TABLE} pairs of x and U"
            raise refused(problem(f"a table of {len(rows)}", expected, *here))
        x, potentials = _columns(rows, at)
        _check_contents(x, at)
        used = tables.simplified(x, potentials)
        order = slice(None) if x[0] < x[-1] else slice(None, None, -1)
        rise = _rise(x[order], potentials[order], *here)
        return TableCurve(used.table), tuple(zip(x, potentials, strict=True)), used.error, rise


def _columns(
    rows: Sequence[Any], at: Callable[..., tuple[str | int, ...]]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    problems = []
    columns: tuple[list[float], list[float]] = ([], [])
    for index, row in enumerate(rows):
        if not isinstance(row, list | tuple) or len(row) != 2:
            problems.append(problem(describe(row), "a pair [x, U]", *at(index)))
            continue
        for column, (entry, unit) in enumerate(zip(row, ("1", "V"), strict=True)):
            try:
                columns[column].append(units.read(entry, unit).value)
            except Refusal as refusal:
                problems.append(problem(refusal.found, refusal.expected, *at(index, column)))
    refuse(problems)
    largest = max(columns[1], key=abs)
    if abs(largest) > _LARGEST:
        found = f"{largest:g} V"
        where = at(columns[1].index(largest), 1)
        raise refused(problem(found, f"potentials up to {_LARGEST:g} V", *where))
    return tuple(columns[0]), tuple(columns[1])


def _check_contents(x: Sequence[float], at: Callable[..., tuple[str | int, ...]]) -> None:
    falling = x[1] < x[0]
    for index, content in enumerate(x):
        if not 0 <= content <= 1:
            raise refused(problem(f"the content {content:g}", "contents x from 0 to 1", *at(index, 0)))
    for index, (left, right) in enumerate(itertools.pairwise(x), start=1):
        if left == right or (right < left) != falling:
            found = f"{right:g} again" if left == right else f"{right:g} after {left:g}"
            raise refused(problem(found, "contents x that only increase or only decrease", *at(index, 0)))


def _rows_of_file(folder: Path, raw: str | Path, *here: str) -> list[list[float]]:
    """Two columns of a file, between commas, semicolons, tabs or blanks; a first line may be a header."""
    path = folder / raw
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise refused(problem(describe(str(raw)), f"a file of at most {_LARGEST_FILE} bytes", *here))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError):
        expected = f"{_TABLE} ({path} cannot be read)"
        raise refused(problem(describe(str(raw)), expected, *here)) from None
    lines = [line.strip() for line in text.splitlines()]
    rows: list[list[float]] = []
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        separator = next((one for one in ";\t," if one in line), None)
        cells = line.split() if separator is None else next(csv.reader([line], delimiter=separator))
        try:
            numbers = [float(cell) for cell in cells]
        except ValueError:
            if not rows and not any(cell.strip()[:1].isdigit() for cell in cells):
                continue
            numbers = []
        if len(numbers) != 2:
            found = f"{describe(line)} in line {number} of {path.name}"
            raise refused(problem(found, "two numbers, x and U in V", *here))
        rows.append(numbers)
    return rows


def _sampled(curve: FormulaCurve) -> tuple[Array, Array]:
    """Contents that show a formula's range, and its values there; raises InputError if some are none."""
    import numpy as np

    x = pieces.samples(curve.formula)
    x = x[(x > _LOWEST) & (x < _HIGHEST)]
    with np.errstate(all="ignore"):
        values = curve.formula.values(x)
    wrong = ~(np.abs(values) <= _LARGEST)
    if wrong.any():
        raise InputError(
            f"{values[wrong][0]:.6g} V at {VARIABLE} = {x[wrong][0]:.6g}, beyond ±{_LARGEST:g} V"
        )
    return x, values


def _rise(x: Any, values: Any, *here: str) -> float:
    """The largest rise of U with increasing x, V; raises ValidationError if it is no noise."""
    import numpy as np

    values = np.asarray(values)
    lowest = np.minimum.accumulate(values)
    rises = values - lowest
    top = int(np.argmax(rises))
    if rises[top] > RISE:
        bottom = int(np.argmin(values[: top + 1]))
        found = (
            f"a potential that rises from {values[bottom]:.6g} V at {VARIABLE} = {x[bottom]:.4g} to "
            f"{values[top]:.6g} V at {VARIABLE} = {x[top]:.4g}"
        )
        raise refused(problem(found, _FALLING, *here))
    return float(rises[top])
