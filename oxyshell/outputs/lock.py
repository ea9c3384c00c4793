"""Lock file of a run folder: one run per folder."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from pathlib import Path
from typing import Self

from oxyshell.errors import OutputError
from oxyshell.outputs import disk

LOCK = "run.lock"
"""Name of the lock file in a run folder."""


class FolderLock:
    """A lock that ends with its process, also if that is killed; a context manager that may be nested.

    The operating system holds it (`flock`), so that the lock of a killed process is taken over. The file
    names its owner; a lock of another computer stays, because `flock` may not work between computers.

    Args:
        folder: The folder; nothing is touched before it is entered.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        self._file: int | None = None
        self._holds = 0

    def __enter__(self) -> Self:
        """Take the lock, or hold it once more if it is held already.

        Raises:
            OutputError: If another run has it.
        """
        while self._file is None:
            with disk.errors_at(self._path):
                file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                self._take(file)
            except BaseException:
                os.close(file)
                raise
            if self._is_in_place(file):
                self._file = file
            else:  # its last owner has just removed it
                os.close(file)
        self._holds += 1
        return self

    def _take(self, file: int) -> None:
        here = socket.gethostname()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise self._taken(os.pread(file, 1000, 0).decode(errors="replace")) from None
        except OSError as error:
            raise OutputError(
                f"Cannot lock {self._path}: {error.strerror}. Name a run folder on a file system with locks."
            ) from error
        holder = os.pread(file, 1000, 0).decode(errors="replace")
        if holder and f" on {here}\n" not in holder:
            raise self._taken(holder)
        with disk.errors_at(self._path):
            os.ftruncate(file, 0)
            os.pwrite(file, f"process {os.getpid()} on {here}\n".encode(), 0)

    def _taken(self, holder: str) -> OutputError:
        return OutputError(
            f"Another run is writing to {self._path.parent} ({' '.join(holder.split()) or 'unknown'}). "
            "Name another folder, wait for its end or stop it; "
            f"if it is no longer there, delete {self._path}."
        )

    def _is_in_place(self, file: int) -> bool:
        try:
            return self._path.stat().st_ino == os.fstat(file).st_ino
        except FileNotFoundError:
            return False

    def __exit__(self, *reason: object) -> None:
        """Release the lock and remove its file when the outermost `with` ends."""
        self._holds -= 1
        if self._file is not None and self._holds == 0:
            with contextlib.suppress(OSError):
                self._path.unlink()
            os.close(self._file)
            self._file = None

    def __del__(self) -> None:
        if self._file is not None:
            os.close(self._file)
