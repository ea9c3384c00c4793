"""A sweep: one scenario over many points, and which numbers are wanted of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr

from oxyshell.language import documents
from oxyshell.language.documents import Document, Location, Place
from oxyshell.language.mistakes import UNKNOWN_KEY, Mistake, Refusal, ScenarioError, describe, nearest
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.reporting import located, validated
from oxyshell.language.sections import Context, Section, SomeEntries, Text, leaves
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import plans, quantities
from oxyshell.studies.engine.plans import Over, Plan, PointList, Range
from oxyshell.studies.engine.points import ResolvedPoint, WrongPointError, resolve
from oxyshell.studies.engine.quantities import Interest
from oxyshell.studies.engine.references import section_expected, unusual, without

LIMIT = 100_000
DEFAULT_QUANTITIES = ("stress.first_principal.peak_MPa", "stress.first_principal.depth_nm")


class Sweep(Section):
    """Many runs of one scenario with other values."""

    sweep: Text
    """What the sweep is called."""
    about: str = ""
    """What it is about."""
    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(alias="set", default={})
    """Values that differ from the file in all points, by path."""
    over: Over = Field(default={})
    """What is swept: by path, a list of values or a range {from, to}."""
    plan: Plan = "grid"
    """How the values are combined: grid (default: all combinations), zip (first with first, and so on),
    {latin_hypercube: {points, seed}}, {sobol: {points, seed}}, or {points: [values by path]}."""
    quantities: SomeEntries[Text] = DEFAULT_QUANTITIES
    """What is wanted of each run: paths into its summary, or a reduction such as
    "max of history.surface_hoop_MPa" (max, min or last)."""
    keep: Literal["folders", "summary"] = "folders"
    """Whether each point leaves its run folder, or only its numbers in the study. Default folders."""
    limit: Annotated[int, Field(gt=0)] = LIMIT
    """Most points that the plan may have. Default 100000."""
    timeout: Annotated[Parameter, Quantity("s", POSITIVE)] | None = None
    """Longest time that a point may take; null (default): any."""

    processes: Annotated[int, Field(gt=0)] = 1
    """How many processes share each run (mpiexec), for large discs and solids. Default 1."""

    _base: Scenario | None = PrivateAttr(default=None)
    _points: Sequence[ResolvedPoint] = PrivateAttr(default=())
    _interests: Sequence[Interest] = PrivateAttr(default=())

    @property
    def base(self) -> Scenario:
        """The scenario that the points start from, `set` applied."""
        assert self._base is not None  # `with_scenario` has given it
        return self._base

    @property
    def points(self) -> Sequence[ResolvedPoint]:
        """The points, in the plan's order."""
        return self._points

    @property
    def interests(self) -> Sequence[Interest]:
        """The quantities, read."""
        return self._interests

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths whose values differ between points, in the order of the file."""
        return tuple(dict.fromkeys(path for point in self.points for path in point.values))


def with_scenario(sweep: Sweep, document: Document, scenario: Scenario) -> Sweep:
    """The sweep over a loaded scenario, after a check of its quantities and of every point.

    Raises:
        ScenarioError: With every mistake at its line; nothing has run by then.
    """
    mistakes, interests = _read_quantities(sweep, document)
    try:
        base = scenario.with_values(sweep.changes)
    except ScenarioError as error:
        mistakes += _inside(document, scenario, error, sweep.changes, "", ("set",))
        raise ScenarioError(mistakes) from None
    for location, found, expected in plans.problems(sweep.plan, sweep.over):
        mistakes.append(located(document, found, expected, *location))
    if not mistakes:
        mistakes += _too_many(sweep, document)
    mistakes += _without_section(sweep, document, base, interests)
    unit_of, unknown = _units(sweep, document, base)
    mistakes += unknown
    if mistakes:
        raise ScenarioError(dict.fromkeys(mistakes))
    try:
        points = plans.points(sweep.plan, sweep.over, unit_of)
        resolved = resolve(base, points)
    except plans.RangeError as error:
        refusal = error.refusal
        raise ScenarioError(
            [located(document, refusal.found, refusal.expected, "over", error.path)]
        ) from None
    except WrongPointError as error:
        raise ScenarioError(dict.fromkeys(_wrong_point(sweep, document, base, points, error))) from None
    mistakes = list(_points_without_section(sweep, document, base, points, interests))
    if mistakes:
        raise ScenarioError(mistakes)
    sweep._base, sweep._points, sweep._interests = base, tuple(resolved), tuple(interests)
    return sweep


def _read_quantities(sweep: Sweep, document: Document) -> tuple[list[Mistake], list[Interest]]:
    mistakes: list[Mistake] = []
    interests: dict[str, Interest] = {}
    for index, text in enumerate(sweep.quantities):
        try:
            interest = quantities.read(text)
        except Refusal as refusal:
            mistakes.append(located(document, refusal.found, refusal.expected, "quantities", index))
            continue
        interests[interest.text] = interest
    return mistakes, list(interests.values())


def _without_section(
    sweep: Sweep, document: Document, base: Scenario, interests: Sequence[Interest]
) -> Iterator[Mistake]:
    """Quantities of a physics that no point has."""
    points = sweep.plan.points if isinstance(sweep.plan, PointList) else (sweep.over,)
    changed = {path.split(".")[0] for point in points for path in point}
    for interest in interests:
        if interest.is_missing(base) and interest.needs not in changed:
            found, expected = without(interest.text, interest), section_expected(interest)
            yield located(document, found, expected, "quantities", _where(sweep, interest))


def _points_without_section(
    sweep: Sweep,
    document: Document,
    base: Scenario,
    points: Sequence[plans.Point],
    interests: Sequence[Interest],
) -> Iterator[Mistake]:
    """Quantities of a physics that some points do not have."""
    for interest in interests:
        count = sum(_is_missing(interest, base, point) for point in points)
        if count:
            found = f"{describe(interest.text)}, which {count} of {len(points)} points do not have"
            expected = f"points with the section '{interest.needs}', or a sweep of its own for those without"
            yield located(document, found, expected, "quantities", _where(sweep, interest))


def _where(sweep: Sweep, interest: Interest) -> int:
    """The position of a quantity in the file, where it may be spaced differently."""
    texts = [quantities.read(text).text for text in sweep.quantities]
    return texts.index(interest.text)


def _is_missing(interest: Interest, base: Scenario, point: plans.Point) -> bool:
    """Whether a point has no section of the physics that a quantity needs."""
    section = interest.needs
    if section in point:
        return point[section] is None
    return interest.is_missing(base) and not any(path.startswith(f"{section}.") for path in point)


def _too_many(sweep: Sweep, document: Document) -> list[Mistake]:
    count = plans.count(sweep.plan, sweep.over)
    if count <= sweep.limit:
        return []
    expected = f"at most {sweep.limit}: fewer values, a sample in place of a grid, or a larger 'limit'"
    where = "over" if sweep.over and isinstance(sweep.plan, str) else "plan"
    return [located(document, f"a plan of {count} points", expected, where, key=True)]


def _units(sweep: Sweep, document: Document, base: Scenario) -> tuple[dict[str, str], list[Mistake]]:
    """SI units of the paths that have a range."""
    found: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for path, values in sweep.over.items():
        if isinstance(values, Range):
            try:
                found[path] = base.unit(path)
            except ScenarioError as error:
                mistakes += _inside(document, base, error, {path: None}, "", ("over",))
                continue
            for key, end in (("from", values.low), ("to", values.high)):
                mistakes += unusual(document, base, path, end, "over", path, key)
    return found, mistakes


def _wrong_point(
    sweep: Sweep, document: Document, base: Scenario, points: Sequence[plans.Point], first: WrongPointError
) -> Iterator[Mistake]:
    """What is wrong with the first wrong point, and with other points or values."""
    point = points[first.index]
    if isinstance(sweep.plan, PointList):
        yield from _inside(document, base, first.error, point, "", ("plan", "points", first.index))
        for index, other in enumerate(points[first.index + 1 :], first.index + 1):
            try:
                base.with_values(other)
            except ScenarioError as error:
                yield from _inside(document, base, error, other, "", ("plan", "points", index))
        return
    told = ", ".join(f"{path} = {value}" for path, value in point.items())
    where = f" in the point {told}" if len(point) > 1 else ""
    told_already = set()
    for mistake in _inside(document, base, first.error, point, where, ("over",), sweep):
        told_already.add((mistake.path, mistake.expected))
        yield mistake
    if sweep.plan == "grid":
        # Each value once, beside the first values of the others.
        corner = dict(points[0])
        for path, values in sweep.over.items():
            for value in values if isinstance(values, tuple) else ():
                try:
                    base.with_values({**corner, path: value})
                except ScenarioError as error:
                    for mistake in _inside(
                        document, base, error, {**corner, path: value}, "", ("over",), sweep
                    ):
                        new = (mistake.path, mistake.expected) not in told_already
                        if new and f"{mistake.path}.".startswith(f"over.{path}."):
                            yield mistake


def _inside(
    document: Document,
    scenario: Scenario,
    error: ScenarioError,
    changes: Mapping[str, Any],
    where: str,
    location: tuple[str | int, ...],
    sweep: Sweep | None = None,
) -> Iterator[Mistake]:
    """Mistakes of a changed scenario, at the change's place in the file."""
    known = [path for path, _ in leaves(scenario)]
    for mistake in error.mistakes:
        blamed = mistake.file.removeprefix("override ").split(", ")
        inside = [path for path in changes if path in blamed and (*location, path) in document.places][:1]
        here = (*location, *inside)
        if mistake.found.startswith((UNKNOWN_KEY, "an unknown path")) or " after " in mistake.found:
            path = "".join(inside) or mistake.path
            near = nearest(path, known)
            expected = f"'{near}'" if near else mistake.expected
            yield located(document, f"the unknown path {describe(path)}", expected, *here, key=True)
            continue
        position = _position(sweep, inside, changes)
        here = (*here, *position) if (*here, *position) in document.places else here
        at = f" (at {mistake.path})" if mistake.path and mistake.path not in blamed else ""
        yield located(document, f"{mistake.found}{at}{where}", mistake.expected, *here)


def _position(sweep: Sweep | None, inside: Sequence[str], changes: Mapping[str, Any]) -> tuple[int, ...]:
    """Where a value stands in its list."""
    if sweep is None or not inside:
        return ()
    values = sweep.over.get(inside[0])
    if not isinstance(values, tuple) or changes[inside[0]] not in values:
        return ()
    return (values.index(changes[inside[0]]),)


def sweep_of(scenario: Scenario, entries: Mapping[str, Any]) -> Sweep:
    """A sweep made in a script.

    Args:
        scenario: What the points start from.
        entries: The keys of a sweep file, without `scenario`.

    Raises:
        ScenarioError: With everything that is wrong.
    """
    data = {"sweep": scenario.name, "scenario": scenario.name, **entries}
    for text in _texts(data):
        try:
            documents.whole(text)
        except ValueError:
            raise ScenarioError([Mistake("sweep", None, None, "", describe(text), documents.WHOLE)]) from None
    document = Document("sweep", data, dict.fromkeys(_locations(data), Place((1, 1), (1, 1))))
    try:
        return with_scenario(validated(Sweep, document, Context()), document, scenario)
    except ScenarioError as error:
        # There are no lines in a script's mappings.
        raise ScenarioError(replace(mistake, line=None, column=None) for mistake in error.mistakes) from None


def _texts(data: Any) -> Iterator[str]:
    """All keys and texts in plain data."""
    match data:
        case str():
            yield data
        case Mapping():
            for key, entry in data.items():
                yield from (*_texts(key), *_texts(entry))
        case list() | tuple():
            for entry in data:
                yield from _texts(entry)


def _locations(data: Any, location: Location = ()) -> Iterator[Location]:
    """Where everything in plain data is."""
    yield location
    below = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ()
    for key, entry in below:
        yield from _locations(entry, (*location, key))
