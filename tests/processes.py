"""Starting programs on several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

MPIEXEC = Path(sys.executable).with_name("mpiexec")
# Where there are more processes than cores, those that wait have to make room.
ENVIRONMENT = {**os.environ, "MPIR_CVAR_POLLS_BEFORE_YIELD": "1"}


def command(processes: int, *arguments: str | Path) -> list[str]:
    """Python with some arguments; on one process without `mpiexec`."""
    launcher = [str(MPIEXEC), "-n", str(processes)] if processes > 1 else []
    return [*launcher, sys.executable, *map(str, arguments)]


def on_processes(processes: int, *arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run Python with some arguments."""
    # A deadlock is what the limit is for.
    return subprocess.run(
        command(processes, *arguments),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=ENVIRONMENT,
        **options,
    )
