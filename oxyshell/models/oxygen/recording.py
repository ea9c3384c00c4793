"""Oxygen of a run: where it is and how much of it leaves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from oxyshell.models.oxygen.model import OxygenModel
from oxyshell.models.oxygen.observation import OxygenObservation, OxygenObserver
from oxyshell.solver.following import FollowingSystem
from oxyshell.solver.recorder import Discretised, Recorder, Sample
from oxyshell.solver.state import FollowerState, State
from oxyshell.solver.step_result import StepResult

_MICROMOL_PER_GRAM = 1e6 / 1e3  # of mol/kg
_MINUTE = 60.0
# Oxygen below this share of what the lattice can hold is round-off: no ratio to it means anything.
_NOTHING = 1e-12


class OxygenEvaluation:
    """Oxygen of a state: in total and at points."""

    def __init__(self, particle: Discretised, system: FollowingSystem[OxygenModel]) -> None:
        """Compile the expressions.

        Args:
            particle: The discretised particle.
            system: Its discretised oxygen.
        """
        values = system.fields.values
        self._observer = OxygenObserver(system)
        self._system, self._everywhere, self._at_points = system, particle.everywhere, particle.at_points
        self._fields = self._everywhere.compiled([values["mobile"], values["released"]])
        self._mobile = self._at_points.compiled([values["mobile"]])

    def observe(self, state: State) -> OxygenObservation:
        """Totals of a state of the oxygen, which stays loaded."""
        return self._observer.observe(state)

    def evenness(self, seen: OxygenObservation) -> float:
        """Concentration at the surface over that at the centre, of the state that was observed last."""
        mobile = self._at_points.values(self._mobile)[:, 0] * self._content_unit
        return _share(seen.surface, self._at_points.at_centre(mobile), _NOTHING * self._content_unit)

    def sample(self, state: State) -> Sample:
        """Mobile and released content of a state of the oxygen."""
        self._system.load(state)
        values = self._everywhere.values(self._fields) * self._content_unit
        found = {"oxygen_mol_m3": values[:, 0], "oxygen_generated_mol_m3": values[:, 1]}
        return Sample(found, found)

    @property
    def nothing(self) -> float:
        """Below this much, mol, there is none."""
        return _NOTHING * self._system.room

    @property
    def _content_unit(self) -> float:
        units = self._system.units
        return units.amount / units.length**3


class OxygenRecorder(Recorder):
    """Reads the oxygen off the states of a run."""

    def __init__(self, evaluation: OxygenEvaluation, mass: float) -> None:
        """Set up.

        Args:
            evaluation: The oxygen of a state.
            mass: Of the particle as made, kg.
        """
        self._evaluation = evaluation
        self._per_gram = _MICROMOL_PER_GRAM / mass
        self._last: dict[str, float] = {}
        self._initial: float | None = None
        self._fastest = self._fullest = 0.0
        self._rejected = 0

    def step(self, moment: StepResult) -> Mapping[str, float]:
        oxygen = _oxygen(moment.state)
        seen = self._evaluation.observe(oxygen.state)
        if self._initial is None:
            self._initial = seen.lattice
        self._last = self._columns(oxygen, seen)
        self._fastest = max(self._fastest, self._last["oxygen_release_umol_g_min"])
        self._fullest = max(self._fullest, seen.fullest)
        self._rejected = oxygen.rejected
        return self._last

    def present(self, state: State) -> Mapping[str, float]:
        oxygen = _oxygen(state)
        return self._columns(oxygen, self._evaluation.observe(oxygen.state))

    def _columns(self, oxygen: FollowerState, seen: OxygenObservation) -> dict[str, float]:
        initial = seen.lattice if self._initial is None else self._initial
        return {
            "oxygen_in_lattice_mol": seen.lattice,
            "oxygen_captured_mol": seen.captured,
            "oxygen_escaped_mol": oxygen.state.left,
            "oxygen_generated_mol": seen.generated,
            "oxygen_retention": _share(seen.lattice, initial + seen.generated, self._evaluation.nothing),
            "oxygen_surface_to_centre": self._evaluation.evenness(seen),
            "sink_filling": seen.filling,
            "oxygen_release_umol_g_min": seen.leaving * self._per_gram * _MINUTE,
            "oxygen_released_umol_g": oxygen.state.left * self._per_gram,
            "oxygen_balance_error": oxygen.balance_error,
            "oxygen_steps": float(oxygen.steps),
        }

    def sample(self, state: State) -> Sample:
        return self._evaluation.sample(_oxygen(state).state)

    def summary(self) -> Mapping[str, object]:
        last, nothing = self._last, self._evaluation.nothing
        total = (self._initial or 0.0) + last["oxygen_generated_mol"]
        return {
            "oxygen": {
                "retention": last["oxygen_retention"],
                "captured_fraction": _share(last["oxygen_captured_mol"], total, nothing),
                "escaped_fraction": _share(last["oxygen_escaped_mol"], total, nothing),
                "surface_to_centre": last["oxygen_surface_to_centre"],
                "filling": last["sink_filling"],
                "fullest": self._fullest,
                "balance_error": last["oxygen_balance_error"],
                "generated_umol_per_g": last["oxygen_generated_mol"] * self._per_gram,
                "captured_umol_per_g": last["oxygen_captured_mol"] * self._per_gram,
                "released_umol_per_g": last["oxygen_released_umol_g"],
                "fastest_release_umol_per_g_min": self._fastest,
                "steps": int(last["oxygen_steps"]),
                "rejected_steps": self._rejected,
            }
        }

    def remembered(self) -> Mapping[str, Any]:
        return {
            "last": self._last,
            "initial": self._initial,
            "fastest": self._fastest,
            "fullest": self._fullest,
            "rejected": self._rejected,
        }

    def restore(self, remembered: Mapping[str, Any]) -> None:
        self._last, self._initial = remembered["last"], remembered["initial"]
        self._fastest, self._fullest = remembered["fastest"], remembered["fullest"]
        self._rejected = remembered["rejected"]


def _share(part: float, whole: float, nothing: float) -> float:
    """A ratio; NaN of nothing, which files show as null."""
    return part / whole if whole > nothing else math.nan


def _oxygen(state: State) -> FollowerState:
    return state.followers["oxygen"]
