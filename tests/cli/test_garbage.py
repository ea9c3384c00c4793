"""The collector of garbage under the program."""

from __future__ import annotations

import gc
import weakref

from oxyshell.cli.garbage import hardly_collected


class _Cycle:
    def __init__(self) -> None:
        self.itself = self


def test_garbage_is_collected_in_a_long_run() -> None:
    with hardly_collected():
        lost = weakref.ref(_Cycle())
        kept = [[index] for index in range(50_000)]
        assert lost() is not None
        kept += [[index] for index in range(500_000)]
        assert lost() is None
    gc.unfreeze()


def test_what_was_set_before_is_set_again() -> None:
    before = gc.get_threshold()
    try:
        with hardly_collected():
            assert gc.get_threshold() != before
        assert gc.get_threshold() == before
    finally:
        gc.unfreeze()
