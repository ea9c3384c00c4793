"""Turns of an observable within a time step, where it may have been beyond an end and come back."""

from __future__ import annotations

from collections.abc import Iterable

# A parabola through three points finds only part of a turn: of a valley of a cosine, after half as long a
# step, a third. A step is looked into if the turn comes so much nearer to the end than the step's own ends.
_NEAR = 0.75
# Turns outside of this part of the step are at its ends, where the observable is known.
_FIRST, _LAST = 0.05, 0.9


def turns_at(
    time: float, step: float, before: tuple[float, ...], ends: Iterable[tuple[int, float, float]]
) -> float | None:
    """The length of a shorter step which leads to where an observable may be beyond an end.

    Args:
        time: At which the step begins, s.
        step: Its length, s.
        before: Time of the state before, s, and the distances to all ends there; empty without such a state.
        ends: For each end the side from which it is met, 0 if that is not looked into, and the signed
            distances to it before and after the step, both not beyond it.

    Returns:
        The shortest such length; None if no observable turns within the step beyond its end.
    """
    if not before:
        return None
    back = before[0] - time
    turns = (
        _turn(back, earlier * side, now * side, later * side, step)
        for earlier, (side, now, later) in zip(before[1:], ends, strict=True)
        if side
    )
    return min((turn for turn in turns if turn is not None), default=None)


def _turn(back: float, earlier: float, now: float, later: float, step: float) -> float | None:
    """Where the parabola through three distances, at `back` < 0, at 0 and after the step, is lowest."""
    rise, fall = (later - now) / step, (earlier - now) / back
    bend = (rise - fall) / (step - back)
    slope = rise - bend * step
    if bend <= 0 or slope >= 0:
        return None
    at = -0.5 * slope / bend
    lowest = now + 0.5 * slope * at
    inside = _FIRST * step < at < _LAST * step
    return at if inside and lowest < _NEAR * min(now, later) else None
