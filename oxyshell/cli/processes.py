"""Several processes under `mpiexec`: commands that share the work, and the others, which refuse."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from oxyshell import launch
from oxyshell.cli.exit_codes import code_and_message


def together() -> AbstractContextManager[None]:
    """End all processes alike; see `ranks.together`. A process that was started alone loads no MPI for this.

    Raises:
        OxyshellError: If there are several processes and no FEniCSx, which brings MPI.
    """
    if launch.processes() == 1:
        return nullcontext()
    from oxyshell.running import ranks

    return ranks.together(code_and_message)
