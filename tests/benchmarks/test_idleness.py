"""A busy machine is not passed over in silence."""

import pytest

from benchmarks.idleness import Sample, complaints, described

_IDLE = Sample(load=0.1, alone_s=0.3, waiting=1.0, side_by_side=1.03)


def test_an_idle_machine_is_called_so() -> None:
    assert complaints([_IDLE, _IDLE]) == []
    assert described([_IDLE]).startswith("idle machine")


@pytest.mark.parametrize(
    "later",
    [
        Sample(load=0.1, alone_s=0.3, waiting=1.2, side_by_side=1.0),
        Sample(load=0.1, alone_s=0.4, waiting=1.0, side_by_side=1.0),
    ],
)
def test_one_moment_of_a_long_run_is_enough(later: Sample) -> None:
    samples = [_IDLE, later, _IDLE, _IDLE]
    assert len(complaints(samples)) == 1
    assert described(samples).startswith("**BUSY")


def test_load_and_a_shared_core_are_told() -> None:
    busy = Sample(load=3.0, alone_s=0.3, waiting=1.0, side_by_side=1.9)
    assert len(complaints([busy])) == 2
