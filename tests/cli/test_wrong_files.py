from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.program import SCENARIOS, call
from tests.scenario.wrong_scenarios import WRONG_SCENARIOS, WrongScenario


@pytest.mark.parametrize("wrong", WRONG_SCENARIOS, ids=lambda wrong: wrong.name)
def test_a_wrong_file_gives_exit_code_2_its_line_and_no_traceback(
    wrong: WrongScenario,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_bytes(wrong.content)
    assert call(monkeypatch, "run", file, "--out", tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert f"wrong.yaml:{wrong.line}:" in told
    assert wrong.part in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()


def test_a_wrong_sweep_gives_exit_code_2_its_line_and_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    shutil.copy(SCENARIOS / "lrmo-ru1.yaml", tmp_path)
    file = tmp_path / "sweep.yaml"
    file.write_text("sweep: wrong\nscenario: lrmo-ru1.yaml\nover:\n  shell.thicknes: [2 nm]\n")
    assert call(monkeypatch, "sweep", file, "--out", tmp_path / "out") == 2
    expected = "sweep.yaml:4:3: over.shell.thicknes: found the unknown path 'shell.thicknes', expected"
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_unknown_path_to_set_names_the_nearest(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "run", SCENARIOS / "lrmo-ru1.yaml", "--set", "particle.radios=200 nm") == 2
    assert "'radius'" in capsys.readouterr().err
