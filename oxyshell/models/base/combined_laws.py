"""Several laws of what changes from cycle to cycle, as one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from oxyshell.errors import ExtensionError
from oxyshell.models.base.cycle_law import CycleCells, CycleLaw, CycleNumbers


@dataclass(frozen=True)
class CombinedLaws(CycleLaw):
    """Laws that act beside each other; none of them: nothing changes.

    Attributes:
        laws: Each with numbers of its own; it may read those of the others.

    Raises:
        ExtensionError: If two of them have a number of the same name.
    """

    laws: Sequence[CycleLaw]

    def __post_init__(self) -> None:
        names = Counter(name for law in self.laws for name in law.start())
        for name, count in names.items():
            if count > 1:
                raise ExtensionError(
                    f"{count} laws of what changes from cycle to cycle call a number '{name}'"
                )

    def start(self) -> CycleNumbers:
        return {name: value for law in self.laws for name, value in law.start().items()}

    def after(self, numbers: CycleNumbers, cycle: CycleCells, number: int) -> CycleNumbers:
        return {name: value for law in self.laws for name, value in law.after(numbers, cycle, number).items()}

    def singular_cycles(self) -> frozenset[int]:
        return frozenset().union(*(law.singular_cycles() for law in self.laws))

    def active(self, numbers: CycleNumbers) -> float:
        return math.prod(law.active(numbers) for law in self.laws)

    def retention(self, numbers: CycleNumbers) -> float:
        return math.prod(law.retention(numbers) for law in self.laws)

    def aged(self, model: Any, numbers: CycleNumbers) -> Any:
        for law in self.laws:
            model = law.aged(model, numbers)
        return model

    def aged_follower(self, model: Any, numbers: CycleNumbers) -> Any:
        for law in self.laws:
            model = law.aged_follower(model, numbers)
        return model


NOTHING_CHANGES = CombinedLaws(())
"""The null law: all cycles are of the same particle."""
