"""Files of another kind than the one that was asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import oxyshell
from oxyshell.errors import InputError
from oxyshell.language.kinds import FileKind
from oxyshell.language.mistakes import ScenarioError
from oxyshell.language.sections import Section
from oxyshell.scenario.loading import loads
from oxyshell.studies.engine.study_file import StudyFile
from oxyshell.studies.engine.study_kind import StudyKind
from oxyshell.studies.registry import json_schema, load_any, load_study, register, studies
from tests.scenario.wrong_scenarios import BASE

LOADERS: dict[str, Callable[[Path], object]] = {
    "run": oxyshell.load,
    **{study.file.command: partial(load_study, study) for study in studies()},
}
FILES = {
    "run": BASE,
    "compare": "comparison: c\nsystems: {one: {scenario: base.yaml}}\n",
    "sweep": "sweep: s\nscenario: base.yaml\nover: {particle.radius: [100 nm]}\n",
    "calibrate": "calibrate: c\nsystems: {one: {scenario: base.yaml}}\n"
    "parameters: [{parameter: particle.radius, bounds: [100 nm, 200 nm]}]\n"
    "targets: [{quantity: stress.hoop.peak_MPa, system: one, value: 500, uncertainty: 5}]\n",
    "sensitivity": "sensitivity: s\nscenario: base.yaml\n"
    "ranges: {particle.radius: {from: 100 nm, to: 200 nm}}\n",
    "optimise": "design: d\nscenario: base.yaml\nvariables: {particle.radius: {from: 100 nm, to: 200 nm}}\n"
    "objectives:\n- {name: a, quantity: stress.hoop.peak_MPa, goal: minimise}\n"
    "- {name: b, quantity: steps, goal: minimise}\nreference: {name: r, set: {}}\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE)
    for command, text in FILES.items():
        (tmp_path / f"{command}.yaml").write_text(text)
    return tmp_path


@pytest.mark.parametrize("command", LOADERS)
def test_a_file_of_another_kind_is_named_with_the_command_that_runs_it(command: str, folder: Path) -> None:
    for other in FILES:
        file = folder / f"{other}.yaml"
        if other == command:
            assert LOADERS[command](file)
            continue
        with pytest.raises(ScenarioError) as caught:
            LOADERS[command](file)
        (mistake,) = caught.value.mistakes
        assert (mistake.file, mistake.line) == (str(file), 1)
        assert mistake.found.endswith(f", which 'oxyshell {other} {file}' runs")


def test_a_study_in_the_place_of_a_scenario_is_named_too(folder: Path) -> None:
    for command in ("compare", "sweep", "calibrate", "sensitivity", "optimise"):
        (folder / "study.yaml").write_text(FILES[command].replace("base.yaml", "sweep.yaml"))
        with pytest.raises(ScenarioError) as caught:
            LOADERS[command](folder / "study.yaml")
        (mistake,) = caught.value.mistakes
        assert mistake.file == str(folder / "sweep.yaml")
        assert mistake.found.startswith("a sweep, which 'oxyshell sweep")


class Questionnaire(Section):
    """The file of a study that is not in the package."""

    question: str
    """The question."""


# What `StudyKind.module` has.
FILE = StudyFile(Questionnaire, lambda section, references: section.question)


def test_a_study_of_one_s_own_is_a_module_and_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oxyshell.studies.registry._STUDIES", [*studies()])
    monkeypatch.setitem(sys.modules, "questionnaire", sys.modules[__name__])
    kind = FileKind("questionnaire", "a questionnaire", "ask", frozenset({"question"}))
    register(StudyKind(kind, ("answers.json",), "questionnaire"))
    (folder / "q.yaml").write_text("question: why?\n")
    assert load_any(folder / "q.yaml") == "why?"
    assert json_schema("questionnaire")["properties"]["question"]["description"] == "The question."
    with pytest.raises(ScenarioError, match="a questionnaire, which 'oxyshell ask"):
        oxyshell.load(folder / "q.yaml")
    with pytest.raises(ValueError, match="there is a kind of file 'questionnaire' already"):
        register(StudyKind(kind, (), "questionnaire"))


def test_a_schema_of_no_kind_says_which_there_are() -> None:
    expected = "the unknown kind 'swep', expected one of 'scenario', 'material', 'comparison'"
    with pytest.raises(InputError, match=expected):
        json_schema("swep")


@pytest.mark.parametrize(
    ("extra", "part"),
    [
        ("over: {particle.radius: [1 nm]}\n", "it belongs to a sweep"),
        ("factorial: {}\n", "it belongs to a comparison"),
        ("ranges: {}\n", "it belongs to a sensitivity analysis"),
        ("objectives: []\n", "it belongs to a design study"),
        ("targets: []\n", "it belongs to a calibration"),
        (
            "repeat: 3\n",
            "expected an entry 'repeat' of the protocol, with its 'times' and 'steps'; there is no key",
        ),
        ("cycles: 3\n", "there is no key 'cycles' here"),
    ],
)
def test_a_key_of_another_kind_is_named_as_such(extra: str, part: str, folder: Path) -> None:
    (folder / "base.yaml").write_text(BASE + extra)
    for read in (oxyshell.load, load_any):
        with pytest.raises(ScenarioError) as caught:
            read(folder / "base.yaml")
        (mistake,) = caught.value.mistakes
        assert mistake.path == extra.partition(":")[0]
        assert part in str(mistake)


def test_a_step_that_there_is_not_gets_all_that_there_are() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(BASE.replace("  - rest: {time: 1 h}", "  - {cccv: {rate: 1 C}}"))
    (mistake,) = caught.value.mistakes
    assert mistake.path == "protocol.1"
    assert mistake.expected.startswith("one of 'charge', 'discharge', 'rest', 'hold', 'current', 'repeat'")


def test_what_a_decimal_comma_leaves_behind_is_explained() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(BASE.replace("volume_change: 3.62 %", "volume_change: 3,62 %"))
    told = {mistake.path: mistake.expected for mistake in caught.value.mistakes}
    key = "material.chemical_strain.62 %"
    assert told[key] == "a decimal point in place of the comma before it, which begins another key"
