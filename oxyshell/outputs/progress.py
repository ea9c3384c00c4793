"""Progress of a run: a bar on a terminal, a line per output time in a file, nothing when quiet."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol, Self, TextIO, cast

from oxyshell.printable import printable, printable_lines
from oxyshell.streams import Unfailing

if TYPE_CHECKING:
    import rich.progress


NOTICES = "oxyshell.notices"
"""Logger of notices before a run, such as that a compiler is at work."""


class Progress(AbstractContextManager["Progress", None], Protocol):
    """Progress reporter of a run, a context manager."""

    def update(self, fraction: float, text: str) -> None:
        """Report, at every step, the fraction of the run that is done (0 to 1) and the present activity."""

    def message(self, text: str) -> None:
        """Report an event on a line of its own, such as an output time that was reached."""


class NullProgress:
    """Reports nothing."""

    def update(self, fraction: float, text: str) -> None:
        pass

    def message(self, text: str) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        pass


class LineProgress(NullProgress):
    """Writes one line per message, with the fraction that is done in front.

    Args:
        stream: Where the lines go.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._fraction = 0.0

    def update(self, fraction: float, text: str) -> None:
        self._fraction = fraction

    def message(self, text: str) -> None:
        print(f"[{self._fraction:4.0%}] {printable_lines(text)}", file=self._stream, flush=True)


class BarProgress:
    """A bar with the time that is left, and the messages above it.

    Args:
        stream: The terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress
        from rich.table import Column

        # A narrow terminal cuts the text, not the bar, the percentage and the time that is left.
        text = Column(ratio=1, no_wrap=True, overflow="ellipsis")
        bar, percentage, remaining = (Column(min_width=width, no_wrap=True) for width in (20, 4, 7))
        self._bar: rich.progress.Progress = RichProgress(
            BarColumn(bar_width=20, table_column=bar),
            TaskProgressColumn(table_column=percentage),
            TimeRemainingColumn(table_column=remaining),
            TextColumn("{task.description}", markup=False, table_column=text),
            expand=True,
            console=Console(file=stream),
        )
        self._task = self._bar.add_task("", total=1.0)

    def update(self, fraction: float, text: str) -> None:
        self._bar.update(self._task, completed=fraction, description=printable(text))

    def message(self, text: str) -> None:
        self._bar.console.print(printable_lines(text), markup=False, emoji=False, highlight=False)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._bar.stop()


class _Notices(logging.Handler):
    """Passes log messages on, each text once."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self._say = say
        self._said: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if text not in self._said:
            self._said.add(text)
            self._say(text)


@contextmanager
def notices(say: Callable[[str], None]) -> Iterator[None]:
    """Report the notices that are logged before a run begins, such as that a compiler is at work, each once.

    Args:
        say: Takes the text; of a `Progress`, its `message`.
    """
    logger, handler = logging.getLogger(NOTICES), _Notices(say)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def progress(quiet: bool = False, stream: TextIO | None = None) -> Progress:
    """Choose a progress reporter: none when quiet, a bar on a terminal, lines elsewhere.

    Text that cannot be written is dropped.

    Args:
        quiet: Report nothing.
        stream: Where to write, by default standard error.
    """
    given = sys.stderr if stream is None else stream
    if quiet or given is None:  # a program may have been started without
        return NullProgress()
    target = cast(TextIO, Unfailing(given))
    return BarProgress(target) if target.isatty() else LineProgress(target)
