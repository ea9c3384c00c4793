"""The shipped scenarios as a person gets at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import SCENARIOS, call


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_list_has_every_name_below_its_command(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert call(monkeypatch, "examples") == 0
    told = capsys.readouterr().out
    words = told.split()
    assert {path.stem for path in SCENARIOS.glob("*.yaml")} <= set(words)
    assert told.index("oxyshell run NAME") < told.index("lrmo-ru1") < told.index("oxyshell compare NAME")
    assert max(map(len, told.splitlines())) <= 80


def test_copies_are_made_and_the_next_command_is_told(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "examples", "mine") == 0
    told = capsys.readouterr().out
    assert told.endswith("next: oxyshell run mine/lrmo-ru1.yaml\n")
    assert call(monkeypatch, "validate", "mine/lrmo-ru1.yaml") == 0


def test_a_shipped_file_has_a_short_name(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "validate", "lrmo-ru1") == 0
    assert capsys.readouterr().out.startswith(f"{SCENARIOS / 'lrmo-ru1.yaml'}: valid")


def test_a_file_of_that_name_comes_first(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    Path("lrmo-ru1").write_text("name: mine\n")
    assert call(monkeypatch, "validate", "lrmo-ru1") == 2
    assert "lrmo-ru1:1:1" in capsys.readouterr().err
