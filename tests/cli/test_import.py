"""The command that reads protocols of other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import call

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
