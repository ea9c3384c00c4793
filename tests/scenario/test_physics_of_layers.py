"""A physics that is registered from outside and has keys in layers."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from typing import Annotated

import pytest

from oxyshell.errors import InputError
from oxyshell.language.mistakes import ScenarioError
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models import registry
from oxyshell.models.base.physics import Physics
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.scenario.shell import Shell, layer_type
from oxyshell.studies.engine.points import resolve
from oxyshell.studies.registry import json_schema
from tests.scenario.wrong_scenarios import BASE


class DyeInLayer(Section):
    """A dye in the layer."""

    diffusivity: Annotated[Parameter, Quantity("m^2/s", POSITIVE)]
    """D of the dye in it."""


class Dye(Physics):
    name = "dye"

    def layer_section(self) -> type[Section]:
        return DyeInLayer


def shell_of(scenario: Scenario) -> Shell:
    assert scenario.shell is not None
    return scenario.shell


KEY = "  profile: linear\n"
TEXT = BASE.replace(KEY, f"{KEY}  dye: {{diffusivity: 1e-18 m^2/s}}\n")


@pytest.fixture
def dye() -> Iterator[None]:
    with registry.registered(Dye()):
        yield


def test_its_keys_are_those_of_layers(dye: None) -> None:
    scenario = loads(TEXT)
    assert shell_of(scenario).section("dye").diffusivity.value == 1e-18
    assert shell_of(scenario).section("oxygen") is None
    assert scenario.get("shell.dye.diffusivity") == 1e-18
    assert scenario.unit("shell.dye.diffusivity") == "m^2/s"
    keys = list(layer_type().keys())
    assert keys[keys.index("oxygen") + 1] == "dye"
    assert not {"dye"} & set(Scenario.keys())
    # A layer in which it differs is a host of its own.
    assert [part.name for part in scenario.parts] == ["bulk", "layer"]
    assert len(loads(BASE).parts) == 1


def test_it_is_written_read_and_packed_again(dye: None) -> None:
    scenario = loads(TEXT)
    for same in (loads(scenario.to_yaml()), copy.deepcopy(scenario), pickle.loads(pickle.dumps(scenario))):
        assert same == scenario
        assert hash(same) == hash(scenario)
    assert scenario != loads(BASE)
    (point,) = resolve(scenario, [{"shell.dye.diffusivity": "2e-18 m^2/s"}])
    assert point.shown == (2e-18,)


def test_mistakes_in_it_stand_at_their_lines(dye: None) -> None:
    with pytest.raises(ScenarioError, match=r"shell\.dye\.diffusivity: found '-1 m\^2/s'"):
        loads(TEXT.replace("1e-18 m^2/s}", "-1 m^2/s}"))
    layer = json_schema()["$defs"]["Shell"]["properties"]["dye"]
    assert layer["description"] == "A dye in the layer; null: none."


def test_layers_are_the_same_whatever_physics_was_known() -> None:
    before = loads(BASE)
    with registry.registered(Dye()):
        during = loads(BASE)
        packed = pickle.dumps(loads(TEXT))
    assert type(shell_of(before)) is not type(shell_of(during))
    assert before == during
    assert shell_of(before) == shell_of(during)
    assert hash(shell_of(before)) == hash(shell_of(during))
    with pytest.raises(ScenarioError, match="the unknown key 'dye'"):
        loads(TEXT)
    with pytest.raises(InputError, match="'dye', expected that this physics is registered"):
        pickle.loads(packed)


@pytest.mark.parametrize("taken", ["thickness", "interface", "own", "section"])
def test_a_name_that_a_layer_has_is_refused(taken: str) -> None:
    class Other(Dye):
        name = taken

    with registry.registered(Other()), pytest.raises(InputError, match=f"'{taken}' with keys in layers"):
        loads(BASE)
