"""Extensions that installed packages bring along, as entry points."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import metadata
from importlib.metadata import EntryPoint, EntryPoints
from typing import Any

from oxyshell.errors import OxyshellError


def entry_points(group: str) -> EntryPoints:
    """The entry points of a group in all installed packages."""
    return _all_entry_points().select(group=group)


@functools.cache
def _all_entry_points() -> EntryPoints:
    # The files of every installed package are read for this, of which there may be hundreds.
    return metadata.entry_points()


class Installed:
    """The extensions of one kind that installed packages name, each registered once, when first asked for."""

    def __init__(self, kind: str, register: Callable[[Any], object]) -> None:
        """Name a kind of extension.

        Args:
            kind: "physics" for the entry points of the group `oxyshell.physics`, and so on.
            register: Adds one of them to what the package has.
        """
        self._kind, self._register = kind, register
        self._waiting: list[EntryPoint] | None = None

    def complete(self) -> None:
        """Register those that are not yet.

        Raises:
            OxyshellError: If one cannot be loaded or registered; it stays waiting, and the next call says so
                again.
        """
        if self._waiting is None:
            self._waiting = list(entry_points(group=f"oxyshell.{self._kind}"))
        while self._waiting:
            # Taken from the list first: an extension may ask for the others while it loads.
            entry = self._waiting.pop(0)
            try:
                self._register(entry.load())
            except Exception as error:
                self._waiting.insert(0, entry)
                owner = f" of the package {entry.dist.name}" if entry.dist is not None else ""
                raise OxyshellError(
                    f"the extension '{entry.name}'{owner} cannot be loaded "
                    f"({type(error).__name__}: {error}); mend or uninstall that package"
                ) from error
