"""MPI communicators of particles that nobody has any more."""

from __future__ import annotations

import gc
import itertools

_MADE = itertools.count(1)
_COLLECTED_EVERY = 16


def collect_now_and_then() -> None:
    """Free the MPI communicators of particles that nobody has any more: MPI has 2048, and then it aborts.

    They are in cycles of references, which Python by itself may leave alone for hundreds of runs.
    """
    if next(_MADE) % _COLLECTED_EVERY == 0:
        gc.collect()
