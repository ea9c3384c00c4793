"""Verdict on designs: whether one is better than the reference, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from oxyshell.presentation.numbers import with_unit
from oxyshell.studies.design.space import Matrix


@dataclass(frozen=True)
class Measure:
    """One objective.

    Attributes:
        name: Its name.
        unit: Unit of its numbers, "1" without.
        sign: 1 if small is good, -1 if large is.
        resolution: Differences up to this count as none when asking for "better".
    """

    name: str
    unit: str
    sign: float
    resolution: float = 0.0

    def text(self, value: float) -> str:
        """A number with its unit."""
        return with_unit(value, self.unit)


def better(
    measures: Sequence[Measure], worth: Matrix, reference: Sequence[float], margin: float = 0.0
) -> list[int]:
    """The designs that are better than the reference in all measures but one at least, and worse in none.

    Args:
        measures: The objectives.
        worth: Their numbers, as they are, shape (designs, objectives).
        reference: Those of the reference.
        margin: Part of the reference's own number that counts as none when asking for "worse".

    Returns:
        Positions, the one with the largest gains first: their sum over all measures, each in units of what
        any of the designs gains or loses most in it.
    """
    gains = _gains(measures, worth, reference)
    resolution = np.array([one.resolution for one in measures])
    enough = np.sum(gains > resolution, axis=1) >= max(len(measures) - 1, 1)
    good = enough & (distances(measures, worth, reference, margin) == 0.0)
    scale = np.max(np.abs(gains), axis=0)
    total = np.sum(np.divide(gains, scale, out=np.zeros_like(gains), where=scale > 0), axis=1)
    return sorted((int(index) for index in np.flatnonzero(good)), key=lambda index: (-total[index], index))


def distances(
    measures: Sequence[Measure], worth: Matrix, reference: Sequence[float], margin: float
) -> Matrix:
    """Distance of each design from being nowhere worse than the reference by more than the margin.

    Args:
        measures: The objectives.
        worth: Their numbers, as they are, shape (designs, objectives).
        reference: Those of the reference.
        margin: Part of the reference's own number that counts as none.

    Returns:
        Sum over the measures of what is too much, in units of the reference's own numbers, shape (designs,).
    """
    sizes = np.abs(np.asarray(reference))
    losses = -_gains(measures, worth, reference) - margin * sizes
    found: Matrix = np.sum(np.clip(losses, 0.0, None) / np.where(sizes > 0, sizes, 1.0), axis=1)
    return found


def _gains(measures: Sequence[Measure], worth: Matrix, reference: Sequence[float]) -> Matrix:
    gains: Matrix = (np.asarray(reference) - worth) * np.array([one.sign for one in measures])
    return gains


def verdict(
    measures: Sequence[Measure],
    worth: Matrix,
    reference: Sequence[float],
    names: Sequence[str],
    reference_name: str,
    margin: float,
) -> str:
    """Says which design is better than the reference, or that there is none and which one comes nearest.

    Args:
        measures: The objectives.
        worth: Their numbers, as they are, shape (designs, objectives).
        reference: Those of the reference.
        names: The designs in words.
        reference_name: Name of the reference.
        margin: Loss that is still near, of the reference's own number.
    """

    def told(index: int) -> str:
        numbers = zip(measures, worth[index], reference, strict=True)
        return "; ".join(_change(one, float(value), other) for one, value, other in numbers)

    def more(candidates: Sequence[int]) -> str:
        others = len(candidates) - 1
        return f" {others} more of {len(names)} designs are better in the same sense." if others else ""

    candidates = better(measures, worth, reference)
    if candidates:
        best = candidates[0]
        return f"{names[best]} is better than {reference_name}: {told(best)}.{more(candidates)}"
    text = (
        f"None of {len(names)} designs is better than {reference_name} in {_counted(len(measures))} without "
        "being worse in another."
    )
    nearly = better(measures, worth, reference, margin)
    if nearly:
        best = nearly[0]
        text += f" With {100 * margin:g} % worse allowed, {names[best]} is: {told(best)}.{more(nearly)}"
    return f"{text} {_nearest(measures, worth, reference, names)}"


def _counted(measures: int) -> str:
    return f"{measures - 1} of the {measures} measures"


def _change(measure: Measure, value: float, reference: float) -> str:
    gain = (reference - value) * measure.sign
    word = "better" if gain > measure.resolution else "equal" if gain >= 0 else "worse"
    share = 100 * (value / reference - 1) if reference else 0.0
    change = f", {share:{'+.0f' if abs(share) >= 10 else '+.2g'}} %" if reference else ""
    return f"{measure.name} {measure.text(value)} instead of {measure.text(reference)} ({word}{change})"


def _nearest(
    measures: Sequence[Measure], worth: Matrix, reference: Sequence[float], names: Sequence[str]
) -> str:
    """For each measure, the least that has to be given up in it to be better in all others."""
    gains = _gains(measures, worth, reference)
    resolution = np.array([one.resolution for one in measures])
    told = []
    for index, one in enumerate(measures):
        others = [other for other in range(len(measures)) if other != index]
        good = np.flatnonzero(np.all(gains[:, others] > resolution[others], axis=1))
        if len(good) == 0:
            told.append(f"nothing is better in all but {one.name}")
            continue
        least = int(good[np.argmax(gains[good, index])])
        told.append(
            f"to be better in all but {one.name} takes {one.text(float(worth[least, index]))} instead of "
            f"{one.text(reference[index])} ({names[least]})"
        )
    text = "; ".join(told)
    return f"{text[0].upper()}{text[1:]}."
