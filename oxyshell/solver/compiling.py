"""Forms and expressions, compiled once for all runs of their kind, and kept on the disk.

FFCx takes a file without its mark of completion for one that another process is compiling; what a stop or a
full disk leaves looks the same to it. So each form has a folder of its own here, a lock that the operating
system takes away from a process however that ends, and a list of what belongs to it, with checksums. What is
not listed is removed and compiled anew.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import json
import logging
import os
import shutil
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import ffcx.naming
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, jit
from ffcx.options import get_options
from mpi4py import MPI

from oxyshell.errors import CompilerError, OxyshellError
from oxyshell.solver.compiler import reason_of
from oxyshell.solver.derivatives import forget_forms

_LOGGER = logging.getLogger("oxyshell.notices")
COMPILING = "compiling the equations, once for this kind of run (about 10 s) ..."
WAITING = "waiting for another process that compiles the same equations ..."
# s. Files of a network take a moment until all processes see them.
_SILENT, _POLL, _UNTIL_SEEN = 2.0, 0.05, 60
_LOCK, _LIST = "lock", "list.json"


def form(integrals: ufl.Form) -> fem.Form:
    """Compile a form, or load it.

    Raises:
        CompilerError: If there is no C compiler that works, or no place for what it makes.
    """
    comm = integrals.ufl_domain().ufl_cargo().comm
    return _compiled(integrals, comm, lambda options: fem.form(integrals, jit_options=options))


def forms(rows: Sequence[Sequence[ufl.Form | None]]) -> list[list[fem.Form | None]]:
    """Compile the forms of a block matrix, or load them.

    Raises:
        CompilerError: If there is no C compiler that works, or no place for what it makes.
    """
    return [[None if entry is None else form(entry) for entry in row] for row in rows]


def expression(value: ufl.core.expr.Expr, points: npt.NDArray[np.float64]) -> fem.Expression:
    """Compile an expression, or load it.

    Args:
        value: What to evaluate.
        points: Where, on the reference cell, shape (points, dimension).

    Raises:
        CompilerError: If there is no C compiler that works, or no place for what it makes.
    """
    comm = ufl.domain.extract_domains(value)[0].ufl_cargo().comm
    build = functools.partial(fem.Expression, value, points)
    return _compiled((value, points), comm, lambda options: build(jit_options=options))


def _compiled[T](what: Any, comm: MPI.Comm, build: Callable[[dict[str, Any]], T]) -> T:
    """Have DOLFINx build something in its own folder; the first process holds the lock, the others load."""
    with contextlib.ExitStack() as held:
        kept: list[CacheEntry] = []
        told: Path | OxyshellError | None = None
        if comm.rank == 0:
            try:
                kept = [held.enter_context(_claimed(_folder_of(what)))]
                told = kept[0].files
            except OxyshellError as error:
                told = error
        told = comm.bcast(told) if comm.size > 1 else told
        if isinstance(told, OxyshellError):
            raise told
        try:
            built = build({"cache_dir": told, "timeout": _UNTIL_SEEN})
        except Exception as error:
            for one in kept:
                one.remove()
            raise CompilerError(reason_of(error)) from error
        finally:
            forget_forms()
        for one in kept:
            one.keep()
    return built


def _folder_of(what: Any) -> Path:
    options = jit.get_options()
    python = [str(sysconfig.get_config_var(name)) for name in ("SOABI", "CFLAGS")]
    tag = f"{options} {get_options()} {python}"
    root: Path = options["cache_dir"]
    return root / "oxyshell" / ffcx.naming.compute_signature([what], tag)


def cache_entry(name: str, tag: str) -> contextlib.AbstractContextManager[CacheEntry]:
    """A folder of something else that is compiled, held by this process alone.

    Args:
        name: What it is.
        tag: All that it depends on.

    Raises:
        CompilerError: If the disk refuses.
    """
    root: Path = jit.get_options()["cache_dir"]
    return _claimed(root / "oxyshell" / f"{name}-{hashlib.sha256(tag.encode()).hexdigest()}")


@contextlib.contextmanager
def _claimed(folder: Path) -> Iterator[CacheEntry]:
    """Be the only process that compiles into a folder.

    Raises:
        CompilerError: If the disk refuses.
    """
    kept = CacheEntry(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        if kept.whole:  # of somebody else, to be read only
            yield kept
            return
        raise _refused(folder, error) from error
    try:
        try:
            _wait_for(lock)
            kept.prepare()
        except OSError as error:
            raise _refused(folder, error) from error
        yield kept
    finally:
        os.close(lock)


def _wait_for(lock: int) -> None:
    patient_until = time.monotonic() + _SILENT
    said = False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not said and time.monotonic() > patient_until:
                _LOGGER.info(WAITING)
                said = True
            time.sleep(_POLL)
        else:
            return


def _refused(folder: Path, error: OSError) -> CompilerError:
    return CompilerError(
        f"the compiled equations cannot be kept in {error.filename or folder}: {error.strerror or error}. "
        "Set XDG_CACHE_HOME to a folder on a disk that has room and where you may write."
    )


class CacheEntry:
    """Files of one compiled thing in a folder of their own, and a list of them.

    A compiler whose process was killed may still be writing; each attempt therefore has a new folder.

    Args:
        folder: Of the form.

    Attributes:
        files: Where the files are, or are to be made.
        whole: Whether they are there as they were listed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files = folder
        self.whole = False
        self._look()

    def _look(self) -> None:
        try:
            listed = json.loads((self._folder / _LIST).read_text(encoding="utf-8"))
            files = self._folder / Path(listed["folder"]).name
            self.whole = bool(listed["files"]) and listed["files"] == _checksums(files)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return
        self.files = files

    def prepare(self) -> None:
        """Look again, now that no other process is at it; make room for an attempt if nothing is whole."""
        self._look()
        if self.whole:
            return
        _LOGGER.info(COMPILING)
        self.remove()
        self.files = Path(tempfile.mkdtemp(prefix="", dir=self._folder))
        self.files.chmod(0o755)

    def keep(self) -> None:
        """List what has been compiled."""
        if self.whole:
            return
        listed = {"folder": self.files.name, "files": _checksums(self.files)}
        beside = self._folder / f".{_LIST}"
        # Without a list it is compiled again, which is no reason to stop.
        with contextlib.suppress(OSError):
            beside.write_text(json.dumps(listed), encoding="utf-8")
            beside.replace(self._folder / _LIST)

    def remove(self) -> None:
        """Remove everything but the lock."""
        with contextlib.suppress(OSError):
            (self._folder / _LIST).unlink(missing_ok=True)
            for entry in self._folder.iterdir():
                if entry.is_dir():
                    shutil.rmtree(entry, ignore_errors=True)


def _checksums(files: Path) -> dict[str, str]:
    """SHA-256 of every file that is loaded or looked for, by name."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(files.iterdir())
        if file.suffix != ".o"
    }
