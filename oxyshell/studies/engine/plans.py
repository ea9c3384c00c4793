"""Plans: values that a sweep gives to paths. Pure data, nothing is solved here."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Tag

from oxyshell.language import units
from oxyshell.language.mistakes import Refusal, describe, problem, refused
from oxyshell.language.sections import Section, SomeEntries, Text, alternatives, by_keys, tag

type Written = float | str
"""A number with or without unit."""
type Point = Mapping[str, Any]
"""Values by path, as they would stand in a file."""

_NUMBER_AND_UNIT = re.compile(r"\s*[+-]?[\d.]+(?:[eE][+-]?\d+)?\s*([^\d\s].*?)\s*")


class Range(Section):
    """Values between two ends, both included."""

    low: Written = Field(alias="from")
    """One end, with its unit."""
    high: Written = Field(alias="to")
    """The other end, with its unit."""
    scale: Literal["linear", "log"] = "linear"
    """Evenly spaced numbers, or evenly spaced logarithms. Default linear."""
    points: Annotated[int, Field(ge=2)] | None = None
    """Number of values; in a grid or a zip, not in a sample, whose plan says it."""

    def at(self, shares: Sequence[float], unit: str) -> list[Written]:
        """Values at shares of the way from one end to the other.

        Args:
            shares: From 0 to 1.
            unit: SI unit of the parameter.

        Raises:
            Refusal: If an end does not fit the unit, or has no logarithm where one is asked for.
        """
        first, last = (units.read(end, unit).value for end in (self.low, self.high))
        written, size = shared_unit((self.low, self.high), unit)
        written = written or ("" if unit == "1" else unit)
        first, last = first / size, last / size
        if self.scale == "linear":
            return [_write(first + share * (last - first), written) for share in shares]
        for end in (self.low, self.high):
            if not units.read(end, unit).value > 0:
                raise Refusal(describe(end), "a number above 0, which has a logarithm")
        return [_write(first * (last / first) ** share, written) for share in shares]


class Sample(Section):
    """Number of points that are drawn, and their seed."""

    points: Annotated[int, Field(gt=0)]
    """Number of points."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Another seed draws other points; the same seed the same ones. Default 0."""


class LatinHypercube(Section):
    """Each parameter's range in as many equal parts as there are points, one point in each."""

    latin_hypercube: Sample
    """Number of points and seed."""


def _power_of_two(sample: Any) -> Any:
    count = sample.get("points") if isinstance(sample, Mapping) else None
    if isinstance(count, int) and count > 0 and count & (count - 1):
        below = 1 << (count.bit_length() - 1)
        expected = f"a power of two, such as {below} or {2 * below}: only those are evenly spread"
        raise refused(problem(f"{count}", expected, "points"))
    return sample


type PowerOfTwo = Annotated[Sample, BeforeValidator(_power_of_two)]
"""A sample for Sobol' sequences."""


class Sobol(Section):
    """A scrambled Sobol' sequence."""

    sobol: PowerOfTwo
    """Number of points (a power of two) and seed."""


class PointList(Section):
    """The points themselves."""

    points: SomeEntries[dict[str, Any]]
    """One mapping of values by path for each point."""


def _plan_tag(data: Any) -> str | None:
    match data:
        case str():
            return "<named>"
        case Mapping():
            return by_keys(LatinHypercube, Sobol, PointList)(data)
        case _:
            return None


type Plan = Annotated[
    Annotated[Literal["grid", "zip"], Tag("<named>")]
    | Annotated[LatinHypercube, tag(LatinHypercube)]
    | Annotated[Sobol, tag(Sobol)]
    | Annotated[PointList, tag(PointList)],
    alternatives(_plan_tag, "'grid', 'zip', or a mapping with 'latin_hypercube', 'sobol' or 'points'"),
]


def _values_tag(data: Any) -> str | None:
    match data:
        case list() | tuple():
            return "<values>"
        case Mapping():
            return tag(Range).tag
        case _:
            return None


type Values = Annotated[
    Annotated[SomeEntries[Any], Tag("<values>")] | Annotated[Range, tag(Range)],
    alternatives(_values_tag, "a list of values, or a range with 'from' and 'to'"),
]
type Over = dict[Text, Values]


def count(plan: Plan, over: Over) -> int:
    """Number of points of a plan, without making them."""
    lengths = [_length(values) for values in over.values()]
    match plan:
        case "grid":
            return math.prod(lengths)
        case "zip":
            return min(lengths, default=0)
        case PointList(points=points):
            return len(points)
        case LatinHypercube(latin_hypercube=sample) | Sobol(sobol=sample):
            return sample.points
    raise AssertionError(plan)


def problems(plan: Plan, over: Over) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Parts that do not go together: location in the sweep, found, expected."""
    if isinstance(plan, PointList):
        if over:
            yield ("over",), describe(over), "no 'over' beside a list of points, which say all themselves"
        return
    if not over:
        yield ("over",), "nothing", "the key 'over': values by path"
        return
    sampled = isinstance(plan, LatinHypercube | Sobol)
    for path, values in over.items():
        match values:
            case Range(points=None) if not sampled:
                yield ("over", path), "a range without 'points'", f"how many points a {plan} takes of it"
            case Range(points=int(points)) if sampled:
                yield ("over", path, "points"), f"{points}", "no 'points' here, since the plan says how many"
            case tuple() if sampled:
                yield ("over", path), describe(values), "a range with 'from' and 'to', to sample from"
    if plan == "zip":
        lengths = {path: _length(values) for path, values in over.items()}
        if len(set(lengths.values())) > 1:
            found = listed_lengths(lengths)
            yield ("over",), found, "lists of one length, to be taken together"


def listed_lengths(lengths: Mapping[str, int]) -> str:
    """The lengths of lists, in words."""
    return " and ".join(f"{length} values of '{path}'" for path, length in lengths.items())


def points(plan: Plan, over: Over, unit_of: Mapping[str, str]) -> list[Point]:
    """The points of a plan, in its order: the last path of a grid changes fastest.

    Args:
        plan: A plan that goes with `over`.
        over: Values by path.
        unit_of: SI unit of each path that has a range.

    Raises:
        Refusal: If the ends of a range do not fit.
    """
    match plan:
        case PointList(points=listed_points):
            return list(listed_points)
        case LatinHypercube(latin_hypercube=sample):
            columns = _sampled("LatinHypercube", sample, len(over))
        case Sobol(sobol=sample):
            columns = _sampled("Sobol", sample, len(over))
        case _:
            columns = [_even(values) for values in over.values()]
    lists = [
        values.at(shares, unit_of[path]) if isinstance(values, Range) else values
        for (path, values), shares in zip(over.items(), columns, strict=True)
    ]
    combine = itertools.product if plan == "grid" else zip
    return [dict(zip(over, values, strict=True)) for values in combine(*lists)]


def _length(values: Values) -> int:
    return (values.points or 1) if isinstance(values, Range) else len(values)


def _even(values: Values) -> list[float]:
    points = _length(values)
    return [index / (points - 1) for index in range(points)] if isinstance(values, Range) else []


def _sampled(kind: Literal["LatinHypercube", "Sobol"], sample: Sample, dimensions: int) -> list[list[float]]:
    from scipy.stats import qmc

    drawn = getattr(qmc, kind)(d=dimensions, rng=sample.seed).random(sample.points)
    columns: list[list[float]] = drawn.T.tolist()
    return columns


def shared_unit(values: Iterable[Any], unit: str) -> tuple[str, float]:
    """The unit that all values are written in, and its size in the SI unit.

    Returns:
        ("", 1) if they are written in different ones, or in one that does not begin at zero (degC).
    """
    found = {written_unit(value) for value in values}
    written = found.pop() if len(found) == 1 else ""
    try:
        return (written, units.scale(written, unit)) if written else ("", 1.0)
    except Refusal:
        return "", 1.0


def written_unit(end: Any) -> str:
    """The unit that a text ends in; empty without one."""
    parts = _NUMBER_AND_UNIT.fullmatch(end) if isinstance(end, str) else None
    return parts[1] if parts else ""


def _write(value: float, unit: str) -> Written:
    number = float(f"{value:.9g}")
    return f"{number:.9g} {unit}" if unit else number
