"""Ions and mechanics of a solved system at points, together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oxyshell.models.ions.recording import ContentEvaluation
from oxyshell.models.mechanics.stress import Peak, StressEvaluation, StressSample
from oxyshell.solver.evaluation import Evaluation
from oxyshell.solver.state import Array, State


@dataclass(frozen=True, eq=False)
class Sample:
    """Values at points in SI."""

    occupancy: Array
    concentration: Array
    displacement: Array
    radial_displacement: Array
    stress: StressSample


class Sampler(Evaluation):
    """An evaluation that knows ions and mechanics."""

    def __init__(self, solved: Any, **choices: Any) -> None:
        super().__init__(solved, **choices)
        self._content, self._mechanics = ContentEvaluation(self), StressEvaluation(self)

    def sample(self, state: State) -> Sample:
        content, moved = self._content.sample(state).profile, self._mechanics.displacement(state)
        stress = self.stress(state)
        return Sample(
            content["occupancy"], content["concentration_mol_m3"], moved.vectors, moved.radial, stress
        )

    def stress(self, state: State) -> StressSample:
        return self._mechanics.stress(state)

    def peaks(self, stress: StressSample) -> Mapping[str, Peak]:
        return self._mechanics.peaks(stress)
