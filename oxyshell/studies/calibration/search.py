"""A fit from several starts: the given one, and the best of values spread between the bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from oxyshell.errors import OxyshellError
from oxyshell.studies.calibration.problem import Problem, Vector
from oxyshell.studies.engine.root_finding import Goal, NotReachedError, find_root

# Places that are fitted from, of those that were evaluated.
_REFINED = 3
# Share of the bounds' range by which such places differ in one unknown at least.
_APART = 0.1
# Evaluations of one fit, and of the best one if it has not settled by then.
_EVALUATIONS = 12
_MOST_EVALUATIONS = 24
# A fit that misses its targets ends when so many evaluations in a row gain less than this share of the sum.
_IN_A_ROW, _LITTLE = 5, 1e-3
# For one parameter and one target: how closely the target is met, in its uncertainty.
_CLOSE = 0.01
# Distance in the logarithms, and difference in the sum of squares, below which two fits ended at one minimum.
_NEAR = 0.05
_ALIKE = 0.1

# Steps in the parameters' logarithms below which a least-squares fit stops.
_SMALL_STEP = 1e-4
# Share of the sum of squares below which a gain ends it: the runs' own errors (1e-4) make as much of it.
_SMALL_GAIN = 1e-6


@dataclass(frozen=True)
class Starts:
    """Values that fits may start from.

    Attributes:
        points: Number of values between the bounds at which the model is evaluated; none if 0.
        seed: Of these.
        always: Whether that is done even if the fit from the given start meets the targets.
    """

    points: int
    seed: int
    always: bool


@dataclass(frozen=True)
class Minimum:
    """Where one or several fits ended.

    Attributes:
        logarithms: Of the values, shape (unknowns,).
        misfit: Sum of the squared residuals.
        settled: Whether the fit ended by itself.
        note: Why it ended where it did, if there is more to say.
        fits: Number of fits that ended here.
        given: Whether that from the given start is among them.
    """

    logarithms: Vector
    misfit: float
    settled: bool = True
    note: str = ""
    fits: int = 1
    given: bool = False


@dataclass(frozen=True)
class Search:
    """The places where fits from several starts ended.

    Attributes:
        minima: Different places where fits ended, the one with the smallest sum of squares first.
        places: Number of values between the bounds at which the model was evaluated.
        unsolved: Number of these, and of the fits, that ended with a run that could not be solved.
    """

    minima: tuple[Minimum, ...]
    places: int = 0
    unsolved: int = 0

    @property
    def fits(self) -> int:
        """Number of fits."""
        return sum(one.fits for one in self.minima)


def search(problem: Problem, starts: Starts, report: Callable[[float], None] = lambda misfit: None) -> Search:
    """Fit from the given start; where that does not meet the targets, or always, from the best of others too.

    Values between the bounds come from a Halton sequence on the logarithms. Fits end when two have found the
    smallest sum of squares. One unknown with one target is looked for between its bounds anyway if it is not
    found from its start, so that others are only tried if they always are.

    Args:
        problem: Unknowns and targets.
        starts: Further values to start from.
        report: Receives the sum of squared residuals at every evaluation.

    Raises:
        OxyshellError: If no run could be solved from any start.
    """
    return _Searching(problem, report).run(starts)


class _CreepingError(Exception):
    """A fit that misses its targets and hardly comes closer to them."""


@dataclass
class _Searching:
    problem: Problem
    report: Callable[[float], None]
    minima: list[Minimum] = field(default_factory=list)
    errors: list[OxyshellError] = field(default_factory=list)

    def run(self, starts: Starts) -> Search:
        self._fit(self.problem.start, given=True)
        places: list[tuple[float, Vector]] = []
        if starts.points and (starts.always or not (self.problem.is_single or self._fine())):
            places = list(self._evaluated(starts))
            for tried, place in enumerate(_different(self.problem, places)):
                if tried >= 2 and self.minima and self.minima[0].fits > 1:
                    break
                self._fit(place, given=False)
        if not self.minima:
            raise self.errors[0]
        if not self.minima[0].settled:
            self._settle()
        asked = starts.points if places else 0
        return Search(tuple(self.minima), asked, len(self.errors))

    def _fine(self) -> bool:
        best = self.minima[0] if self.minima else None
        return (
            best is not None
            and best.settled
            and self.problem.meets(best.misfit)
            and not np.any(self.problem.bounds_met(best.logarithms))
        )

    def _evaluated(self, starts: Starts) -> Iterator[tuple[float, Vector]]:
        from scipy.stats import qmc

        low, high = self.problem.low, self.problem.high
        for shares in qmc.Halton(len(low), rng=starts.seed).random(starts.points):
            place: Vector = low + shares * (high - low)
            try:
                yield self._misfit(place), place
            except OxyshellError as error:
                self.errors.append(error)

    def _fit(self, start: Vector, given: bool, evaluations: int = _EVALUATIONS) -> None:
        seen: list[tuple[float, Vector]] = []

        def residuals(logarithms: Vector) -> Vector:
            found = self.problem.residuals(logarithms)
            misfit = float(found @ found)
            seen.append((misfit, logarithms.copy()))
            self.report(misfit)
            if self._creeps([one for one, _ in seen]):
                raise _CreepingError
            return found

        problem = self.problem
        try:
            if problem.is_single:
                ended = _single(problem, residuals, start)
            else:
                ended = _least_squares(problem, residuals, start, evaluations)
        except _CreepingError:
            misfit, logarithms = min(seen, key=lambda one: one[0])
            note = (
                f"The last {_IN_A_ROW} evaluations of the best fit lowered the sum of squared misses by less "
                f"than {100 * _LITTLE:g} %, so that it was ended; its values may still drift"
            )
            ended = Minimum(logarithms, misfit, True, note)
        except OxyshellError as error:
            self.errors.append(error)
            if not seen:
                return
            misfit, logarithms = min(seen, key=lambda one: one[0])
            ended = Minimum(logarithms, misfit, False, f"a run on its way could not be solved: {error}")
        self._add(replace(ended, given=given))

    def _creeps(self, misfits: Sequence[float]) -> bool:
        if self.problem.is_single or len(misfits) <= _IN_A_ROW or self.problem.meets(min(misfits)):
            return False
        return min(misfits[:-_IN_A_ROW]) - min(misfits) < _LITTLE * min(misfits)

    def _settle(self) -> None:
        """More evaluations for the best fit, which takes the place of what it started from."""
        best = self.minima.pop(0)
        self._fit(best.logarithms, best.given, _MOST_EVALUATIONS)
        again = next((one for one in self.minima if one.misfit <= best.misfit), None)
        if again is None:
            self._add(best)

    def _add(self, ended: Minimum) -> None:
        for index, one in enumerate(self.minima):
            if self._one_and_the_same(one, ended):
                better = min(one, ended, key=lambda place: (not place.settled, place.misfit))
                self.minima[index] = replace(
                    better, fits=one.fits + ended.fits, given=one.given or ended.given
                )
                break
        else:
            self.minima.append(ended)
        self.minima.sort(key=lambda place: place.misfit)

    def _one_and_the_same(self, one: Minimum, other: Minimum) -> bool:
        """Whether two fits ended close to each other, or in one valley: equally well, and halfway as well."""
        if np.max(np.abs(one.logarithms - other.logarithms)) <= _NEAR:
            return True
        worse = max(one.misfit, other.misfit)
        alike = _ALIKE + 0.01 * min(one.misfit, other.misfit)
        if worse - min(one.misfit, other.misfit) > alike:
            return False
        try:
            return self._misfit((one.logarithms + other.logarithms) / 2) <= worse + alike
        except OxyshellError:
            return False

    def _misfit(self, logarithms: Vector) -> float:
        residuals = self.problem.residuals(logarithms)
        misfit = float(residuals @ residuals)
        self.report(misfit)
        return misfit


def _different(problem: Problem, places: Sequence[tuple[float, Vector]]) -> list[Vector]:
    """The best places that are apart from each other."""
    chosen: list[Vector] = []
    for _, place in sorted(places, key=lambda one: one[0]):
        away = [np.max(np.abs(place - other) / (problem.high - problem.low)) for other in chosen]
        if all(one > _APART for one in away):
            chosen.append(place)
        if len(chosen) == _REFINED:
            break
    return chosen


def _least_squares(
    problem: Problem, residuals: Callable[[Vector], Vector], start: Vector, evaluations: int
) -> Minimum:
    """Least squares by a trust region with bounds; settled if steps or gains became small before the end.

    Args:
        problem: Unknowns and targets.
        residuals: Its residuals, watched.
        start: Logarithms of the first guess.
        evaluations: Number of values of the unknowns after which it is given up.

    Raises:
        OxyshellError: If a run cannot be solved.
    """
    from scipy import optimize

    # In units of 1 around the first guess, so that the relative test on the step is an absolute one.
    origin = start - 1.0
    inside = 1e-9 * (problem.high - problem.low)
    solved = optimize.least_squares(
        lambda x: residuals(x + origin),
        (start - origin).clip(problem.low + inside - origin, problem.high - inside - origin),
        jac=lambda x: problem.jacobian(x + origin),
        bounds=(problem.low - origin, problem.high - origin),
        # Its steps are the shortest ones, so that what the targets leave open stays near where it started.
        method="dogbox",
        xtol=_SMALL_STEP,
        ftol=_SMALL_GAIN,
        gtol=None,
        max_nfev=evaluations,
    )
    return Minimum(solved.x + origin, float(2 * solved.cost), bool(solved.status > 0))


def _single(problem: Problem, residuals: Callable[[Vector], Vector], start: Vector) -> Minimum:
    target, unknown = problem.targets[0], problem.unknowns[0]

    def result(logarithm: float) -> float:
        return float(residuals(np.array([logarithm]))[0]) * target.uncertainty + target.value

    goal = Goal(target.value, _CLOSE * target.uncertainty)
    note = ""
    try:
        found = find_root(result, float(start[0]), problem.low[0], problem.high[0], goal)
        if found.others:
            note = (
                f"{target.name} is {target.text(target.value)} for {found.others + 1} values of "
                f"{unknown.name} or more between its bounds; the nearest to the start was taken"
            )
    except NotReachedError as error:
        found = error.closest
        value = float(np.exp(found.logarithm))
        bounds = (unknown.text(unknown.low), unknown.text(unknown.high))
        wanted = f"{target.name} = {target.text(target.value)}"
        note = error.words(wanted, unknown.name, bounds, unknown.text(value))
    return Minimum(
        np.array([found.logarithm]), ((found.result - target.value) / target.uncertainty) ** 2, True, note
    )
