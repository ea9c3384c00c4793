"""Requests to stop a run: it finishes its step after the first signal; the second has its usual effect."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, Protocol, Self

from oxyshell.errors import RunStopped

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequests(Protocol):
    """Tells a run that it has been asked to stop."""

    @property
    def asked(self) -> int:
        """Number of the signal that asked for a stop; 0 if there was none."""


def stopped(number: int, where: str) -> RunStopped:
    """The error of a run that was asked to stop.

    Args:
        number: Number of the signal.
        where: Time and step at which it stopped, and how to continue.
    """
    return RunStopped(f"stopped by {signal.Signals(number).name} {where}", number)


class NoStopRequests:
    """Never asks for a stop."""

    asked = 0


class StopSignals:
    """Notes the first SIGINT or SIGTERM while it is entered; after that one, signals act as before.

    Outside the main thread, where Python takes no signals, nothing is noted.
    """

    def __init__(self) -> None:
        self.asked = 0
        self._before: dict[signal.Signals, Any] = {}

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.asked = number
        self._restore()

    def _restore(self) -> None:
        while self._before:
            number, handler = self._before.popitem()
            signal.signal(number, handler)

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *reason: object) -> None:
        self._restore()
