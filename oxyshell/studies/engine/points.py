"""The points of a plan, checked and named by their content.

Building a scenario costs a millisecond or two, which ten thousand points would feel. So plain numbers are put
into the first scenario with the same paths, and only what has to hold between sections is checked for each
point; anything else is validated in full.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oxyshell.language import units
from oxyshell.language.mistakes import Mistake, Refusal, ScenarioError
from oxyshell.language.occupancy import OccupancyProperty
from oxyshell.language.parameters import Parameter
from oxyshell.language.sections import Section, leaves, to_data
from oxyshell.models.base.properties import Constant
from oxyshell.scenario import checks, overrides
from oxyshell.scenario.content_key import UNPHYSICAL, content_key, key_of, text_of
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.plans import Point

NONE = "none"
"""Text of a table where a point has nothing at a path."""


@dataclass(frozen=True)
class ResolvedPoint:
    """One point of a sweep.

    Attributes:
        values: Its values by path, as they would stand in a file.
        key: The name of its content: equal for points that are the same computation under any name.
        group: Equal for points that can share a mesh and forms.
        shown: Number (SI) or text at each path of the sweep.
        reference: Values of a point of the same paths.
        leaves: By path, what makes a scenario with the values of the reference this one; none if it has to be
            validated in full.
    """

    values: Point
    key: str
    group: str
    shown: tuple[float | str, ...]
    reference: Point = field(default_factory=dict)
    leaves: Mapping[str, Any] = field(default_factory=dict)


class WrongPointError(ScenarioError):
    """A point that is no valid scenario, and its position in the plan."""

    def __init__(self, index: int, mistakes: Iterable[Mistake]) -> None:
        super().__init__(mistakes)
        self.index = index


def resolve(scenario: Scenario, points: Sequence[Point]) -> list[ResolvedPoint]:
    """Check every point and name it.

    Args:
        scenario: The scenario that the points start from.
        points: Values by path.

    Raises:
        WrongPointError: For the first point that is no valid scenario.
    """
    paths = tuple(dict.fromkeys(path for point in points for path in point))
    alike: dict[tuple[str, ...], list[Point]] = {}
    for point in points:
        alike.setdefault(tuple(point), []).append(point)
    builders: dict[tuple[str, ...], _Builder] = {}
    resolved = []
    for index, point in enumerate(points):
        names = tuple(point)
        try:
            if names not in builders:
                builders[names] = _Builder(scenario, alike[names], paths)
            resolved.append(builders[names].build(point))
        except ScenarioError as error:
            raise WrongPointError(index, error.mistakes) from error
    return resolved


class Scenarios:
    """Makes the scenarios of resolved points: what `resolve` has validated is not validated again.

    Args:
        scenario: The scenario that the points start from.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._references: dict[str, Scenario] = {}

    def of(self, point: ResolvedPoint) -> Scenario:
        """The scenario of a point.

        Raises:
            ScenarioError: If it is none.
        """
        if not point.leaves:
            return self._scenario.with_values(point.values)
        name = repr(point.reference)
        if name not in self._references:
            self._references[name] = self._scenario.with_values(point.reference)
        return _with_leaves(self._references[name], point.leaves)


def _choices(content: Mapping[str, Any]) -> str:
    """Everything but plain numbers, protocol and output: what forms depend on."""
    return " ".join(
        f"{path}={text_of(leaf)}"
        for path, leaf in content.items()
        if path not in UNPHYSICAL and not path.startswith(("protocol.", "output.")) and not _is_number(leaf)
    )


def _layers(scenario: Scenario) -> list[float]:
    """The shares of the radius that layers have, on which the mesh depends."""
    given = [layer.section.thickness for layer in scenario.layers]
    return [0.0 if one is None else one.value / scenario.particle.radius.value for one in given]


def _shown(content: Mapping[str, Any], path: str, written: Any = None) -> float | str:
    """Entry of a table for a path in one point, where `written` is what the point has there."""
    if path not in content:
        # A section here may be absent there, and the other way round.
        below = ((name, leaf) for name, leaf in content.items() if name.startswith(f"{path}."))
        inside = {name: leaf for name, leaf in below if leaf is not None}
        words = (f"{name.removeprefix(path + '.')} {_words(leaf)}" for name, leaf in inside.items())
        # The name of a material stands for what it brings along, and is nowhere in the content.
        return ", ".join(words) or (written if isinstance(written, str) else NONE)
    leaf = content[path]
    match leaf:
        case Parameter():
            return leaf.value
        case OccupancyProperty():
            return leaf.value if leaf.constant else leaf.text
        case bool() | None:
            return NONE if leaf is None else str(leaf).lower()
        case int() | float():
            return float(leaf)
        case str():
            return leaf
    return json.dumps(to_data(leaf), ensure_ascii=False)


def _words(leaf: Any) -> str:
    return (
        leaf.text if isinstance(leaf, Parameter | OccupancyProperty) else json.dumps(to_data(leaf)).strip('"')
    )


# Putting scenarios together from validated parts.


@dataclass(frozen=True)
class _Part:
    """A validated value: what it is in the scenario, and that in the words of the key and of a table."""

    leaf: Any
    text: str
    shown: float | str


class _Builder:
    """Resolves points that change the same paths."""

    def __init__(self, scenario: Scenario, alike: Sequence[Point], paths: Sequence[str]) -> None:
        self._scenario = scenario
        self._paths = paths
        self._reference_point = alike[0]
        self._reference = scenario.with_values(self._reference_point)
        self._content = dict(leaves(self._reference))
        self._texts = {path: text_of(leaf) for path, leaf in self._content.items()}
        # A point may have former names of keys; contents have none.
        self._present = {path: overrides.in_present_names(self._reference, path) for path in paths}
        self._shown = {
            path: _shown(self._content, present, self._reference_point.get(path))
            for path, present in self._present.items()
        }
        self._choices = _choices(self._content)
        self._parts = {path: self._values_of(path, alike) for path in self._reference_point}

    def build(self, point: Point) -> ResolvedPoint:
        """Check a point and name it; raises ScenarioError."""
        texts, shown, own = dict(self._texts), dict(self._shown), {}
        for path, value in point.items():
            part = self._parts[path].get(_mark(value))
            if part is None:
                return self._from_scratch(point)
            present = self._present[path]
            texts[present], shown[path], own[present] = part.text, part.shown, part.leaf
        built = _with_leaves(self._reference, own)
        # Whoever reads the message wants it in the words of the full validation.
        if any(checks.problems(built)):
            return self._from_scratch(point)
        group = f"{_layers(built)!r} {self._choices}"
        return ResolvedPoint(point, key_of(texts), group, tuple(shown.values()), self._reference_point, own)

    def _from_scratch(self, point: Point) -> ResolvedPoint:
        scenario = self._scenario.with_values(point)
        content = dict(leaves(scenario))
        group = f"{_layers(scenario)!r} {_choices(content)}"
        shown = tuple(
            _shown(content, overrides.in_present_names(scenario, path), point.get(path))
            for path in self._paths
        )
        return ResolvedPoint(point, content_key(scenario), group, shown)

    def _values_of(self, path: str, alike: Sequence[Point]) -> dict[str, _Part]:
        """The values of one path that are plain numbers in any of the points.

        Each is within the bounds of its quantity, which have no holes between the sections either, so the
        smallest and the largest one stand for all.
        """
        here = self._present[path]
        leaf: Any = self._content.get(here)
        overlapping = any(
            name != path and (f"{here}.".startswith(f"{other}.") or other.startswith(f"{here}."))
            for name, other in self._present.items()
        )
        if overlapping or not _is_number(leaf):
            return {}
        quantity = overrides.quantity_at(self._reference, path)
        if quantity is None:
            return {}
        readings: dict[str, units.Reading] = {}
        for point in alike:
            try:
                readings[_mark(point[path])] = quantity.read(point[path])
            except Refusal:
                continue
        ends = (
            [find(readings, key=lambda mark: readings[mark].value) for find in (min, max)] if readings else []
        )
        if not all(self._stands_for_itself(path, readings[mark]) for mark in ends):
            return {}
        return {
            mark: _part(_with_reading(leaf, quantity.unit, reading)) for mark, reading in readings.items()
        }

    def _stands_for_itself(self, path: str, reading: units.Reading) -> bool:
        """Whether a value is right beside the reference's others, and changes nothing but its own leaf."""
        try:
            other = self._scenario.with_values({**self._reference_point, path: reading.text})
        except ScenarioError:
            return False
        content = dict(leaves(other))
        return content.keys() == self._content.keys() and all(
            name == self._present[path] or content[name] == leaf for name, leaf in self._content.items()
        )


def _is_number(leaf: Any) -> bool:
    return isinstance(leaf, Parameter) or (isinstance(leaf, OccupancyProperty) and leaf.constant)


def _part(leaf: Any) -> _Part:
    return _Part(leaf, text_of(leaf), leaf.value)


def _with_reading(leaf: Any, unit: str, reading: units.Reading) -> Any:
    # As in a file, a value goes with where it comes from.
    if isinstance(leaf, Parameter):
        return Parameter(reading.value, unit, reading.text)
    return OccupancyProperty(Constant(reading.value), unit, reading.text)


def _mark(value: Any) -> str:
    """A value as a key: equal only for values that are written in the same way."""
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=repr) + "\0"


def _with_leaves(scenario: Scenario, own: Mapping[str, Any]) -> Scenario:
    """The same with other leaves at paths that exist."""
    for path, leaf in own.items():
        scenario = _grafted(scenario, path.split("."), leaf)
    return scenario


def _grafted(value: Any, path: Sequence[str], leaf: Any) -> Any:
    """The same with something else at a path that exists."""
    if not path:
        return leaf
    key, rest = path[0], path[1:]
    match value:
        case Section():
            name = _names(type(value))[key]
            return value.model_copy(update={name: _grafted(getattr(value, name), rest, leaf)})
        case Mapping():
            return {**value, key: _grafted(value[key], rest, leaf)}
        case _:
            index = int(key)
            return (*value[:index], _grafted(value[index], rest, leaf), *value[index + 1 :])


@functools.cache
def _names(section: type[Section]) -> Mapping[str, str]:
    """The names of a section's fields by their keys in a file."""
    return {field.alias or name: name for name, field in section.model_fields.items()}
