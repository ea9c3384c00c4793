"""Shapes that are known for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from oxyshell.shapes import registry
from oxyshell.shapes.shape import Shape


@contextmanager
def registered(shape: type[Shape]) -> Iterator[None]:
    """Register a shape, and forget it again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_SHAPES", [*registry.shapes()])
        registry.register(shape)
        yield
