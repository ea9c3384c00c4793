"""Loads Matplotlib also where MPLBACKEND names a backend that is not installed here.

That of a notebook reaches all programs that are started from it; figures drawn to files have their own.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys

_NAME = "MPLBACKEND"


def load() -> None:
    """Import Matplotlib, and let it take what `MPLBACKEND` says unless it refuses that."""
    if "matplotlib" in sys.modules or _NAME not in os.environ:
        return
    # It reads the variable as it is imported, and cannot be imported again if it fails then.
    backend = os.environ.pop(_NAME)
    try:
        settings = importlib.import_module("matplotlib").rcParams
        if backend:
            with contextlib.suppress(ValueError):
                settings["backend"] = backend
    finally:
        os.environ[_NAME] = backend


load()
