"""Results of another scenario or study are not lost unless that is asked for."""

from __future__ import annotations

import inspect
import json
import shutil
from pathlib import Path
from typing import Any

import h5py
import pytest

import oxyshell
from oxyshell.errors import InputError, ResumeError
from oxyshell.outputs.folder import CHECKPOINT, ENDED_EARLY, SUMMARY
from oxyshell.running import simulation
from oxyshell.running.overwrite_protection import claim_for_run
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.calibration import CALIBRATION
from oxyshell.studies.comparison import COMPARISON
from oxyshell.studies.design import DESIGN
from oxyshell.studies.engine.study_kind import StudyKind
from oxyshell.studies.held_results import claim
from oxyshell.studies.sensitivity import SENSITIVITY
from oxyshell.studies.sweep import SWEEP
from tests.lrmo import scenario_file
from tests.program import call

TEXT = scenario_file(
    "small",
    protocol="[{charge: {rate: 0.1 C, until: {extracted: 0.05}}}]",
    numerics="{elements: {bulk: 4}, time_tolerance: 1e-2}",
)


@pytest.fixture(scope="module")
def small() -> Scenario:
    return loads(TEXT)


def leave(folder: Path, scenario: Scenario, *names: str, log: str = "") -> Path:
    """A folder with the scenario of a run and files of these names."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.yaml").write_text(scenario.to_yaml())
    (folder / "run.log").write_text(log)
    for name in names:
        (folder / name).write_text("{}")
    return folder


def test_two_files_of_the_same_stem_do_not_replace_each_other_s_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(simulation, "draw", lambda *_: None)  # this is about folders
    for place, name in (("a", "small"), ("b", "other")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "run.yaml").write_text(TEXT.replace("small", name))
    assert call(monkeypatch, "run", "a/run.yaml", "--quiet") == 0
    before = (tmp_path / "results/run/summary.json").read_bytes()
    assert call(monkeypatch, "run", "b/run.yaml", "--quiet") == 2
    told = capsys.readouterr().err
    for words in ("results/run", "'small'", "name was 'small', is 'other'", "--overwrite", "--out"):
        assert words in told
    assert (tmp_path / "results/run/summary.json").read_bytes() == before
    # The same scenario is run again, and the other one if that is said.
    assert call(monkeypatch, "run", "a/run.yaml", "--quiet") == 0
    assert call(monkeypatch, "run", "b/run.yaml", "--quiet", "--overwrite") == 0
    assert "name: other" in (tmp_path / "results/run/scenario.yaml").read_text()


def test_a_script_is_refused_likewise(tmp_path: Path, small: Scenario) -> None:
    leave(tmp_path / "run", small, "history.csv", SUMMARY)
    other = small.with_values({"particle.radius": "100 nm"})
    with pytest.raises(InputError, match=r"another scenario, 'small' \(particle.radius was '150 nm'"):
        oxyshell.run(other, tmp_path / "run")
    assert json.loads((tmp_path / "run" / SUMMARY).read_text()) == {}
    assert oxyshell.run(other, tmp_path / "run", overwrite=True).summary["status"] == "completed"
    for function in (oxyshell.run, oxyshell.compare, oxyshell.calibrate, oxyshell.sweep):
        parameter = inspect.signature(function).parameters["overwrite"]
        assert (parameter.default, parameter.kind) == (False, inspect.Parameter.KEYWORD_ONLY)


@pytest.mark.parametrize(
    ("files", "log", "kept"),
    [
        ((SUMMARY,), "", True),
        ((SUMMARY, CHECKPOINT), "", True),
        ((CHECKPOINT,), "", True),  # killed
        ((CHECKPOINT,), f"{ENDED_EARLY}RunStopped: stopped by SIGTERM", True),
        ((CHECKPOINT,), f"{ENDED_EARLY}OutputError: the disk is full", True),
        ((CHECKPOINT,), f"{ENDED_EARLY}SolverError: the time step", False),
        ((CHECKPOINT,), f"{ENDED_EARLY}SolverError: a\n{ENDED_EARLY}RunStopped: b", True),
        ((), "", False),
    ],
)
def test_what_is_finished_or_can_be_resumed_is_kept(
    files: tuple[str, ...], log: str, kept: bool, tmp_path: Path, small: Scenario
) -> None:
    folder = leave(tmp_path / "run", small, *files, log=log)
    other = small.with_values({"particle.radius": "100 nm"})
    claim_for_run(folder, small, overwrite=False)
    claim_for_run(folder, other, overwrite=True)
    claim_for_run(folder, other, overwrite=False, but={"particle.radius"})
    if kept:
        with pytest.raises(InputError, match="--overwrite"):
            claim_for_run(folder, other, overwrite=False)
    else:
        claim_for_run(folder, other, overwrite=False)


def test_the_same_numbers_in_other_words_are_the_same_scenario(tmp_path: Path, small: Scenario) -> None:
    folder = leave(tmp_path / "run", small, SUMMARY)
    claim_for_run(
        folder, small.with_values({"particle.radius": "0.15 um", "about": "told anew"}), overwrite=False
    )
    with pytest.raises(InputError):
        claim_for_run(folder, small.with_values({"name": "another"}), overwrite=False)


def test_a_scenario_that_cannot_be_read_any_more_is_kept(tmp_path: Path, small: Scenario) -> None:
    folder = leave(tmp_path / "run", small, SUMMARY)
    (folder / "scenario.yaml").write_text("name: of another version\n")
    with pytest.raises(InputError, match="of another scenario"):
        claim_for_run(folder, small, overwrite=False)


STUDIES: list[tuple[str, dict[str, str], tuple[StudyKind[Any], str, str]]] = [
    ("comparison.json", {"comparison": "one", "inputs": "a"}, (COMPARISON, "one", "a")),
    ("calibration.json", {"calibration": "one", "inputs": "a"}, (CALIBRATION, "one", "a")),
    ("sensitivity.json", {"sensitivity": "one"}, (SENSITIVITY, "one", "")),
    ("design.json", {"design": "one"}, (DESIGN, "one", "")),
]


@pytest.mark.parametrize(("file", "content", "study"), STUDIES, ids=lambda value: str(value)[:12])
def test_a_study_makes_room_for_itself_alone(
    file: str, content: dict[str, str], study: tuple[StudyKind[Any], str, str], tmp_path: Path
) -> None:
    (tmp_path / file).write_text(json.dumps(content))
    (tmp_path / "notes.txt").write_text("mine")
    kind, name, digest = study
    claim(tmp_path, kind, name, False, digest)
    others = [
        (kind, "another", digest),
        *((other, "one", "a") for *_, (other, _, _) in STUDIES if other != kind),
        (SWEEP, "one", ""),
        *([(kind, "one", "b")] if digest else []),
    ]
    for other, title, inputs in others:
        with pytest.raises(InputError, match=r"holds the results of .*, 'one'; this is .*--overwrite"):
            claim(tmp_path, other, title, False, inputs)
    assert (tmp_path / file).exists()
    claim(tmp_path, kind, "another", True, digest)
    assert [entry.name for entry in tmp_path.iterdir()] == ["notes.txt"]


def test_a_sweep_may_change_under_its_title(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "study.h5", "w") as file:
        file.attrs["name"] = "one"
    claim(tmp_path, SWEEP, "one", False)
    # Their runs are a sweep of the same name.
    claim(tmp_path, SENSITIVITY, "one", False)
    with pytest.raises(InputError, match="'one'; this is a sweep, 'another'"):
        claim(tmp_path, SWEEP, "another", False)
    claim(tmp_path, SWEEP, "another", True)
    assert list(tmp_path.iterdir()) == []


def test_a_run_is_no_place_for_a_study(tmp_path: Path, small: Scenario) -> None:
    leave(tmp_path, small, SUMMARY)
    for overwrite in (False, True):
        with pytest.raises(InputError, match="holds the results of a run"):
            claim(tmp_path, SWEEP, "one", overwrite)
    assert (tmp_path / SUMMARY).exists()


def test_every_study_refuses_the_folder_of_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "small.yaml").write_text(TEXT)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "comparison.json").write_text(json.dumps({"comparison": "of others", "inputs": "a"}))
    radius = "{particle.radius: {from: 100 nm, to: 200 nm}}"
    peak = "stress.hoop.peak_MPa"
    files = {
        "compare": "comparison: c\nsystems: {one: {scenario: small.yaml}}\n",
        "sweep": "sweep: s\nscenario: small.yaml\nover: {particle.radius: [100 nm]}\n",
        "calibrate": "calibrate: c\nsystems: {one: {scenario: small.yaml}}\n"
        "parameters: [{parameter: particle.radius, bounds: [100 nm, 200 nm]}]\n"
        f"targets: [{{quantity: {peak}, system: one, value: 500, uncertainty: 5}}]\n",
        "sensitivity": f"sensitivity: s\nscenario: small.yaml\nranges: {radius}\n",
        "optimise": f"design: d\nscenario: small.yaml\nvariables: {radius}\n"
        f"objectives:\n- {{name: a, quantity: {peak}, goal: minimise}}\n"
        "- {name: b, quantity: steps, goal: minimise}\nreference: {name: r, set: {}}\n",
    }
    for command, text in files.items():
        (tmp_path / "study.yaml").write_text(text)
        assert call(monkeypatch, command, tmp_path / "study.yaml", "--out", tmp_path / "out", "--quiet") == 2
        told = capsys.readouterr().err
        assert "holds the results of a comparison, 'of others'" in told
        assert [entry.name for entry in (tmp_path / "out").iterdir()] == ["comparison.json"]


def test_a_comparison_does_not_replace_the_run_of_something_else(tmp_path: Path, small: Scenario) -> None:
    (tmp_path / "small.yaml").write_text(TEXT)
    (tmp_path / "study.yaml").write_text("comparison: c\nsystems: {one: {scenario: small.yaml}}\n")
    leave(tmp_path / "out" / "one", small.with_values({"particle.radius": "90 nm"}), "history.csv", SUMMARY)
    with pytest.raises(InputError, match="out/one holds finished results of another scenario"):
        oxyshell.compare(tmp_path / "study.yaml", tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "one")
    oxyshell.compare(tmp_path / "study.yaml", tmp_path / "out")
    found = json.loads((tmp_path / "out" / "comparison.json").read_text())
    assert len(found["inputs"]) == 64  # SHA-256 in hexadecimal digits
    oxyshell.compare(tmp_path / "study.yaml", tmp_path / "out")
    (tmp_path / "study.yaml").write_text(
        "comparison: c\nsystems: {one: {scenario: small.yaml, set: {particle.radius: 90 nm}}}\n"
    )
    with pytest.raises(InputError, match="with the same title and other contents"):
        oxyshell.compare(tmp_path / "study.yaml", tmp_path / "out")


def test_a_run_of_another_version_is_not_said_to_be_one_of_another_scenario(
    tmp_path: Path, small: Scenario
) -> None:
    folder = leave(tmp_path / "run", small, "history.csv", CHECKPOINT)
    before = small.to_yaml()
    loop = "  loop: compiled\n"  # a key that earlier versions do not have
    assert loop in before
    (folder / "scenario.yaml").write_text(before.replace(loop, ""))
    with pytest.raises(ResumeError, match="this scenario by another version"):
        oxyshell.run(small, folder, resume=True)
