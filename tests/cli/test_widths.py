"""The width of what the program prints, through a pipe, and reports that are shown again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import SCENARIOS, call

QUICK = ("--set", "numerics.elements={layer: 2, bulk: 4}", "--set", "numerics.time_tolerance=1e-3")


@pytest.mark.parametrize(("columns", "width"), [(None, 80), ("100", 100), ("60", 60), ("no", 80)])
def test_a_pipe_has_the_columns_of_the_environment_or_80(columns: str | None, width: int) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    if columns is not None:
        environment["COLUMNS"] = columns
    command = [sys.executable, "-m", "oxyshell", "materials", "LRMO-Ru-1"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    longest = max(len(line) for line in done.stdout.splitlines())
    assert width - 12 < longest <= width
    assert "10.1039/d5ee00430f" in done.stdout


def test_a_run_is_shown_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    run = ("run", SCENARIOS / "lrmo-ru1.yaml", *QUICK, "--out", "run", "--figures", "none")
    assert call(monkeypatch, *run) == 0
    first = capsys.readouterr().out.rstrip().rpartition("\n")[0]
    assert call(monkeypatch, "show", "run") == 0
    again = capsys.readouterr().out.rstrip()
    assert again == first
    assert "peak first principal stress  " in again
    assert " steps, solved in " in " ".join(again.split())
    assert max(len(line) for line in again.splitlines()) <= 80
    assert call(monkeypatch, "show", "run", "--steps") == 0
    steps = capsys.readouterr().out
    assert "duration" in steps
    assert max(len(line) for line in steps.splitlines()) <= 80
    assert call(monkeypatch, "show", "run", "--cycles") == 0
    assert capsys.readouterr().out.strip() == "This run has no cycles."
    assert call(monkeypatch, "show", ".") == 2
    assert "found neither a finished run nor a study" in capsys.readouterr().err
