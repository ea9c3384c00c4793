"""How this program was started: alone, or as one of several processes by `mpiexec`.

Known from what launchers leave in the environment, so that nothing heavy is loaded to find out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from oxyshell.errors import InputError, OxyshellError

# PMI: MPICH, Intel MPI and Slurm's own; OMPI: Open MPI; Slurm says it otherwise where its plugin is PMIx.
_SIZES = ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE")
_RANKS = ("PMI_RANK", "OMPI_COMM_WORLD_RANK")
_SLURM = {"PMI_SIZE": "SLURM_STEP_NUM_TASKS", "PMI_RANK": "SLURM_PROCID"}
_OF_LAUNCHERS = ("PMI_", "PMI2_", "PMIX_", "HYDI_", "OMPI_COMM_WORLD_")
"""How the names begin of what a launcher leaves for the MPI of the processes that it starts."""
_UCX = "UCX_TLS"
"""Which ways the library below MPICH may talk."""
_ON_ITS_OWN = "self,sm"
"""Of those, the ones that open no port."""


def processes() -> int:
    """How many processes were started together."""
    return _number(_SIZES, 1)


def is_first() -> bool:
    """Whether this process is the one that speaks."""
    return processes() == 1 or _number(_RANKS, 0) == 0


@contextmanager
def only_the_first_speaks() -> Iterator[None]:
    """Let what the other processes print go nowhere."""
    if is_first():
        yield
        return
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


def refuse_several(command: str) -> None:
    """Refuse to run a command that would do everything once per process.

    Raises:
        InputError: If there are several processes.
    """
    count = processes()
    if count > 1:
        raise InputError(
            f"oxyshell {command} runs on one process and was started on {count}: start it without mpiexec. "
            "Where it has many runs to share out, --workers does that."
        )


def without_launcher(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for a process that is to start its MPI alone: without what a launcher has left."""
    return {name: value for name, value in environment.items() if not name.startswith(_OF_LAUNCHERS)}


@contextmanager
def alone() -> Iterator[None]:
    """Have MPI loaded as by a process that was started alone, if it was.

    It does not look for a launcher, of which variables may be left over (the default of a Slurm site, a shell
    within `mpirun`), for good; and it opens no port, unless the user has set `UCX_TLS`.
    """
    if processes() > 1 or "mpi4py.MPI" in sys.modules:
        yield
        return
    for name in os.environ.keys() - without_launcher(os.environ).keys():
        del os.environ[name]
    if _UCX in os.environ:
        yield
        return
    os.environ[_UCX] = _ON_ITS_OWN
    try:
        yield
    finally:
        # Processes that it starts may talk to other machines.
        del os.environ[_UCX]


def refuse_foreign(library: str) -> None:
    """Refuse to load an MPI that another one's launcher has started: it would abort, or know of one process.

    Args:
        library: Name of the MPI in use, "MPICH" or "Open MPI"; empty where it is not known.

    Raises:
        OxyshellError: If the launcher is recognised as another one's.
    """
    if library == "MPICH" and processes() > 1 and "PMI_SIZE" not in os.environ:
        raise foreign(library)


def foreign(library: str) -> OxyshellError:
    """The error of several processes whose MPI does not know of each other."""
    return OxyshellError(
        f"{processes()} processes were started by {_launcher()}, which does not belong to the MPI in use "
        f"({library}): each would be alone. Start them with the mpiexec beside "
        f"{Path(sys.executable).parent / 'oxyshell'}; for runs that are independent of each other, "
        "start them without MPI (Slurm: srun --mpi=none)."
    )


def _launcher() -> str:
    if "OMPI_COMM_WORLD_SIZE" in os.environ:
        return "Open MPI's mpirun"
    return "Slurm's srun" if "SLURM_PROCID" in os.environ else "a launcher"


def _number(names: tuple[str, ...], otherwise: int) -> int:
    if "PMIX_RANK" in os.environ:
        names = (*names, *(_SLURM[name] for name in names if name in _SLURM))
    found = (os.environ.get(name, "") for name in names)
    return next((int(text) for text in found if text.isdecimal()), otherwise)
