"""Open-circuit potential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from oxyshell.models.base.expression import Scalar, Value
from oxyshell.models.base.formula import UFL, Operations
from oxyshell.models.base.process import Unknown


class Potential(Protocol):
    @property
    def bounded(self) -> bool: ...

    def unknowns(self) -> tuple[Unknown, ...]: ...

    def start(self) -> Mapping[str, float]: ...

    def value(self, x: Value, memory: Mapping[str, Value], operations: Operations = UFL) -> Value: ...

    def rates(self, memory: Mapping[str, Value], flux: Scalar) -> Mapping[str, Scalar]: ...

    def entering(
        self, memory: Mapping[str, float], extraction: float, direction: int
    ) -> Mapping[str, float]: ...
