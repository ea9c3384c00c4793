"""Number and rank of the processes that a launcher such as `mpiexec` started together.

Read from the environment variables of launchers, so that nothing heavy is loaded.
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
"""Prefixes of the environment variables that launchers set for the MPI of their processes."""
_UCX = "UCX_TLS"
"""Variable of UCX, the library below MPICH, with the transports that it may use."""
_ON_ITS_OWN = "self"
"""The transport within a process: it opens no port and shares no memory with others."""


def processes() -> int:
    """Number of processes that were started together."""
    return _number(_SIZES, 1)


def is_first() -> bool:
    """True on the process that prints messages."""
    return processes() == 1 or _number(_RANKS, 0) == 0


@contextmanager
def only_the_first_speaks() -> Iterator[None]:
    """Discard the output of all processes but the first."""
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
    """Environment without the variables of launchers, for a process that is to start its MPI alone."""
    return {name: value for name, value in environment.items() if not name.startswith(_OF_LAUNCHERS)}


@contextmanager
def alone() -> Iterator[None]:
    """Set the environment for loading MPI in a process that was started alone; no effect in others.

    Variables of launchers, which may be left over (the default of a Slurm site, a shell within `mpirun`), are
    removed for good, so that MPI looks for no launcher; it opens no port, unless the user has set `UCX_TLS`.
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
    """Refuse to load an MPI other than that of the launcher: it would abort, or know of one process only.

    Args:
        library: Name of the MPI in use, "MPICH" or "Open MPI"; empty where it is not known.

    Raises:
        OxyshellError: If the launcher is recognised as that of another MPI.
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
