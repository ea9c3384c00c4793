"""Atomic writes: a file is written beside its path and then renamed; errors name the path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oxyshell.errors import OutputError, OxyshellError

_LONGEST = 200
PARTS = ".*.part"
"""Pattern of the temporary files that `replacing` leaves if the process is killed."""


@contextmanager
def errors_at(path: Path) -> Iterator[None]:
    """Turn errors of the operating system into ones that name a remedy.

    Raises:
        OutputError: For any OSError within, naming its path and what to check.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"Cannot use {error.filename or path}: {reason}. "
            "Check that the disk has room, that no file stands where a folder should be, "
            "and that you may write there; or name another run folder."
        ) from error


@contextmanager
def readable(path: Path, kind: str) -> Iterator[None]:
    """Turn every error of reading a damaged or foreign file into one type of error.

    Libraries raise nearly everything for such files: RuntimeError, RecursionError, MemoryError, zlib.error.

    Args:
        path: The file.
        kind: Expected content, such as "a study of a sweep".

    Raises:
        OutputError: For any error within.
    """
    try:
        yield
    except OxyshellError:
        raise
    except Exception as error:
        words = " ".join(str(error).split())[:_LONGEST] or type(error).__name__
        raise OutputError(
            f"{path} cannot be read as {kind} ({words}). Put a copy of the whole file in its place, or have "
            "it made again."
        ) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`, and rename that file to `path` if no error occurred.

    A reader finds the old file or the new one, never a part of one.

    Raises:
        OutputError: If the disk refuses; `path` is then unchanged.
    """
    beside = path.with_name(f".{path.name}.part")
    with errors_at(path):
        try:
            yield beside
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def replace_bytes(path: Path, content: bytes) -> None:
    """Write a whole file, or leave the old one.

    Raises:
        OutputError: If the disk refuses.
    """
    with replacing(path) as beside:
        beside.write_bytes(content)


def replace_text(path: Path, text: str) -> None:
    """Write a whole text file in UTF-8, or leave the old one.

    Raises:
        OutputError: If the disk refuses.
    """
    replace_bytes(path, text.encode())
