"""A comparison with its systems' scenarios, after a check of all that its file refers to."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from oxyshell.language.documents import Location
from oxyshell.language.mistakes import Refusal, ScenarioError, describe
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.comparison.sections import (
    ComparisonFile,
    Factorial,
    ParameterCalibration,
    ParameterSensitivity,
    Variant,
)
from oxyshell.studies.engine import quantities
from oxyshell.studies.engine.references import Key, References
from oxyshell.studies.engine.scenario_quantities import is_number, missing_section
from oxyshell.studies.engine.study_file import StudyFile

_MOST_COMBINATIONS = 1000


@dataclass(frozen=True)
class Comparison:
    """Several systems side by side.

    Attributes:
        file: Its file.
        scenarios: The scenarios of all systems by name, their changes applied.
        bounds: Bounds of each calibrated parameter, SI, in the order of the file.
    """

    file: ComparisonFile
    scenarios: Mapping[str, Scenario]
    bounds: tuple[tuple[float, float], ...]


def resolve(file: ComparisonFile, references: References) -> Comparison:
    """The comparison of a file; mistakes are left in the references, or raised as `ScenarioError`."""
    loaded = references.scenarios(file.files)
    scenarios = references.systems(file.systems)
    if file.factorial is not None:
        scenarios |= _cells(file, file.factorial, loaded, references)
    references.check()
    return _Resolver(file, scenarios, references).comparison()


FILE = StudyFile(ComparisonFile, resolve)


def _cells(
    file: ComparisonFile, factorial: Factorial, loaded: Mapping[str, Scenario], references: References
) -> dict[str, Scenario]:
    """The scenarios of a factorial's systems."""
    _check_factors(file, factorial, references)
    references.check()
    base = loaded[factorial.scenario]
    cells: dict[str, Scenario] = {}
    for name, levels in factorial.cells.items():
        changes, places = dict(factorial.changes), _places(factorial.changes, "factorial", "set")
        for factor, level in levels.items():
            here = factorial.factors[factor][level]
            changes |= here
            places |= _places(here, "factorial", "factors", factor, level)
        cells[name] = references.with_changes_checked(base, changes, places=places) or base
    return cells


def _check_factors(file: ComparisonFile, factorial: Factorial, references: References) -> None:
    here = ("factorial", "factors")
    number = math.prod(len(levels) for levels in factorial.factors.values())
    if number > _MOST_COMBINATIONS:
        references.refuse(f"{number} combinations", f"at most {_MOST_COMBINATIONS}", *here)
        return
    paths = {name: {*itertools.chain(*levels.values())} for name, levels in factorial.factors.items()}
    for (first, ours), (second, others) in itertools.combinations(paths.items(), 2):
        for path in sorted(ours & others):
            expected = f"a path that no other factor changes (also in {describe(first)})"
            level = next(name for name, values in factorial.factors[second].items() if path in values)
            references.refuse(describe(path), expected, *here, second, level, path)
    names = [", ".join(levels) for levels in itertools.product(*factorial.factors.values())]
    for name, times in Counter([*file.systems, *names]).items():
        if times > 1:
            found = f"{times} systems called {describe(name)}"
            references.refuse(found, "a name of its own for each", *here)


class _Resolver:
    """Checks the entries of a comparison against the scenarios of its systems."""

    def __init__(
        self, file: ComparisonFile, scenarios: Mapping[str, Scenario], references: References
    ) -> None:
        self._file = file
        self._scenarios = scenarios
        self._references = references

    def comparison(self) -> Comparison:
        """The comparison; mistakes are left in the references."""
        bounds = tuple(self._bounds(index, one) for index, one in enumerate(self._file.calibrate))
        self._check_quantities()
        for index, row in enumerate(self._file.published):
            self._has_system(row.system, "published", index, "system")
        self._check_statuses()
        self._check_conclusions()
        for index, fact in enumerate(self._file.inputs):
            self._has_number(fact.quantity, fact.system, "inputs", index, "quantity")
        self._check_band()
        for index, variant in enumerate(self._file.variants):
            self._check_variant(variant, "variants", index)
        if self._file.sensitivity is not None:
            self._check_sensitivity(self._file.sensitivity)
        return Comparison(self._file, self._scenarios, bounds)

    def _bounds(self, index: int, one: ParameterCalibration) -> tuple[float, float]:
        """Bounds of a calibrated parameter, in SI; both have to suit every system that gets the value."""
        here: tuple[Key, ...] = ("calibrate", index)
        references, path, nothing = self._references, one.parameter, (1.0, 1.0)
        before = len(references.mistakes)
        for position, name in enumerate(one.apply_to):
            self._has_system(name, *here, "apply_to", position)
        self._has_system(one.system, *here, "system")
        systems = self._calibrated_with(one)
        for scenario in systems.values():
            references.has_real_number(scenario, path, *here, "parameter")
        if len(references.mistakes) > before:
            return nothing
        first = self._scenarios[one.system]
        bounds = references.bounds(one.bounds, first.unit(path), *here, "bounds")
        if bounds is None:
            return nothing
        for position, (written, bound) in enumerate(zip(one.bounds, bounds, strict=True)):
            place: Location = (*here, "bounds", position)
            references.in_scale(first, path, written, *place)
            for scenario in systems.values():
                references.with_value_checked(scenario, path, scenario.in_si(path, bound), *place)
        return bounds

    def _calibrated_with(self, one: ParameterCalibration) -> dict[str, Scenario]:
        """The systems that a calibrated value is found with or given to, of those that exist."""
        names = dict.fromkeys([one.system, *self._file.applies_to(one)])
        return {name: self._scenarios[name] for name in names if name in self._scenarios}

    def _check_quantities(self) -> None:
        """Results that no run has, or none of the systems that are asked for them."""
        file = self._file
        asked: list[tuple[str, tuple[str, ...], Location]] = [
            (one.target, (one.system,), ("calibrate", index, "target"))
            for index, one in enumerate(file.calibrate)
        ]
        asked += [
            (one.quantity, (one.system,), ("published", index, "quantity"))
            for index, one in enumerate(file.published)
        ]
        # What means nothing in a system's run is left out of a report.
        asked += [(name, file.names, ("report", index)) for index, name in enumerate(file.report)]
        asked += [(name, file.names, ("labels", name)) for name in file.labels]
        for text, names, location in asked:
            interest = self._references.attempt(location, quantities.read, text)
            if interest is None:
                continue
            scenarios = [self._scenarios[name] for name in names if name in self._scenarios]
            if scenarios and all(missing_section(interest, one) for one in scenarios):
                self._references.quantity(text, scenarios[0], *location)

    def _check_statuses(self) -> None:
        """The target of a calibration is calibrated, whatever its row says."""
        targets = {(one.target, one.system) for one in self._file.calibrate}
        for index, row in enumerate(self._file.published):
            if (row.quantity, row.system) in targets and row.status not in (None, "calibrated"):
                expected = "'calibrated' or no status, since it is the target of a calibration"
                self._references.refuse(describe(row.status), expected, "published", index, "status")

    def _check_conclusions(self) -> None:
        file = self._file
        for index, one in enumerate(file.conclusions):
            for position, name in enumerate(one.systems):
                self._has_system(name, "conclusions", index, "systems", position)
            told = [*file.report, *(row.quantity for row in file.published)]
            if one.quantity is not None:
                self._references.has_name(one.quantity, told, "result", "conclusions", index, "quantity")

    def _check_band(self) -> None:
        band = self._file.band
        if band is None:
            return
        for (position, value), scenario in itertools.product(
            enumerate(band.values), self._scenarios.values()
        ):
            here = ("band", "values", position)
            self._references.with_value_checked(scenario, band.parameter, value, *here)

    def _check_variant(self, variant: Variant, *here: Key) -> None:
        for position, name in enumerate(variant.systems):
            self._has_system(name, *here, "systems", position)
        for name in self._file.changed_by(variant):
            if name in self._scenarios:
                before = self._scenarios[name]
                after = self._references.with_changes_checked(before, variant.changes, *here, "set")
                if after is not None:
                    self._check_lost(name, before, after, *here, "set")

    def _check_lost(self, name: str, before: Scenario, after: Scenario, *location: Key) -> None:
        """Things that a system loses by a variant's values, though they are calibrated or were published."""
        for one in self._file.calibrate:
            path = one.parameter
            if name in self._calibrated_with(one) and _has(before, path) and not _has(after, path):
                found = f"values without {describe(path)} of {describe(name)}, which is calibrated"
                self._references.refuse(found, "values that leave it", *location)
        for row in self._file.published:
            if row.system == name:
                for interest in _known(row.quantity):
                    if not missing_section(interest, before):
                        self._references.has_section(interest, after, *location)

    def _check_sensitivity(self, one: ParameterSensitivity) -> None:
        self._has_number(one.parameter, one.system, "sensitivity", "parameter")
        if one.system not in self._scenarios:
            return
        here = ("sensitivity", "at")
        scenario = self._references.with_changes_checked(self._scenarios[one.system], one.at, *here)
        if scenario is None:
            return
        # All systems take these values, since calibrations are repeated with them.
        for other in self._scenarios.values() if one.at else ():
            self._references.with_changes_checked(other, one.at, *here)
        self._check_factors(one, scenario)

    def _check_factors(self, one: ParameterSensitivity, scenario: Scenario) -> None:
        """Factors that make a scenario invalid; of a calibrated parameter the value is not known yet."""
        path = one.parameter
        if not _has(scenario, path) or not is_number(scenario.get(path)):
            return  # noted as a wrong parameter
        if not self._references.has_real_number(scenario, path, "sensitivity", "parameter"):
            return
        if any(
            path == other.parameter and one.system in self._file.applies_to(other)
            for other in self._file.calibrate
        ):
            return
        for index, factor in enumerate(one.factors):
            value = scenario.in_si(path, factor * scenario.get(path))
            self._references.with_value_checked(scenario, path, value, "sensitivity", "factors", index)

    def _has_system(self, name: str, *location: Key) -> bool:
        return self._references.has_name(name, self._file.names, "system", *location)

    def _has_number(self, path: str, system: str, *location: Key) -> None:
        if self._has_system(system, *location[:-1], "system"):
            self._references.has_number(self._scenarios[system], path, *location)


def _has(scenario: Scenario, path: str) -> bool:
    try:
        scenario.get(path)
    except ScenarioError:
        return False
    return True


def _known(text: str) -> Iterator[quantities.Interest]:
    """A quantity, if there is such a one."""
    try:
        yield quantities.read(text)
    except Refusal:
        return  # noted where it is asked for


def _places(changes: Mapping[str, Any], *location: Key) -> dict[str, Location]:
    """Where each of some changes stands that are listed by path."""
    return {path: (*location, path) for path in changes}
