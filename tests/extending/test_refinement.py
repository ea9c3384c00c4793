"""A study from outside of the package."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
from typer.testing import CliRunner

import oxyshell
from oxyshell.cli.program import app
from oxyshell.errors import InputError
from oxyshell.extensions import Installed
from oxyshell.language.mistakes import ScenarioError
from oxyshell.studies import registry
from tests.extending.examples import REFINEMENT

SCENARIO = Path(__file__).parents[2] / "scenarios" / "lrmo-ru1.yaml"
STEPS = [{"numerics.elements.bulk": 2}, {"numerics.elements.bulk": 4}, {"numerics.elements.bulk": 8}]
QUANTITY = "max of history.surface_hoop_MPa"


@pytest.fixture(autouse=True)
def refinement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_STUDIES", [*registry.studies()])
    registry.register(REFINEMENT)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    short = {"protocol.0.charge.until.passed": 0.01, "output.at.extracted": [0.005]}
    (tmp_path / "ru1.yaml").write_text(oxyshell.load(SCENARIO).with_values(short).to_yaml())
    text = f"refinement: mesh\nscenario: ru1.yaml\nquantity: {QUANTITY}\nsteps:\n"
    (tmp_path / "mesh.yaml").write_text(text + "".join(f"  - {json.dumps(step)}\n" for step in STEPS))
    return tmp_path / "mesh.yaml"


def test_its_command_runs_it_and_reports_how_far_each_step_is_from_the_finest(file: Path) -> None:
    out = file.parent / "out"
    done = CliRunner().invoke(app, ["study", str(file), "--out", str(out)])
    assert done.exit_code == 0, done.output
    found = json.loads((out / "refinement.json").read_text())
    scenario = oxyshell.load(file.parent / "ru1.yaml")
    alone = [max(oxyshell.run(scenario.with_values(step)).history["surface_hoop_MPa"]) for step in STEPS]
    # A simulation that ran before with other numbers may round otherwise.
    assert found["values"] == pytest.approx(alone, rel=1e-10)
    away = found["from_finest"]
    assert away == [value - found["values"][-1] for value in found["values"]]
    # Every mesh is closer to the finest than the one before.
    assert abs(away[0]) > abs(away[1]) > away[2] == 0.0
    assert "finest" in done.output
    # Again: all points are there, and another study of that title does not take the folder.
    again = CliRunner().invoke(app, ["study", str(file), "--out", str(out)])
    assert (again.exit_code, json.loads((out / "refinement.json").read_text())) == (0, found)
    file.write_text(file.read_text().replace("refinement: mesh", "refinement: other"))
    other = CliRunner().invoke(app, ["study", str(file), "--out", str(out)])
    assert isinstance(other.exception, InputError)
    assert "'mesh'; this is a refinement, 'other'" in str(other.exception)


@pytest.mark.parametrize(
    ("wrong", "line", "path", "expected"),
    [
        (("surface_hoop_MPa", "surface_hop_MPa"), 3, "quantity", "max of history.surface_hoop_MPa"),
        (("ru1.yaml", "ru2.yaml"), 2, "scenario", "a scenario file that exists"),
        (('"numerics.elements.bulk": 4', '"numerics.elements.bulk": -4'), 6, "steps.1", "at least 2"),
        (("steps:", "stpes:"), 4, "stpes", "'steps'"),
    ],
)
def test_its_mistakes_are_reported_at_their_lines(
    file: Path, wrong: tuple[str, str], line: int, path: str, expected: str
) -> None:
    file.write_text(file.read_text().replace(*wrong))
    with pytest.raises(ScenarioError) as caught:
        registry.load_any(file)
    mistake = next(one for one in caught.value.mistakes if one.path.startswith(path))
    assert mistake.line == line
    assert expected in mistake.expected


def test_its_file_is_known_everywhere(file: Path) -> None:
    assert registry.json_schema("refinement")["properties"]["steps"]["minItems"] == 2
    with pytest.raises(ScenarioError, match="a refinement, which 'oxyshell study"):
        oxyshell.load(file)


def test_a_study_of_the_package_has_its_own_command(tmp_path: Path) -> None:
    sweep = SCENARIO.parent / "sweep-shell.yaml"
    with pytest.raises(InputError, match=r"found a sweep, which 'oxyshell sweep .*' runs, expected a study"):
        registry.runner(sweep)
    (tmp_path / "nothing.yaml").write_text("- 1\n")
    with pytest.raises(InputError, match=r"found '.*', expected a study"):
        registry.runner(tmp_path / "nothing.yaml")


def test_an_installed_package_brings_its_study_along(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    entries = EntryPoints([EntryPoint("refinement", "refinement.kind:REFINEMENT", "oxyshell.studies")])
    monkeypatch.setattr("oxyshell.extensions.entry_points", lambda group: entries.select(group=group))
    monkeypatch.setattr(registry, "_STUDIES", [one for one in registry.studies() if one is not REFINEMENT])
    monkeypatch.setattr(registry, "_INSTALLED", Installed("studies", registry.register))
    assert REFINEMENT in registry.studies()
