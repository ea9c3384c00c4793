from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from oxyshell.models.base.protocol import Protocol, Repeat
from oxyshell.running.ends import entry, in_summary, index_of, missed_values, remarks
from tests.solver.analytic import charge, extracted, rest, time
from tests.solver.gauge import down_to, level, up_to

ORDINARY = {
    "protocol_step": 0,
    "step": "rest",
    "ended_by": "time",
    "time_s": 60.0,
    "extracted_per_formula": 0.5,
}


def at(asked: float, reached: float) -> dict[str, object]:
    return {
        **ORDINARY,
        "protocol_step": 1,
        "step": "charge at 1 C",
        "ended_by": "hoop_peak_MPa",
        "asked": asked,
        "reached": reached,
    }


def test_an_end_that_a_column_jumps_over_is_told() -> None:
    (told,) = missed_values([ORDINARY, at(300.0, 301.2)])
    assert told == (
        "charge at 1 C (step 2 of the protocol) ended where hoop_peak_MPa passes 300, at 301.2: the column "
        "jumps or trembles there."
    )
    assert len(list(missed_values([at(0.0, 1e-3), at(1e-18, 1.1e-18), at(1.0, math.nan)]))) == 3


def test_an_end_that_is_landed_on_is_not() -> None:
    assert not list(missed_values([ORDINARY, at(300.0, 300.0 + 1e-8), at(0.0, 1e-10), at(1e-18, 1e-18)]))


def ends_of(protocol: Protocol, curve: Callable[[float], float]) -> list[dict[str, Any]]:
    moments = level(curve).run(protocol)
    return [entry(moment, protocol) for moment in moments if moment.ended_by is not None]


def test_an_end_that_is_already_met_is_told() -> None:
    protocol = Protocol((charge(time(0.1)), charge(down_to(4.8), time(1.0)), rest(time(0.1))))
    ends = ends_of(protocol, lambda _t: 3.25)
    assert [in_summary(end).get("reason") for end in ends] == [None, "already met", None]
    assert ends[1]["ended_by"] == "level"
    (told,) = remarks(ends)
    assert told == (
        "charge (step 2 of the protocol) had no length: its end 'level' = 4.8 (3.25 there), was already met "
        "when it began, at t = 100 ms."
    )


def test_many_ends_that_are_already_met_are_told_of_in_a_few_sentences() -> None:
    ends = ends_of(Protocol((charge(down_to(4.8)),) * 50 + (rest(time(0.1)),)), lambda _t: 3.25)
    *some, last = remarks(ends)
    assert len(some) == 3
    assert last == "47 more steps of the protocol had no length, for the same reason."


def test_a_limit_of_the_run_is_told() -> None:
    limit = up_to(0.3, ends_run=True)
    protocol = Protocol((charge(time(0.2), limit), charge(time(0.3), limit), rest(time(1.0))))
    ends = ends_of(protocol, lambda t: t)
    assert len(ends) == 2
    assert ends[1]["limit"] == {"of": "level", "value": 0.3}
    (told,) = remarks(ends)
    assert told == (
        "The run was over in charge (step 2 of the protocol), at t = 300 ms: it came to the limit "
        "level = 0.3. Later steps were not run."
    )


def test_ends_that_are_reached_together_are_all_told() -> None:
    (end,) = ends_of(Protocol((charge(time(0.5), up_to(0.5), extracted(0.9)),)), lambda t: t)
    assert (end["ended_by"], end["also_reached"]) == ("time", ["level"])


@pytest.mark.parametrize(("value", "last"), [(0.25, 2), (0.35, 4)])
def test_a_repetition_that_is_over_early_is_told_and_steps_keep_their_numbers(
    value: float, last: int
) -> None:
    """It comes to its end within its second pulse, or is beyond it where the third begins."""
    pulse, pause = charge(time(0.1), up_to(value)), rest(time(0.1))
    repeat = Repeat("gitt", 0, 2, 9, until_reached=("level",))
    ends = ends_of(Protocol((*(pulse, pause) * 9, pause), (), (repeat,)), lambda t: t)
    assert [index_of(end) for end in ends] == [*range(last + 1), 18]
    number = last // 2 + 1
    said = f"The repetition 'gitt' was over after its cycle {number}: level was reached."
    assert list(remarks(ends))[-1] == said
    assert ends[-2]["repeat_over"] == {"name": "gitt", "cycle": number, "capacity_share": None}


def test_a_repetition_that_has_faded_is_told() -> None:
    end = {**ORDINARY, "repeat_over": {"name": "", "cycle": 200, "capacity_share": 0.79912}}
    (told,) = remarks([end])
    assert told == (
        "The repetition was over after its cycle 200: its discharge capacity was 79.91 % of that of the "
        "second one."
    )
