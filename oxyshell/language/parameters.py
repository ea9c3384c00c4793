"""Physical parameters: a number in SI, how it was written, and where it comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, core_schema

from oxyshell.language import patterns, units
from oxyshell.language.mistakes import (
    NOTHING,
    MistakeKind,
    Refusal,
    describe,
    listed,
    nearest,
    problem,
    refuse,
    unknown_key,
)
from oxyshell.language.scales import NUMBER, Scale

type Status = Literal["measured", "literature", "calculated", "chosen", "calibrated", "unstated"]
"""Kind of source of a number; "unstated" where the file does not say."""

type Circumstances = tuple[tuple[str, Any], ...]
"""Values by path, as written, under which a value was calibrated."""

STATUSES = tuple(status for status in get_args(Status.__value__) if status != "unstated")
DEFAULT_SOURCE = "oxyshell's default"


class Origin(NamedTuple):
    """Origin of a number.

    Attributes:
        status: Kind of source.
        source: In words.
        under: Circumstances of a calibration.
    """

    status: Status = "unstated"
    source: str = ""
    under: Circumstances = ()


@dataclass(frozen=True)
class Parameter:
    """A physical parameter.

    Attributes:
        value: In SI.
        unit: The SI unit: "m", "m^2/s"; "1" for a pure number, "C" for a C-rate.
        text: As the user wrote it: "150 nm". Not compared: two parameters of equal value are equal.
        status: Kind of source.
        source: Its source in words.
        under: If it was calibrated, the circumstances that were stated.
    """

    value: float
    unit: str
    text: str = field(compare=False)
    status: Status = "unstated"
    source: str = ""
    under: Circumstances = ()

    @classmethod
    def default(cls, text: str, unit: str) -> Parameter:
        """The value that stands where a file says nothing."""
        return cls(units.read(text, unit).value, unit, text, "chosen", DEFAULT_SOURCE)

    def to_data(self) -> Any:
        """The entry of a file: the text alone, or with its status and source."""
        return with_provenance(plain(self.text), Origin(self.status, self.source, self.under))


@dataclass(frozen=True)
class Bounds:
    """The range that a number has to lie in; None where it is open.

    Attributes:
        above: Exclusive lower bound.
        at_least: Inclusive lower bound.
        below: Exclusive upper bound.
        at_most: Inclusive upper bound.
    """

    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None

    def hold(self, value: float) -> bool:
        """True for a finite number in range."""
        return (
            math.isfinite(value)
            and (self.above is None or value > self.above)
            and (self.at_least is None or value >= self.at_least)
            and (self.below is None or value < self.below)
            and (self.at_most is None or value <= self.at_most)
        )

    @property
    def signs(self) -> tuple[bool, bool, bool]:
        """Whether numbers below zero, zero, and numbers above zero are in the range."""
        low, high = self.at_least, self.at_most
        below = (self.above is None or self.above < 0) and (low is None or low < 0)
        beyond = (self.below is None or self.below > 0) and (high is None or high > 0)
        return below, self.hold(0.0), beyond

    def schema(self) -> JsonSchemaValue:
        """The range in JSON Schema."""
        bounds = {
            "exclusiveMinimum": self.above,
            "minimum": self.at_least,
            "exclusiveMaximum": self.below,
            "maximum": self.at_most,
        }
        return {key: bound for key, bound in bounds.items() if bound is not None}

    def __str__(self) -> str:
        words = {"above": self.above, "at least": self.at_least, "below": self.below, "at most": self.at_most}
        return " and ".join(f"{word} {bound:g}" for word, bound in words.items() if bound is not None)


ANY = Bounds()
POSITIVE = Bounds(above=0)
NOT_NEGATIVE = Bounds(at_least=0)
SHARE = Bounds(at_least=0, at_most=1)


@dataclass(frozen=True)
class Quantity:
    """Marks a `Parameter` field with its SI unit and range: `Annotated[Parameter, Quantity("m")]`.

    Attributes:
        unit: SI unit, as it stands in `units.KINDS` if it is common.
        bounds: The range of the SI number.
        scale: Sizes that occur; by default any.
    """

    unit: str
    bounds: Bounds = ANY
    scale: Scale = NUMBER

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(lambda value: value.to_data())
        return core_schema.no_info_plain_validator_function(self.validate, serialization=written)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        scalars = self.scalar_schemas()
        return {"title": self._expected(), "anyOf": [*scalars, parameter_schema(scalars)]}

    def scalar_schemas(self, bare: bool = True) -> list[JsonSchemaValue]:
        """JSON Schema of a bare number, and of a text with a unit.

        Args:
            bare: Whether bare numbers are in SI; else they are in another unit, and only their sign is known.
        """
        number = self.bounds.schema()
        if bare:
            number |= self.scale.schema(self.bounds.schema())
        else:
            number = {key: bound for key, bound in number.items() if bound == 0}
        limits = [one for one in (self.bounds.below, self.bounds.at_most) if one is not None]
        pattern = patterns.quantity(self.unit, *self.bounds.signs, min(limits, default=math.inf))
        return [{"type": "number", **number}, {"type": "string", "pattern": pattern}]

    def validate(self, raw: Any) -> Any:
        """Read a scalar or a mapping of value, status and source; raises pydantic's ValidationError."""
        body, origin, problems = split_provenance(raw, ("value",))
        location = ("value",) if isinstance(raw, Mapping) else ()
        reading = units.Reading(0.0, "")
        if isinstance(raw, Mapping) and "value" not in body:
            problems.append(problem(NOTHING, self._expected(), *location))
        else:
            try:
                reading = self.read(body["value"])
            except Refusal as refusal:
                problems.append(problem(refusal.found, refusal.expected, *location))
        refuse(problems)
        return Parameter(reading.value, self.unit, reading.text, *origin)

    def read(self, raw: Any) -> units.Reading:
        """Read a scalar and check its range; raises Refusal."""
        try:
            reading = units.read(raw, self.unit)
        except Refusal as refusal:
            raise Refusal(refusal.found, self._range(refusal.expected)) from refusal
        if not self.bounds.hold(reading.value):
            raise Refusal(describe(raw), self._expected() + self.scale.meant(raw, self.bounds.hold))
        self.scale.check(raw, reading.value, self.bounds.hold)
        return reading

    def is_usual(self, number: Any) -> bool:
        """Whether a number that this mark has read is of a size that occurs."""
        return self.scale.is_usual(number.value)

    def _expected(self) -> str:
        return self._range(units.KINDS[self.unit].meaning)

    def _range(self, expected: str) -> str:
        return (
            f"{expected}, {self.bounds}{'' if self.unit in ('1', 'kg/kg') else f' {self.unit}'}"
            if str(self.bounds)
            else expected
        )


SCALAR_SCHEMAS: list[JsonSchemaValue] = [{"type": "number"}, {"type": "string"}]


def parameter_schema(values: list[JsonSchemaValue]) -> JsonSchemaValue:
    """JSON Schema of the mapping {value, status, source, under}."""
    return {
        "type": "object",
        "properties": {"value": {"anyOf": values}, **PROVENANCE_SCHEMA},
        "required": ["value"],
        "additionalProperties": False,
        **ONLY_CALIBRATED,
    }


PROVENANCE_SCHEMA: JsonSchemaValue = {
    "status": {"enum": list(STATUSES), "description": "Kind of source."},
    "source": {"type": "string", "description": "Where the value comes from."},
    "under": {
        "type": "object",
        "additionalProperties": {"type": ["string", "number", "boolean"]},
        "minProperties": 1,
        "description": "Values by path under which it was calibrated; with others, a run says so.",
    },
}
ONLY_CALIBRATED: JsonSchemaValue = {
    "dependentSchemas": {
        "under": {"properties": {"status": {"const": "calibrated"}}, "required": ["status"]},
    }
}
_PROVENANCE = ("status", "source", "under")
UNDER_KEYS = ("value", *_PROVENANCE)
"""Keys of a parameter, which are no part of a path."""
_UNDER = "a mapping of paths to values, such as {particle.radius: 150 nm}"


def split_provenance(
    raw: Any, keys: tuple[str, ...]
) -> tuple[dict[str, Any], Origin, list[InitErrorDetails]]:
    """Take status, source and circumstances out of a parameter.

    Args:
        raw: A scalar, or a mapping.
        keys: The other keys that the mapping may have.

    Returns:
        The rest of the mapping (a scalar stands under "value"), where it comes from, and what is wrong.
    """
    if not isinstance(raw, Mapping):
        return {"value": raw}, Origin(), []
    problems = unknown_keys(raw, (*keys, *_PROVENANCE))
    status, source = raw.get("status", "unstated"), raw.get("source", "")
    if "status" in raw and status not in STATUSES:
        near = nearest(status, STATUSES) if isinstance(status, str) else None
        hint = f" (did you mean '{near}'?)" if near else ""
        problems.append(problem(describe(status), f"one of {listed(STATUSES)}{hint}", "status"))
    elif "under" in raw and status != "calibrated":
        found = f"circumstances of a calibration with the status '{status}'"
        problems.append(problem(found, "the status 'calibrated', or no 'under'", "under"))
    if not isinstance(source, str):
        problems.append(problem(describe(source), "a text that says where the value comes from", "source"))
    under, wrong = _circumstances(raw.get("under", {}), given="under" in raw)
    rest = {key: raw[key] for key in keys if key in raw}
    return rest, Origin(status, source, under), [*problems, *wrong]


def _circumstances(raw: Any, given: bool) -> tuple[Circumstances, list[InitErrorDetails]]:
    if not given:
        return (), []
    if not isinstance(raw, Mapping) or not raw:
        return (), [problem(describe(raw), _UNDER, "under")]
    wrong = [
        problem(describe(value), "a single value, with its unit", "under", key)
        for key, value in raw.items()
        if not isinstance(value, str | int | float)
    ]
    return tuple((str(key), value) for key, value in raw.items()), wrong


def unknown_keys(
    raw: Mapping[str, Any], names: tuple[str, ...], *location: str | int
) -> list[InitErrorDetails]:
    """A problem for each key of a mapping that is none of `names`."""
    return [
        problem(
            unknown_key(str(key)),
            expected_key(str(key), names),
            *location,
            key,
            kind=MistakeKind.UNKNOWN_KEY,
        )
        for key in raw
        if key not in names
    ]


def expected_key(name: str, names: tuple[str, ...]) -> str:
    """The expectation in place of an unknown key: the nearest valid one, or the list of all."""
    near = nearest(name, names)
    return f"'{near}'" if near else (f"one of {listed(names)}" if names else "no key here")


def with_provenance(value: Any, origin: Origin) -> Any:
    """A value for a file: bare, or in a mapping with what is known about it."""
    extra: dict[str, Any] = {} if origin.status == "unstated" else {"status": origin.status}
    extra |= {"source": origin.source} if origin.source else {}
    extra |= {"under": dict(origin.under)} if origin.under else {}
    return {"value": value, **extra} if extra else value


def plain(text: str) -> Any:
    """A number where the text is one, so that files have `0.22` and not `'0.22'`."""
    try:
        return int(text) if text.lstrip("+-").isdigit() else float(text)
    except ValueError:
        return text
