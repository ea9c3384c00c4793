"""Space of the variables as NSGA-II sees it, and NSGA-II itself (pymoo)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oxyshell.studies.engine.plans import Over, Range

type Matrix = NDArray[np.float64]
type Choice = Mapping[str, Any]
"""A share of each range, a position in each list, by path."""

# The violation of a design that cannot be computed: beyond that of any other.
_IMPOSSIBLE = 1e9


class Space:
    """The variables of a design: shares of ranges and positions in lists, and the values that they stand for.

    Args:
        variables: The variables, by path.
        units: SI unit of each path that has a range.
    """

    def __init__(self, variables: Over, units: Mapping[str, str]) -> None:
        self._variables = variables
        self._units = units

    def variables(self) -> dict[str, Any]:
        """The variables in pymoo's words."""
        from pymoo.core import variable

        return {
            path: variable.Real(bounds=(0.0, 1.0))
            if isinstance(values, Range)
            else variable.Choice(options=[*range(len(values))])
            for path, values in self._variables.items()
        }

    def values(self, chosen: Choice) -> dict[str, Any]:
        """Values by path, as they would stand in a file, of a share or a position for each variable."""
        return {
            path: values.at([float(chosen[path])], self._units[path])[0]
            if isinstance(values, Range)
            else values[int(chosen[path])]
            for path, values in self._variables.items()
        }


class Nsga2:
    """NSGA-II of Deb et al. 2002, one generation after the other.

    Ranges have simulated binary crossover and polynomial mutation; choices uniform crossover and random
    mutation.

    Args:
        space: The variables.
        objectives: Number of objectives.
        population: Designs in a generation.
        generations: Number of generations.
        seed: Of all that is random.
        start: Choices of the first generation; drawn at random if there are none.
    """

    def __init__(
        self,
        space: Space,
        objectives: int,
        population: int,
        generations: int,
        seed: int,
        start: Sequence[Choice] = (),
    ) -> None:
        from pymoo.algorithms.moo.nsga2 import NSGA2, binary_tournament
        from pymoo.core.mixed import (
            MixedVariableDuplicateElimination,
            MixedVariableMating,
            MixedVariableSampling,
        )
        from pymoo.core.population import Population
        from pymoo.core.problem import Problem
        from pymoo.operators.selection.tournament import TournamentSelection

        self._problem = Problem(vars=space.variables(), n_obj=objectives, n_ieq_constr=1)
        selection = TournamentSelection(func_comp=binary_tournament)
        distinct = MixedVariableDuplicateElimination()
        self._algorithm = NSGA2(
            pop_size=population,
            sampling=Population.new(X=[dict(one) for one in start]) if start else MixedVariableSampling(),
            mating=MixedVariableMating(selection=selection, eliminate_duplicates=distinct),
            eliminate_duplicates=distinct,
        )
        self._algorithm.setup(self._problem, termination=("n_gen", generations), seed=seed, verbose=False)
        self._asked: Any = None

    def generations(self) -> Iterator[list[Choice]]:
        """The designs of each generation; `tell` their objectives before the next one."""
        while self._algorithm.has_next():
            self._asked = self._algorithm.ask()
            if self._asked is None:  # there is nothing left that has not been tried
                return
            yield list(self._asked.get("X"))

    def tell(self, objectives: Sequence[Sequence[float] | None], violations: Sequence[float]) -> None:
        """Report the objectives of the designs of a generation.

        Args:
            objectives: Of each design, numbers to be small; None of one that has none.
            violations: Distance of each from what is allowed; 0 if it is allowed.
        """
        from pymoo.core.evaluator import Evaluator
        from pymoo.problems.static import StaticProblem

        count = self._problem.n_obj
        worth = np.array([[0.0] * count if one is None else list(one) for one in objectives])
        violated = [
            [_IMPOSSIBLE if one is None else violation]
            for one, violation in zip(objectives, violations, strict=True)
        ]
        Evaluator().eval(StaticProblem(self._problem, F=worth, G=np.array(violated)), self._asked)
        self._algorithm.tell(infills=self._asked)


def front(objectives: Matrix) -> list[int]:
    """Positions of the Pareto-optimal designs, of equal ones the first, by their first objective.

    Args:
        objectives: To be small, shape (designs, objectives).
    """
    _, first = np.unique(objectives, axis=0, return_index=True)
    kept = []
    for index in first:
        others = objectives[first]
        dominated = np.all(others <= objectives[index], axis=1) & np.any(others < objectives[index], axis=1)
        if not np.any(dominated):
            kept.append(int(index))
    return sorted(kept, key=lambda index: (*objectives[index].tolist(), index))
