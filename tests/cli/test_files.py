from __future__ import annotations

import json
from pathlib import Path

import pytest

from oxyshell import load
from oxyshell.meshes.ball import ball_arrays
from tests.meshes.files import COARSE, HALF, RADIUS, foreign, write
from tests.program import SCENARIOS, call


def test_the_shipped_files_are_valid(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    files = sorted(SCENARIOS.glob("*.yaml"))
    assert len(files) >= 4
    assert call(monkeypatch, "validate", *files) == 0
    assert capsys.readouterr().out.count(": valid") == len(files)


def test_validate_reports_the_mistakes_of_all_files_and_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text("name: 3 kg\n")
    other.write_text("nome: x\n")
    assert call(monkeypatch, "validate", one, SCENARIOS / "lrmo-ru1.yaml", other) == 2
    told = capsys.readouterr()
    assert "one.yaml:" in told.err
    assert "other.yaml:1:1" in told.err
    assert "lrmo-ru1.yaml: valid" in told.out
    assert sorted(tmp_path.iterdir()) == [one, other]


def test_validate_writes_resolved_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "validate", SCENARIOS / "lrmo-ru1.yaml", "--out", tmp_path, "--quiet") == 0
    assert load(tmp_path / "lrmo-ru1.yaml") == load(SCENARIOS / "lrmo-ru1.yaml")


def test_validate_says_what_a_layer_has_of_the_particle_s_material(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    text = (SCENARIOS / "nmc811-half-cell.yaml").read_text()
    wanting, whole = tmp_path / "wanting.yaml", tmp_path / "whole.yaml"
    wanting.write_text(f"{text}\nshell: {{from: Li2MnO3, thickness: 5 nm}}\n")
    whole.write_text(f"{text}\nshell: {{from: NMC111, thickness: 5 nm}}\n")
    assert call(monkeypatch, "validate", wanting, whole) == 0
    one, said, other = capsys.readouterr().out.splitlines()
    assert one == f"{wanting}: valid"
    assert "shell is of another material without 'diffusivity', 'chemical_strain', 'elasticity'" in said
    assert "those of the particle's material are taken" in said
    assert other == f"{whole}: valid"


@pytest.mark.parametrize("kind", ["scenario", "comparison", "sweep"])
def test_the_schema_is_json_with_the_kind_s_own_keys(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    assert call(monkeypatch, "schema", "--kind", kind) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {"scenario": "particle", "comparison": "systems", "sweep": "over"}[kind] in printed["properties"]
    assert call(monkeypatch, "schema", "--kind", kind, "--out", tmp_path) == 0
    assert json.loads((tmp_path / f"{kind}.schema.json").read_text()) == printed


def test_an_unknown_kind_of_schema_is_a_mistake(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "schema", "--kind", "poem") == 2
    told = capsys.readouterr().err
    assert "found the unknown kind 'poem', expected one of 'scenario', 'material', 'comparison'" in told


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"length_unit": "m"}, "check length_unit. With length_unit: m, the farthest point"),
        (
            {"length_unit": "nm", "multiplicity": 8},
            "multiplicity is 8, but the symmetry planes",
        ),
    ],
)
def test_validate_reads_the_mesh_that_a_run_would_refuse(
    keys: dict[str, object], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    mesh = write(foreign(ball_arrays(HALF, 0.1, COARSE)), tmp_path / "half.msh")
    scenario = load(SCENARIOS / "nmc811-half-cell.yaml")
    wrong, right = tmp_path / "wrong.yaml", tmp_path / "right.yaml"
    for file, chosen in ((wrong, keys), (right, {"length_unit": "nm"})):
        given = {"shape": "imported", "radius": f"{RADIUS} nm", "mesh_file": f"{mesh}", **chosen}
        file.write_text(scenario.with_values({"particle": given}).to_yaml())
    assert call(monkeypatch, "validate", wrong, right) == 2
    said = capsys.readouterr()
    assert said.err.startswith(f"{wrong}: ")
    assert told in said.err
    assert f"{right}: valid" in said.out
    assert f"{wrong}: valid" not in said.out
