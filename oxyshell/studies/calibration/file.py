"""A calibration with its systems' scenarios, after a check of all that its file refers to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oxyshell.language import units
from oxyshell.language.documents import Location
from oxyshell.language.mistakes import Refusal, describe, listed
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration import observations
from oxyshell.studies.calibration.observations import Observation
from oxyshell.studies.calibration.sections import CalibrationFile, ParameterEntry, RatioEntry, TargetEntry
from oxyshell.studies.calibration.unknowns import Target, Unknown
from oxyshell.studies.engine.plans import Written
from oxyshell.studies.engine.references import Key, References
from oxyshell.studies.engine.study_file import StudyFile


@dataclass(frozen=True)
class Assignment:
    """An unknown and the scenarios that get its value.

    Attributes:
        unknown: The unknown, in SI; "1" is the unit of a ratio.
        path: Path in the scenarios.
        systems: Whose value it is, or whose value it multiplies.
        relative_to: The system whose value it multiplies; empty if it is the value itself.
    """

    unknown: Unknown
    path: str
    systems: tuple[str, ...]
    relative_to: str


@dataclass(frozen=True)
class Aim:
    """A target and the result that is compared with it.

    Attributes:
        target: The target.
        observation: The number of the system that is compared.
        system: Name of the system.
    """

    target: Target
    observation: Observation
    system: str


@dataclass(frozen=True)
class Calibration:
    """A calibration.

    Attributes:
        file: Its file.
        scenarios: The systems' scenarios by name, their changes applied.
        assignments: The unknowns.
        aims: The targets.
    """

    file: CalibrationFile
    scenarios: Mapping[str, Scenario]
    assignments: tuple[Assignment, ...]
    aims: tuple[Aim, ...]


def resolve(file: CalibrationFile, references: References) -> Calibration:
    """The calibration of a file; mistakes are left in the references, or raised as `ScenarioError`."""
    scenarios = references.systems(file.systems)
    references.check()
    reader = _Reader(scenarios, references)
    assignments = tuple(reader.unknown(index, one) for index, one in enumerate(file.parameters))
    aims = tuple(reader.target(index, one) for index, one in enumerate(file.targets))
    calibration = Calibration(file, scenarios, assignments, aims)
    _check_twice(calibration, references)
    references.check()
    _check_ends(calibration, references)
    _check_apart(calibration, references)
    return calibration


FILE = StudyFile(CalibrationFile, resolve)


class _Reader:
    """Reads unknowns and targets; what cannot be read is left empty, and its mistake noted."""

    def __init__(self, scenarios: Mapping[str, Scenario], references: References) -> None:
        self._scenarios = scenarios
        self._references = references

    def unknown(self, index: int, entry: ParameterEntry | RatioEntry) -> Assignment:
        here: tuple[Key, ...] = ("parameters", index)
        match entry:
            case ParameterEntry(parameter=path):
                systems = entry.systems or tuple(self._scenarios)
                named: list[tuple[str, Location]] = [
                    (name, (*here, "systems", at)) for at, name in enumerate(entry.systems)
                ]
                relative_to, key = "", "parameter"
            case RatioEntry(ratio=path):
                systems, relative_to, key = (entry.of,), entry.to, "ratio"
                named = [(entry.of, (*here, "of")), (entry.to, (*here, "to"))]
        references = self._references
        before = len(references.mistakes)
        known = [references.has_name(name, self._scenarios, "system", *at) for name, at in named]
        for name in dict.fromkeys([*systems, *filter(None, [relative_to])]) if all(known) else ():
            references.has_real_number(self._scenarios[name], path, *here, key)
        if len(references.mistakes) > before:
            return Assignment(Unknown(entry.name, "1", 1.0, 1.0, 1.0), path, systems, relative_to)
        first = self._scenarios[systems[0]]
        unit = "1" if relative_to else first.unit(path)
        bounds = references.bounds(entry.bounds, unit, *here, "bounds")
        for at, bound in enumerate(entry.bounds if not relative_to and bounds is not None else ()):
            references.in_scale(first, path, bound, *here, "bounds", at)
        divisor = float(self._scenarios[relative_to].get(path)) if relative_to else 1.0
        if divisor == 0:
            found = f"{describe(path)} of {relative_to}, which is 0"
            references.refuse(found, "a parameter other than 0, to which there is a ratio", *here, key)
            divisor = 1.0
        written = float(first.get(path)) / divisor
        low, high = bounds or (written, written)
        name = entry.name or _called(path, systems, relative_to, len(self._scenarios))
        start = min(max(written, low), high)
        unknown = Unknown(name, unit, start, low, high, None if start == written else written)
        return Assignment(unknown, path, systems, relative_to)

    def target(self, index: int, entry: TargetEntry) -> Aim:
        here: tuple[Key, ...] = ("targets", index)
        nothing = observations.of_parameter(entry.quantity, "1")
        empty = Aim(Target(entry.quantity, "1", 0.0, 1.0), nothing, entry.system)
        if not self._references.has_name(entry.system, self._scenarios, "system", *here, "system"):
            return empty
        scenario = self._scenarios[entry.system]
        observation = self._references.attempt(
            (*here, "quantity"), observations.read, entry.quantity, scenario
        )
        if observation is None:
            return empty
        self._check_reached(observation, scenario, *here, "quantity")
        value = self._number(entry.value, observation, *here, "value")
        uncertainty = self._number(entry.uncertainty, observation, *here, "uncertainty")
        if uncertainty <= 0:
            self._references.refuse(describe(entry.uncertainty), "a number above 0", *here, "uncertainty")
        name = f"{observation.text} of {entry.system}"
        target = Target(name, observation.unit, value, uncertainty, entry.source)
        return Aim(target, observation, entry.system)

    def _check_reached(self, observation: Observation, scenario: Scenario, *location: Key) -> None:
        """Note a moment that the scenario's protocol does not reach, and at which a run could not stop."""
        for kind, moment in observation.outputs.items():
            changes = observations.with_output(scenario, kind, moment)
            places = dict.fromkeys(changes, location)
            self._references.with_changes_checked(scenario, changes, places=places)

    def _number(self, written: Written, observation: Observation, *location: Key) -> float:
        # A result's number is in the unit that its name ends in; only a parameter's may bring its own.
        unit = observation.unit if observation.unit in units.KINDS else "1"
        try:
            return units.read(written, unit).value
        except Refusal as refusal:
            expected = refusal.expected if unit == observation.unit else f"a number, in {observation.unit}"
            self._references.refuse(refusal.found, expected, *location)
            return 1.0


def _called(path: str, systems: Sequence[str], relative_to: str, count: int) -> str:
    if relative_to:
        return f"{path}, {systems[0]} / {relative_to}"
    return path if len(systems) == count else f"{path} of {', '.join(systems)}"


def _check_twice(calibration: Calibration, references: References) -> None:
    """Note parameters that two unknowns would set, and names that two have."""
    seen: dict[Any, int] = {}
    for index, one in enumerate(calibration.assignments):
        marks: list[Any] = [(name, one.path) for name in one.systems]
        for mark in [*marks, one.unknown.name]:
            if mark in seen:
                found = f"{describe(one.path)}, which entry {seen[mark]} has already"
                key = "ratio" if one.relative_to else "parameter"
                expected = "each parameter of a system once, under a name of its own"
                references.refuse(found, expected, "parameters", index, key)
                break
            seen[mark] = index


def _check_ends(calibration: Calibration, references: References) -> None:
    """Note bounds at which a scenario is none, alone or two of them together."""
    ends: dict[str, dict[str, tuple[Any, Any]]] = {name: {} for name in calibration.scenarios}
    places: dict[str, dict[str, Location]] = {name: {} for name in calibration.scenarios}
    for index, one in enumerate(calibration.assignments):
        here: Location = ("parameters", index, "bounds")
        for name in one.systems:
            scenario = calibration.scenarios[name]
            low, high = (scenario.in_si(one.path, end) for end in _reached(calibration, one))
            valid = [
                references.with_value_checked(scenario, one.path, end, *here, at)
                for at, end in enumerate((low, high))
            ]
            places[name][one.path] = here
            if all(valid):
                ends[name][one.path] = low, high
    for name, scenario in calibration.scenarios.items():
        references.ends_together(scenario, ends[name], places[name])


def _reached(calibration: Calibration, one: Assignment) -> tuple[float, float]:
    """The smallest and the largest value of a parameter: for a ratio, with the other one at its own ends."""
    if not one.relative_to:
        return one.unknown.low, one.unknown.high
    other = next(
        (
            (fitted.unknown.low, fitted.unknown.high)
            for fitted in calibration.assignments
            if fitted.path == one.path and one.relative_to in fitted.systems and not fitted.relative_to
        ),
        (calibration.scenarios[one.relative_to].get(one.path),) * 2,
    )
    return one.unknown.low * other[0], one.unknown.high * other[1]


def _check_apart(calibration: Calibration, references: References) -> None:
    """Note parameters that no target can feel, and targets that no parameter moves."""
    seen = {aim.system for aim in calibration.aims}
    moved: set[str] = set()
    own: set[tuple[str, str]] = set()
    for index, one in enumerate(calibration.assignments):
        through = [
            ratio.systems[0]
            for ratio in calibration.assignments
            if ratio.relative_to in one.systems and ratio.path == one.path
        ]
        systems = {*one.systems, *through}
        moved |= systems
        own |= {(name, one.path) for name in systems}
        if not systems & seen:
            found = f"{describe(one.unknown.name)}, of {listed(sorted(systems))} without a target"
            key = "ratio" if one.relative_to else "parameter"
            expected = "a parameter of a system that has a target"
            references.refuse(found, expected, "parameters", index, key)
    for index, aim in enumerate(calibration.aims):
        if aim.observation.is_parameter:
            if (aim.system, aim.observation.text) not in own:
                found = f"{describe(aim.observation.text)} of {aim.system}, which is not calibrated"
                expected = "a result, or a parameter that is calibrated"
                references.refuse(found, expected, "targets", index, "quantity")
        elif aim.system not in moved:
            found = f"{describe(aim.system)}, of which no parameter is calibrated"
            references.refuse(found, "a system with a calibrated parameter", "targets", index, "system")
