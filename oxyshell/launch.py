"""How this program was started: alone, or as one of several processes by `mpiexec`.

Known from what launchers leave in the environment, so that nothing heavy is loaded to find out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path

from oxyshell.errors import InputError

# PMI: MPICH, Intel MPI and Slurm's own; OMPI: Open MPI.
_SIZES = ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE")
_RANKS = ("PMI_RANK", "OMPI_COMM_WORLD_RANK")

type Verdict = Callable[[BaseException], tuple[int, str]]
"""The exit code of an error, and what to say about it."""


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


def together(verdict: Verdict) -> AbstractContextManager[None]:
    """End all processes alike; see `ranks.together`. One that was started alone does not load MPI for this.

    Args:
        verdict: The exit code of an error, and what to say about it.

    Raises:
        OxyshellError: If there are several processes and no FEniCSx, which brings MPI.
    """
    if processes() == 1:
        return nullcontext()
    from oxyshell import ranks

    return ranks.together(verdict)


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


def _number(names: tuple[str, ...], otherwise: int) -> int:
    found = (os.environ.get(name, "") for name in names)
    return next((int(text) for text in found if text.isdecimal()), otherwise)
