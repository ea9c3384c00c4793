from __future__ import annotations

import re
from pathlib import Path

import pytest

from oxyshell.errors import InputError
from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.loading import loads
from oxyshell.studies.registry import load_any
from tests.scenario.wrong_scenarios import (
    BASE,
    CLOSED_COATING,
    WITH_OXYGEN,
    WRONG_SCENARIOS,
    WrongScenario,
)


def test_the_edited_bases_are_valid() -> None:
    assert loads(BASE).oxygen is None
    for text in (WITH_OXYGEN, CLOSED_COATING):
        assert loads(text).oxygen is not None


def test_there_are_many_and_each_has_its_own_name() -> None:
    names = [case.name for case in WRONG_SCENARIOS]
    assert len(names) == len(set(names)) >= 60


@pytest.mark.parametrize("case", WRONG_SCENARIOS, ids=lambda case: case.name)
def test_the_mistake_is_found_where_it_is(case: WrongScenario, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes(case.content)
    with pytest.raises(ScenarioError) as caught:
        load_any(path)
    mistakes = {(mistake.line, mistake.path): mistake for mistake in caught.value.mistakes}
    assert (case.line, case.path) in mistakes, str(caught.value)
    assert case.part in str(mistakes[case.line, case.path])
    assert str(mistakes[case.line, case.path]).startswith(f"{path}:{case.line}:")


# One mistake that is rightly told in two places.
_TWICE = {"rate without cell", "misspelt length unit"}


@pytest.mark.parametrize("case", WRONG_SCENARIOS, ids=lambda case: case.name)
def test_nothing_else_is_blamed(case: WrongScenario, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes(case.content)
    with pytest.raises(InputError) as caught:
        load_any(path)
    allowed = 2 if case.name in _TWICE else 1
    assert len(str(caught.value).splitlines()) <= allowed, str(caught.value)


@pytest.mark.parametrize("case", WRONG_SCENARIOS, ids=lambda case: case.name)
def test_no_word_is_said_twice_in_a_row(case: WrongScenario, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes(case.content)
    with pytest.raises(ScenarioError) as caught:
        load_any(path)
    # What stands in quotation marks is the user's.
    for line in str(caught.value).splitlines():
        assert not re.search(r"\b([a-z]+) \1\b", re.sub(r"'[^']*'", "", line)), line


@pytest.mark.parametrize("text", ["a: [1, 2\n", "a: 'b\n", "a: @b\n", "a: *b\n", "a: b: c\n", "- a\nb: c\n"])
def test_what_is_no_yaml_is_said_in_whole_sentences(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(text, "no.yaml")
    (mistake,) = caught.value.mistakes
    assert mistake.found.startswith("text that is not YAML: ")
    assert "found found" not in str(mistake)
    assert "YAML: found" not in str(mistake)


def test_of_very_many_mistakes_the_first_are_told_and_their_number() -> None:
    text = BASE.replace("time: [1 h]", f"time: [{', '.join(['1 kg'] * 1000)}]")
    with pytest.raises(ScenarioError) as caught:
        loads(text, "many.yaml")
    assert len(caught.value.mistakes) == 1000
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[19].startswith("many.yaml:35:")
    assert ".time.19: found '1 kg'" in lines[19]
    assert lines[20] == "many.yaml: 1000 mistakes, of which these are the first 20"
    twenty = BASE.replace("time: [1 h]", f"time: [{', '.join(['1 kg'] * 20)}]")
    with pytest.raises(ScenarioError) as caught:
        loads(twenty, "twenty.yaml")
    assert len(str(caught.value).splitlines()) == 20


@pytest.mark.parametrize(
    "text",
    [
        BASE + f"{'k' * 20_000}: 1\n",
        BASE.replace("source: test", f"{'k' * 20_000}: test"),
        BASE.replace("drift: lattice", f"drift: {'k' * 20_000}"),
        BASE.replace(
            "  - rest: {time: 1 h}", "  - {" + ", ".join(f"k{index}: 1" for index in range(5000)) + "}"
        ),
    ],
)
def test_a_message_is_short_whatever_the_file_holds(text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(text, "long.yaml")
    assert 0 < len(str(caught.value)) < 1000


def test_several_mistakes_are_told_together_in_the_order_of_the_file() -> None:
    text = BASE.replace("150 nm", "150 kg").replace("drift: lattice", "drft: lattice").replace("0.22", "2")
    with pytest.raises(ScenarioError) as caught:
        loads(text, "three.yaml")
    assert [(mistake.line, mistake.path) for mistake in caught.value.mistakes] == [
        (5, "particle.radius.value"),
        (13, "material.drft"),
        (18, "shell.deficiency"),
    ]


@pytest.mark.parametrize(
    ("name", "part"),
    [("missing.yaml", "no such file"), ("folder", "a directory"), ("a\0b", "cannot be read")],
)
def test_files_that_cannot_be_read(name: str, part: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ScenarioError, match=part):
        load_any(tmp_path / name)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"#" * 600_000)
    with pytest.raises(ScenarioError, match="more than 500000 bytes"):
        load_any(path)


def test_columns_are_those_of_keys_and_values() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(BASE.replace("value: 150 nm", "value: 150 kg").replace("  profile", "  profil"))
    first, second = caught.value.mistakes
    assert (first.line, first.column) == (5, 19)  # the value
    assert (second.line, second.column) == (19, 3)  # the key


def test_a_message_cannot_control_the_terminal() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(BASE.replace("name: base", 'name: base\n"\\e[2J\\u202e": 1'))
    assert str(caught.value).isprintable()
