"""Whatever something is called: nothing of it reaches a terminal as a command, and files get it back."""

from __future__ import annotations

import csv
import io
import json
import logging
import math
import sys
from pathlib import Path

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oxyshell import cli
from oxyshell.cli.printing import print_all
from oxyshell.filenames import file_name
from oxyshell.language.mistakes import ScenarioError
from oxyshell.outputs import RunFolder
from oxyshell.outputs.progress import BarProgress, LineProgress
from oxyshell.printable import printable, printable_lines
from oxyshell.reports.page import Page, Parts, Section
from oxyshell.scenario.loading import loads
from oxyshell.scenario.overrides import parse_assignment
from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.study import Study
from oxyshell.studies.engine.tables import Column
from oxyshell.studies.registry import load_any
from oxyshell.studies.sweep import report
from oxyshell.studies.sweep.file import sweep_of
from tests.scenario.wrong_scenarios import BASE

ODD = (
    "=1+1",
    "+2",
    "-3",
    "@x",
    "'q",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "[/bold] [red]r :smile:",
    "#5 of {x} %s $\\foo$",
    'a,"b"\nc',
    "-1.5 eV",
    "\x85next\u2028line\u202e",
    "<script>&amp;",
    "x" * 20_000,
)


def study(names: tuple[str, ...] = ODD) -> Study:
    count = len(names)
    return Study(
        name=ODD[5],
        about=ODD[6],
        parameters=(Column("name", "1", names), Column("particle.radius", "nm", tuple([100.0] * count))),
        quantities=(Column("stress.hoop.peak_MPa", "MPa", (1.5, *[math.nan] * (count - 1))),),
        keys=tuple(f"{index:x}" for index in range(count)),
        status=("completed", *["failed"] * (count - 1)),
        reason=("", *names[1:]),
        remarks=((),) * len(names),
        wall_time_s=tuple([1.0] * count),
        solve_time_s=tuple([1.0] * count),
        provenance={"scenario": ODD[5], "sweep": ODD[12]},
        path=Path("results"),
    )


def commands(text: str) -> set[str]:
    """The characters of a text that a terminal could obey."""
    return {letter for letter in text if not letter.isprintable() and letter not in "\n\t"}


def test_a_table_gives_every_name_back(tmp_path: Path) -> None:
    study_store.write(study(), tmp_path)
    table = pandas.read_csv(tmp_path / "study.csv", comment="#", index_col="point")
    assert [cell.removeprefix("'") for cell in table["name"]] == list(ODD)
    assert [cell.removeprefix("'") for cell in table["reason"][1:]] == list(ODD[1:])
    assert list(study_store.read(tmp_path).parameters[0].values) == list(ODD)


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1), min_size=1, max_size=3
    )
)
def test_a_table_gives_any_name_back(names: list[str]) -> None:
    made = study(tuple(names))
    rows = list(csv.reader(io.StringIO(study_store._csv(made), newline="")))
    assert [row[1].removeprefix("'") for row in rows[2:]] == names


def test_no_text_is_a_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    study_store.write(
        study(("=1+1", "+2 cmd|x", "-3*A1", "@x", "\t=1", "\uff1dx", "-1.5 eV", "-2")), tmp_path
    )
    table = pandas.read_csv(tmp_path / "study.csv", comment="#", index_col="point", dtype=str)
    cells = list(table["name"])
    assert all(cell.startswith("'") for cell in cells[:6])
    # Numbers, with a unit or not, are what they are everywhere.
    assert cells[6:] == ["-1.5 eV", "-2"]


def test_a_screen_shows_control_characters_and_obeys_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    print_all(report.render(study()))
    told = capsys.readouterr().out
    assert commands(told) == set()
    assert "\\x1b[31mred\\x1b[0m" in told
    assert "[/bold] [red]r :smile:" in told


def test_a_page_shows_control_characters_and_no_tags() -> None:
    parts = Parts.of(report.render(study()))
    sections = [Section("Results", tables=parts.tables, sentences=parts.sentences, points=parts.remarks)]
    text = Page(study().name, "sweep", study().about, sections).html()
    assert commands(text) == set()
    assert "\\x1b[31mred\\x1b[0m" in text
    assert "&lt;script&gt;&amp;amp;" in text
    assert "<script>" not in text


def test_progress_and_log_show_control_characters(tmp_path: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = io.StringIO()
    with LineProgress(stream) as told:
        told.message(ODD[5])
    assert stream.getvalue() == "[  0%] \\x1b[31mred\\x1b[0m\n"
    terminal = Terminal()
    with BarProgress(terminal) as bar:
        bar.update(0.5, ODD[6])
        bar.message(ODD[6])
        bar.message(ODD[7])
    assert "\x1b]0;" not in terminal.getvalue()
    assert "[/bold] [red]r :smile:" in terminal.getvalue()
    with RunFolder(tmp_path / "run") as folder:
        folder.start("name: x\n")
        logging.getLogger("oxyshell").info("the run of %s", ODD[5])
    log = (tmp_path / "run" / "run.log").read_text()
    assert "the run of \\x1b[31mred\\x1b[0m\n" in log
    assert commands(log) == set()


def test_errors_show_control_characters(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["oxyshell", "run", "\x1b[2J.yaml"])
    with pytest.raises(SystemExit):
        cli.main()
    told = capsys.readouterr().err
    assert commands(told) == set()
    assert "\\x1b[2J.yaml" in told


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BASE.replace("name: base", 'name: "a\\0b"'), 1),
        (BASE.replace("source: test", 'source: "a\\0b"'), 5),
        ('sweep: "a\\0b"\nscenario: base.yaml\nover: {shell.thickness: [2 nm]}\n', 1),
        ('sweep: a\nscenario: base.yaml\nplan:\n  points: [{name: "a\\0b"}]\n', 4),
        ('sweep: a\nscenario: base.yaml\nover:\n  "shell\\0": [null]\n', 4),
        ('comparison: a\nsystems:\n  "o\\0ne": {scenario: base.yaml}\n', 3),
        ('calibrate: c\nabout: "\\0"\nsystems: {}\nparameters: []\ntargets: []\n', 2),
        ('sensitivity: c\nabout: x\nranges: {"\\0": {from: 1, to: 2}}\n', 3),
        ('design: "c\\0"\nobjectives: []\n', 1),
        ("sweep: a\nabout: b\0c\n", 2),
        ("sweep: a\nabout: b\x1bc\n", 2),
    ],
)  # fmt: skip
def test_nul_is_refused_at_its_line_in_every_kind_of_file(text: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE)
    (tmp_path / "file.yaml").write_bytes(text.encode())
    with pytest.raises(ScenarioError) as caught:
        load_any(tmp_path / "file.yaml")
    (mistake,) = caught.value.mistakes
    assert mistake.line == line
    assert mistake.expected == "a text of whole characters, without NUL (\\0)"
    assert str(mistake).isprintable()


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_script_cannot_give_such_names_either(name: str) -> None:
    base = loads(BASE)
    for change in ({"name": name}, {"name": {"value": name}}):
        with pytest.raises(ScenarioError, match="without NUL"):
            base.with_values(change)
    for entries in (
        {"sweep": name, "over": {"shell.thickness": ["2 nm"]}},
        {"over": {"name": [name]}},
        {"plan": {"points": [{"name": name}]}},
    ):
        with pytest.raises(ScenarioError, match="without NUL"):
            sweep_of(base, entries)
    with pytest.raises(ScenarioError, match="without NUL"):
        parse_assignment('name="a\\0b"')


def test_a_name_of_any_length_and_kind_is_written_and_read_again() -> None:
    for name in (*ODD, "\N{GRINNING FACE}" * 20_000, " ", "~", "null", "1.5", "\x7f\x80"):
        scenario = loads(BASE.replace("name: base", f"name: {json.dumps(name)}"))
        assert scenario.name == name
        assert loads(scenario.to_yaml()).name == name


@pytest.mark.parametrize("name", ["pristine", "without layer, islands", "Li₂MnO₃ (a)", "-x", " ", "a.b"])
def test_usual_names_are_those_of_their_folders(name: str) -> None:
    assert file_name(name) == name


@given(st.text(max_size=400), st.text(max_size=400))
def test_folders_of_different_names_are_different_and_in_their_place(one: str, other: str) -> None:
    name = file_name(one)
    assert name not in ("", ".", "..")
    assert not set(name) & {"/", "\0"}
    assert not name.startswith(".")
    assert len(name.encode()) < 200
    assert name.isprintable()
    assert (file_name(other) == name) == (one == other)


@pytest.mark.parametrize("name", [".", "..", "", "a/b", "../../x", "a\\b", "\x1b[2J", "x" * 20_000, "\ud800"])
def test_other_names_get_a_digest(name: str, tmp_path: Path) -> None:
    (tmp_path / file_name(name)).mkdir()
    assert [entry.parent for entry in tmp_path.iterdir()] == [tmp_path]
    assert file_name(name) != name


def test_printable_text_is_left_as_it_is() -> None:
    assert printable("µmol/(g min), 1 → 2") == "µmol/(g min), 1 → 2"
    assert printable("a\n\xa0\ud800") == "a\\n\\xa0\\ud800"
    assert printable_lines("a\n\t\xa0\u202fb\x1b\x9b") == "a\n\t\xa0\u202fb\\x1b\\x9b"
