"""Log file of a run, with the messages of the logger "oxyshell"."""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

from oxyshell.errors import OxyshellError
from oxyshell.outputs import disk
from oxyshell.printable import printable_lines
from oxyshell.version import __version__

_LOGGER = logging.getLogger("oxyshell")


class _Formatter(logging.Formatter):
    """Escapes characters that could control the terminal on which a log is read."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        return printable_lines(super().format(record))


class _Handler(logging.FileHandler):
    """Drops messages that cannot be written: the results are in other files."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        pass


class RunLog:
    """Writes log messages of level INFO and above to a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handler: logging.Handler = logging.NullHandler()
        self._level_before = _LOGGER.level

    def open(self, mode: str = "w") -> None:
        with disk.errors_at(self._path):
            self._handler = _Handler(self._path, mode=mode, encoding="utf-8")
        self._handler.setFormatter(_Formatter("%(asctime)s %(levelname)-7s %(message)s"))
        self._level_before = _LOGGER.level
        _LOGGER.setLevel(min(_LOGGER.getEffectiveLevel(), logging.INFO))
        _LOGGER.addHandler(self._handler)
        _LOGGER.info("oxyshell %s", __version__)

    def close(self) -> None:
        _LOGGER.removeHandler(self._handler)
        _LOGGER.setLevel(self._level_before)
        with contextlib.suppress(OSError):
            self._handler.close()


@contextlib.contextmanager
def unexpected_errors_in(path: Path) -> Iterator[None]:
    """Append the traceback of an unexpected error to a log, if there is one.

    Raises:
        Exception: The error, with a note on where its traceback is.
    """
    try:
        yield
    except OxyshellError:
        raise
    except Exception as error:
        if path.exists():
            with contextlib.suppress(OSError), path.open("a", encoding="utf-8") as file:
                file.writelines(traceback.format_exception(error))
                error.add_note(f"the traceback is in {path}")
        raise
