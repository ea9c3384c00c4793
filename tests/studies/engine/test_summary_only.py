"""Points of which only numbers are kept, beside full runs of the same scenarios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from oxyshell.outputs import NullFolder, SummaryOnly
from oxyshell.running.recording import Recording
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.point_runner import Job, PointRunner
from oxyshell.studies.engine.points import ResolvedPoint, Scenarios, resolve
from oxyshell.studies.engine.quantities import numbers_of, read
from oxyshell.studies.engine.simulation_cache import SimulationCache
from tests.studies.conftest import SCENARIOS

TABLES = ("max of history.surface_hoop_MPa", "last of steps.duration_s")
VALUES: Sequence[dict[str, Any]] = [
    {"particle.radius": "120 nm", "protocol.0.charge.rate": "0.2 C"},
    {"particle.radius": "150 nm", "protocol.0.charge.rate": "C/10"},
    {"particle.radius": "1.8e-7 m", "protocol.0.charge.rate": "0.5 C"},
]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    pristine = load(SCENARIOS / "lrmo-pristine.yaml")
    return pristine.with_values(
        {"output.at.extracted": [0.1, 0.2], "protocol.0.charge.until": {"passed": 0.3}}
    )


@pytest.fixture(scope="module")
def points(scenario: Scenario) -> Sequence[ResolvedPoint]:
    return resolve(scenario, VALUES)


def test_the_numbers_of_a_point_are_those_of_a_full_run(
    scenario: Scenario, points: Sequence[ResolvedPoint]
) -> None:
    interests = [read(text) for text in TABLES]
    runner, cache = PointRunner(Job(scenario, interests)), SimulationCache()
    for point in points:
        full = cache.run(scenario.with_values(point.values), NullFolder())
        # Of the same operations: to the last bit.
        expected = numbers_of(full.summary) | {one.text: one.of(full) for one in interests}
        found = runner.run(point)
        assert found.status == "completed", found.reason
        assert found.numbers.keys() == expected.keys()
        for name, number in expected.items():
            assert found.numbers[name] == number or math.isnan(number), name


def test_nothing_is_kept_that_nobody_asked_for(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = SimulationCache()
    full = cache.run(scenario, NullFolder())
    monkeypatch.setattr(Recording, "snapshot", None)
    alone, looked_back = (cache.run(scenario, SummaryOnly(keeps)) for keeps in (False, True))
    assert len(full.profiles.times) == len(full.fields) == 4
    for one in (alone, looked_back):
        assert not len(one.profiles.times)
        assert not one.fields
        assert {name: list(column) for name, column in one.step_table.items()} == {
            name: list(column) for name, column in full.step_table.items()
        }
    assert not any(column.size for column in alone.history.values())
    for name, column in full.history.items():
        np.testing.assert_array_equal(looked_back.history[name], column)


def test_the_scenario_of_a_point_is_the_one_that_is_validated(
    scenario: Scenario, points: Sequence[ResolvedPoint]
) -> None:
    made = Scenarios(scenario)
    for point in points:
        assert point.leaves.keys() == point.values.keys()
        found, expected = made.of(point), scenario.with_values(point.values)
        assert found == expected
        assert found.model() == expected.model()
        assert found.to_yaml() == expected.to_yaml()
        # Also what is made of it has the values of the point, not those of the reference.
        changes = {"name": "another"}
        assert found.with_values(changes) == expected.with_values(changes)


def test_points_with_other_sections_are_validated_in_full(scenario: Scenario) -> None:
    (point,) = resolve(scenario, [{"shell": {"thickness": "5 nm", "deficiency": 0.1}}])
    assert not point.leaves
    assert Scenarios(scenario).of(point) == scenario.with_values(point.values)


def test_a_model_that_has_been_asked_for_is_not_that_of_a_copy(scenario: Scenario) -> None:
    before = scenario.model()
    assert scenario.model() is before
    copied = scenario.model_copy(update={"particle": scenario.with_values(VALUES[0]).particle})
    assert copied.model().radius == 120e-9
    assert scenario.model() is before
