"""A row says its ratio, whether its target is met, and what has not been measured."""

import json

import pytest

from benchmarks.table import Row, markdown


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (Row(case="a", seconds=1.0, floor_seconds=2.0, target=0.5), "met"),
        (Row(case="a", seconds=1.1, floor_seconds=2.0, target=0.5), "missed"),
        (Row(case="a", measured=1.8, target=1.8, at_least=True), "met"),
        (Row(case="a", measured=1.7, target=1.8, at_least=True), "missed"),
        (Row(case="a", measured=0, target=0), "met"),
        (Row(case="a", measured=3.0), ""),
        (Row(case="a", seconds=1.0, target=2.0), ""),
        (Row(case="a", seconds=1.0, floor_seconds=2.0, target=0.5, unmeasured="no equals"), "NOT MEASURED"),
    ],
)
def test_a_ratio_is_judged_by_its_target(row: Row, verdict: str) -> None:
    assert row.verdict == verdict


def test_a_table_shows_target_limit_and_what_is_missing() -> None:
    rows = [
        Row(case="first", of="step", floor="algebra", seconds=3.0, floor_seconds=2.0, target=1.4, limit=1),
        Row(case="second", of="step", floor="peer", unmeasured="the peer is not installed", target=0.5),
    ]
    heading, line, first, second = markdown(rows).splitlines()
    assert len(heading) == len(line) == len(first) == len(second)
    assert [cell.strip() for cell in first.split("|")[1:9]] == [
        "first", "step", "algebra", "1.5", "≤ 1.4", "missed", "1", "3"
    ]  # fmt: skip
    assert "NOT MEASURED" in second
    assert "the peer is not installed" in second
    # No row has it.
    assert "rejected" not in heading


def test_a_row_comes_back_from_json() -> None:
    row = Row(
        case="a", of="run", seconds=1.0, floor_seconds=4.0, target=0.5, at_least=True, steps=3, noise=0.0
    )
    assert Row.of_json(json.loads(json.dumps(row.as_json()))) == row


def test_a_name_does_not_change_with_what_is_measured() -> None:
    one, other = (
        Row(case="a", of="run", floor="b", seconds=s, steps=int(s), note=str(s)) for s in (1.0, 2.0)
    )
    assert one.name == other.name == "a, run, b"
