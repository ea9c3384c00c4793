"""File of a sweep: one scenario over many points, and the numbers that are wanted of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from oxyshell.language.documents import Document, Location
from oxyshell.language.mistakes import Mistake, Refusal, ScenarioError, describe
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.quantities_in_scripts import plain
from oxyshell.language.reporting import validated
from oxyshell.language.sections import Context, Section, SomeEntries, Text
from oxyshell.scenario import overrides
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import plans, quantities
from oxyshell.studies.engine.ensemble import Ensemble
from oxyshell.studies.engine.plans import Over, Plan, Point, PointList, Range
from oxyshell.studies.engine.points import ResolvedPoint, WrongPointError
from oxyshell.studies.engine.points import resolve as resolve_points
from oxyshell.studies.engine.quantities import Interest
from oxyshell.studies.engine.references import References
from oxyshell.studies.engine.study_file import StudyFile

LIMIT = 100_000
DEFAULT_QUANTITIES = ("stress.first_principal.peak_MPa", "stress.first_principal.depth_nm")


class SweepFile(Section):
    """Many runs of one scenario with other values."""

    sweep: Text
    """Title of the sweep."""
    about: str = ""
    """Its subject, in a sentence."""
    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(alias="set", default={})
    """Values that differ from the file in all points, by path."""
    over: Over = Field(default={})
    """The values that differ: by path, a list of values or a range {from, to}."""
    plan: Plan = "grid"
    """Combination of the values: grid (default: all combinations), zip (first with first, and so on),
    {latin_hypercube: {points, seed}}, {sobol: {points, seed}}, or {points: [values by path]}."""
    quantities: SomeEntries[Text] = DEFAULT_QUANTITIES
    """The numbers that are wanted of each run: paths into its summary, or a reduction such as
    "max of history.surface_hoop_MPa" (max, min or last)."""
    keep: Literal["folders", "summary"] = "folders"
    """Whether each point leaves its run folder, or only its numbers in the study. Default folders."""
    limit: Annotated[int, Field(gt=0)] = LIMIT
    """Most points that the plan may have. Default 100000."""
    timeout: Annotated[Parameter, Quantity("s", POSITIVE)] | None = None
    """Longest time that a point may take; null (default): any."""
    processes: Annotated[int, Field(gt=0)] = 1
    """Number of processes that share each run (mpiexec), for large discs and solids. Default 1."""


@dataclass(frozen=True, kw_only=True)
class Sweep(Ensemble):
    """A sweep.

    Attributes:
        file: Its file.
    """

    file: SweepFile


def resolve(file: SweepFile, references: References) -> Sweep:
    """The sweep of a file; mistakes are raised as `ScenarioError`, nothing has run by then."""
    base = references.base(file.scenario, file.changes)
    asked = (
        references.attempt(("quantities", index), quantities.read, text)
        for index, text in enumerate(file.quantities)
    )
    interests = [one for one in asked if one is not None]
    for location, found, expected in plans.problems(file.plan, file.over):
        references.refuse(found, expected, *location)
    references.check()
    _check_number(file, references)
    unit_of = _units(file, base, references)
    references.check()
    points = _points(file, base, unit_of, references)
    _check_sections(base, points, interests, references)
    for values in {frozenset(point.values): point.values for point in points}.values():
        references.notices |= dict.fromkeys(base.with_values(values).notices)
    return Sweep(
        name=file.sweep,
        about=file.about,
        base=base,
        points=tuple(points),
        interests=tuple({one.text: one for one in interests}.values()),
        content=file.to_data(),
        keeps_folders=file.keep == "folders",
        timeout=float("inf") if file.timeout is None else file.timeout.value,
        processes=file.processes,
        file=file,
    )


FILE = StudyFile(SweepFile, resolve)


def sweep_of(scenario: Scenario, entries: Mapping[str, Any]) -> Sweep:
    """A sweep made in a script.

    Args:
        scenario: The scenario that the points start from.
        entries: The keys of a sweep file, without `scenario`.

    Raises:
        ScenarioError: With everything that is wrong.
    """
    try:
        data = plain({"sweep": scenario.name, "scenario": scenario.name, **entries})
    except Refusal as refusal:
        raise ScenarioError([Mistake("sweep", None, None, "", refusal.found, refusal.expected)]) from None
    document = Document("sweep", data, overrides.places_in(data))
    references = References(document, Path(), given={str(data["scenario"]): scenario})
    try:
        sweep = resolve(validated(SweepFile, document, Context()), references)
        references.check()
    except ScenarioError as error:
        # There are no lines in a script's mappings.
        raise ScenarioError(replace(mistake, line=None, column=None) for mistake in error.mistakes) from None
    return sweep


def _check_number(file: SweepFile, references: References) -> None:
    count = plans.count(file.plan, file.over)
    if count > file.limit:
        expected = f"at most {file.limit}: fewer values, a sample in place of a grid, or a larger 'limit'"
        where = "over" if file.over and isinstance(file.plan, str) else "plan"
        references.refuse(f"a plan of {count} points", expected, where, key=True)


def _units(file: SweepFile, base: Scenario, references: References) -> dict[str, str]:
    """SI units of the paths that have a range."""
    found: dict[str, str] = {}
    for path, values in file.over.items():
        if not isinstance(values, Range):
            continue
        try:
            found[path] = base.unit(path)
        except ScenarioError as error:
            for mistake in error.mistakes:
                found_there = f"{mistake.found} {describe(path)}"
                references.refuse(found_there, mistake.expected, "over", path, key=True)
            continue
        for key, end in (("from", values.low), ("to", values.high)):
            references.in_scale(base, path, end, "over", path, key)
        references.attempt(("over", path), values.at, (0.0, 1.0), found[path])
    return found


def _points(
    file: SweepFile, base: Scenario, unit_of: Mapping[str, str], references: References
) -> list[ResolvedPoint]:
    """Every point; raises `ScenarioError`."""
    points = plans.points(file.plan, file.over, unit_of)
    try:
        return resolve_points(base, points)
    except WrongPointError as error:
        _note_points(file, base, points, error.index, references)
    references.check()
    raise AssertionError(file)  # a wrong point has been noted


def _note_points(
    file: SweepFile, base: Scenario, points: Sequence[Point], first: int, references: References
) -> None:
    """Note all wrong points of a list; of others the first one, and values that are wrong in any point."""
    if isinstance(file.plan, PointList):
        for index, point in enumerate(points[first:], first):
            references.with_changes_checked(base, point, "plan", "points", index)
        return
    point = points[first]
    told = ", ".join(f"{path} = {value}" for path, value in point.items())
    note = f" in the point {told}" if len(point) > 1 else ""
    references.with_changes_checked(base, point, "over", places=_places(file, point), note=note)
    known = {(mistake.path, mistake.expected) for mistake in references.mistakes}
    for path, values in file.over.items() if file.plan == "grid" else ():
        # Each value once, beside the first values of the others.
        for value in values if isinstance(values, tuple) else ():
            changed = {**points[0], path: value}
            beside = References(references.document, Path())
            beside.with_changes_checked(base, changed, "over", places=_places(file, changed))
            references.mistakes += [
                mistake
                for mistake in beside.mistakes
                if (mistake.path, mistake.expected) not in known
                and f"{mistake.path}.".startswith(f"over.{path}.")
            ]


def _places(file: SweepFile, point: Point) -> dict[str, Location]:
    """Where the values of a point stand, by path: in a list, or in a range."""
    places: dict[str, Location] = {}
    for path, value in point.items():
        values = file.over[path]
        listed = values if isinstance(values, tuple) else ()
        places[path] = ("over", path, listed.index(value)) if value in listed else ("over", path)
    return places


def _check_sections(
    base: Scenario, points: Sequence[ResolvedPoint], interests: Sequence[Interest], references: References
) -> None:
    """Note quantities of which some points have no section."""
    for index, interest in enumerate(interests):
        section = interest.needs
        lacking = [point for point in points if section and not _has(interest, base, point.values)]
        if len(lacking) == len(points):
            found = f"{describe(interest.text)} without {section}"
            references.refuse(found, f"a scenario with {interest.requirement}", "quantities", index)
        elif lacking:
            found = f"{describe(interest.text)}, which {len(lacking)} of {len(points)} points do not have"
            expected = f"points with {interest.requirement}, or a sweep of its own for those without"
            references.refuse(found, expected, "quantities", index)


def _has(interest: Interest, base: Scenario, point: Point) -> bool:
    """Whether runs of a point have a quantity."""
    if not interest.has_section:
        return interest.is_in(base.with_values(point))
    section = interest.needs
    if section in point:
        return point[section] is not None
    return base.section(section) is not None or any(path.startswith(f"{section}.") for path in point)
