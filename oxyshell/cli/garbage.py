"""Python's collector of garbage in a process that is the program's own."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 400_000
"""New objects until garbage is looked for; a run with figures makes 330 000, nearly all of which stay."""


@contextmanager
def hardly_collected() -> Iterator[None]:
    """Look for garbage seldom, and not once more among all objects as the process ends.

    Both together take a seventh of a short run, and find nothing that anybody needs the memory of.
    """
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, *before[1:])
    # Not at the end of the block: a process that goes on would never again collect what it has by then, and
    # meshes in it hold communicators, of which MPI has some two thousand.
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    try:
        yield
    finally:
        gc.set_threshold(*before)
