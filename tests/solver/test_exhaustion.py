"""Steps come to the exhaustion of a surface, not over it, and leave it by shares of what is left."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from oxyshell.models.base.protocol import Protocol
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.solver.exhaustion import longest
from tests.solver.analytic import Bucket, charge, time
from tests.solver.gauge import FREE

MARGIN = 0.02
OUT = replace(charge(time(1.0)), exchange=IonExchange(extraction=1.0, margin=MARGIN), pace=1.0)
IN = replace(OUT, pace=-1.0)


@pytest.mark.parametrize(
    ("before", "after", "left_at_next"),
    [(0.5, 0.4, MARGIN), (0.05, 0.04, MARGIN), (0.03, 0.02, 0.018), (0.012, 0.011, 0.0099)],
)
def test_the_next_step_ends_where_the_current_begins_to_fall_or_a_tenth_further(
    before: float, after: float, left_at_next: float
) -> None:
    slope = (before - after) / 2.5
    assert after - slope * longest(OUT, before, after, 2.5) == pytest.approx(left_at_next, abs=1e-12)
    assert longest(IN, 1 - before, 1 - after, 2.5) == pytest.approx(longest(OUT, before, after, 2.5))


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        (OUT, 0.4, 0.5),
        (OUT, 0.4, 0.4),
        (OUT, 1e-7, -1e-7),
        (IN, 1.0, 1 + 1e-7),
        (IN, 0.5, 0.4),
        (replace(OUT, pace=0.0), 0.5, 0.4),
        (replace(OUT, held=0.1), 0.5, 0.4),
        (replace(OUT, exchange=IonExchange(extraction=1.0, margin=0.0)), 0.5, 0.4),
    ],
)
def test_elsewhere_nothing_limits_it(step: object, before: float, after: float) -> None:
    assert math.isinf(longest(step, before, after, 1.0))  # type: ignore[arg-type]


def test_no_step_of_a_run_passes_the_margin_from_far_off() -> None:
    bucket = Bucket()
    # Occupancy 1 − √(t/2).
    list(bucket.run(Protocol((replace(OUT, until=(time(1.99),)),)), FREE()))
    left = [tuple(1 - math.sqrt(at / 2) for at in (one.time, one.time + h)) for one, h in bucket.tried]
    crossing = [one for one, other in left if one > MARGIN >= other]
    # As it falls more and more slowly, straight lines fall short of the margin, by less and less.
    assert [one < 1.2 * MARGIN for one in crossing] == [True]
    assert all(other > 0.85 * one for one, other in left if one < MARGIN)
