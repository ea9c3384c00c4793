from __future__ import annotations

import os
import sys

import pytest

# Tests start hundreds of processes; each would compile all that it imports where no bytecode is kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

from oxyshell import _stack  # noqa: E402

_stack.load()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is quick first: files with anything slow in them come last, each as a whole."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path in slow)
