from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oxyshell import launch
from oxyshell.errors import InputError, OxyshellError
from oxyshell.running import ranks
from oxyshell.studies.engine import workers

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parents[1] / "scenarios"
NAMES = (
    *("PMI_SIZE", "PMI_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"),
    *("PMIX_RANK", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
)


@pytest.mark.parametrize(
    ("environment", "count", "first"),
    [
        ({}, 1, True),
        ({"PMI_SIZE": "1", "PMI_RANK": "0"}, 1, True),
        ({"PMI_SIZE": "3", "PMI_RANK": "0"}, 3, True),
        ({"PMI_SIZE": "3", "PMI_RANK": "2"}, 3, False),
        ({"OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "1"}, 2, False),
        ({"PMI_SIZE": "many"}, 1, True),
        ({"PMIX_RANK": "0", "PMIX_NAMESPACE": "slurm.pmix.7.0"}, 1, True),
        ({"PMIX_RANK": "1", "SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "4"}, 4, False),
        ({"SLURM_PROCID": "1", "SLURM_STEP_NUM_TASKS": "4"}, 1, True),
    ],
    ids=["alone", "mpiexec -n 1", "first", "third", "Open MPI", "nonsense", "PMIx left", "srun", "farm"],
)
def test_what_launchers_say(
    environment: dict[str, str],
    count: int,
    first: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert (launch.processes(), launch.is_first()) == (count, first)
    with launch.only_the_first_speaks():
        print("hello")
        print("trouble", file=sys.stderr)
    told = capsys.readouterr()
    assert (told.out, told.err) == (("hello\n", "trouble\n") if first else ("", ""))
    if count > 1:
        with pytest.raises(InputError, match=f"oxyshell sweep .* started on {count}"):
            launch.refuse_several("sweep")
    else:
        launch.refuse_several("sweep")


BLOCKED = """
import sys
for name in ("mpi4py", "dolfinx", "dolfinx_solver", "petsc4py"):
    sys.modules[name] = None
from oxyshell.cli import main
main()
"""


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("run", "--set", "particle.radius=7 kg"), 2, "expected a length"),
        (("run",), 1, "oxyshell: FEniCSx is not installed"),
    ],
    ids=["mistake", "none"],
)
def test_files_are_checked_without_fenicsx(
    arguments: tuple[str, ...], code: int, message: str, tmp_path: Path
) -> None:
    command, *further = arguments
    file = str(SCENARIOS / "lrmo-ru1.yaml")
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, command, file, *further, "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


# Loads what solves and looks at the sockets of this process: "0A" is a TCP socket that listens.
LISTENING = """
import contextlib, json, os
from pathlib import Path
from oxyshell import _stack
_stack.load()
from mpi4py import MPI
sockets = set()
for file in Path("/proc/self/fd").iterdir():
    with contextlib.suppress(OSError):
        sockets.add(str(file.readlink()))
rows = [row.split() for name in ("tcp", "tcp6") for row in Path("/proc/self/net", name).open()]
listening = [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]
left = [name for name in os.environ if name.startswith(("PMI", "UCX"))]
print(json.dumps([MPI.COMM_WORLD.size, listening, sorted(left)]))
"""


def loaded(**environment: str) -> list[object]:
    """How many processes MPI knows of, what listens, and what is left in the environment."""
    done = subprocess.run(
        [sys.executable, "-c", LISTENING],
        capture_output=True,
        text=True,
        check=False,
        env={**launch.without_launcher(os.environ), **environment},
    )
    assert done.returncode == 0, done.stderr
    found: list[object] = json.loads(done.stdout)
    return found


@pytest.mark.skipif(not Path("/proc/self/net/tcp").exists(), reason="sockets are read from Linux's /proc")
def test_a_process_on_its_own_listens_nowhere() -> None:
    assert loaded() == [1, [], []]


@pytest.mark.parametrize(
    "environment",
    [
        {"PMIX_NAMESPACE": "slurm.pmix.7.0", "PMIX_RANK": "0"},
        {"PMI_RANK": "0", "PMI_FD": "9"},
        {"OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0", "PMIX_RANK": "0"},
    ],
    ids=["Slurm", "shell within mpiexec", "mpirun -n 1"],
)
def test_what_a_launcher_left_does_not_reach_a_process_on_its_own(environment: dict[str, str]) -> None:
    assert loaded(**environment) == [1, [], []]


def test_what_the_user_says_of_ucx_stays() -> None:
    assert loaded(UCX_TLS="self,sm")[2] == ["UCX_TLS"]


def test_workers_and_runs_on_several_processes_inherit_no_launcher(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PMI_FD", "PMI_SIZE", "PMIX_RANK", "HYDI_CONTROL_FD"):
        monkeypatch.setenv(name, "1")
    assert not workers._environment().keys() & {"PMI_FD", "PMI_SIZE", "PMIX_RANK", "HYDI_CONTROL_FD"}


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "0", "PMIX_RANK": "0"}, "Open MPI's mpirun"),
        ({"SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "0", "PMIX_RANK": "0"}, "Slurm's srun"),
    ],
)
def test_another_launcher_is_named(
    environment: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(OxyshellError, match=f"started by {named}, which .* MPI in use .MPICH.*mpiexec"):
        launch.refuse_foreign("MPICH")
    launch.refuse_foreign("")


def test_processes_that_do_not_know_of_each_other_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMI_SIZE", "3")
    with (
        pytest.raises(OxyshellError, match="3 processes were started by a launcher"),
        ranks.together(lambda error: (1, str(error))),
    ):
        pytest.fail("it began to run")
