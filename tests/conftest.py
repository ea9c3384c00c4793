from __future__ import annotations

import pytest

from oxyshell import _stack

_stack.load()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is quick first: files with anything slow in them come last, each as a whole."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path in slow)
