"""The compiled loop: built once by the C compiler of this machine, and kept beside the compiled equations."""

from __future__ import annotations

import ctypes
import functools
import logging
import os
import shlex
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from oxyshell.errors import CompilerError
from oxyshell.solver import compiling
from oxyshell.solver.compiled.structures import declared
from oxyshell.solver.compiler import reason_of

_LOGGER = logging.getLogger("oxyshell.notices")
_SOURCE = Path(__file__).with_name("loop.c")
_NAME = "loop.so"
# Contraction would make results depend on the processor; fast mathematics, of CC, knows no NaN.
_OPTIONS = ["-O3", "-fno-fast-math", "-ffp-contract=off", "-fPIC", "-shared"]
_SECONDS = 120.0


@functools.cache
def library() -> ctypes.CDLL | None:
    """The library; none where there is no C compiler that builds it, which is said once."""
    try:
        return declared(ctypes.CDLL(str(_built())))
    except (CompilerError, OSError) as error:
        _LOGGER.warning(
            "steps along the radius are not taken by the compiled loop but by PETSc, with the same results "
            "and in several times the time: %s",
            error,
        )
        return None


def library_for(mesh: Any) -> ctypes.CDLL | None:
    """The library where it serves: on a line, in one process, with a C compiler at hand."""
    return library() if mesh.comm.size == 1 and mesh.topology.dim == 1 else None


def _built() -> Path:
    """Where the library is; built if need be.

    Raises:
        CompilerError: If it cannot be built.
    """
    named = os.environ.get("CC") or str(sysconfig.get_config_var("CC") or "cc")
    try:
        command = shlex.split(named)  # may begin with another program, as in "ccache gcc"
    except ValueError as error:
        raise CompilerError(f"the C compiler {named!r} is no command: {error}") from error
    tag = f"{_SOURCE.read_text(encoding='utf-8')} {command} {_OPTIONS} {sysconfig.get_config_var('SOABI')}"
    with compiling.cache_entry("loop", tag) as entry:
        target = entry.files / _NAME
        if not entry.whole:
            try:
                _compile(command, target)
            except CompilerError:
                entry.remove()
                raise
            entry.keep()
        return target


def _compile(command: list[str], target: Path) -> None:
    try:
        subprocess.run(
            [*command, *_OPTIONS, str(_SOURCE), "-o", str(target), "-lm"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CompilerError(reason_of(error)) from error
