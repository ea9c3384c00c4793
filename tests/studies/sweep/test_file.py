# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.language.mistakes import Refusal, ScenarioError
from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.scenario.content_key import content_key
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import quantities
from oxyshell.studies.engine.points import resolve
from oxyshell.studies.engine.study import study_of
from oxyshell.studies.registry import json_schema, load_any, load_study
from oxyshell.studies.sweep import SWEEP
from oxyshell.studies.sweep.file import Sweep, sweep_of
from tests.outputs.sample_run import COLUMNS
from tests.runs import result_of
from tests.studies.mistakes import refusal

SCENARIOS = Path(__file__).parents[3] / "scenarios"
SHIPPED = SCENARIOS / "sweep-shell.yaml"

TEXT = """\
sweep: shell and rate
scenario: lrmo-ru1.yaml
set: {particle.radius: 200 nm}
over:
  shell.thickness: [2 nm, 4.5 nm, 8 nm]
  protocol.0.charge.rate: [0.1 C, 1 C]
quantities:
  - stress.first_principal.peak_MPa
  - max of history.surface_hoop_MPa
limit: 10
timeout: 1 min
"""


@pytest.fixture(scope="module")
def ru1() -> Scenario:
    return load(SCENARIOS / "lrmo-ru1.yaml")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(SCENARIOS / "lrmo-ru1.yaml", tmp_path)
    return tmp_path


def values(sweep: Sweep) -> list[tuple[Any, ...]]:
    return [tuple(point.values.values()) for point in sweep.points]


def test_a_file_becomes_points_over_its_scenario(folder: Path) -> None:
    (folder / "s.yaml").write_text(TEXT)
    sweep = load_any(folder / "s.yaml")
    assert isinstance(sweep, Sweep)
    assert sweep.base.get("particle.radius") == 200e-9
    assert sweep.paths == ("shell.thickness", "protocol.0.charge.rate")
    assert values(sweep)[:3] == [("2 nm", "0.1 C"), ("2 nm", "1 C"), ("4.5 nm", "0.1 C")]
    assert [point.shown for point in sweep.points][2] == (4.5e-9, 0.1)
    assert [interest.unit for interest in sweep.interests] == ["MPa", "MPa"]
    assert sweep.timeout == 60.0


def test_the_shipped_sweep_has_one_point_for_each_circumstance() -> None:
    sweep = load_study(SWEEP, SHIPPED)
    assert len(sweep.points) == len({point.key for point in sweep.points}) == 17


@pytest.mark.parametrize(
    ("old", "new", "path", "part"),
    [
        ("  shell.thickness:", "  shell.thicknes:", "over.shell.thicknes", "'shell.thickness'"),
        ("  protocol.0.charge.rate:", "  protocol.c_rate:", "over.protocol.c_rate", "'protocol.0.charge.rate'"),
        ("8 nm]", "8 kg]", "over.shell.thickness.2", "[mass]"),
        ("8 nm]", "-8 nm]", "over.shell.thickness.2", "above 0 m"),
        ("8 nm]", "300 nm]", "over.shell.thickness.2", "thinner than the radius 200 nm"),
        ("[2 nm, 4.5 nm, 8 nm]", "8 nm", "over.shell.thickness", "a list of values, or a range"),
        ("[2 nm, 4.5 nm, 8 nm]", "[]", "over.shell.thickness", "at least one entry"),
        ("[2 nm, 4.5 nm, 8 nm]", "{from: 2 nm, to: 8 nm}", "over.shell.thickness", "how many points a grid takes"),
        ("[2 nm, 4.5 nm, 8 nm]", "{from: 2 nm, to: 8 kg, points: 3}", "over.shell.thickness", "[mass]"),
        ("[2 nm, 4.5 nm, 8 nm]", "{from: 0 nm, to: 8 nm, points: 3, scale: log}", "over.shell.thickness", "logarithm"),
        ("[2 nm, 4.5 nm, 8 nm]", "{from: 2 nm, to: 8 nm, points: 6}", "over", "a plan of 12 points, expected at most 10"),
        ("limit: 10", "plan: zip", "over", "lists of one length"),
        ("limit: 10", "plan: gird", "plan", "did you mean 'grid'"),
        ("limit: 10", "plan: 3", "plan", "'grid', 'zip', or a mapping"),
        ("limit: 10", "plan: {sobol: {points: 100}}", "plan.sobol.points", "64 or 128"),
        ("limit: 10", "plan: {points: [{shell.thickness: 3 nm}]}", "over", "no 'over' beside a list"),
        ("limit: 10", "limt: 10", "limt", "'limit'"),
        ("limit: 10", "limit: 0", "limit", "above 0"),
        ("1 min", "1 m", "timeout", "a time"),
        ("200 nm}", "200 s}", "set.particle.radius", "[time]"),
        ("{particle.radius", "{particle.radios", "set.particle.radios", "'particle.radius'"),
        ("  - stress.first_principal.peak_MPa", "  - stress.first_principal.peak", "quantities.0", "'stress.first_principal.peak_MPa'"),
        ("  - max of", "  - mean of", "quantities.1", "'max', 'min' and 'last'"),
        ("history.surface_hoop_MPa", "history.surface_hop_MPa", "quantities.1", "surface_hoop_MPa"),
        ("history.surface_hoop_MPa", "surface_hoop_MPa", "quantities.1", "max of history.surface_hoop_MPa"),
        ("history.surface_hoop_MPa", "history.oxygen_retention", "quantities.1", "the section 'oxygen'"),
        ("of history.surface_hoop_MPa", "of  history.oxygen_retention", "quantities.1", "the section 'oxygen'"),
        ("scenario: lrmo-ru1.yaml", "scenario: lrmo-ru2.yaml", "scenario", "a scenario file that exists"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_where_it_is(folder: Path, old: str, new: str, path: str, part: str) -> None:
    error, start = refusal(folder / "s.yaml", TEXT, old, new)
    # What is wrong with a list of points is the key 'over' beside it.
    line = TEXT[: TEXT.index("over:")].count("\n") + 1 if path == "over" else start
    assert {(mistake.line, mistake.path) for mistake in error.mistakes} == {(line, path)}, str(error)
    assert part in str(error)


def test_a_point_that_is_wrong_as_a_whole_says_which(folder: Path) -> None:
    text = TEXT.replace("protocol.0.charge.rate: [0.1 C, 1 C]", "particle.radius: [5 nm, 100 nm]")
    (folder / "s.yaml").write_text(text)
    with pytest.raises(ScenarioError, match=r"in the point shell\.thickness = 8 nm, particle\.radius = 5 nm"):
        load_study(SWEEP, folder / "s.yaml")


def test_every_wrong_point_of_a_list_is_told(folder: Path) -> None:
    points = (
        "plan:\n  points:\n    - {shell.thickness: 3 nm}\n    - {shell.thickness: 3 kg}\n    - {shel: null}\n"
    )
    (folder / "s.yaml").write_text(TEXT[: TEXT.index("over:")] + points)
    with pytest.raises(ScenarioError) as caught:
        load_study(SWEEP, folder / "s.yaml")
    assert [(mistake.line, mistake.path) for mistake in caught.value.mistakes] == [
        (7, "plan.points.1.shell.thickness"),
        (8, "plan.points.2.shel"),
    ]


def test_mistakes_of_the_scenario_are_told_in_its_own_file(folder: Path) -> None:
    wrong = folder / "lrmo-ru1.yaml"
    wrong.write_text(wrong.read_text().replace("thickness:", "thicknes:"))
    (folder / "s.yaml").write_text(TEXT)
    with pytest.raises(ScenarioError) as caught:
        load_study(SWEEP, folder / "s.yaml")
    assert {mistake.file for mistake in caught.value.mistakes} == {str(wrong)}


def test_a_script_s_mistakes_have_no_lines(ru1: Scenario) -> None:
    with pytest.raises(ScenarioError, match=r"^sweep: over.shell.thickness.1: found '3 kg'"):
        sweep_of(ru1, {"over": {"shell.thickness": ["3 nm", "3 kg"]}})


def test_zip_takes_values_together(ru1: Scenario) -> None:
    over = {"shell.thickness": ["2 nm", "3 nm"], "shell.deficiency": {"from": 0.1, "to": 0.2, "points": 2}}
    assert values(sweep_of(ru1, {"over": over, "plan": "zip"})) == [("2 nm", 0.1), ("3 nm", 0.2)]


def test_a_range_in_degrees_celsius_is_one_of_temperatures(ru1: Scenario) -> None:
    sweep = sweep_of(ru1, {"over": {"temperature": {"from": "20 degC", "to": "60 °C", "points": 3}}})
    found = [sweep.base.with_values(point.values).get("temperature") for point in sweep.points]
    assert found == pytest.approx([293.15, 313.15, 333.15], rel=1e-9)
    listed = sweep_of(ru1, {"over": {"temperature": ["20 degC", "60 degC"]}})
    assert [point.shown for point in listed.points] == [
        (pytest.approx(293.15, rel=1e-12),),
        (pytest.approx(333.15, rel=1e-12),),
    ]
    column = study_of(listed, {}, {}, None).column("temperature")
    assert (column.unit, column.values) == ("K", pytest.approx((293.15, 333.15), rel=1e-12))


def test_ranges_are_written_in_the_unit_of_their_ends(ru1: Scenario) -> None:
    def spread(path: str, **ends: Any) -> list[Any]:
        return [value for (value,) in values(sweep_of(ru1, {"over": {path: ends}}))]

    assert spread("shell.thickness", **{"from": "2 nm", "to": "8 nm", "points": 4}) == [
        "2 nm",
        "4 nm",
        "6 nm",
        "8 nm",
    ]
    logs = spread(
        "material.diffusivity", **{"from": "1e-20 m^2/s", "to": "1e-18 m^2/s", "points": 3, "scale": "log"}
    )
    assert logs == ["1e-20 m^2/s", "1e-19 m^2/s", "1e-18 m^2/s"]
    assert spread("particle.radius", **{"from": "100 nm", "to": "0.2 um", "points": 2}) == [
        "1e-07 m",
        "2e-07 m",
    ]
    assert spread("shell.deficiency", **{"from": 0.1, "to": 0.3, "points": 3}) == [0.1, 0.2, 0.3]


RANGES = {
    "shell.thickness": {"from": "2 nm", "to": "8 nm"},
    "material.diffusivity": {"from": "1e-20 m^2/s", "to": "1e-18 m^2/s", "scale": "log"},
}


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_samples_fill_their_ranges_and_hang_on_the_seed_alone(kind: str, ru1: Scenario) -> None:
    def sample(seed: int) -> np.ndarray:
        sweep = sweep_of(ru1, {"over": RANGES, "plan": {kind: {"points": 16, "seed": seed}}})
        return np.array([point.shown for point in sweep.points])

    first = sample(1)
    # One point in each sixteenth of each range, by the construction of both samples.
    thickness = np.floor((first[:, 0] - 2e-9) / 6e-9 * 16)
    diffusivity = np.floor(np.log10(first[:, 1] / 1e-20) / 2 * 16)
    assert sorted(thickness) == sorted(diffusivity) == list(range(16))
    assert np.array_equal(first, sample(1))
    assert not np.array_equal(first, sample(2))


def test_a_sample_wants_ranges_without_points(ru1: Scenario) -> None:
    plan = {"latin_hypercube": {"points": 4}}
    with pytest.raises(ScenarioError, match="a range with 'from' and 'to'"):
        sweep_of(ru1, {"over": {"shell.thickness": ["2 nm"]}, "plan": plan})
    with pytest.raises(ScenarioError, match="the plan says how many"):
        sweep_of(
            ru1, {"over": {"shell.thickness": {"from": "2 nm", "to": "3 nm", "points": 2}}, "plan": plan}
        )


def test_values_of_any_kind_can_be_swept(ru1: Scenario) -> None:
    over = {"shell": [None, {"thickness": "3 nm", "deficiency": 0.1}], "material.drift": ["none", "lattice"]}
    sweep = sweep_of(ru1, {"over": over})
    assert [point.shown for point in sweep.points] == [
        ("none", "none"), ("none", "lattice"),
        ("thickness 3 nm, deficiency 0.1, profile linear", "none"),
        ("thickness 3 nm, deficiency 0.1, profile linear", "lattice"),
    ]  # fmt: skip


def test_a_section_and_what_is_in_it_can_be_swept_together(ru1: Scenario) -> None:
    sections = [{"thickness": "3 nm", "deficiency": d} for d in (0.1, 0.2)]
    sweep = sweep_of(ru1, {"over": {"shell": sections, "shell.thickness": ["4 nm", "5 nm"]}})
    assert [point.shown for point in sweep.points] == [
        (f"thickness {t} nm, deficiency {d}, profile linear", pytest.approx(t * 1e-9)) for d in (0.1, 0.2) for t in (4, 5)
    ]  # fmt: skip


# Keys.


def test_a_key_is_that_of_the_full_scenario_however_the_point_was_put_together(ru1: Scenario) -> None:
    over = {
        "shell.thickness": {"from": "2 nm", "to": "8 nm", "points": 4},
        "material.diffusivity": [
            "1e-19 m^2/s",
            "2e-19 m^2/s",
            {"expression": "1e-19*(1 + theta)", "unit": "m^2/s"},
        ],
        "protocol.0.charge.rate": ["0.1 C", "C/5"],
        "shell.profile": ["linear", "step"],
        "particle.radius": ["0.1 um", "150 nm"],
    }
    sweep = sweep_of(ru1, {"over": over})
    assert len({point.key for point in sweep.points}) == len(sweep.points) == 96
    assert [point.key for point in sweep.points] == [
        content_key(ru1.with_values(point.values)) for point in sweep.points
    ]
    # Alone, each point is validated in full.
    assert [point.group for point in sweep.points] == [
        resolve(ru1, [point.values])[0].group for point in sweep.points
    ]


@pytest.mark.parametrize(
    "same",
    [
        {"particle.radius": "0.15 um"},
        {"name": "other", "about": "words"},
        {"particle.radius": {"value": "150 nm", "status": "measured", "source": "elsewhere"}},
    ],
)
def test_a_key_is_of_what_is_computed_not_of_how_it_is_written(same: dict[str, Any], ru1: Scenario) -> None:
    assert content_key(ru1.with_values(same)) == content_key(ru1)


@pytest.mark.parametrize(
    "other",
    [
        {"particle.radius": "150.0000000001 nm"},
        {"numerics.time_tolerance": 2e-4},
        {"output.at.extracted": [0.2]},
        {"shell": None},
        {"protocol.0.charge.until.passed": 0.99},
        {"material.diffusivity": {"expression": "1.568e-19 + 0*theta", "unit": "m^2/s"}},
    ],
)
def test_a_key_changes_with_anything_that_could_change_a_number(other: dict[str, Any], ru1: Scenario) -> None:
    assert content_key(ru1.with_values(other)) != content_key(ru1)


def test_a_key_changes_with_the_version_and_with_an_imported_mesh(
    ru1: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mesh = tmp_path / "mesh.msh"
    mesh.write_text("one")
    particle = {"shape": "imported", "radius": "1 um", "mesh_file": str(mesh)}
    imported = ru1.with_values({"particle": particle})
    before = content_key(imported)
    mesh.write_text("two")
    assert content_key(imported) != before
    now = content_key(ru1)
    monkeypatch.setattr("oxyshell.version.__version__", "99")
    assert content_key(ru1) != now


def test_every_key_is_in_its_page() -> None:
    page = (SCENARIOS.parent / "docs" / "sweeps.md").read_text()
    schema = json_schema("sweep")
    keys = set(schema["properties"]).union(*(part.get("properties", {}) for part in schema["$defs"].values()))
    assert {key for key in keys if not re.search(rf"[`{{ ]{key}[`:,}}]", page)} == set()


# Quantities.


def test_the_columns_that_can_be_reduced_are_those_of_the_history() -> None:
    names = quantities.history_names()
    interests = {name: quantities.read(f"max of history.{name}") for name in names}
    declared = registry.observables(Where.HISTORY)
    assert {name: one.unit for name, one in interests.items()} == {
        name: one.unit for name, one in declared.items()
    }
    assert {name for name, one in interests.items() if not one.needs} == set(COLUMNS)
    optional = {one.name for one in registry.physics() if not one.in_every_run}
    assert {one.needs for one in interests.values()} == {"", *optional}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("steps", 7.0),
        ("max of history.time_s", 3.0),
        ("min of history.time_s", -1.0),
        ("last of history.time_s", 2.0),
    ],
)
def test_a_quantity_is_read_off_a_run(text: str, value: float) -> None:
    history = {"time_s": np.array([0.0, 3.0, -1.0, 2.0])}
    assert quantities.read(text).of(result_of({"steps": 7}, history)) == value


def test_a_quantity_that_a_run_does_not_have() -> None:
    with pytest.raises(KeyError):
        quantities.read("steps").of(result_of())
    with pytest.raises(KeyError):
        quantities.read("max of history.time_s").of(result_of(history={"time_s": np.array([])}))
    with pytest.raises(Refusal):
        quantities.read("stress")


def test_a_quantity_of_oxygen_that_some_points_lack_is_refused(tmp_path: Path) -> None:
    shutil.copy(SCENARIOS / "lrmo-charge-with-oxygen.yaml", tmp_path)
    text = (
        "sweep: s\nscenario: lrmo-charge-with-oxygen.yaml\nplan: {points: [{particle.radius: 150 nm}, {oxygen: null}]}\n"
        "quantities: [oxygen.retention, stress.hoop.peak_MPa]\n"
    )
    (tmp_path / "s.yaml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        load_any(tmp_path / "s.yaml")
    (mistake,) = caught.value.mistakes
    assert (mistake.line, mistake.path) == (4, "quantities.0")
    assert "1 of 2 points do not have" in mistake.found
