"""A calibration: parameters of one or several systems, fitted to targets with uncertainties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Discriminator, Field, PrivateAttr

from oxyshell.language import units
from oxyshell.language.documents import Document, Location
from oxyshell.language.mistakes import CUSTOM, Mistake, Refusal, ScenarioError, describe, listed
from oxyshell.language.reporting import located
from oxyshell.language.sections import Entries, Section, SomeEntries, Text, by_keys, tag
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration import observations
from oxyshell.studies.calibration.observations import Observation, OfScenario
from oxyshell.studies.comparison.file import System
from oxyshell.studies.engine.references import (
    Key,
    Written,
    no_real_number,
    read_bounds,
    tried,
    unknown_name,
    unusual,
    wrong_together,
)


class Fitted(Section):
    """A parameter that is fitted; systems that share it have one value."""

    parameter: Text
    """Path in the scenario: material.diffusivity."""
    systems: Entries[str] = ()
    """The systems that get it. Default: all."""
    bounds: SomeEntries[Written]
    """Smallest and largest value, with their units; the fit starts from what the scenario says."""
    name: str = ""
    """What it is called in the report. Default: the path and the systems."""


class Ratio(Section):
    """The ratio of a parameter of one system to that of another one."""

    ratio: Text
    """Path in both scenarios: material.diffusivity."""
    of: Text
    """The system whose value is the ratio times that of the other one."""
    to: Text
    """The other one."""
    bounds: SomeEntries[Written]
    """Smallest and largest ratio; the fit starts from that of the scenarios."""
    name: str = ""
    """What it is called in the report. Default: the path and the systems."""


type Unknown = Annotated[
    Annotated[Fitted, tag(Fitted)] | Annotated[Ratio, tag(Ratio)],
    Discriminator(
        by_keys(Fitted, Ratio),
        custom_error_type=CUSTOM,
        custom_error_message="{expected}",
        custom_error_context={"expected": "a mapping with 'parameter', or with 'ratio', 'of' and 'to'"},
    ),
]


class Target(Section):
    """What a result should be."""

    quantity: Text
    """A number of the summary (stress.first_principal.peak_MPa), a reduction of the history (max of
    history.surface_hoop_MPa), a column of it at a moment (history.surface_hoop_MPa at 0.4 extracted), or the
    path of a parameter that was measured."""
    system: Text
    """Of which system."""
    value: Written
    """What it should be, in the unit that the quantity's name ends in, or with the unit of the parameter."""
    uncertainty: Written
    """Its standard uncertainty, likewise."""
    source: str = ""
    """Where both come from."""


@dataclass(frozen=True)
class Assignment:
    """One unknown as the fit sees it.

    Attributes:
        name: What it is called.
        path: Path in the scenario.
        systems: Whose value it is, or whose value it multiplies.
        relative_to: The system whose value it multiplies; empty if it is the value itself.
        unit: SI unit, "1" of a ratio.
        start: First guess between the bounds, SI.
        written: What the scenario says, SI.
        low: Smallest value, SI.
        high: Largest value, SI.
    """

    name: str
    path: str
    systems: tuple[str, ...]
    relative_to: str
    unit: str
    start: float
    written: float
    low: float
    high: float


@dataclass(frozen=True)
class Aim:
    """One target as the fit sees it.

    Attributes:
        observation: What of the system is compared.
        system: Which one.
        value: What it should be.
        uncertainty: Standard uncertainty, in the same unit.
        source: Where both come from.
    """

    observation: Observation
    system: str
    value: float
    uncertainty: float
    source: str


class Starts(Section):
    """Values that fits start from, besides those of the scenarios."""

    points: Annotated[int, Field(ge=0)]
    """At how many values between the bounds the targets are computed; fits go on from the best of them. 0:
    only from the scenarios' values."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Another seed takes others; the same seed the same ones. Default 0."""


class Calibrate(Section):
    """Parameters that are fitted to targets."""

    calibrate: Text
    """What the calibration is called."""
    about: str = ""
    """What it is about."""
    systems: Annotated[dict[str, System], Field(min_length=1)]
    """The systems by name."""
    parameters: SomeEntries[Unknown]
    """What is fitted."""
    targets: SomeEntries[Target]
    """What the results should be."""
    starts: Starts | None = None
    """From how many values fits start: {points, seed}. Default null: 16 for each parameter, and only if a fit
    from the scenarios' values does not meet the targets."""

    _scenarios: Mapping[str, Scenario] = PrivateAttr(default_factory=dict)
    _assignments: Sequence[Assignment] = PrivateAttr(default=())
    _aims: Sequence[Aim] = PrivateAttr(default=())

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The systems' scenarios by name, their changes applied."""
        return self._scenarios

    @property
    def assignments(self) -> Sequence[Assignment]:
        """The unknowns, read."""
        return self._assignments

    @property
    def aims(self) -> Sequence[Aim]:
        """The targets, read."""
        return self._aims


def with_scenarios(calibrate: Calibrate, document: Document, files: Mapping[str, Scenario]) -> Calibrate:
    """The calibration of loaded scenarios, after a check of all that refers to them.

    Raises:
        ScenarioError: With every reference to a system, a path or a value that does not exist.
    """
    mistakes: list[Mistake] = []
    scenarios: dict[str, Scenario] = {}
    for name, scenario in files.items():
        scenarios[name], found = tried(
            document, scenario, calibrate.systems[name].changes, "systems", name, "set"
        )
        mistakes += found
    if not mistakes:
        calibrate._scenarios = scenarios
        reader = _Reader(calibrate, document)
        calibrate._assignments = [
            reader.unknown(index, one) for index, one in enumerate(calibrate.parameters)
        ]
        calibrate._aims = [reader.target(index, one) for index, one in enumerate(calibrate.targets)]
        mistakes = [*reader.mistakes, *_twice(calibrate, document)]
    if not mistakes:
        mistakes = [*_wrong_ends(calibrate, document), *_apart(calibrate, document)]
    if mistakes:
        raise ScenarioError(dict.fromkeys(mistakes))
    return calibrate


class _Reader:
    """Reads unknowns and targets; what cannot be read is left empty, and its mistake kept."""

    def __init__(self, calibrate: Calibrate, document: Document) -> None:
        self._calibrate = calibrate
        self._scenarios = calibrate.scenarios
        self._document = document
        self.mistakes: list[Mistake] = []

    def unknown(self, index: int, entry: Fitted | Ratio) -> Assignment:
        here = ("parameters", index)
        match entry:
            case Fitted(parameter=path):
                systems = entry.systems or tuple(self._calibrate.systems)
                named: list[tuple[str, Location]] = [
                    (name, (*here, "systems", at)) for at, name in enumerate(entry.systems)
                ]
                relative_to, key = "", "parameter"
            case Ratio(ratio=path):
                systems, relative_to, key = (entry.of,), entry.to, "ratio"
                named = [(entry.of, (*here, "of")), (entry.to, (*here, "to"))]
        before = len(self.mistakes)
        for name, location in named:
            self._note(unknown_name(self._document, name, self._scenarios, "system", *location))
        if len(self.mistakes) == before:
            for name in dict.fromkeys([*systems, *filter(None, [relative_to])]):
                self._note(no_real_number(self._document, self._scenarios[name], path, *here, key))
        if len(self.mistakes) > before:
            return Assignment(entry.name, path, systems, relative_to, "1", 1.0, 1.0, 1.0, 1.0)
        first = self._scenarios[systems[0]]
        unit = "1" if relative_to else first.unit(path)
        (low, high), wrong = read_bounds(self._document, entry.bounds, unit, *here, "bounds")
        self._note(wrong)
        for index, written in enumerate(entry.bounds if not relative_to and not wrong else ()):
            self._note(unusual(self._document, first, path, written, *here, "bounds", index))
        divisor = float(self._scenarios[relative_to].get(path)) if relative_to else 1.0
        if divisor == 0:
            found = f"{describe(path)} of {relative_to}, which is 0"
            self._note([located(self._document, found, "a parameter other than 0, to which there is a ratio",
                                *here, key)])  # fmt: skip
            divisor = 1.0
        start = float(first.get(path)) / divisor
        name = entry.name or _called(path, systems, relative_to, len(self._scenarios))
        inside = min(max(start, low), high)
        return Assignment(name, path, systems, relative_to, unit, inside, start, low, high)

    def target(self, index: int, entry: Target) -> Aim:
        here = ("targets", index)
        empty = Aim(OfScenario(entry.quantity, "1"), entry.system, 0.0, 1.0, entry.source)
        wrong = list(unknown_name(self._document, entry.system, self._scenarios, "system", *here, "system"))
        if wrong:
            self._note(wrong)
            return empty
        try:
            observation = observations.read(entry.quantity, self._scenarios[entry.system])
        except Refusal as refusal:
            self._note([located(self._document, refusal.found, refusal.expected, *here, "quantity")])
            return empty
        self._note(self._not_reached(observation, self._scenarios[entry.system], *here, "quantity"))
        value = self._number(entry.value, observation, *here, "value")
        uncertainty = self._number(entry.uncertainty, observation, *here, "uncertainty")
        if uncertainty <= 0:
            found = describe(entry.uncertainty)
            self._note([located(self._document, found, "a number above 0", *here, "uncertainty")])
        return Aim(observation, entry.system, value, uncertainty, entry.source)

    def _not_reached(self, observation: Observation, scenario: Scenario, *location: Key) -> Iterator[Mistake]:
        """A moment that the scenario's protocol does not reach, and at which a run could not stop."""
        moments = scenario.output.at.to_data()
        for kind, moment in observation.outputs.items():
            changes = {"output.at": {**moments, kind: [*moments.get(kind, ()), moment]}}
            for mistake in tried(self._document, scenario, changes, *location)[1]:
                found = f"{describe(observation.text)}, at a moment of {moment:g}"
                yield located(self._document, found, mistake.expected, *location)

    def _number(self, written: Written, observation: Observation, *location: Key) -> float:
        # A result's number is in the unit that its name ends in; only a parameter's may bring its own.
        unit = observation.unit if observation.unit in units.MEANING else "1"
        try:
            return units.read(written, unit).value
        except Refusal as refusal:
            expected = refusal.expected if unit == observation.unit else f"a number, in {observation.unit}"
            self._note([located(self._document, refusal.found, expected, *location)])
            return 1.0

    def _note(self, mistakes: Iterator[Mistake] | Sequence[Mistake]) -> None:
        self.mistakes += mistakes


def _called(path: str, systems: Sequence[str], relative_to: str, count: int) -> str:
    if relative_to:
        return f"{path}, {systems[0]} / {relative_to}"
    return path if len(systems) == count else f"{path} of {', '.join(systems)}"


def _twice(calibrate: Calibrate, document: Document) -> Iterator[Mistake]:
    """What would be set by two unknowns, and names that two have."""
    seen: dict[Any, int] = {}
    for index, one in enumerate(calibrate.assignments):
        marks: list[Any] = [(name, one.path) for name in one.systems]
        for mark in [*marks, one.name]:
            if mark in seen:
                found = f"{describe(one.path)}, which entry {seen[mark]} has already"
                key = "ratio" if one.relative_to else "parameter"
                yield located(document, found, "each parameter of a system once, under a name of its own",
                              "parameters", index, key)  # fmt: skip
                break
            seen[mark] = index


def _wrong_ends(calibrate: Calibrate, document: Document) -> Iterator[Mistake]:
    """Bounds at which a scenario is none, alone or two of them together."""
    ends: dict[str, dict[str, tuple[Written, Written]]] = {name: {} for name in calibrate.systems}
    places: dict[str, dict[str, Location]] = {name: {} for name in calibrate.systems}
    for index, one in enumerate(calibrate.assignments):
        for name in one.systems:
            scenario = calibrate.scenarios[name]
            low, high = (scenario.in_si(one.path, end) for end in _reached(calibrate, one))
            both = low, high
            ends[name][one.path], places[name][one.path] = both, ("parameters", index, "bounds")
            for at, end in enumerate(both):
                wrong = tried(document, scenario, {one.path: end}, "parameters", index)[1]
                for mistake in wrong:
                    here = ("parameters", index, "bounds", at)
                    yield located(document, mistake.found, mistake.expected, *here)
                    ends[name].pop(one.path, None)
    for name, scenario in calibrate.scenarios.items():
        yield from wrong_together(document, scenario, ends[name], places[name])


def _reached(calibrate: Calibrate, one: Assignment) -> tuple[float, float]:
    """The smallest and the largest value of a parameter: for a ratio, with the other one at its own ends."""
    if not one.relative_to:
        return one.low, one.high
    other = next(
        (
            (fitted.low, fitted.high)
            for fitted in calibrate.assignments
            if fitted.path == one.path and one.relative_to in fitted.systems and not fitted.relative_to
        ),
        (calibrate.scenarios[one.relative_to].get(one.path),) * 2,
    )
    return one.low * other[0], one.high * other[1]


def _apart(calibrate: Calibrate, document: Document) -> Iterator[Mistake]:
    """Parameters that no target can feel, and targets that no parameter moves."""
    seen = {aim.system for aim in calibrate.aims}
    moved: set[str] = set()
    own: set[tuple[str, str]] = set()
    for index, one in enumerate(calibrate.assignments):
        through = [
            ratio.systems[0]
            for ratio in calibrate.assignments
            if ratio.relative_to in one.systems and ratio.path == one.path
        ]
        systems = {*one.systems, *through}
        moved |= systems
        own |= {(name, one.path) for name in systems}
        if not systems & seen:
            found = f"{describe(one.name)}, of {listed(sorted(systems))} without a target"
            key = "ratio" if one.relative_to else "parameter"
            expected = "a parameter of a system that has a target"
            yield located(document, found, expected, "parameters", index, key)
    for index, aim in enumerate(calibrate.aims):
        if isinstance(aim.observation, OfScenario):
            if (aim.system, aim.observation.text) not in own:
                found = f"{describe(aim.observation.text)} of {aim.system}, which is not fitted"
                expected = "a result, or a parameter that is fitted"
                yield located(document, found, expected, "targets", index, "quantity")
        elif aim.system not in moved:
            found = f"{describe(aim.system)}, of which no parameter is fitted"
            yield located(document, found, "a system with a fitted parameter", "targets", index, "system")
