"""What a fit means, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from oxyshell.studies.fitting.estimate import PART, Direction, Estimate
from oxyshell.studies.fitting.problem import Problem, Unknown
from oxyshell.studies.fitting.valley import Place

# Correlation above which two parameters are said to trade off.
_STRONG = 0.9
# Probability below which the targets are said to contradict the model.
_UNLIKELY = 0.01
# Share of the bounds' (logarithmic) range within which a value is said to lie at a bound.
_AT_BOUND = 1e-3


def findings(
    problem: Problem, found: Estimate, valleys: Sequence[tuple[Direction, Sequence[Place]]]
) -> Iterator[str]:
    """Sentences on a fit: what is not determined, what trades off, what is not met, what lies at a bound."""
    unknowns, targets = len(problem.unknowns), len(problem.targets)
    known = sum(direction.identified for direction in found.directions)
    if unknowns > targets:
        yield f"Under-determined: {unknowns} parameters, {targets} {'target' if targets == 1 else 'targets'}."
    if known < unknowns:
        yield (
            f"The targets determine {known} of {unknowns} directions. Values without an interval are one "
            "choice of many: the nearest to where the fit started."
        )
    for direction, places in valleys:
        yield _open(problem, direction, places)
    yield from _trading(problem, found)
    yield from _missed(found)
    for one, log, low, high in zip(
        problem.unknowns, found.logarithms, problem.low, problem.high, strict=True
    ):
        if min(log - low, high - log) < _AT_BOUND * (high - low):
            yield f"{one.name} lies at a bound: the targets want it beyond."


def members(direction: Direction, unknowns: Sequence[Unknown]) -> list[int]:
    """The unknowns that take part in a direction, in the order of the file."""
    return [index for index in range(len(unknowns)) if abs(float(direction.components[index])) >= PART]


def number(value: float, unit: str) -> str:
    """A number with its unit."""
    return f"{value:.4g}" if unit == "1" else f"{value:.4g} {unit}"


def _open(problem: Problem, direction: Direction, places: Sequence[Place]) -> str:
    indices = members(direction, problem.unknowns)
    names = [problem.unknowns[index].name for index in indices]
    asked = _listed([f"{number(one.value, one.unit)} ({one.name})" for one in problem.targets])
    if len(names) == 1:
        text = f"{asked} do not determine {names[0]}"
    else:
        others = _listed([f"one of {name}" for name in names[1:]])
        text = f"{asked} cannot tell a change of {names[0]} from {others}"
    if len(places) < 2:
        return f"{text}, to first order; further away they may."
    ends = [
        ", ".join(
            f"{problem.unknowns[index].name} = "
            f"{number(math.exp(place.logarithms[index]), problem.unknowns[index].unit)}"
            for index in indices
        )
        for place in sorted((places[0], places[-1]), key=lambda place: float(place.logarithms[indices[0]]))
    ]
    return (
        f"{text}: all the way from {ends[0]} to {ends[1]}, no target moves by more than "
        f"{rounded_up(largest_move(places))} of its uncertainty ({len(places)} places computed). "
        "A measurement of one of them is needed."
    )


def largest_move(places: Sequence[Place]) -> float:
    """By how much a target differs at most between places of a valley, in its uncertainty."""
    rows: list[list[float]] = [place.residuals.tolist() for place in places]
    moves = [float(max(column) - min(column)) for column in zip(*rows, strict=True)]
    return max(moves)


def rounded_up(number: float) -> str:
    """Two decimals, not less than the number."""
    return f"{math.ceil(100 * number) / 100:.2f}"


def _trading(problem: Problem, found: Estimate) -> Iterator[str]:
    known = [index for index, one in enumerate(found.identified) if one]
    for first in known:
        for second in known:
            correlation = float(found.correlation[first, second])
            if first < second and abs(correlation) > _STRONG:
                names = problem.unknowns[first].name, problem.unknowns[second].name
                way = "both up or both down" if correlation > 0 else "one up, the other down"
                yield f"{names[0]} and {names[1]} trade off (correlation {correlation:+.3f}): {way}."


def _missed(found: Estimate) -> Iterator[str]:
    from scipy.stats import chi2

    if found.degrees_of_freedom <= 0:
        return
    probability = float(chi2.sf(found.misfit, found.degrees_of_freedom))
    if probability < _UNLIKELY:
        yield (
            f"The targets are not met within their uncertainties: sum of squared misses {found.misfit:.3g} "
            f"for {found.degrees_of_freedom} degrees of freedom, probability {probability:.1g}. The model "
            "is not right, or the uncertainties are too small; the intervals then mean little."
        )


def _listed(texts: Sequence[str]) -> str:
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)
