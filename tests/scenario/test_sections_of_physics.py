"""A physics that is registered from outside has its section in scenarios."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any

import pytest

from oxyshell.errors import InputError
from oxyshell.language import scales
from oxyshell.language.mistakes import ScenarioError, problem
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models import registry
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import Physics, ScenarioView
from oxyshell.models.particle.model import ParticleModel
from oxyshell.scenario.loading import loads
from oxyshell.scenario.overrides import parse_assignment
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.points import resolve
from oxyshell.studies.registry import json_schema
from tests.scenario.wrong_scenarios import BASE, WITH_OXYGEN
from tests.sized import sized


class TracerSection(Section):
    """A tracer in the lattice."""

    initial: Annotated[Parameter, Quantity("mol/m^3", NOT_NEGATIVE)] = Parameter.default(
        "0 mol/m^3", "mol/m^3"
    )
    """Content at the start."""
    diffusivity: Annotated[Parameter, Quantity("m^2/s", POSITIVE, scales.DIFFUSIVITY)]
    """D of the tracer."""


@dataclass(frozen=True)
class TracerModel:
    diffusivity: float
    per_area: float


class Tracer(Physics):
    name = "tracer"

    def section(self) -> type[Section]:
        return TracerSection

    def problems(self, scenario: ScenarioView) -> Iterator[Any]:
        tracer = scenario.section("tracer")
        if tracer is not None and tracer.initial.value > 0 and scenario.shell is not None:
            yield problem("a tracer at the start", "none in a particle with a shell", "tracer", "initial")

    def particle_model(self, model: ParticleModel, scenario: ScenarioView) -> ParticleModel:
        return model if scenario.section("tracer") is None else replace(model, radius=2 * model.radius)

    def followers(self, scenario: ScenarioView, geometry: Geometry) -> Any:
        tracer = scenario.section("tracer")
        if tracer is None:
            return ()
        return (TracerModel(tracer.diffusivity.value, tracer.initial.value * geometry.volume_to_surface),)

    def remarks(self, scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
        if scenario.section("tracer") is not None:
            yield "There is a tracer."


LINE = "tracer: {diffusivity: {value: 1e-18 m^2/s, status: measured, source: here}}\n"
TEXT = BASE + LINE


@pytest.fixture(autouse=True)
def tracer() -> Iterator[None]:
    with registry.registered(Tracer()):
        yield


@pytest.fixture
def scenario(tracer: None) -> Scenario:
    return loads(TEXT)


def mistake(text: str) -> Any:
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    (found,) = caught.value.mistakes
    return found


def test_its_section_is_read(scenario: Scenario) -> None:
    assert isinstance(scenario, Scenario)
    assert isinstance(scenario.tracer, TracerSection)
    assert scenario.section("tracer") is scenario.tracer
    assert scenario.tracer.diffusivity.value == 1e-18
    without = loads(BASE)
    assert (without.tracer, without.section("tracer")) == (None, None)


def test_its_key_stands_behind_those_of_other_physics() -> None:
    keys = list(Scenario.keys())
    assert keys == list(loads(BASE).entries())
    more = [
        "electrode",
        "chemical_potential",
        "degradation",
        "toughness",
        "tracer",
        "cell",
        "protocol",
        "limits",
        "output",
        "numerics",
    ]
    assert keys[keys.index("oxygen") + 1 :] == more
    assert keys == list(json_schema()["properties"])


def test_mistakes_in_it_stand_at_their_lines() -> None:
    line = len(BASE.splitlines()) + 1
    wrong = mistake(TEXT.replace("1e-18 m^2/s", "1 kg"))
    assert (wrong.line, wrong.path) == (line, "tracer.diffusivity.value")
    assert "a diffusivity" in wrong.expected
    misspelt = mistake(TEXT.replace("diffusivity: {value: 1e-18", "diffusvity: {value: 1e-18"))
    assert (misspelt.line, misspelt.expected) == (line, "'diffusivity'")
    section = mistake(TEXT.replace("tracer:", "tracr:"))
    assert (section.line, section.column, section.expected) == (line, 1, "'tracer'")
    missing = mistake(BASE + "tracer: {}\n")
    assert (missing.path, missing.expected) == ("tracer.diffusivity", "the key 'diffusivity'")


def test_its_contradictions_to_other_sections_are_mistakes() -> None:
    wrong = mistake(TEXT.replace("{diffusivity", "{initial: 1 mol/m^3, diffusivity"))
    assert (wrong.line, wrong.path) == (len(BASE.splitlines()) + 1, "tracer.initial")
    assert "none in a particle with a shell" in wrong.expected


def test_it_is_written_and_read_again(scenario: Scenario) -> None:
    text = scenario.to_yaml()
    assert "tracer:" in text
    again = loads(text)
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert again.to_yaml() == text
    assert scenario != loads(BASE)
    assert scenario != loads(TEXT.replace("1e-18", "2e-18"))
    assert pickle.loads(pickle.dumps(scenario)) == scenario == copy.deepcopy(scenario)


def test_its_numbers_have_paths(scenario: Scenario) -> None:
    assert scenario.get("tracer.diffusivity") == 1e-18
    assert scenario.unit("tracer.diffusivity") == "m^2/s"
    facts = {fact.path: fact for fact in scenario.provenance()}
    assert facts["tracer.diffusivity"][1:4] == ("1e-18 m^2/s", "measured", "here")
    assert scenario.chosen()["tracer.initial"] == "0 mol/m^3"
    path, value = parse_assignment("tracer.diffusivity=3e-18 m^2/s")
    assert scenario.with_values({path: value}).tracer.diffusivity.value == 3e-18
    assert scenario.with_values({"tracer": None}) == loads(BASE)
    assert loads(BASE).with_values({path: value}).tracer.diffusivity.value == 3e-18
    with pytest.raises(ScenarioError, match="found 'fast'"):
        scenario.with_values({"tracer.diffusivity": "fast"})
    with pytest.raises(ScenarioError, match=r"expected 'tracer\.diffusivity'"):
        scenario.get("tracer.difusivity")


def test_circumstances_and_points_of_studies_know_it(scenario: Scenario) -> None:
    under = {"value": "1e-19 m^2/s", "status": "calibrated", "under": {"tracer.diffusivity": "1e-18 m^2/s"}}
    calibrated = scenario.with_values({"material.diffusivity": under})
    assert not [remark for remark in sized(calibrated).remarks() if "calibrated" in remark]
    other = calibrated.with_values({"tracer.diffusivity": "2e-18 m^2/s"})
    assert [
        remark for remark in sized(other).remarks() if "was calibrated under tracer diffusivity" in remark
    ]
    # Whatever the scenario has, the path is one that scenarios can have.
    absent = loads(BASE).with_values({"material.diffusivity": under})
    assert [remark for remark in sized(absent).remarks() if "tracer diffusivity is absent" in remark]
    points = [{"tracer.diffusivity": f"{number}e-18 m^2/s"} for number in (1, 2, 3)]
    assert [point.shown for point in resolve(scenario, points)] == [(1e-18,), (2e-18,), (3e-18,)]


def test_editors_know_it() -> None:
    schema = json_schema()
    assert schema["properties"]["tracer"]["description"] == "A tracer in the lattice; null: none."
    assert schema["$defs"]["TracerSection"]["properties"]["initial"]["description"] == "Content at the start."
    assert "tracer" not in schema["required"]


def test_it_is_solved_on_the_particle_and_says_what_a_reader_has_to_know(scenario: Scenario) -> None:
    size = scenario.geometry()
    assert scenario.on(size).followers() == (TracerModel(1e-18, 0.0),)
    bare = scenario.with_values({"shell": None, "tracer.initial": "3 mol/m^3"})
    follower: Any
    (follower,) = bare.on(size).followers()
    assert follower.per_area == pytest.approx(3 * 1.5e-7 / 3, rel=1e-14)
    assert "There is a tracer." in scenario.on(size).remarks()
    assert "There is a tracer." not in sized(loads(BASE)).remarks()
    oxygen, last = sized(loads(WITH_OXYGEN + LINE)).followers()
    assert (oxygen.process.name, last) == ("oxygen", TracerModel(1e-18, 0.0))
    assert scenario.model().radius == 2 * loads(BASE).model().radius


def test_a_scenario_outlives_the_registration() -> None:
    registry_now = registry.physics()
    before = loads(BASE)

    class Dye(Tracer):
        name = "dye"

    with registry.registered(Dye()):
        during = before.with_values({"dye": {"diffusivity": "1e-18 m^2/s"}})
        assert during.dye.diffusivity.value == 1e-18
        assert loads(BASE) == before
        assert hash(loads(BASE)) == hash(before)
        packed = pickle.dumps(during)
    assert registry.physics() == registry_now
    assert during.get("dye.diffusivity") == 1e-18
    assert not {"dye"} & set(Scenario.keys())
    assert mistake(BASE + "dye: {diffusivity: 1e-18}\n").found == "the unknown key 'dye'"
    with pytest.raises(InputError, match="'dye', expected that this physics is registered"):
        pickle.loads(packed)


@pytest.mark.parametrize("taken", ["cell", "protocol", "steps", "get", "name", "model"])
def test_a_name_that_a_scenario_has_is_refused(taken: str) -> None:
    class Other(Tracer):
        name = taken

    with registry.registered(Other()), pytest.raises(InputError, match=f"a physics called '{taken}'"):
        loads(BASE)


@pytest.mark.parametrize("wrong", ["two words", "2d", "_hidden", "tracer"])
def test_a_name_that_is_no_key_or_taken_is_refused(wrong: str) -> None:
    class Other(Tracer):
        name = wrong

    with pytest.raises(ValueError, match=f"'{wrong}'"):
        registry.register(Other())


def test_an_error_of_a_physics_says_whose_it_is(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        return 1 / 0

    monkeypatch.setattr(Tracer, "followers", broken)
    with pytest.raises(ZeroDivisionError) as caught:
        sized(scenario).followers()
    assert caught.value.__notes__ == ["in the physics 'tracer'"]
