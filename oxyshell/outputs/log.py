"""The log of a run: what the logger "oxyshell" says, in a file."""

from __future__ import annotations

import logging
from pathlib import Path

import oxyshell
from oxyshell.outputs import disk
from oxyshell.printable import printable_lines

_LOGGER = logging.getLogger("oxyshell")


class _Formatter(logging.Formatter):
    """Escapes what could control the terminal on which a log is read."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        return printable_lines(super().format(record))


class RunLog:
    """Sends what oxyshell logs, from INFO up, to a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handler: logging.Handler = logging.NullHandler()
        self._level_before = _LOGGER.level

    def open(self, mode: str = "w") -> None:
        with disk.errors_at(self._path):
            self._handler = logging.FileHandler(self._path, mode=mode, encoding="utf-8")
        self._handler.setFormatter(_Formatter("%(asctime)s %(levelname)-7s %(message)s"))
        self._level_before = _LOGGER.level
        _LOGGER.setLevel(min(_LOGGER.getEffectiveLevel(), logging.INFO))
        _LOGGER.addHandler(self._handler)
        _LOGGER.info("oxyshell %s", oxyshell.__version__)

    def close(self) -> None:
        _LOGGER.removeHandler(self._handler)
        _LOGGER.setLevel(self._level_before)
        self._handler.close()
