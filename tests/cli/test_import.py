"""The command that reads protocols of other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import call
from tests.scenario.importing.bpx_files import write

TEXT = "Charge at C/10 until 4.8 V\nRest for 1 hour\n"


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    path = tmp_path / "experiment.txt"
    path.write_text(TEXT)
    return path


def test_the_protocol_is_printed(experiment: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "import", experiment) == 0
    told = capsys.readouterr()
    assert told.out == (
        "protocol:\n  - charge:\n      rate: C/10\n      until: {voltage: 4.8 V}\n  - rest: {time: 1 hour}\n"
    )
    assert told.err == ""


def test_the_protocol_is_written(
    experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    out = tmp_path / "new" / "part.yaml"
    assert call(monkeypatch, "import", experiment, "--out", out) == 0
    assert out.read_text().startswith("protocol:\n")
    assert capsys.readouterr().out == ""


def test_what_has_no_counterpart_ends_with_the_code_of_wrong_input(
    experiment: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    experiment.write_text(TEXT + "Discharge at 1W for 1 hour\n")
    assert call(monkeypatch, "import", experiment) == 2
    assert f"{experiment}:3:14: 2: found a power, '1W', expected" in capsys.readouterr().err


def test_a_protocol_can_be_named_as_such(experiment: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "import", experiment) == 0
    short = capsys.readouterr().out
    assert call(monkeypatch, "import", "protocol", experiment) == 0
    assert capsys.readouterr().out == short


def test_options_may_come_first(experiment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "import", "--out", tmp_path / "part.yaml", experiment) == 0
    assert (tmp_path / "part.yaml").read_text().startswith("protocol:\n")


def test_both_kinds_of_files_are_in_the_help(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "import", "--help") == 0
    told = capsys.readouterr().out
    assert "bpx" in told
    assert "protocol" in told


def test_an_electrode_is_imported_and_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    file = write(tmp_path / "cell.json")
    assert call(monkeypatch, "import", "bpx", file, "--out", tmp_path / "mine.yaml") == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("Imported from the BPX file cell.json, Positive electrode.\n")
    assert "Not taken over: Electrolyte: " in told.err
    assert call(monkeypatch, "validate", tmp_path / "mine.yaml") == 0


def test_without_the_package_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert call(monkeypatch, "import", "bpx", write(tmp_path / "cell.json")) == 1
    assert "pip install 'oxyshell[bpx]'" in capsys.readouterr().err
