"""A checkpoint of some processes is gone on from by others."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from oxyshell.outputs import read_run
from oxyshell.outputs.folder import CHECKPOINT
from tests.processes import ENVIRONMENT, MPIEXEC, command
from tests.test_parallel import SAME, SHIPPED, UNDRAWN, check_equal, check_same_fields, long, prepared
from tests.test_restart import rows

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own"),
]
CASES = (
    "line",
    "plane with oxygen",
    "host that changes",
    "hosts that change",
    "octant with oxygen",
    "monolithic plane",
)


def start(processes: int, scenario: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    arguments: list[str | Path] = ["-c", UNDRAWN, "run", scenario, "--out", out, "--quiet"]
    return subprocess.Popen(
        command(processes, *arguments, "--checkpoint-every", "0 s", *more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


def ended(run: subprocess.Popen[str]) -> int:
    _, told = run.communicate()
    assert "Traceback" not in told
    return run.returncode


def interrupted(processes: int, scenario: Path, out: Path, lines: int, *more: str) -> None:
    """Stop a run once its history has some lines; a checkpoint is left."""
    run = start(processes, scenario, out, *more)
    while run.poll() is None and rows(out) < lines:
        time.sleep(0.005)
    run.send_signal(signal.SIGTERM)
    ended(run)
    assert (out / CHECKPOINT).is_file(), "it had reached its end"


@pytest.mark.parametrize(
    "case", ["plane with oxygen", *(long(case) for case in (*CASES, *SHIPPED) if case != "plane with oxygen")]
)
def test_a_run_goes_from_one_process_to_three_to_two(case: str, tmp_path: Path) -> None:
    scenario = prepared(case, tmp_path)
    assert ended(start(1, scenario, tmp_path / "whole")) == 0
    total, out = rows(tmp_path / "whole"), tmp_path / "out"
    interrupted(1, scenario, out, total // 4)
    interrupted(3, scenario, out, total // 2, "--resume")
    assert ended(start(2, scenario, out, "--resume")) == 0
    one, other = read_run(tmp_path / "whole"), read_run(out)
    check_equal(one, other, SAME)
    check_same_fields(one, other, SAME)
