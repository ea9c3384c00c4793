"""Experiments of PyBaMM, written as its documentation does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.importing.reading import read_protocol
from oxyshell.scenario.loading import loads
from tests.scenario.protocol.written import with_protocol

TEXT = """\
# An experiment.
Charge at C/10 until 4.8 V
"Hold at 4.8 V until C/50",
Discharge at 1C for 30 minutes (1 minute period)
Rest for 1 hour
Discharge at C/3 for 2 hours or until 2.5 V
"""


def read(folder: Path, text: str, name: str = "experiment.txt") -> Any:
    path = folder / name
    path.write_text(text)
    return read_protocol(path)


def test_one_text_in_each_line(tmp_path: Path) -> None:
    found = read(tmp_path, TEXT)
    assert found.protocol == [
        {"charge": {"rate": "C/10", "until": {"voltage": "4.8 V"}}},
        {"hold": {"voltage": "4.8 V", "until": {"rate": "C/50"}}},
        {"discharge": {"rate": "1C", "until": {"time": "30 minutes"}}},
        {"rest": {"time": "1 hour"}},
        {"discharge": {"rate": "C/3", "until": {"time": "2 hours", "voltage": "2.5 V"}}},
    ]
    assert list(found.left_out) == ["a period of '1 minute' between outputs; see output.at."]


def test_the_imported_part_is_read_as_the_same_steps(tmp_path: Path) -> None:
    part = read(tmp_path, TEXT).to_yaml()
    scenario = with_protocol(
        "charge at C/10 until 4.8 V",
        "hold at 4.8 V until C/50",
        "discharge at 1 C for 30 min",
        "rest for 1 h",
        "discharge at C/3 for 2 h or until 2.5 V",
    )
    body = scenario.to_yaml()
    assert loads(body[: body.index("protocol:")] + part).steps == scenario.steps


CYCLES = """\
- Charge at C/10 until 4.8 V
- [Charge at 1C until 4.8 V, Discharge at 1C until 2 V]
- [Charge at 1C until 4.8 V, Discharge at 1C until 2 V]
- [Charge at 2C until 4.8 V, Discharge at 1C until 2 V]
"""


@pytest.mark.parametrize("name", ["experiment.yaml", "experiment.json"])
def test_lists_are_cycles_and_equal_ones_are_one_repeat(name: str, tmp_path: Path) -> None:
    first, second, third = read(tmp_path, CYCLES, name).protocol
    assert list(first) == ["charge"]
    assert [second["repeat"]["times"], third["repeat"]["times"]] == [2, 1]
    assert second["repeat"]["steps"] == [
        {"charge": {"rate": "1C", "until": {"voltage": "4.8 V"}}},
        {"discharge": {"rate": "1C", "until": {"voltage": "2 V"}}},
    ]


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("Discharge at 3 A until 2 V", 14, "the current of a whole cell, '3 A'"),
        ("Charge at 200 mA for 45 minutes", 11, "the current of a whole cell, '200 mA'"),
        ("Hold at 4.1 V until 50mA", 21, "the current of a whole cell, '50mA'"),
        ("Discharge at 1W for 0.5 hours", 14, "a power, '1W'"),
        ("Charge at 200mW for 45 minutes", 11, "a power"),
        ("Discharge at 5 ohms for 1 hour", 14, "a resistance"),
        ("Charge at 1C for 1 hour at 25 oC", 28, "a temperature"),
        ("Run US06 (A)", 1, "a drive cycle"),
        ("Dischrge at 1C for 0.5 hours", 1, "'Dischrge', expected 'discharge'"),
        ("Charge at 1C", 13, "no end"),
        ("Rest", 5, "the end of the text"),
    ],
)
def test_what_has_no_counterpart_is_refused_at_its_line_and_column(
    text: str, column: int, words: str, tmp_path: Path
) -> None:
    for name, content, before in (
        ("a.txt", f"Rest for 1 h\n  {text}\n", 2),
        ("a.yaml", f"- Rest for 1 h\n- {text}\n", 2),
    ):
        with pytest.raises(ScenarioError) as caught:
            read(tmp_path, content, name)
        (mistake,) = caught.value.mistakes
        assert (mistake.line, mistake.column) == (2, before + column)
        assert words in str(mistake)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.txt", "# nothing\n", "an empty file"),
        ("a.yaml", "- [Rest for 1 h, 5]\n", "found 5, expected a text"),
        ("a.yaml", "- []\n", "an empty list, expected the steps of a cycle"),
        ("a.yaml", "steps: 1\n", "a file of aurora-unicycler"),
        ("a.json", "{}", "a file of aurora-unicycler"),
        ("a.json", '{"method": []}', "an empty list, expected a list of steps"),
        ("a.json", '{"method": [{"step": "tag", "tag": "a"}], "more": 1}', "the unknown key 'more'"),
    ],
)
def test_other_files_are_refused(name: str, text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=words):
        read(tmp_path, text, name)


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        read_protocol(tmp_path / "none.txt")
