"""Scenarios, values and quantities that the file of a study refers to, and the mistakes in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

from oxyshell.language import units
from oxyshell.language.documents import Document, Location
from oxyshell.language.former import Renamed
from oxyshell.language.kinds import FileKind
from oxyshell.language.mistakes import (
    Mistake,
    MistakeKind,
    Refusal,
    ScenarioError,
    describe,
    listed,
    nearest,
)
from oxyshell.language.reporting import located
from oxyshell.language.sections import leaves
from oxyshell.scenario import overrides
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.plans import Range
from oxyshell.studies.engine.quantities import Interest
from oxyshell.studies.engine.scenario_quantities import is_number, missing_section, quantity_of
from oxyshell.studies.engine.system import System

type Key = str | int


class References:
    """Resolves references of one study file and collects their mistakes, each at its line.

    Args:
        document: The file.
        folder: Folder in which paths in it start.
        kinds: Kinds of files that messages may name.
        given: Scenarios that stand for files, by the names that the file uses.
    """

    def __init__(
        self,
        document: Document,
        folder: Path,
        kinds: tuple[FileKind, ...] = (),
        given: Mapping[str, Scenario] | None = None,
    ) -> None:
        self.document = document
        self._folder = folder
        self._kinds = kinds
        self._scenarios = dict(given or {})
        self.mistakes: list[Mistake] = []
        self.notices: dict[Renamed, None] = {}  # former names in what has been resolved

    def refuse(self, found: str, expected: str, *location: Key, key: bool = False) -> None:
        """Note a mistake at a value in the file, or at its key."""
        self.mistakes.append(located(self.document, found, expected, *location, key=key))

    def check(self) -> None:
        """Stop if there are mistakes.

        Raises:
            ScenarioError: With all of them, each once.
        """
        if self.mistakes:
            raise ScenarioError(dict.fromkeys(self.mistakes))

    def attempt[Value](self, location: Location, read: Callable[..., Value], *arguments: Any) -> Value | None:
        """The value that a reader gives for a place in the file; None, and a note, if it refuses."""
        try:
            found = read(*arguments)
        except Refusal as refusal:
            self.refuse(refusal.found, refusal.expected, *location)
            return None
        # Of a quantity; numbers and the like have no names.
        self.notices |= dict.fromkeys(getattr(found, "notices", ()))
        return found

    # Scenarios.

    def scenarios(self, files: Mapping[Location, str]) -> Mapping[str, Scenario]:
        """Load scenario files.

        Args:
            files: Their names by the places where the study names them.

        Returns:
            The scenarios by the files' names.

        Raises:
            ScenarioError: With every mistake in them, each in its own file.
        """
        for location, file in files.items():
            if file in self._scenarios:
                continue
            path = self._folder / file
            if not _is_file(path):
                self.refuse(describe(file), f"a scenario file that exists ({path} does not)", *location)
                continue
            try:
                self._scenarios[file] = load(path, self._kinds)
                self.notices |= dict.fromkeys(self._scenarios[file].notices)
            except ScenarioError as error:
                self.mistakes += error.mistakes
        self.check()
        return self._scenarios

    def scenario(self, file: str) -> Scenario:
        """Load the one scenario of a study that names it under the key `scenario`; raises as `scenarios`."""
        return self.scenarios({("scenario",): file})[file]

    def base(self, file: str, changes: Mapping[str, Any]) -> Scenario:
        """The scenario that a study has under the key `scenario`, with its `set`; raises as `scenarios`."""
        scenario = self.scenario(file)
        return self.with_changes_checked(scenario, changes, "set") or scenario

    def systems(self, systems: Mapping[str, System]) -> dict[str, Scenario]:
        """The scenarios of a study's systems, their changes applied; raises as `scenarios`."""
        loaded = self.scenarios(
            {("systems", name, "scenario"): one.scenario for name, one in systems.items()}
        )
        return {
            name: self.with_changes_checked(loaded[one.scenario], one.changes, "systems", name, "set")
            or loaded[one.scenario]
            for name, one in systems.items()
        }

    def with_changes_checked(
        self,
        scenario: Scenario,
        changes: Mapping[str, Any],
        *location: Key,
        places: Mapping[str, Location] | None = None,
        note: str = "",
    ) -> Scenario | None:
        """The scenario with other values; None, and a note of every mistake, if that is none.

        Args:
            scenario: The scenario.
            changes: Values by path.
            location: Where the values stand in the file, by their paths.
            places: Where each of them stands by itself, by path, in place of that.
            note: Words behind each mistake.
        """
        places = {path: (*location, path) for path in changes} if places is None else places
        try:
            found = scenario.with_values(changes)
            self.notices |= dict.fromkeys(found.notices)
            return found
        except ScenarioError as error:
            for mistake in error.mistakes:
                self._note_change(scenario, mistake, places, location, note)
            return None

    def with_value_checked(
        self, scenario: Scenario, path: str, value: Any, *location: Key
    ) -> Scenario | None:
        """As `with_changes_checked`, for one value, which stands at the location itself."""
        return self.with_changes_checked(scenario, {path: value}, places={path: location})

    def _note_change(
        self,
        scenario: Scenario,
        mistake: Mistake,
        places: Mapping[str, Location],
        location: Location,
        note: str,
    ) -> None:
        own = next((path for path in places if path in mistake.overrides), next(iter(places), ""))
        here = places.get(own, location)
        if here not in self.document.places:
            here = location or here
        unknown = mistake.kind is not MistakeKind.VALUE
        if unknown and f"{own}.".startswith(f"{mistake.path}."):
            near = nearest(own, [path for path, _ in leaves(scenario)])
            expected = f"'{near}'" if near else mistake.expected
            # The key, not a value in its list.
            here = here[: here.index(own) + 1] if own in here else here
            self.refuse(f"the unknown path {describe(own)}", expected, *here, key=True)
            return
        for part in _below(mistake.path, own):
            here = (*here, part) if (*here, part) in self.document.places else here
        words = f"{mistake.found} (at {mistake.path} of {describe(scenario.name)}){note}"
        self.refuse(words, mistake.expected, *here, key=unknown)

    def ends_together(
        self, scenario: Scenario, ends: Mapping[str, tuple[Any, Any]], places: Mapping[str, Location]
    ) -> None:
        """Note pairs of parameters that cannot be at ends of their ranges together, where each alone can.

        Args:
            scenario: The scenario that they belong to.
            ends: Both ends of each parameter, by path; each alone is valid.
            places: Where each range stands, by path.
        """
        for (first, ours), (second, others) in combinations(ends.items(), 2):
            for one, other in product(ours, others):
                try:
                    scenario.with_values({first: one, second: other})
                except ScenarioError as error:
                    mistake = error.mistakes[0]
                    here = first if first in mistake.overrides else second
                    beside, value = (first, one) if here == second else (second, other)
                    at = f"at {mistake.path} of {describe(scenario.name)}, with {beside} = {value}"
                    self.refuse(f"{mistake.found} ({at})", mistake.expected, *places[here])
                    break

    # Names and paths.

    def has_name(self, name: str, names: Iterable[str], noun: str, *location: Key) -> bool:
        """Whether a name is one of `names`; if not, a mistake is noted."""
        known = list(names)
        if name in known:
            return True
        near = nearest(name, known)
        expected = f"'{near}'" if near else f"one of {listed(known)}"
        self.refuse(f"the unknown {noun} '{name}'", expected, *location)
        return False

    def has_number(self, scenario: Scenario, path: str, *location: Key) -> bool:
        """Whether there is a number at a path of a scenario; if not, a mistake is noted."""
        try:
            value = scenario.get(path)
        except ScenarioError as error:
            for mistake in error.mistakes:
                found = f"{mistake.found} {describe(path)} in {describe(scenario.name)}"
                self.refuse(found, mistake.expected, *location)
            return False
        if is_number(value):
            return True
        self.refuse(f"{describe(path)}, which is {describe(value)}", "the path of a number", *location)
        return False

    def has_real_number(self, scenario: Scenario, path: str, *location: Key) -> bool:
        """Whether a number at a path may take any value between two others; if not, a mistake is noted."""
        if not self.has_number(scenario, path, *location):
            return False
        value = scenario.get(path)
        if not isinstance(value, int):
            return True
        expected = (
            "the path of a quantity that can take every value between two others; "
            "whole numbers can be listed in a sweep"
        )
        found = f"{describe(path)}, which is a whole number ({value})"
        self.refuse(found, expected, *location, key=True)
        return False

    # Numbers.

    def number(self, written: float | str, unit: str, *location: Key) -> float | None:
        """A number in SI; None, and a note, if it does not fit the unit."""
        reading = self.attempt(location, units.read, written, unit)
        return None if reading is None else reading.value

    def in_scale(self, scenario: Scenario, path: str, written: Any, *location: Key) -> bool:
        """Whether a number is of a size that occurs at a path; if not, a mistake is noted.

        What lies between the ends of a range has a unit, even where the ends are bare: they are looked at by
        themselves.
        """
        quantity = overrides.quantity_at(scenario, path)
        if quantity is None:
            return True
        try:
            value = units.read(written, quantity.unit).value
        except Refusal:
            return True  # noted where it is read
        try:
            quantity.scale.check(written, value, quantity.bounds.hold)
        except Refusal as refusal:
            self.refuse(refusal.found, refusal.expected, *location)
            return False
        return True

    def bounds(self, written: Sequence[float | str], unit: str, *location: Key) -> tuple[float, float] | None:
        """Two positive bounds in SI, the smaller one first; None, and notes, if they are none."""
        if len(written) != 2:
            self.refuse(f"{len(written)} bounds", "two: the smallest and the largest value", *location)
            return None
        values = [self.number(one, unit, *location, index) for index, one in enumerate(written)]
        for index, value in enumerate(values):
            if value is not None and value <= 0:
                expected = "a number above 0, which has a logarithm"
                self.refuse(describe(written[index]), expected, *location, index)
        low, high = values
        if low is None or high is None or low <= 0 or high <= 0:
            return None
        if low < high:
            return low, high
        self.refuse(
            f"{describe(written[0])} and {describe(written[1])}", "the smaller bound first", *location
        )
        return None

    def range_ends(
        self, scenario: Scenario, path: str, values: Range, *location: Key
    ) -> tuple[Any, Any] | None:
        """Both ends of a range that values are drawn from, as a file has them; None, and notes, if wrong."""
        before = len(self.mistakes)
        if values.points is not None:
            expected = "no 'points' here: a range is sampled, not listed"
            self.refuse(f"{values.points}", expected, *location, "points")
        if not self.has_real_number(scenario, path, *location):
            return None
        ends = self.attempt(location, values.at, (0.0, 1.0), scenario.unit(path))
        if ends is None:
            return None
        low, high = ends
        if low == high:
            self.refuse(f"from and to {describe(low)}", "two different ends", *location)
            return None
        for key, end, written in (("from", low, values.low), ("to", high, values.high)):
            if self.in_scale(scenario, path, written, *location, key):
                self.with_value_checked(scenario, path, end, *location, key)
        return (low, high) if len(self.mistakes) == before else None

    # Results.

    def quantity(self, text: str, scenario: Scenario, *location: Key) -> Interest | None:
        """A number that runs of a scenario have; None, and a note, if they do not."""
        return self.attempt(location, quantity_of, text, scenario)

    def has_section(self, interest: Interest, scenario: Scenario, *location: Key) -> bool:
        """Whether changed values leave the section that a quantity needs; if not, a mistake is noted."""
        section = missing_section(interest, scenario)
        if section:
            found = f"values without {section}, which {describe(interest.text)} needs"
            self.refuse(found, f"values that leave {interest.requirement}", *location)
        return not section


def _below(path: str, section: str) -> Iterable[Key]:
    """The keys that lead from a changed section to a mistake inside it; none where it is elsewhere."""
    if path.startswith(f"{section}."):
        for part in path.removeprefix(f"{section}.").split("."):
            yield int(part) if part.isdecimal() else part


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
