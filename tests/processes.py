"""Starting programs on several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

MPIEXEC = Path(sys.executable).with_name("mpiexec")


def on_processes(processes: int, *arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run Python with some arguments; on one process without `mpiexec`."""
    launcher = [str(MPIEXEC), "-n", str(processes)] if processes > 1 else []
    command = [*launcher, sys.executable, *map(str, arguments)]
    # Where there are more processes than cores, those that wait have to make room.
    environment = {**os.environ, "MPIR_CVAR_POLLS_BEFORE_YIELD": "1"}
    # A deadlock is what the limit is for.
    return subprocess.run(
        command, capture_output=True, text=True, timeout=600, check=False, env=environment, **options
    )
