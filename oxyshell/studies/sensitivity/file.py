"""A sensitivity analysis: ranges of parameters, and how results react to each within them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import Field, PrivateAttr

from oxyshell.language.documents import Document
from oxyshell.language.mistakes import Mistake, Refusal, ScenarioError, describe
from oxyshell.language.reporting import located
from oxyshell.language.sections import Section, SomeEntries, Text
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.plans import Range, Sample
from oxyshell.studies.engine.quantities import Interest
from oxyshell.studies.engine.references import no_real_number, read_quantity, tried, unusual, wrong_together


class Sensitivity(Section):
    """How results react: each alone from one end of its range to the other, and all together."""

    sensitivity: Text
    """What the analysis is called."""
    about: str = ""
    """What it is about."""
    scenario: Text
    """Scenario file, relative to this file."""
    changes: dict[str, Any] = Field(alias="set", default={})
    """Values that differ from the file in all runs, by path."""
    ranges: Annotated[dict[Text, Range], Field(min_length=1)]
    """From where to where each parameter may be, by path: {from, to, scale}."""
    quantities: SomeEntries[Text] = ("stress.first_principal.peak_MPa",)
    """The results, as in a sweep."""
    sobol: Sample | None = None
    """Base sample (a power of two) and seed of Sobol' indices, which take points × (parameters + 2) runs;
    null (default): only one parameter at a time."""

    _base: Scenario | None = PrivateAttr(default=None)
    _interests: Sequence[Interest] = PrivateAttr(default=())

    @property
    def base(self) -> Scenario:
        """The scenario in the middle, `set` applied."""
        assert self._base is not None  # `with_scenario` has given it
        return self._base

    @property
    def interests(self) -> Sequence[Interest]:
        """The quantities, read."""
        return self._interests


def with_scenario(sensitivity: Sensitivity, document: Document, scenario: Scenario) -> Sensitivity:
    """The analysis of a loaded scenario, after a check of its ranges and quantities.

    Raises:
        ScenarioError: With every mistake at its line.
    """
    base, mistakes = tried(document, scenario, sensitivity.changes, "set")
    interests: dict[str, Interest] = {}
    for index, text in enumerate(sensitivity.quantities):
        try:
            interest = read_quantity(text, base)
        except Refusal as refusal:
            mistakes.append(located(document, refusal.found, refusal.expected, "quantities", index))
            continue
        interests[interest.text] = interest
    if sensitivity.sobol is not None and (count := sensitivity.sobol.points) & (count - 1):
        below = 1 << (count.bit_length() - 1)
        expected = f"a power of two, such as {below} or {2 * below}: only those are evenly spread"
        mistakes.append(located(document, f"{count}", expected, "sobol", "points"))
    if not mistakes:
        for path, values in sensitivity.ranges.items():
            mistakes += list(wrong_range(document, base, path, values, "ranges", path))
    if not mistakes:
        ends = {path: range_ends(base, path, values) for path, values in sensitivity.ranges.items()}
        mistakes += wrong_together(document, base, ends, {path: ("ranges", path) for path in ends})
    if mistakes:
        raise ScenarioError(dict.fromkeys(mistakes))
    sensitivity._base, sensitivity._interests = base, tuple(interests.values())
    return sensitivity


def wrong_range(
    document: Document, scenario: Scenario, path: str, values: Range, *location: str | int
) -> Iterator[Mistake]:
    """What is wrong with a range that values are drawn from."""
    if values.points is not None:
        found, expected = f"{values.points}", "no 'points' here: a range is sampled, not listed"
        yield located(document, found, expected, *location, "points")
    missing = list(no_real_number(document, scenario, path, *location))
    if missing:
        yield from missing
        return
    try:
        ends = values.at((0.0, 1.0), scenario.unit(path))
    except Refusal as refusal:
        yield located(document, refusal.found, refusal.expected, *location)
        return
    if ends[0] == ends[1]:
        yield located(document, f"from and to {describe(ends[0])}", "two different ends", *location)
        return
    for key, end, written in zip(("from", "to"), ends, (values.low, values.high), strict=True):
        out_of_scale = list(unusual(document, scenario, path, written, *location, key))
        yield from out_of_scale
        for mistake in tried(document, scenario, {path: end}, *location, key)[1] if not out_of_scale else ():
            yield located(document, mistake.found, mistake.expected, *location, key)


def range_ends(scenario: Scenario, path: str, values: Range) -> tuple[Any, Any]:
    """Both ends of a range that has been checked, as they would stand in a file."""
    low, high = values.at((0.0, 1.0), scenario.unit(path))
    return low, high
