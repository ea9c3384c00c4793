"""What a run records about its oxygen; nothing where there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Protocol

from oxyshell.models.mechanics.evaluation import ParticleEvaluation
from oxyshell.models.oxygen.model import OxygenModel
from oxyshell.models.oxygen.observation import OxygenObservation, OxygenObserver
from oxyshell.solver.following import FollowingSystem
from oxyshell.solver.state import Array, FollowerState, State

_MICROMOL_PER_GRAM = 1e6 / 1e3  # of mol/kg
_MINUTE = 60.0
# Oxygen below this share of what the lattice can hold is round-off: no ratio to it means anything.
_NOTHING = 1e-12


class OxygenRecorder(Protocol):
    """What `Recording` needs."""

    def watch(self, everywhere: ParticleEvaluation, at_points: ParticleEvaluation) -> None:
        """Compile the expressions.

        Args:
            everywhere: Where profiles and fields are sampled.
            at_points: Where surface and centre are looked at after every step.
        """

    def restart(self, mass: float) -> None:
        """Forget the run before; the mass as made of the particle to come, kg."""

    def remembered(self) -> dict[str, float | None]:
        """What `go_on` has to know of the steps before."""

    def go_on(self, remembered: Mapping[str, float | None]) -> None:
        """Be what a recorder was; what it saw last is to be seen anew."""

    def row(self, state: State) -> dict[str, float]:
        """Columns of the history."""

    def sample(self, state: State) -> dict[str, Array]:
        """Values at the points of `everywhere`, by name."""

    def summary(self) -> dict[str, object]:
        """What the summary gains."""


class NoOxygen:
    """The null recorder."""

    def watch(self, everywhere: ParticleEvaluation, at_points: ParticleEvaluation) -> None:
        pass

    def restart(self, mass: float) -> None:
        pass

    def remembered(self) -> dict[str, float | None]:
        return {}

    def go_on(self, remembered: Mapping[str, float | None]) -> None:
        pass

    def row(self, state: State) -> dict[str, float]:
        return {}

    def sample(self, state: State) -> dict[str, Array]:
        return {}

    def summary(self) -> dict[str, object]:
        return {}


class OxygenRecording:
    """Reads the oxygen off the states of a run."""

    def __init__(self, system: FollowingSystem[OxygenModel]) -> None:
        """Set up.

        Args:
            system: The discretised oxygen.
        """
        self._system = system
        self._observer = OxygenObserver(system)
        self.restart(1.0)

    def watch(self, everywhere: ParticleEvaluation, at_points: ParticleEvaluation) -> None:
        values = self._system.fields.values
        mobile, released = values["mobile"], values["released"]
        self._everywhere, self._at_points = everywhere, at_points
        self._fields = everywhere.compiled([mobile, released])
        self._mobile = at_points.compiled([mobile])

    def restart(self, mass: float) -> None:
        self._per_gram = _MICROMOL_PER_GRAM / mass
        self._last: dict[str, float] = {}
        self._initial: float | None = None
        self._fastest = self._fullest = 0.0

    def remembered(self) -> dict[str, float | None]:
        return {"initial": self._initial, "fastest": self._fastest, "fullest": self._fullest}

    def go_on(self, remembered: Mapping[str, float | None]) -> None:
        self._initial = remembered["initial"]
        self._fastest, self._fullest = remembered["fastest"] or 0.0, remembered["fullest"] or 0.0

    def row(self, state: State) -> dict[str, float]:
        oxygen = _oxygen(state)
        seen = self._observer.observe(oxygen.state)
        if self._initial is None:
            self._initial = seen.lattice
        total = self._initial + seen.generated
        release_rate = seen.leaving * self._per_gram * _MINUTE
        self._fastest = max(self._fastest, release_rate)
        self._fullest = max(self._fullest, seen.fullest)
        self._last = {
            "oxygen_in_lattice_mol": seen.lattice,
            "oxygen_captured_mol": seen.captured,
            "oxygen_escaped_mol": oxygen.state.left,
            "oxygen_generated_mol": seen.generated,
            "oxygen_retention": _share(seen.lattice, total, self._nothing),
            "oxygen_surface_to_centre": self._evenness(seen),
            "sink_filling": seen.filling,
            "oxygen_release_umol_g_min": release_rate,
            "oxygen_released_umol_g": oxygen.state.left * self._per_gram,
            "oxygen_balance_error": oxygen.balance_error,
            "oxygen_steps": float(oxygen.steps),
        }
        self._rejected = oxygen.rejected
        return self._last

    def sample(self, state: State) -> dict[str, Array]:
        self._system.load(_oxygen(state).state)
        values = self._everywhere.values(self._fields) * self._content_unit
        return {"oxygen_mol_m3": values[:, 0], "oxygen_generated_mol_m3": values[:, 1]}

    def summary(self) -> dict[str, object]:
        last = self._last
        total = (self._initial or 0.0) + last["oxygen_generated_mol"]
        return {
            "oxygen": {
                "retention": last["oxygen_retention"],
                "captured_fraction": _share(last["oxygen_captured_mol"], total, self._nothing),
                "escaped_fraction": _share(last["oxygen_escaped_mol"], total, self._nothing),
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

    def _evenness(self, seen: OxygenObservation) -> float:
        # `observe` has just loaded the state.
        mobile = self._at_points.values(self._mobile)[:, 0] * self._content_unit
        return _share(seen.surface, self._at_points.at_centre(mobile), _NOTHING * self._content_unit)

    @property
    def _nothing(self) -> float:
        """Below this much, mol, there is none."""
        return _NOTHING * self._system.room

    @property
    def _content_unit(self) -> float:
        units = self._system.units
        return units.amount / units.length**3


def _share(part: float, whole: float, nothing: float) -> float:
    """A ratio; NaN of nothing, which files show as null."""
    return part / whole if whole > nothing else math.nan


def _oxygen(state: State) -> FollowerState:
    return state.followers["oxygen"]
