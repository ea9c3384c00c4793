"""Effects of the factors of a factorial study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from oxyshell.outputs import Result
from oxyshell.studies.engine.simulation_cache import find_quantity, quantity_of


@dataclass(frozen=True)
class Effect:
    """Change of a quantity as one factor goes from its first level to another, the others staying.

    Attributes:
        quantity: Path in the summary.
        factor: Name of the factor.
        level: The level it goes to.
        against: Its first level, from which it comes.
        mean: Mean change over all combinations of the other factors.
        least: The smallest of these changes; far from `largest` where the factors depend on each other.
        largest: The largest of them.
    """

    quantity: str
    factor: str
    level: str
    against: str
    mean: float
    least: float
    largest: float


def effects(
    cells: Mapping[str, Mapping[str, str]], quantities: Sequence[str], results: Mapping[str, Result]
) -> tuple[Effect, ...]:
    """The effects of all factors on some quantities, those left out that mean nothing in some run.

    Args:
        cells: The level of every factor by the name of a system, all combinations.
        quantities: Paths in the summary.
        results: Results by the name of a system.
    """
    told = [q for q in quantities if all(find_quantity(results[name], q) is not None for name in cells)]
    return tuple(effect for quantity in told for effect in _of(quantity, cells, results))


def _of(
    quantity: str, cells: Mapping[str, Mapping[str, str]], results: Mapping[str, Result]
) -> Iterator[Effect]:
    found = {
        tuple(sorted(levels.items())): quantity_of(results[name], quantity) for name, levels in cells.items()
    }
    factors: dict[str, list[str]] = {}
    for levels in cells.values():
        for factor, level in levels.items():
            factors.setdefault(factor, [])
            factors[factor] += [level] if level not in factors[factor] else []
    for factor, (first, *others) in factors.items():
        for level in others:
            changes = [
                value - found[tuple(sorted((dict(levels) | {factor: first}).items()))]
                for levels, value in found.items()
                if dict(levels)[factor] == level
            ]
            mean = sum(changes) / len(changes)
            yield Effect(quantity, factor, level, first, mean, min(changes), max(changes))
