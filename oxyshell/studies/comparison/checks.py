"""A comparison's scenarios, after a check of all that refers to them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from oxyshell.language import units
from oxyshell.language.documents import Document, Location
from oxyshell.language.mistakes import (
    UNKNOWN_KEY,
    Mistake,
    Refusal,
    ScenarioError,
    describe,
    listed,
    nearest,
)
from oxyshell.language.reporting import located
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.comparison.file import Calibration, Comparison
from oxyshell.studies.engine import quantities
from oxyshell.studies.engine.references import section_expected, unusual, without

type _Key = str | int

_MOST_COMBINATIONS = 1000


def with_scenarios(comparison: Comparison, document: Document, files: Mapping[str, Scenario]) -> Comparison:
    """The comparison with its systems' scenarios.

    Args:
        comparison: As read.
        document: Where it stands.
        files: The scenarios as they were loaded, by the file that the comparison names.

    Raises:
        ScenarioError: With every reference to a system, a path or a value that does not exist.
    """
    changed: dict[str, Scenario] = {}
    mistakes: list[Mistake] = []
    for name, system in comparison.systems.items():
        places = _places(system.changes, "systems", name, "set")
        found, changed[name] = _tried(document, files[system.scenario], system.changes, places)
        mistakes += found
    cells, found = _cells(comparison, document, files)
    mistakes += found
    if not mistakes:
        comparison._scenarios = changed | cells
        mistakes = list(_mistakes(comparison, document))
    if mistakes:
        raise ScenarioError(dict.fromkeys(mistakes))
    return comparison


def _cells(
    comparison: Comparison, document: Document, files: Mapping[str, Scenario]
) -> tuple[dict[str, Scenario], list[Mistake]]:
    """The scenarios of a factorial's systems, and what is wrong with it."""
    factorial = comparison.factorial
    if factorial is None:
        return {}, []
    mistakes = list(_factors(comparison, document))
    if mistakes:
        return {}, mistakes
    cells: dict[str, Scenario] = {}
    for name, levels in factorial.cells.items():
        changes, places = dict(factorial.changes), _places(factorial.changes, "factorial", "set")
        for factor, level in levels.items():
            here = factorial.factors[factor][level]
            changes |= here
            places |= _places(here, "factorial", "factors", factor, level)
        found, cells[name] = _tried(document, files[factorial.scenario], changes, places)
        mistakes += found
    return cells, mistakes


def _factors(comparison: Comparison, document: Document) -> Iterator[Mistake]:
    factorial = comparison.factorial
    assert factorial is not None  # asked by `_cells`
    here = ("factorial", "factors")
    number = 1
    for levels in factorial.factors.values():
        number *= len(levels)
    if number > _MOST_COMBINATIONS:
        yield located(document, f"{number} combinations", f"at most {_MOST_COMBINATIONS}", *here)
        return
    paths = {name: {*itertools.chain(*levels.values())} for name, levels in factorial.factors.items()}
    for (first, ours), (second, others) in itertools.combinations(paths.items(), 2):
        for path in sorted(ours & others):
            expected = f"a path that no other factor changes (also in {describe(first)})"
            level = next(name for name, values in factorial.factors[second].items() if path in values)
            yield located(document, describe(path), expected, *here, second, level, path)
    names = [", ".join(levels) for levels in itertools.product(*factorial.factors.values())]
    for name, times in Counter([*comparison.systems, *names]).items():
        if times > 1:
            yield located(
                document, f"{times} systems called {describe(name)}", "a name of its own for each", *here
            )


def _mistakes(comparison: Comparison, document: Document) -> Iterator[Mistake]:
    for index, calibration in enumerate(comparison.calibrate):
        here = ("calibrate", index)
        for position, name in enumerate(calibration.apply_to):
            yield from _system(comparison, document, name, *here, "apply_to", position)
        yield from _reference(
            comparison, document, calibration.parameter, calibration.system, *here, "parameter"
        )
        yield from _bounds(comparison, document, calibration, *here, "bounds")
        yield from _calibrated(comparison, document, calibration, *here)
    yield from _quantities(comparison, document)
    for index, row in enumerate(comparison.published):
        yield from _system(comparison, document, row.system, "published", index, "system")
    for index, fact in enumerate(comparison.inputs):
        yield from _reference(comparison, document, fact.quantity, fact.system, "inputs", index, "quantity")
    if comparison.band is not None:
        for position, value in enumerate(comparison.band.values):
            change = {comparison.band.parameter: value}
            places: dict[str, Location] = {comparison.band.parameter: ("band", "values", position)}
            for scenario in comparison.scenarios.values():
                yield from _tried(document, scenario, change, places)[0]
    for index, variant in enumerate(comparison.variants):
        for position, name in enumerate(variant.systems):
            yield from _system(comparison, document, name, "variants", index, "systems", position)
        places = _places(variant.changes, "variants", index, "set")
        for name in comparison.changed_by(variant):
            if name in comparison.scenarios:
                wrong, there = _tried(document, comparison.scenarios[name], variant.changes, places)
                yield from wrong or _lost(comparison, document, name, there, "variants", index, "set")
    if (sensitivity := comparison.sensitivity) is not None:
        here_ = ("sensitivity", "parameter")
        yield from _reference(comparison, document, sensitivity.parameter, sensitivity.system, *here_)
        if sensitivity.system in comparison.scenarios:
            scenario = comparison.scenarios[sensitivity.system]
            places = _places(sensitivity.at, "sensitivity", "at")
            wrong, there = _tried(document, scenario, sensitivity.at, places)
            yield from wrong
            yield from _factors_of(comparison, document, there)
            # All systems take these values, since calibrations are repeated with them.
            for other in comparison.scenarios.values() if sensitivity.at and not wrong else ():
                yield from _tried(document, other, sensitivity.at, places)[0]


def _lost(
    comparison: Comparison, document: Document, name: str, scenario: Scenario, *location: _Key
) -> Iterator[Mistake]:
    """Things that a system loses by a variant's values, though they are calibrated or were published."""
    before = comparison.scenarios[name]
    for one in comparison.calibrate:
        if (
            name in _known(comparison, one)
            and _has(before, one.parameter)
            and not _has(scenario, one.parameter)
        ):
            found = f"values without {describe(one.parameter)} of {describe(name)}, which is calibrated"
            yield located(document, found, "values that leave it", *location)
    if before.oxygen is None or scenario.oxygen is not None:
        return
    for row in comparison.published:
        if row.system == name and row.quantity.startswith("oxygen."):
            found = (
                f"values without the oxygen of {describe(name)}, for which {describe(row.quantity)} is listed"
            )
            yield located(document, found, "values that leave the section 'oxygen'", *location)


def _has(scenario: Scenario, path: str) -> bool:
    try:
        scenario.get(path)
    except ScenarioError:
        return False
    return True


def _calibrated(
    comparison: Comparison, document: Document, calibration: Calibration, *location: _Key
) -> Iterator[Mistake]:
    """A parameter that cannot take every value between its bounds, or not in a system that gets the value."""
    path = calibration.parameter
    try:
        low, high = comparison.bounds(calibration)
        numbers = {name: comparison.scenarios[name].get(path) for name in _known(comparison, calibration)}
    except (KeyError, ValueError, Refusal):
        return  # reported as a wrong system, or as wrong bounds
    except ScenarioError:
        for name in _known(comparison, calibration):
            yield from _reference(comparison, document, path, name, *location, "parameter")
        return
    for name, value in numbers.items():
        if isinstance(value, int):
            found = f"{describe(path)}, which is a whole number ({value}) of {name}"
            expected = "the path of a quantity that can take every value between two others"
            yield located(document, found, expected, *location, "parameter")
            return
    if not (0 < low < high):
        if low <= 0:
            expected = "a number above 0, which has a logarithm"
            yield located(document, f"{low:g}", expected, *location, "bounds", 0)
        return
    for index, bound in enumerate((low, high)):
        for name in numbers:
            places = {path: (*location, "bounds", index)}
            scenario = comparison.scenarios[name]
            yield from _tried(document, scenario, {path: scenario.in_si(path, bound)}, places)[0]


def _known(comparison: Comparison, calibration: Calibration) -> list[str]:
    """The systems that exist, of those that a calibrated value is found with or given to."""
    names = dict.fromkeys([calibration.system, *comparison.applies_to(calibration)])
    return [name for name in names if name in comparison.scenarios]


def _quantities(comparison: Comparison, document: Document) -> Iterator[Mistake]:
    """Results that no run has, or none of the systems that are asked for them."""
    asked: list[tuple[str, tuple[str, ...], Location]] = [
        (one.target, (one.system,), ("calibrate", index, "target"))
        for index, one in enumerate(comparison.calibrate)
    ]
    asked += [
        (one.quantity, (one.system,), ("published", index, "quantity"))
        for index, one in enumerate(comparison.published)
    ]
    # What means nothing in a system's run is left out of a report.
    asked += [(name, comparison.names, ("report", index)) for index, name in enumerate(comparison.report)]
    for text, names, location in asked:
        scenarios = [comparison.scenarios[name] for name in names if name in comparison.scenarios]
        try:
            interest = quantities.read(text)
        except Refusal as refusal:
            yield located(document, refusal.found, refusal.expected, *location)
            continue
        if scenarios and all(interest.is_missing(one) for one in scenarios):
            yield located(document, without(text, interest), section_expected(interest), *location)


def _factors_of(comparison: Comparison, document: Document, scenario: Scenario) -> Iterator[Mistake]:
    """Factors that make a scenario invalid; of a calibrated parameter the value is not known yet."""
    sensitivity = comparison.sensitivity
    assert sensitivity is not None  # asked by `_mistakes`
    path = sensitivity.parameter
    try:
        value = scenario.get(path)
    except ScenarioError:
        return  # reported as a wrong parameter
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    if isinstance(value, int):
        found = f"{describe(path)}, which is a whole number ({value})"
        expected = "the path of a quantity that can take every value"
        yield located(document, found, expected, "sensitivity", "parameter")
        return
    if any(
        path == one.parameter and sensitivity.system in comparison.applies_to(one)
        for one in comparison.calibrate
    ):
        return
    for index, factor in enumerate(sensitivity.factors):
        places: dict[str, Location] = {path: ("sensitivity", "factors", index)}
        yield from _tried(document, scenario, {path: scenario.in_si(path, factor * value)}, places)[0]


def _system(comparison: Comparison, document: Document, name: str, *location: _Key) -> Iterator[Mistake]:
    if name not in comparison.names:
        near = nearest(name, comparison.names)
        expected = f"'{near}'" if near else f"one of {listed(comparison.names)}"
        yield located(document, f"the unknown system '{name}'", expected, *location)


def _reference(
    comparison: Comparison, document: Document, path: str, system: str, *location: _Key
) -> Iterator[Mistake]:
    """A path to a number in one of the systems."""
    if system not in comparison.names:
        yield from _system(comparison, document, system, *location[:-1], "system")
        return
    try:
        value = comparison.scenarios[system].get(path)
    except ScenarioError as error:
        for mistake in error.mistakes:
            yield located(document, f"{mistake.found} {describe(path)}", mistake.expected, *location)
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield located(
            document, f"{describe(path)}, which is {describe(value)}", "the path of a number", *location
        )


def _bounds(
    comparison: Comparison, document: Document, calibration: Calibration, *location: _Key
) -> Iterator[Mistake]:
    if len(calibration.bounds) != 2:
        found = f"{len(calibration.bounds)} bounds"
        yield located(document, found, "two: the smallest and the largest value", *location)
        return
    try:
        unit = comparison.scenarios[calibration.system].unit(calibration.parameter)
    except (KeyError, ScenarioError):
        return  # reported as a wrong system or parameter
    values = []
    for index, written in enumerate(calibration.bounds):
        try:
            values.append(units.read(written, unit).value)
        except Refusal as refusal:
            yield located(document, refusal.found, refusal.expected, *location, index)
            continue
        scenario = comparison.scenarios[calibration.system]
        yield from unusual(document, scenario, calibration.parameter, written, *location, index)
    if len(values) == 2 and not values[0] < values[1]:
        yield located(document, f"{values[0]:g} and {values[1]:g}", "the smaller bound first", *location)


def _places(changes: Mapping[str, Any], *location: _Key) -> dict[str, Location]:
    """Where each of some changes stands that are listed by path."""
    return {path: (*location, path) for path in changes}


def _tried(
    document: Document, scenario: Scenario, changes: Mapping[str, Any], places: Mapping[str, Location]
) -> tuple[list[Mistake], Scenario]:
    """The scenario with changed values; what is wrong with them, at the changes' places in the comparison."""
    try:
        return [], scenario.with_values(changes)
    except ScenarioError as error:
        found = []
        for mistake in error.mistakes:
            blamed = mistake.file.removeprefix("override ").split(", ")
            path = next((path for path in changes if path in blamed), next(iter(changes)))
            words = f"{mistake.found} (at {mistake.path} of {describe(scenario.name)})"
            here = (*places[path], *_below(mistake.path, path))
            wrong_key = mistake.found.startswith(UNKNOWN_KEY)
            found.append(located(document, words, mistake.expected, *here, key=wrong_key))
        return found, scenario


def _below(path: str, section: str) -> Iterator[_Key]:
    """The keys that lead from a changed section to a mistake inside it; none where it is elsewhere."""
    if path.startswith(f"{section}."):
        for part in path.removeprefix(f"{section}.").split("."):
            yield int(part) if part.isdecimal() else part
