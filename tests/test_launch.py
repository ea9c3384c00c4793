from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from oxyshell import launch
from oxyshell.errors import InputError

SCENARIOS = Path(__file__).parents[1] / "scenarios"


@pytest.mark.parametrize(
    ("environment", "count", "first"),
    [
        ({}, 1, True),
        ({"PMI_SIZE": "1", "PMI_RANK": "0"}, 1, True),
        ({"PMI_SIZE": "3", "PMI_RANK": "0"}, 3, True),
        ({"PMI_SIZE": "3", "PMI_RANK": "2"}, 3, False),
        ({"OMPI_COMM_WORLD_SIZE": "2", "OMPI_COMM_WORLD_RANK": "1"}, 2, False),
        ({"PMI_SIZE": "many"}, 1, True),
    ],
    ids=["alone", "mpiexec -n 1", "first", "third", "Open MPI", "nonsense"],
)
def test_what_launchers_say(
    environment: dict[str, str],
    count: int,
    first: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("PMI_SIZE", "PMI_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"):
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
