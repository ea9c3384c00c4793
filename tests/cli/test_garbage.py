"""The collector of garbage under the program."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref

import pytest

from oxyshell.cli.garbage import hardly_collected
from tests.program import SCENARIOS, call


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


def test_what_was_set_before_is_set_again() -> None:
    before = gc.get_threshold()
    with hardly_collected():
        assert gc.get_threshold() != before
    assert gc.get_threshold() == before


def test_a_process_that_goes_on_collects_what_a_command_has_left(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = gc.get_freeze_count()
    assert call(monkeypatch, "validate", SCENARIOS / "lrmo-ru1.yaml") == 0
    assert gc.get_freeze_count() == frozen
    with hardly_collected():
        lost = weakref.ref(_Cycle())
    gc.collect()
    assert lost() is None


def test_as_the_process_ends_nothing_is_searched() -> None:
    code = (
        "import atexit, gc; from oxyshell.cli.garbage import hardly_collected\n"
        "atexit.register(lambda: print(gc.get_freeze_count() > 1000))\n"
        "with hardly_collected(): print(gc.get_freeze_count() > 1000)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
