"""File of a comparison: several systems, calibrated parameters, published results."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from oxyshell.language.documents import Location
from oxyshell.language.mistakes import NOTHING, listed, problem, refused
from oxyshell.language.sections import Entries, Section, SomeEntries, Text
from oxyshell.studies.engine.plans import Written
from oxyshell.studies.engine.system import System

type Number = Annotated[float, Field(strict=True)]
type ResultName = Text
"""A number of a run: in its summary, such as stress.first_principal.peak_MPa, or of a table, such as "row 2
of steps.duration_s"."""


FIELD = re.compile(r"\{(\w*)\}")
"""A place in a sentence that a number takes."""
SPAN: Mapping[str, Callable[[Sequence[float]], float]] = {
    "least": min,
    "largest": max,
    "least_percent": lambda values: 100 * min(values),
    "largest_percent": lambda values: 100 * max(values),
}
"""Numbers that a sentence can have of a result in several cases, by the name of their place."""

type Level = dict[str, Any]
"""Values that a level changes, by path; empty where it leaves the scenario as it is."""


class Factorial(Section):
    """All combinations of the levels of some factors; each is one of the systems."""

    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(default={}, alias="set")
    """Values that differ from the file in all combinations, by path."""
    factors: Annotated[dict[Text, Annotated[dict[Text, Level], Field(min_length=1)]], Field(min_length=1)]
    """The factors by name, and their levels by name, with the values that each changes, by path. A system is
    called by its levels: "without layer, islands"."""

    @property
    def cells(self) -> Mapping[str, Mapping[str, str]]:
        """The level of every factor, by the systems' names."""
        combinations = itertools.product(*self.factors.values())
        return {", ".join(levels): dict(zip(self.factors, levels, strict=True)) for levels in combinations}


class ParameterCalibration(Section):
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
    """The value that it has to have."""
    tolerance: Annotated[float, Field(gt=0)]
    """Allowed deviation, in the unit of `value`."""
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
    status: Literal["predicted", "calibrated", "imposed"] | None = None
    """Status of the computed number: `calibrated` where a value in a scenario makes the two agree, `imposed`
    where a choice of the model decides it, so that agreement shows nothing. Default null: calibrated for the
    target of a calibration, predicted otherwise."""


class InputRow(Section):
    """A measured fact that went in, and is printed so that nobody takes it for a result."""

    quantity: Text
    """Path in the scenario."""
    system: Text
    """Of which system."""
    published: Number | None = None
    """The published number in SI (energies in eV), where exactly one was published. Default null."""


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
    """Its name in the table."""
    changes: dict[str, Any] = Field(alias="set")
    """Changed values by path."""
    systems: Entries[str] = ()
    """Systems whose values change. Default: all."""
    recalibrate: bool = True
    """Whether to calibrate anew. Default true."""


class ParameterSensitivity(Section):
    """Reaction of a system's results to one parameter."""

    parameter: Text
    """Path in the scenario."""
    system: Text
    """Of which system."""
    factors: SomeEntries[Annotated[float, Field(gt=0)]]
    """Factors on the (calibrated) value."""
    at: dict[str, Any] = Field(default={})
    """Other values by path that hold meanwhile."""


class Conclusion(Section):
    """A sentence that is printed below the tables, with the span of a result over all cases in it."""

    text: Text
    """The sentence. {least} and {largest} in it are replaced by those of the result, {least_percent} and
    {largest_percent} by those of a share in per cent."""
    quantity: ResultName | None = None
    """The result, one that is published or in `report`. Default null, for a text without a span."""
    systems: Entries[str] = ()
    """Systems over whose cases the span is taken. Default: all that have the result."""

    @model_validator(mode="after")
    def _a_span_of_something(self) -> Self:
        unknown = sorted({*FIELD.findall(self.text)} - SPAN.keys())
        if unknown:
            raise refused(problem(f"'{{{unknown[0]}}}'", f"one of {listed(SPAN)}", "text"))
        if (self.quantity is None) != (not FIELD.search(self.text)):
            found = "a quantity" if self.quantity else NOTHING
            expected = "none for a text without {least} or {largest}" if self.quantity else "the result"
            raise refused(problem(found, expected, "quantity"))
        return self


class ComparisonFile(Section):
    """Several systems side by side."""

    comparison: Text
    """Title of the comparison."""
    about: str = ""
    """Its subject, in a sentence."""
    seed: str = ""
    """The paper whose result it reproduces."""
    systems: dict[Text, System] = Field(default={})
    """The systems by name; these, or `factorial`, or both."""
    factorial: Factorial | None = None
    """Systems that are all combinations of some factors."""
    calibrate: Entries[ParameterCalibration] = ()
    """Parameters that are calibrated, in this order."""
    published: Entries[Published] = ()
    """Published numbers beside which ours are printed."""
    report: Entries[ResultName] = ()
    """Results that are printed for every system, whether or not anybody published them."""
    labels: dict[ResultName, Text] = Field(default={})
    """Words for results, in the table of `report` and in figures."""
    conclusions: Entries[Conclusion] = ()
    """Sentences that are printed below the tables."""
    inputs: Entries[InputRow] = ()
    """Measured facts that went in."""
    band: Band | None = None
    """A parameter that nobody knows."""
    variants: Entries[Variant] = ()
    """The comparison with other values."""
    sensitivity: ParameterSensitivity | None = None
    """Reaction of the prediction to one parameter."""

    @model_validator(mode="after")
    def _some_systems(self) -> Self:
        if not self.systems and self.factorial is None:
            raise refused(problem(NOTHING, "at least one system here, or the key 'factorial'", "systems"))
        return self

    @property
    def cells(self) -> Mapping[str, Mapping[str, str]]:
        """The level of every factor, by the name of a factorial's system; empty without a factorial."""
        return {} if self.factorial is None else self.factorial.cells

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all systems."""
        return (*self.systems, *self.cells)

    @property
    def files(self) -> Mapping[Location, str]:
        """The scenario files by the place where the comparison names them."""
        files: dict[Location, str] = {
            ("systems", name, "scenario"): system.scenario for name, system in self.systems.items()
        }
        return (
            files if self.factorial is None else files | {("factorial", "scenario"): self.factorial.scenario}
        )

    @property
    def cases(self) -> tuple[Variant, ...]:
        """The values of the band, then the variants."""
        if self.band is None:
            return self.variants
        path, again = self.band.parameter, self.band.recalibrate
        values = (
            Variant(name=f"{path} = {value}", set={path: value}, recalibrate=again)
            for value in self.band.values
        )
        return (*values, *self.variants)

    def applies_to(self, calibration: ParameterCalibration) -> tuple[str, ...]:
        """The systems that get a calibrated value."""
        return calibration.apply_to or self.names

    def changed_by(self, variant: Variant) -> tuple[str, ...]:
        """The systems whose values a variant changes."""
        return variant.systems or self.names
