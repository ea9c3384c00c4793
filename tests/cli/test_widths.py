"""The width of what the program prints, through a pipe, and reports that are shown again."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import oxyshell
from oxyshell import load
from oxyshell.errors import RunStopped
from oxyshell.running import simulation
from tests.processes import ENVIRONMENT, MPIEXEC
from tests.program import SCENARIOS, call
from tests.test_restart import After

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


def _in_shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    whole = ["bash", "-o", "pipefail", "-c", command]
    return subprocess.run(whole, capture_output=True, text=True, cwd=folder, check=False, env=ENVIRONMENT)


@pytest.mark.parametrize(
    "launcher",
    [
        "",
        pytest.param(
            f"{MPIEXEC} -n 2 ",
            marks=[
                pytest.mark.slow,
                pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own"),
            ],
        ),
    ],
)
def test_the_report_is_on_standard_output_whoever_listens(tmp_path: Path, launcher: str) -> None:
    quick = " ".join(f"'{one}'" for one in (*QUICK, "--figures", "none", "--out", "run"))
    run = f"{launcher}{sys.executable} -m oxyshell run {SCENARIOS / 'lrmo-pristine.yaml'} {quick}"
    done = _in_shell(f"{run} 2>/dev/null | cat", tmp_path)
    assert done.returncode == 0
    # Of several processes only the first reports.
    assert done.stdout.count("peak first principal stress  ") == 1
    assert " ".join(done.stdout.split()).count("Results in run") == 1
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_run_says_which_command_runs_a_study(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "run", SCENARIOS / "lrmo-first-cycles.yaml") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "found a comparison, which 'oxyshell compare" in told.err


def test_an_unfinished_run_says_how_far_it_came_and_what_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    scenario = SCENARIOS / "lrmo-ru1.yaml"
    with pytest.raises(RunStopped):
        simulation.run(load(scenario), tmp_path / "run", stops=After(20))
    assert call(monkeypatch, "show", tmp_path / "run") == 0
    printed = capsys.readouterr().out
    oxyshell.show(tmp_path / "run")
    assert capsys.readouterr().out == printed
    told = " ".join(printed.split())
    rows = len(oxyshell.read_run(tmp_path / "run").history["time_s"])
    assert re.search(r"The run has not ended. It came to [\d.]+ (s|min|h): ", told)
    assert f"{rows} rows in the history, 0 steps of the protocol ended." in told
    assert "peak first principal stress " in told
    command = re.search(r"'oxyshell (run .* --resume)' goes on", told)
    assert command is not None
    assert call(monkeypatch, "show", tmp_path / "run", "--steps") == 0
    assert "This run has no steps." in capsys.readouterr().out
    # The command is one that works, and then the report is that of a finished run.
    assert call(monkeypatch, *shlex.split(command[1]), "--figures", "none") == 0
    assert "completed: " in capsys.readouterr().out
    assert call(monkeypatch, "show", tmp_path / "run") == 0
    assert "has not ended" not in capsys.readouterr().out
