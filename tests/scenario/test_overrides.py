from __future__ import annotations

import copy

import numpy as np
import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.loading import loads
from oxyshell.scenario.overrides import parse_assignment
from oxyshell.scenario.scenario import Scenario
from tests.scenario.wrong_scenarios import BASE
from tests.sized import sized, surface_of


@pytest.fixture(scope="module")
def base() -> Scenario:
    return loads(BASE)


def test_values_change_and_the_original_stays(base: Scenario) -> None:
    other = base.with_values({"particle.radius": "200 nm", "shell": None, "protocol.0.charge.rate": "1 C"})
    assert (other.get("particle.radius"), other.shell) == (2e-7, None)
    assert sized(other).protocol().steps[0].label == "charge at 1 C"
    assert (base.get("particle.radius"), base.get("shell.deficiency")) == (1.5e-7, 0.22)
    assert base == loads(BASE)


def test_values_change_again(base: Scenario) -> None:
    other = base.with_values({"particle.radius": "200 nm"}).with_values({"shell.thickness": "4 nm"})
    assert (other.get("particle.radius"), other.get("shell.thickness")) == (2e-7, 4e-9)


def test_what_a_file_leaves_out_can_be_set(base: Scenario) -> None:
    assert base.with_values({"numerics.elements.bulk": 20}).get("numerics.elements.bulk") == 20


def test_a_section_can_be_replaced_and_changed_further(base: Scenario) -> None:
    oxygen = {"diffusivity": "1e-18 m^2/s", "surface": {"law": "sealed"}}
    surface = {"law": "islands", "coverage": "5 %", "site_density": 1e-5, "transfer": {"biot": 1}}
    surface["adsorption"] = {"energy": "-1 eV", "attempt_frequency": "1e13 1/s"}
    given = copy.deepcopy([oxygen, surface])
    first = base.with_values({"oxygen": oxygen})
    other = first.with_values({"oxygen.surface": surface, "oxygen.surface.monolayers": 3})
    assert (other.get("oxygen.surface.monolayers"), surface_of(other).coverage) == (3.0, 0.05)
    assert other.with_values({"oxygen.surface": {"law": "sealed"}}) == first
    assert other.with_values({"oxygen": None}) == base
    assert given == [oxygen, surface]


def test_numbers_of_numpy_are_numbers(base: Scenario) -> None:
    other = base.with_values(
        {"material.diffusivity": np.float64(2e-19), "particle.radius": np.float32(2.0**-22)}
    )
    assert (other.get("material.diffusivity"), other.get("particle.radius")) == (2e-19, 2.0**-22)
    other = base.with_values({"particle.dimension": np.int64(2), "output.at.extracted": np.array([0.1, 0.2])})
    assert repr(other.get("particle.dimension")) == "2"
    assert (
        other.to_yaml()
        == base.with_values({"particle.dimension": 2, "output.at.extracted": [0.1, 0.2]}).to_yaml()
    )


def test_a_new_value_can_say_where_it_comes_from(base: Scenario) -> None:
    under = {"particle.radius": "200 nm"}
    value = {"value": "2e-19 m^2/s", "status": "calibrated", "source": "567 MPa", "under": under}
    row = next(
        row
        for row in base.with_values({"material.diffusivity": value}).provenance()
        if row.path == "material.diffusivity"
    )
    assert row[1:] == ("2e-19 m^2/s", "calibrated", "567 MPa", (("particle.radius", "200 nm"),))


def test_a_bare_new_value_does_not_inherit_the_old_source(base: Scenario) -> None:
    assert base.particle.radius.status == "chosen"
    assert base.with_values({"particle.radius": "200 nm"}).particle.radius.status == "unstated"
    assert base.with_values({"particle.radius.value": "200 nm"}).particle.radius.status == "chosen"
    assert base.with_values({"temperature.status": "measured"}).temperature.status == "measured"


def test_what_follows_from_a_changed_value_follows(base: Scenario) -> None:
    without = loads(BASE.replace("  molar_mass: 84.8 g/mol\n", ""))
    other = without.with_values({"material.formula": "LiCoO2"})
    assert other.get("material.molar_mass") == pytest.approx(0.097871, abs=2e-6)
    assert base.with_values({"particle.dimension": 3}).get("particle.extent") == "octant"


@pytest.mark.parametrize(
    ("path", "value", "where", "part"),
    [
        ("particle.raduis", "2 nm", "particle.raduis", "'radius'"),
        ("partikel.radius", "2 nm", "partikel", "'particle'"),
        ("particle.radius", "2 kg", "particle.radius", "[mass]"),
        ("particle.radius", "2 nm", "shell.thickness", "thinner than the radius 2 nm"),
        ("particle.radius", object(), "particle.radius", "a number, a text"),
        ("protocol.7.charge.rate", "1 C", "protocol.7.charge.rate", "from 0 to 3"),
        ("protocol.x", "1 C", "protocol.x", "from 0 to 3"),
        ("particle.radius.unit", "nm", "particle.radius.unit", "'value'"),
        ("", 1, "", "unknown key"),
    ],
)
def test_a_wrong_value_is_blamed_on_its_override(
    base: Scenario, path: str, value: object, where: str, part: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        base.with_values({path: value})
    (mistake,) = caught.value.mistakes
    assert (mistake.file, mistake.path, mistake.line) == (f"override {path}", where, None)
    assert part in str(mistake)


def test_of_several_overrides_the_wrong_one_is_blamed(base: Scenario) -> None:
    with pytest.raises(ScenarioError) as caught:
        base.with_values({"temperature": "300 K", "shell.deficiency": 2})
    assert [mistake.file for mistake in caught.value.mistakes] == ["override shell.deficiency"]


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("particle.raduis", "'particle.radius'"),
        ("particle", "a section"),
        ("protocol.9", "unknown path"),
        ("", "path"),
    ],
)
def test_a_wrong_path_gets_the_nearest_one(base: Scenario, path: str, part: str) -> None:
    with pytest.raises(ScenarioError, match=part):
        base.get(path)


def test_si_units_of_paths(base: Scenario) -> None:
    assert base.unit("particle.radius") == "m"
    assert base.unit("material.diffusivity") == "m^2/s"
    assert base.unit("numerics.time_tolerance") == "1"
    # Null, and in seconds where it is not.
    assert base.unit("numerics.first_step") == "s"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("particle.radius=200 nm", ("particle.radius", "200 nm")),
        ("shell=null", ("shell", None)),
        ("material.diffusivity = 1e-19", ("material.diffusivity", 1e-19)),
        ("a={value: 1, source: x=y}", ("a", {"value": 1, "source": "x=y"})),
        ("output.at.extracted=[0.5, 1]", ("output.at.extracted", [0.5, 1])),
    ],
)
def test_assignments(text: str, expected: tuple[str, object]) -> None:
    assert parse_assignment(text) == expected


@pytest.mark.parametrize("text", ["particle.radius", "=1", "a=", "a={", "a=*b", ""])
def test_wrong_assignments(text: str) -> None:
    with pytest.raises(ScenarioError):
        parse_assignment(text)
