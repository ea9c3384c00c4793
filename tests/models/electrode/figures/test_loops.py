"""Loops of charge and discharge in the history of a run."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from oxyshell.models.electrode.figures.loops import branches_of, choice, has_electrode, loops_of
from tests.models.electrode.figures.made_runs import CC_CV_CYCLE, ROWS, Step, cycles, run


def names(*steps: Step) -> list[str]:
    return [loop.name for loop in loops_of(run(steps).result)]


def test_a_branch_is_a_step_from_its_start_with_the_new_current_to_its_end() -> None:
    result = run(CC_CV_CYCLE).result
    branches = branches_of(result)
    assert [(one.number, one.verb) for one in branches] == [
        (1, "charge"), (2, "hold"), (3, "rest"), (4, "discharge"),
    ]  # fmt: skip
    assert [len(one.history["time_s"]) for one in branches] == [ROWS] * 4
    assert [one.history["time_step_s"][0] for one in branches] == [0.0] * 4
    assert [one.charged for one in branches] == pytest.approx([100.0, 10.0, 0.0, 0.0])
    assert [one.discharged for one in branches] == pytest.approx([0.0, 0.0, 0.0, 90.0])


def test_a_step_that_has_not_ended_is_no_branch() -> None:
    whole, stopped = run(CC_CV_CYCLE).result, run(CC_CV_CYCLE[:2]).result
    unfinished = dataclasses.replace(whole, step_table=stopped.step_table)
    assert [one.verb for one in branches_of(unfinished)] == ["charge", "hold"]


def test_a_step_whose_rows_were_not_kept_is_no_branch() -> None:
    result = run(cycles(4)).result
    # Of the third cycle nothing is left, of the last one its last row.
    time = result.history["time_s"]
    kept = (np.arange(len(time)) < 4 * ROWS) | (np.arange(len(time)) == len(time) - 1)
    thinned = dataclasses.replace(
        result, history={name: values[kept] for name, values in result.history.items()}
    )
    assert [one.number for one in branches_of(thinned)] == [1, 2, 3, 4]
    assert [loop.name for loop in loops_of(thinned)] == ["cycle 1", "cycle 2"]
    assert [len(one.history["time_s"]) for one in branches_of(thinned)] == [ROWS] * 4
    later = {name: values[ROWS:] for name, values in result.history.items()}
    assert branches_of(dataclasses.replace(result, history=later))[0].number == 2


def test_a_charge_and_a_discharge_with_what_is_between_them_are_a_loop() -> None:
    (loop,) = loops_of(run(CC_CV_CYCLE).result)
    assert loop.name == "steps 1–4"
    assert loop.closed
    assert (loop.charged, loop.discharged) == pytest.approx((110.0, 90.0))
    np.testing.assert_allclose(
        loop.course("capacity_mAh_g")[[0, ROWS - 1, 2 * ROWS - 1, -1]], [0.0, 100.0, 110.0, 20.0]
    )


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([Step("charge", 5.0)], ["step 1"]),
        ([Step("charge", 5.0), Step("discharge", -5.0), Step("charge", 5.0)], ["steps 1–2", "step 3"]),
        ([Step("discharge", -5.0), Step("rest", 0.0), Step("charge", 5.0)], ["steps 1–3"]),
        # A titration: its cycles are pulses.
        ([Step("charge", 5.0, 1), Step("rest", 0.0, 1), Step("charge", 5.0, 2)], ["steps 1–3"]),
        (cycles(2), ["cycle 1", "cycle 2"]),
        # Cycles keep together whichever direction goes first.
        (
            [Step("charge", 9.0), Step("discharge", -5.0, 1), Step("charge", 5.0, 1), Step("rest", 0.0)],
            ["step 1", "cycle 1"],
        ),
        ([Step("rest", 0.0), *cycles(1), Step("charge", 4.0)], ["cycle 1", "step 4"]),
        ([Step("rest", 0.0)], []),
    ],
)
def test_loops_are_cycles_or_turns(steps: list[Step], expected: list[str]) -> None:
    assert names(*steps) == expected


def test_of_many_loops_the_first_two_the_last_and_some_between_are_chosen() -> None:
    assert choice(6) == [0, 1, 2, 3, 4, 5]
    assert choice(20) == [0, 1, 6, 10, 14, 19]
    for count in range(7, 600):
        chosen = choice(count)
        assert len(set(chosen)) == 6
        assert (chosen[0], chosen[1], chosen[-1]) == (0, 1, count - 1)
    assert choice(10, 3) == [0, 1, 9]


def test_a_run_without_voltages_has_no_electrode() -> None:
    result = run(CC_CV_CYCLE).result
    assert has_electrode(result)
    bare = {name: values for name, values in result.history.items() if name != "voltage_V"}
    assert not has_electrode(dataclasses.replace(result, history=bare))
