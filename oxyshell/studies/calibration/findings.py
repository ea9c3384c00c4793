"""Findings on a calibration, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from oxyshell.studies.calibration.estimate import PART, Direction, Estimate, Status
from oxyshell.studies.calibration.problem import Problem
from oxyshell.studies.calibration.search import Minimum
from oxyshell.studies.calibration.unknowns import Unknown
from oxyshell.studies.calibration.valley import ValleyPoint

# Correlation above which two parameters are said to trade off.
_STRONG = 0.9
# Misses that are named where the targets are not met, in uncertainties.
_MISSED = 3.0
# Probability of the sum of squares below which a fit is said to be an unlikely one.
_UNLIKELY = 0.01
_SIDES = {-1: "the lower one", 1: "the upper one"}


def findings(
    problem: Problem, found: Estimate, valleys: Sequence[tuple[Direction, Sequence[ValleyPoint]]]
) -> Iterator[str]:
    """Sentences on a fit: whether it is one, what is not met, what is not determined, what trades off."""
    yield from _not_settled(found)
    yield from _missed(problem, found)
    yield from _held(problem, found)
    yield from _elsewhere(problem, found)
    yield from _not_searched(problem, found)
    unknowns, targets = len(problem.unknowns), len(problem.targets)
    if unknowns > targets:
        yield f"Under-determined: {unknowns} parameters, {targets} {'target' if targets == 1 else 'targets'}."
    yield from _without_effect(problem, found)
    if found.status is not Status.FITTED:
        yield (
            "No standard errors, intervals or valleys are given: around values that are no minimum of their "
            "own in which the targets are met, they would mean nothing."
        )
        return
    known = sum(direction.identified for direction in found.directions)
    if known < unknowns:
        yield (
            f"The targets determine {known} of {unknowns} directions. Values without an interval are one "
            "choice of many: the nearest to where the fit started."
        )
    for direction, places in valleys:
        yield _open(problem, direction, places)
    yield from _trading(problem, found)


def members(direction: Direction, unknowns: Sequence[Unknown]) -> list[int]:
    """The unknowns that take part in a direction, in the order of the file."""
    return [index for index in range(len(unknowns)) if abs(float(direction.components[index])) >= PART]


def _open(problem: Problem, direction: Direction, places: Sequence[ValleyPoint]) -> str:
    indices = members(direction, problem.unknowns)
    names = [problem.unknowns[index].name for index in indices]
    asked = _listed([f"{one.text(one.value)} ({one.name})" for one in problem.targets])
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
            f"{problem.unknowns[index].text(math.exp(place.logarithms[index]))}"
            for index in indices
        )
        for place in sorted((places[0], places[-1]), key=lambda place: float(place.logarithms[indices[0]]))
    ]
    return (
        f"{text}: all the way from {ends[0]} to {ends[1]}, no target moves by more than "
        f"{rounded_up(largest_move(places))} of its uncertainty ({len(places)} places computed). "
        "A measurement of one of them is needed."
    )


def largest_move(places: Sequence[ValleyPoint]) -> float:
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


def _not_settled(found: Estimate) -> Iterator[str]:
    best = found.search.minima[0]
    if found.status is Status.NOT_SETTLED:
        yield (
            "The fit has not settled: these are the best values that were found, and no fit"
            + (f"; {best.note}" if best.note else "")
            + ". Narrow the bounds, or start nearer by values in the scenarios."
        )
    elif best.note:
        yield f"{best.note}."


def _missed(problem: Problem, found: Estimate) -> Iterator[str]:
    freedom = len(problem.targets) - len(problem.unknowns)
    probability = problem.probability(found.misfit)
    judged = (
        f" for {freedom} degrees of freedom, probability {probability:.1g}"
        if freedom > 0
        else ", though there are no more targets than parameters"
    )
    if problem.meets(found.misfit):
        if probability < _UNLIKELY:
            yield (
                "The targets are met less closely than their uncertainties let expect: sum of squared misses "
                f"{found.misfit:.3g}{judged}. The intervals come from the stated uncertainties: if these are "
                "too small, so are they."
            )
        return
    yield (
        f"The targets are not met within their uncertainties: sum of squared misses {found.misfit:.3g}"
        f"{judged}. {_support(problem, found)}"
    )
    misses = problem.residuals(found.logarithms)
    worst = int(np.argmax(np.abs(misses)))
    for index, one in enumerate(problem.targets):
        if abs(misses[index]) > _MISSED or index == worst:
            yield (
                f"{one.name} is missed: {one.text(found.results[index])} instead of {one.text(one.value)}, "
                f"{misses[index]:+.3g} uncertainties."
            )


def _support(problem: Problem, found: Estimate) -> str:
    """The weight that the search gives to targets that are not met."""
    search = found.search
    best = search.minima[0]
    others = "the model, the scenarios' other values, the bounds, the targets and their uncertainties"
    if found.status is Status.NOT_SETTLED:
        return "As the fit has not settled, this says nothing about the model."
    if not search.places:
        if problem.is_single:
            return "Values from bound to bound were tried."
        return (
            "It may be a local minimum: no other starts were tried. Write "
            "'starts: {points: 32}' into the file before doubting the model."
        )
    tried = f"{search.fits} fits, begun from the best of {search.places} values between the bounds"
    if best.fits > 1:
        return (
            f"Of {tried} and from the scenarios' values, {best.fits} end here and none lower, so that "
            f"the search is hardly to blame. What is left to doubt: {others}."
        )
    return (
        f"Of {tried} and from the scenarios' values, only one ends here: there may be a lower minimum. More "
        f"'points' in 'starts' search more densely before there is reason to doubt {others}."
    )


def _held(problem: Problem, found: Estimate) -> Iterator[str]:
    at = problem.bounds_met(found.logarithms)
    for one, side, held in zip(problem.unknowns, at, found.held, strict=True):
        if not side:
            continue
        bound = (
            f"{one.name} lies at a bound, {_SIDES[int(side)]} ({one.text(one.low if side < 0 else one.high)})"
        )
        yield (
            f"{bound}: the targets want it beyond. It is the bound's value, not a fitted one, and the others "
            "are fitted to it; widen the bound if it is a guess."
            if held
            else f"{bound}; the targets do not draw it further."
        )


def _elsewhere(problem: Problem, found: Estimate) -> Iterator[str]:
    best, *others = found.search.minima
    if unsolved := found.search.unsolved:
        yield f"{unsolved} of the fits and of their starts ended with a run that could not be solved."
    if not others:
        return
    told = "; ".join(_minimum(problem, one) for one in (best, *others))
    as_good = [one for one in others if problem.meets(one.misfit)]
    meaning = (
        f"{len(as_good) + 1} of these meet the targets, which do not tell them apart: a further target, or "
        "bounds that leave one of them, must decide."
        if as_good and problem.meets(best.misfit)
        else "The first is reported; the others are local minima, or fits that got stuck."
    )
    yield f"Fits from different starts end at different values: {told}. {meaning}"


def _not_searched(problem: Problem, found: Estimate) -> Iterator[str]:
    """Starts that were moved, and starts that were not tried."""
    for one in problem.unknowns:
        if one.written is not None:
            yield (
                f"The scenario's {one.name}, {one.text(one.written)}, lies outside the bounds: the fit "
                f"started from {one.text(one.start)}."
            )
    alone = found.status is Status.FITTED and not found.search.places
    if alone and len(problem.targets) == len(problem.unknowns):
        yield (
            "There are as many targets as parameters, and other values may meet them too: the fit met them "
            "from the scenarios' values, and no others were tried ('starts: {points: 32}' tries them)."
        )


def _minimum(problem: Problem, one: Minimum) -> str:
    at = problem.bounds_met(one.logarithms)
    values = ", ".join(
        f"{unknown.name} = {unknown.text(math.exp(log))}{' (at its bound)' if side else ''}"
        for unknown, log, side in zip(problem.unknowns, one.logarithms, at, strict=True)
    )
    given = ", from the scenarios' values" if one.given else ""
    fits = "1 fit" if one.fits == 1 else f"{one.fits} fits"
    return f"{values} with a sum of squared misses of {one.misfit:.3g} ({fits}{given})"


def _without_effect(problem: Problem, found: Estimate) -> Iterator[str]:
    for index in found.without_effect:
        one = problem.unknowns[index]
        yield (
            f"{one.name} has no effect on any target: at {one.text(one.low)} and at {one.text(one.high)} all "
            "are as they are here. Its value is that of the start; leave it out, or add a target that "
            "depends on it."
        )


def _listed(texts: Sequence[str]) -> str:
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)
