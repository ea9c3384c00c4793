"""What cannot be said does not end a computation, and what goes wrong outside is said in a sentence."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oxyshell.cli.exit_codes import code_and_message
from oxyshell.errors import OutputError
from oxyshell.outputs import progress
from oxyshell.outputs.log import unexpected_errors_in
from oxyshell.running import simulation
from oxyshell.streams import Unfailing
from tests.processes import MPIEXEC
from tests.program import SCENARIOS, call

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
FULL = Path("/dev/full")
PROGRAM = f"{sys.executable} -m oxyshell"
FAST = "--set numerics.time_tolerance=1e-2 --set numerics.elements.bulk=4"
RUN = f"run {SCENARIOS / 'lrmo-pristine.yaml'} {FAST}"

# As the program, but for the figures.
UNDRAWN = """
from oxyshell import cli
from oxyshell.running import simulation
simulation.draw = lambda *_: None
cli.main()
"""


def shell(command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, timeout=300, **options
    )


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "streams",
    ["2>&-", ">&- 2>&-", "2>/dev/full", ">/dev/full", "2> >(true)", "| head -1; exit ${PIPESTATUS[0]}"],
)
def test_a_run_completes_whoever_listens(streams: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(UNDRAWN)
    done = shell(f"{sys.executable} {tmp_path}/program.py {RUN} --out {tmp_path}/run {streams}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "summary.json").exists()
    assert "Traceback" not in done.stderr + done.stdout
    assert "Exception ignored" not in done.stderr
    # Nothing was written into a file that had taken the number of a closed stream.
    assert (tmp_path / "run" / "history.csv").read_text().startswith("time_s,")


@pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")
def test_a_run_on_two_processes_completes_whoever_listens(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(UNDRAWN)
    # Of the processes; mpiexec itself ends all if it cannot hand on what they say.
    program = f"exec {sys.executable} {tmp_path}/program.py {RUN} --out {tmp_path}/run >&- 2>/dev/full"
    sharing = {**os.environ, "MPIR_CVAR_POLLS_BEFORE_YIELD": "1"}
    done = shell(f"{MPIEXEC} -n 2 bash -c '{program}'", env=sharing)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "summary.json").exists()


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
def test_a_result_that_cannot_be_written_is_an_error() -> None:
    done = shell(f"{PROGRAM} schema >/dev/full")
    assert done.returncode == 1
    assert done.stderr.startswith("oxyshell: Cannot write to standard output")
    assert shell(f"{PROGRAM} schema | head -1; exit ${{PIPESTATUS[0]}}").returncode == 0


def test_a_working_directory_that_is_gone_is_named(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    done = shell(f"cd {tmp_path}/gone; rmdir ../gone; PYTHONPATH={ROOT} {PROGRAM} {RUN}")
    assert done.returncode == 1
    assert "the working directory cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


class Broken(io.StringIO):
    def write(self, text: str, /) -> int:
        raise BrokenPipeError(32, "Broken pipe")


def test_progress_that_cannot_be_shown_is_dropped() -> None:
    with progress(stream=Broken()) as told:
        told.update(0.5, "half")
        told.message("half")


def test_progress_without_a_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with progress() as told:
        told.message("half")


def test_a_stream_says_whether_all_was_written() -> None:
    good = Unfailing(io.StringIO())
    good.write("θ")
    good.check()
    gone = Unfailing(Broken())
    gone.write("θ")
    gone.check()  # a reader that has seen enough
    closed = io.StringIO()
    closed.close()
    dropping = Unfailing(closed)
    dropping.write("θ")
    with pytest.raises(OutputError, match="standard output"):
        dropping.check()


# Errors that nobody expected.


def fail(*_: object) -> None:
    raise KeyError("x")


def test_an_unexpected_error_is_a_sentence_and_its_traceback_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(simulation, "draw", fail)
    arguments = [*RUN.split(), "--out", str(tmp_path), "--quiet"]
    assert call(monkeypatch, *arguments) == 1
    told = capsys.readouterr().err
    where = f"the traceback is in {tmp_path}/run.log"
    assert told == f"oxyshell: unexpected error KeyError: 'x' ({where}); please report it\n"
    assert "Traceback" in (tmp_path / "run.log").read_text()
    assert 'raise KeyError("x")' in (tmp_path / "run.log").read_text()
    assert call(monkeypatch, *arguments, "--resume", "--traceback") == 1
    assert "Traceback" in capsys.readouterr().err


def test_without_a_log_one_is_told_how_to_see_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["oxyshell", "run"])
    code, text = code_and_message(RuntimeError("two\nlines"))
    assert (code, text.count("\n")) == (1, 0)
    assert "RuntimeError: two lines (with --traceback it is shown where)" in text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ModuleNotFoundError("No module named 'pandas'", name="pandas"), "the package pandas is missing"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_errors_with_a_cure_say_it(error: Exception, words: str) -> None:
    code, text = code_and_message(error)
    assert code == 1
    assert words in text


def test_errors_that_are_meant_leave_no_traceback_in_the_log(tmp_path: Path) -> None:
    (tmp_path / "run.log").touch()
    with pytest.raises(OutputError), unexpected_errors_in(tmp_path / "run.log"):
        raise OutputError("full")
    assert (tmp_path / "run.log").read_text() == ""
