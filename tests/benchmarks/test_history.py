"""The history says which ratio is worse by more than noise, and compares only what can be compared."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks import history
from benchmarks.table import Row


def _line(*rows: Row, **facts: Any) -> dict[str, Any]:
    return history.entry(
        {"machine": "m", "quick": False, "clock": "wall", "busy": False, "only": []} | facts, rows
    )


@pytest.mark.parametrize(
    ("before", "now", "noise", "is_worse"),
    [(1.0, 1.3, 0.1, True), (1.0, 1.15, 0.1, False), (1.0, 0.5, 0.1, False), (1.0, 1.02, 0.0, False)],
)
def test_a_ratio_is_worse_by_more_than_the_noise_of_both_runs(
    before: float, now: float, noise: float, is_worse: bool
) -> None:
    old, new = (_line(Row(case="a", measured=ratio, noise=noise)) for ratio in (before, now))
    assert bool(history.worse(old, new)) is is_worse


def test_a_gain_is_worse_when_it_falls() -> None:
    high, low = (_line(Row(case="a", measured=gain, noise=0.02, at_least=True)) for gain in (1.9, 1.5))
    assert len(history.worse(high, low)) == 1
    assert history.worse(low, high) == []


def test_a_first_compiled_file_is_worse_than_none() -> None:
    none, one = (_line(Row(case="a", measured=count, noise=0.0)) for count in (0, 1))
    assert len(history.worse(none, one)) == 1
    assert history.worse(one, none) == []


def test_the_worst_comes_first_and_what_is_lacking_before_it() -> None:
    before = _line(*(Row(case=name, measured=1.0, noise=0.01) for name in "abc"))
    now = _line(
        Row(case="a", measured=1.5, noise=0.01),
        Row(case="b", measured=2.0, noise=0.01),
        Row(case="c", unmeasured="gone"),
    )
    assert [text[0] for text in history.worse(before, now)] == ["c", "b", "a"]


def test_a_row_that_vanishes_is_told() -> None:
    before = _line(Row(case="a", measured=1.0))
    assert len(history.worse(before, _line())) == 1
    assert history.worse(before, _line(only=["b"])) == []


def test_only_idle_runs_of_the_same_kind_are_compared() -> None:
    now = _line()
    runs = [_line(commit="old"), _line(commit="last"), _line(commit="busy", busy=True), _line(quick=True)]
    found = history.last_comparable(runs, now)
    assert found is not None
    assert found["commit"] == "last"
    assert history.last_comparable([_line(machine="another")], now) is None


def test_runs_are_read_as_they_were_appended(tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    assert history.read(file) == []
    lines = [_line(Row(case="a ≤ b", measured=ratio)) for ratio in (1.0, 2.0)]
    for line in lines:
        history.append(file, line)
    assert history.read(file) == lines
