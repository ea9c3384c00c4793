from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from oxyshell.models.mechanics.peaks import Largest, StepPeak

UNEVEN = [0.0, 0.1, 0.3, 0.42, 0.55, 0.71, 0.9, 1.0]


def followed(
    value: Callable[[float], float],
    times: Sequence[float],
    depth: Callable[[float], float] = lambda t: 0.0,
    ends: Sequence[float] = (),
) -> Largest:
    """Steps of one protocol step, or of several that end at some times."""
    largest, last, begins = Largest(), times[-1], True
    for time in times:
        step = StepPeak(value(time), depth(time), 100.0 - depth(time), time, 2 * time)
        ended = time in ends or time == last
        largest.consider(step, begins, ended)
        begins = ended
    return largest


def test_a_quartic_is_found_exactly_between_uneven_steps() -> None:
    # Its maximum, at 0.4967, is between 0.42 and 0.55 with two steps on each side.
    def quartic(t: float) -> float:
        return 3 + t - 0.3 * t**2 - 0.5 * t**3 - t**4

    roots = np.roots([-4.0, -1.5, -0.6, 1.0])
    top = float(roots[np.abs(roots.imag) < 1e-12].real[0])
    peak = followed(quartic, UNEVEN).peak
    assert peak.time == pytest.approx(top, rel=1e-9)
    assert peak.value == pytest.approx(quartic(top), rel=1e-12)
    assert peak.extracted == pytest.approx(2 * top, rel=1e-9)


@pytest.mark.parametrize("offset", np.linspace(0, 0.1, 7))
def test_a_flat_maximum_does_not_lie_where_a_step_happened_to_end(offset: float) -> None:
    times = [0.0, *(0.1 * np.arange(10) + 0.01 + offset).tolist()]
    peak = followed(lambda t: math.sin(math.pi * t * 0.9), times).peak
    # sin's fifth derivative, 170, over 5!, times the distances to five points: 3e-5; over sin'' = 8 in time.
    assert peak.value == pytest.approx(1.0, abs=1e-5)
    assert peak.time == pytest.approx(0.5 / 0.9, abs=1e-4)


def test_an_edge_is_no_maximum_of_a_polynomial() -> None:
    # A protocol step ends at the top, and what follows falls.
    peak = followed(lambda t: min(t, 1.1 - t), [0.0, 0.2, 0.4, 0.55, 0.7, 0.9], ends=[0.55]).peak
    assert (peak.value, peak.time) == (0.55, 0.55)


def test_the_largest_of_each_protocol_step_is_followed_too() -> None:
    def value(t: float) -> float:
        return math.sin(2 * math.pi * t) * (1 - t / 10)

    times = [round(0.05 * index, 9) for index in range(41)]
    begins, largest, peaks = True, Largest(), []
    for time in times:
        step = StepPeak(value(time), 0.0, 100.0, time, time)
        ends = time in (0.5, 0.9, 2.0)
        largest.consider(step, begins, ends)
        largest = Largest.recalled(json.loads(json.dumps(largest.remembered())))
        if ends:
            peaks.append(largest.of_step)
        begins = ends
    # In the second one it only falls from its start, at zero, which is the end of the first one.
    assert [one.time for one in peaks] == pytest.approx([0.247, 0.5, 1.247], abs=2e-3)
    # A polynomial through five steps h = 0.05: at most 1.42 h⁵ of (2π)⁵/5! are left, 3.6e-5.
    assert [one.value for one in peaks] == pytest.approx([0.97513, 0.0, 0.87515], abs=4e-5)
    assert largest.peak == peaks[0] == max(peaks, key=lambda one: one.value)


def test_values_of_two_places_are_not_joined() -> None:
    # Growing inside until 0.55, then falling at the surface: no curve goes through both.
    peak = followed(
        lambda t: t if t < 0.6 else 0.4 - 0.1 * t, UNEVEN, lambda t: 50.0 if t < 0.6 else 0.0
    ).peak
    assert (peak.value, peak.time, peak.depth) == (0.55, 0.55, 50.0)


def test_a_place_that_moves_a_little_is_where_it_was_between_the_steps() -> None:
    peak = followed(lambda t: 1 - (t - 0.5) ** 2, UNEVEN, lambda t: 10 + 4 * t).peak
    assert peak.depth == pytest.approx(12.0, rel=1e-9)
    assert peak.radius == pytest.approx(88.0, rel=1e-9)


@pytest.mark.parametrize("times", [[0.0, 1.0], [0.0, 0.3, 1.0], [0.0, 0.49, 0.49 + 1e-12, 0.51, 1.0]])
def test_few_steps_and_steps_without_length_give_no_nonsense(times: list[float]) -> None:
    def parabola(t: float) -> float:
        return 1 - (t - 0.5) ** 2

    peak = followed(parabola, times).peak
    assert max(map(parabola, times)) <= peak.value <= 1 + 1e-9


@pytest.mark.parametrize("value", [0.0, 1e-320, -3.0, math.nan])
def test_a_value_that_stays_has_no_maximum_between_steps(value: float) -> None:
    peak = followed(lambda t: value, UNEVEN).peak
    assert peak.time == 0.0
    assert peak.value == (-math.inf if math.isnan(value) else value)


def test_a_rising_value_is_largest_at_its_end() -> None:
    peak = followed(math.exp, UNEVEN).peak
    assert (peak.value, peak.time) == (math.e, 1.0)


def test_what_is_remembered_goes_on_to_the_last_bit() -> None:
    def value(t: float) -> float:
        return math.sin(2.7 * t)

    whole = followed(value, UNEVEN).peak
    for cut in range(1, len(UNEVEN)):
        before = Largest()
        for index, time in enumerate(UNEVEN[:cut]):
            before.consider(StepPeak(value(time), 0.0, 100.0, time, 2 * time), index == 0, False)
        after = Largest.recalled(json.loads(json.dumps(before.remembered())))
        for time in UNEVEN[cut:]:
            after.consider(StepPeak(value(time), 0.0, 100.0, time, 2 * time), False, time == UNEVEN[-1])
        assert after.peak == whole


def test_the_place_moves_with_the_depth_unless_it_is_another_one() -> None:
    for other, expected in ((1.0, 0.25), (-100.0, 0.0)):
        largest = Largest()
        # The vertex of the parabola through 3, 4 and 3.5 lies at 1/6 of a step after the middle.
        for index, (value, x) in enumerate([(3.0, -1.0), (4.0, 0.0), (3.5, other)]):
            step = StepPeak(value, 0.0, 100.0, float(index), 0.0, x=1.5 * x, z=50.0)
            largest.consider(step, index == 0, index == 2)
        assert largest.peak.value > 4.0
        assert largest.peak.x == pytest.approx(expected, abs=1e-12)
        assert largest.peak.z == 50.0
