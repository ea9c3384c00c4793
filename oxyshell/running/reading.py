"""Reading a run back, also one that was written with former names of quantities."""

from __future__ import annotations

from pathlib import Path

from oxyshell import outputs
from oxyshell.models import registry
from oxyshell.outputs import Result


def read_run(path: str | Path) -> Result:
    """Open a run folder; see `outputs.read_run`. Quantities have their present names.

    Raises:
        OutputError: If the folder is not a run folder or a file in it cannot be read.
    """
    return outputs.read_run(path, registry.former_names())
