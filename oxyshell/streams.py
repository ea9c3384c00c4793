"""Standard streams that may be closed, full or without a reader without ending a computation."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from oxyshell.errors import OutputError

_STANDARD = (0, 1, 2)


class Unfailing(io.TextIOBase):
    """A stream that drops all text from the first failure to write on.

    Args:
        stream: Where the text goes.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._failure: list[Exception] = []

    def __del__(self) -> None:
        """Leave the stream alone: it writes what is left by itself, and this may come after all modules."""

    def write(self, text: str, /) -> int:
        self._attempt(self._stream.write, text)
        return len(text)

    def flush(self) -> None:
        self._attempt(self._stream.flush)

    def check(self) -> None:
        """Check that everything has been written, where the text is the result itself.

        Raises:
            OutputError: If it has not. A reader that closed the pipe is no error.
        """
        self.flush()
        for error in self._failure:
            if not isinstance(error, BrokenPipeError):
                raise OutputError(f"Cannot write to standard output: {error}.") from error

    def isatty(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            return self._stream.isatty()
        return False

    def fileno(self) -> int:
        return self._stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._stream.encoding

    def _attempt[*P](self, action: Callable[[*P], object], *arguments: *P) -> None:
        if self._failure:
            return
        try:
            action(*arguments)
        except (OSError, ValueError) as error:  # ValueError: it has been closed
            self._failure.append(error)
            self._redirect()

    def _redirect(self) -> None:
        """Redirect to the null device: text in the buffer would fail once more when the interpreter ends."""
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


def secure() -> Unfailing:
    """Replace standard output and error by streams whose failures are ignored.

    Closed ones are opened on the null device, so that no file opened later gets their numbers: libraries
    write to 1 and 2.

    Returns:
        Standard output.
    """
    for number in _STANDARD:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    out, err = (_unfailing(stream) for stream in (sys.stdout, sys.stderr))
    sys.stdout, sys.stderr = out, err
    return out


def _unfailing(stream: TextIO | None) -> Unfailing:
    if isinstance(stream, Unfailing):
        return stream
    if stream is None:
        return Unfailing(Path(os.devnull).open("w", encoding="utf-8"))
    if isinstance(stream, io.TextIOWrapper):
        # Where the system's encoding has no θ.
        stream.reconfigure(errors="backslashreplace")
    return Unfailing(stream)
