"""A comparison: several systems, what is calibrated, and what others published about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, PrivateAttr

from oxyshell.inputs import units
from oxyshell.inputs.documents import Document
from oxyshell.inputs.mistakes import UNKNOWN_KEY, Mistake, Refusal, ScenarioError, describe, listed, nearest
from oxyshell.inputs.reporting import located
from oxyshell.inputs.scenario import Scenario
from oxyshell.inputs.sections import Entries, Section, SomeEntries, Text

type Number = Annotated[float, Field(strict=True)]
type Written = float | str
"""A number with or without unit, read in the unit of the parameter that it is meant for."""
type ResultName = Annotated[str, Field(pattern=r"^\w+(\.\w+)*$")]
"""A number in a run's summary, such as stress.first_principal.peak_MPa."""


class System(Section):
    """One of the systems that are compared."""

    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(default={}, alias="set")
    """Values that differ from the file, by path."""


class Calibration(Section):
    """A parameter that is adjusted until a result has a given value."""

    parameter: Text
    """Path in the scenario: material.diffusivity."""
    system: Text
    """The system whose result has to agree."""
    apply_to: Entries[str] = ()
    """Systems that get the calibrated value. Default: all."""
    target: ResultName
    """The result that has to agree."""
    value: Number
    """What it has to be."""
    tolerance: Annotated[float, Field(gt=0)]
    """How closely, in the unit of `value`."""
    bounds: SomeEntries[Written]
    """Smallest and largest value of the parameter, with their units."""


class Published(Section):
    """A published result, to be printed beside ours."""

    quantity: ResultName
    """The result of ours that corresponds."""
    system: Text
    """Of which system."""
    value: Number | None
    """The published number; null where none was published."""
    source: str = ""
    """Where it was published."""


class InputRow(Section):
    """A measured fact that went in, and is printed so that nobody takes it for a result."""

    quantity: Text
    """Path in the scenario."""
    system: Text
    """Of which system."""
    published: Number | None = None
    """The published number in SI, where exactly one was published. Default null."""


class Band(Section):
    """A parameter that nobody knows, and the values over which the results are reported."""

    parameter: Text
    """Path in the scenario."""
    values: SomeEntries[Written]
    """Its values, with their units."""
    recalibrate: bool = True
    """Whether to calibrate anew for each value. Default true."""


class Variant(Section):
    """The whole comparison with some values changed."""

    name: Text
    """What it is called in the table."""
    changes: dict[str, Any] = Field(alias="set")
    """Changed values by path."""
    recalibrate: bool = True
    """Whether to calibrate anew. Default true."""


class Sensitivity(Section):
    """How a system's results react to one parameter."""

    parameter: Text
    """Path in the scenario."""
    system: Text
    """Of which system."""
    factors: SomeEntries[Annotated[float, Field(gt=0)]]
    """Factors on the (calibrated) value."""
    at: dict[str, Any] = Field(default={})
    """Other values by path that hold meanwhile."""


class Comparison(Section):
    """Several systems side by side."""

    comparison: Text
    """What the comparison is called."""
    about: str = ""
    """What it is about."""
    seed: str = ""
    """The paper whose result it reproduces."""
    systems: Annotated[dict[str, System], Field(min_length=1)]
    """The systems by name."""
    calibrate: Entries[Calibration] = ()
    """What is calibrated, in this order."""
    published: Entries[Published] = ()
    """Published numbers beside which ours are printed."""
    inputs: Entries[InputRow] = ()
    """Measured facts that went in."""
    band: Band | None = None
    """A parameter that nobody knows."""
    variants: Entries[Variant] = ()
    """The comparison with other values."""
    sensitivity: Sensitivity | None = None
    """How the prediction reacts to one parameter."""

    _scenarios: Mapping[str, Scenario] = PrivateAttr(default_factory=dict)

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """The systems' scenarios by name, their changes applied."""
        return self._scenarios

    def bounds(self, calibration: Calibration) -> tuple[float, float]:
        """Bounds of a calibrated parameter, in SI."""
        unit = self.scenarios[calibration.system].unit(calibration.parameter)
        low, high = (units.read(written, unit).value for written in calibration.bounds)
        return low, high

    def applies_to(self, calibration: Calibration) -> tuple[str, ...]:
        """The systems that get a calibrated value."""
        return calibration.apply_to or tuple(self.systems)


def with_scenarios(
    comparison: Comparison, document: Document, scenarios: Mapping[str, Scenario]
) -> Comparison:
    """The comparison of loaded scenarios, after a check of all that refers to them.

    Raises:
        ScenarioError: With every reference to a system, a path or a value that does not exist.
    """
    changed: dict[str, Scenario] = {}
    mistakes: list[Mistake] = []
    for name, scenario in scenarios.items():
        changes = comparison.systems[name].changes
        found, changed[name] = _tried(document, scenario, changes, "systems", name, "set")
        mistakes += found
    if not mistakes:
        comparison._scenarios = changed
        mistakes = list(_mistakes(comparison, document))
    if mistakes:
        raise ScenarioError(dict.fromkeys(mistakes))
    return comparison


type _Key = str | int


def _mistakes(comparison: Comparison, document: Document) -> Iterator[Mistake]:
    everywhere = tuple(comparison.systems)
    for index, calibration in enumerate(comparison.calibrate):
        here = ("calibrate", index)
        for position, name in enumerate(calibration.apply_to):
            yield from _system(comparison, document, name, *here, "apply_to", position)
        yield from _reference(
            comparison, document, calibration.parameter, calibration.system, *here, "parameter"
        )
        yield from _bounds(comparison, document, calibration, *here, "bounds")
    for index, row in enumerate(comparison.published):
        yield from _system(comparison, document, row.system, "published", index, "system")
    for index, fact in enumerate(comparison.inputs):
        yield from _reference(comparison, document, fact.quantity, fact.system, "inputs", index, "quantity")
    if comparison.band is not None:
        for position, value in enumerate(comparison.band.values):
            for name in everywhere:
                change = {comparison.band.parameter: value}
                yield from _tried(document, comparison.scenarios[name], change, "band", "values", position)[0]
    for index, variant in enumerate(comparison.variants):
        for name in everywhere:
            yield from _tried(
                document, comparison.scenarios[name], variant.changes, "variants", index, "set"
            )[0]
    if (sensitivity := comparison.sensitivity) is not None:
        here_ = ("sensitivity", "parameter")
        yield from _reference(comparison, document, sensitivity.parameter, sensitivity.system, *here_)
        if sensitivity.system in comparison.scenarios:
            scenario = comparison.scenarios[sensitivity.system]
            yield from _tried(document, scenario, sensitivity.at, "sensitivity", "at")[0]


def _system(comparison: Comparison, document: Document, name: str, *location: _Key) -> Iterator[Mistake]:
    if name not in comparison.systems:
        near = nearest(name, comparison.systems)
        expected = f"'{near}'" if near else f"one of {listed(comparison.systems)}"
        yield located(document, f"the unknown system '{name}'", expected, *location)


def _reference(
    comparison: Comparison, document: Document, path: str, system: str, *location: _Key
) -> Iterator[Mistake]:
    """A path to a number in one of the systems."""
    if system not in comparison.systems:
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
    if len(values) == 2 and not values[0] < values[1]:
        yield located(document, f"{values[0]:g} and {values[1]:g}", "the smaller bound first", *location)


def _tried(
    document: Document, scenario: Scenario, changes: Mapping[str, Any], *location: _Key
) -> tuple[list[Mistake], Scenario]:
    """The scenario with changed values; what is wrong with them, at the change's place in the comparison."""
    try:
        return [], scenario.with_values(changes)
    except ScenarioError as error:
        found = []
        for mistake in error.mistakes:
            paths = [path for path in changes if f"override {path}" == mistake.file]
            known = (*location, *paths[:1])
            inside = known if known in document.places else location
            words = f"{mistake.found} (at {mistake.path} of {describe(scenario.name)})"
            wrong_key = mistake.found.startswith(UNKNOWN_KEY)
            found.append(located(document, words, mistake.expected, *inside, key=wrong_key))
        return found, scenario
