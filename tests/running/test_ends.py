from __future__ import annotations

import math

from oxyshell.running.ends import missed_values

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
