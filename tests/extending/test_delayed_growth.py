"""A law of growth from outside the package."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.degradation import names
from oxyshell.models.degradation.growth import LAWS
from oxyshell.scenario.loading import loads
from oxyshell.studies.registry import json_schema
from tests.extending.examples import DelayedGrowth
from tests.losses import law, with_losses

LOSSES = {"layer": {"start": "1 nm", "growth": {"law": "delayed", "rate": "0.5 nm", "begins": 4}}}


@pytest.fixture
def registered() -> Iterator[None]:
    with LAWS.registered(DelayedGrowth):
        yield


@pytest.mark.usefixtures("registered")
def test_the_layer_grows_from_its_cycle_on() -> None:
    one = law(LOSSES)
    numbers, found = one.start(), []
    for number in range(1, 7):
        found.append(1e9 * numbers[names.LAYER])
        numbers = one.after(numbers, {"cycle": float(number)}, number)
    assert found == pytest.approx([1, 1, 1, 1, 1.5, 2])


@pytest.mark.usefixtures("registered")
def test_it_is_written_as_it_was_read_and_its_mistakes_are_those_of_any_law() -> None:
    scenario = with_losses(LOSSES)
    assert loads(scenario.to_yaml()) == scenario
    with pytest.raises(ScenarioError, match=r"degradation\.layer\.growth\.begins: found 0"):
        scenario.with_values({"degradation.layer.growth.begins": 0})


def test_its_keys_are_in_the_schema_as_long_as_it_is_registered() -> None:
    with LAWS.registered(DelayedGrowth):
        assert json_schema()["$defs"]["DelayedGrowth"]["properties"]["law"]["const"] == "delayed"
    assert "DelayedGrowth" not in json_schema()["$defs"]
    with pytest.raises(ScenarioError, match="found 'delayed', expected one of 'linear'"):
        with_losses(LOSSES)
