from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.language.variants import Variants
from oxyshell.scenario.loading import load, loads
from oxyshell.shapes.registry import SHAPES, register
from oxyshell.shapes.shape import Shape
from oxyshell.shapes.sphere import Sphere
from oxyshell.studies.registry import json_schema
from tests.extending.examples import HollowSphere
from tests.sized import sized

PACKAGE = Path(__file__).parents[2] / "oxyshell"
PRISTINE = (Path(__file__).parents[2] / "scenarios" / "lrmo-pristine.yaml").read_text()
UNDER_A_CAVITY = PRISTINE.replace(
    "    status: chosen", "    status: calibrated\n    under: {particle.cavity: 0.2}", 1
)
HOLLOW = PRISTINE.replace("shape: sphere", "shape: hollow_sphere\n  cavity: 0.5")


def test_an_unknown_shape_is_told_from_all_that_are_known() -> None:
    with pytest.raises(ScenarioError, match=r"found 'hollow_sphere', expected .*'hexagon' and 'imported'"):
        loads(HOLLOW)


def test_a_circumstance_of_an_unknown_shape_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"unknown path 'particle\.cavity'"):
        loads(UNDER_A_CAVITY)


def test_two_shapes_cannot_have_one_name() -> None:
    class Other(Sphere):
        """A shape with the name of another."""

    before = dict(SHAPES.kinds)
    with pytest.raises(ValueError, match="there is a shape 'sphere' already"):
        register(Other)
    assert SHAPES.kinds == before


def test_shapes_are_listed_without_the_solver_and_the_figures() -> None:
    code = (
        "import sys, oxyshell.shapes.registry\n"
        "sys.exit(str({'dolfinx', 'ufl', 'basix', 'mpi4py', 'matplotlib', 'scipy'} & {*sys.modules} or ''))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_no_file_of_the_package_names_the_shape_of_a_user() -> None:
    naming = [path for path in PACKAGE.rglob("*.py") if "hollow" in path.read_text().lower()]
    assert naming == []


@pytest.fixture
def hollow_sphere() -> Iterator[None]:
    with SHAPES.registered(HollowSphere):
        yield


@pytest.mark.usefixtures("hollow_sphere")
class TestARegisteredShape:
    def test_is_read_and_written(self, tmp_path: Path) -> None:
        (tmp_path / "hollow.yaml").write_text(HOLLOW)
        scenario = load(tmp_path / "hollow.yaml")
        assert isinstance(scenario.particle, HollowSphere)
        assert scenario.get("particle.cavity") == 0.5
        assert loads(scenario.to_yaml()) == scenario
        assert scenario.with_values({"particle.cavity": 0.25}).get("particle.cavity") == 0.25

    def test_has_its_mistakes_at_their_lines(self) -> None:
        with pytest.raises(ScenarioError) as caught:
            loads(HOLLOW.replace("cavity: 0.5", "cavity: 1.5"))
        (mistake,) = caught.value.mistakes
        assert (mistake.path, mistake.found, mistake.expected) == (
            "particle.cavity",
            "1.5",
            "a number below 1",
        )
        assert HOLLOW.splitlines()[(mistake.line or 0) - 1].strip() == "cavity: 0.5"

    def test_is_among_those_that_are_expected(self) -> None:
        with pytest.raises(ScenarioError, match=r"'imported' and 'hollow_sphere'"):
            loads(HOLLOW.replace("hollow_sphere", "cube"))

    def test_is_in_the_schema_for_editors(self) -> None:
        definition = json_schema()["$defs"]["HollowSphere"]
        assert definition["properties"]["cavity"]["description"] == "Radius of the cavity in R."
        assert {"$ref": "#/$defs/HollowSphere"} in json_schema()["properties"]["particle"]["oneOf"]

    def test_can_be_a_circumstance(self) -> None:
        remarks = sized(loads(UNDER_A_CAVITY)).remarks()
        assert any("particle cavity = 0.2; here, particle cavity is absent" in remark for remark in remarks)


def test_an_installed_package_brings_its_shape_along(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = EntryPoints([EntryPoint("hollow", "hollow_sphere:HollowSphere", "oxyshell.shapes")])
    monkeypatch.setattr("oxyshell.extensions.entry_points", lambda group: entries.select(group=group))
    kinds = (*SHAPES.kinds.values(),)
    found: Variants[Shape] = Variants("shape", *kinds, extensions="shapes")
    assert tuple(found.kinds.values()) == (*kinds, HollowSphere)
