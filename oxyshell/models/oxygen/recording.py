"""Oxygen of a run: where it is and how much of it leaves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from mpi4py import MPI

from oxyshell.models.oxygen.model import OxygenModel
from oxyshell.solver.assembly import Scalar
from oxyshell.solver.following import FollowingSystem
from oxyshell.solver.recorder import Cells, Discretised, EndedCycle, EndedStep, Recorder, Sample
from oxyshell.solver.state import FollowerState, State
from oxyshell.solver.step_result import StepResult

_MICROMOL_PER_GRAM = 1e6 / 1e3  # of mol/kg
_MINUTE = 60.0
# Oxygen below this share of what the lattice can hold is round-off: no ratio to it means anything.
_NOTHING = 1e-12
_SUMMED = ("generated", "released")
_OF_CYCLES = ("generated", "captured", "released")


@dataclass(frozen=True)
class OxygenObservation:
    """Amounts and rates of one state.

    Attributes:
        lattice: Mobile O2 in the lattice, mol.
        captured: O2 in the sink, mol.
        generated: O2 that has left its lattice sites, mol.
        leaving: O2 that leaves the particle, mol/s.
        surface: Mean of c over the surface, mol/m³.
        filling: Captured over capacity, mean over the surface; 0 without a sink.
        fullest: The same where it is largest.
    """

    lattice: float
    captured: float
    generated: float
    leaving: float
    surface: float
    filling: float
    fullest: float


class OxygenObserver:
    """Reads the numbers off a discretised oxygen."""

    def __init__(self, system: FollowingSystem[OxygenModel]) -> None:
        """Compile what is integrated."""
        self._system = system
        self._surface = Scalar(system.domain.surface(system.fields.values["mobile"]), system.comm)

    def observe(self, state: State) -> OxygenObservation:
        """The numbers of a state, which is loaded."""
        system = self._system
        system.load(state)
        contents = system.contents(state)
        capacity = float(system.numbers.surface.capacity)
        fullest = float(system.part(state.unknowns, "captured").max(initial=0.0)) / capacity
        if system.comm.size > 1:
            fullest = system.comm.allreduce(fullest, MPI.MAX)
        units = system.units
        return OxygenObservation(
            lattice=contents["mobile"],
            captured=contents["captured"],
            generated=contents["released"],
            leaving=system.observed_outflow(),
            surface=self._surface() / system.area * units.amount / units.length**3,
            filling=contents["captured"] / (capacity * system.area * units.amount),
            fullest=fullest,
        )


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
        """Mobile and generated content of a state of the oxygen."""
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
    """Reads the oxygen off the states of a run.

    Amounts in mol are those of the simulated particle, which is as large as it was made. Of what is given per
    mass as made, the share counts that was active when it was generated, captured or released.
    """

    kept = (
        "last",
        "initial",
        "fastest",
        "fullest",
        "rejected",
        "active",
        "before",
        "since",
        "begun_at",
        "begun",
    )

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
        # Amounts that were generated and released while other shares were active, mol, and the particle's own
        # when the present one came into force.
        self._active = 1.0
        self._before, self._since = (dict.fromkeys(_SUMMED, 0.0) for _ in range(2))
        # Where the present cycle began, if some may be jumped over: its time, s, and amounts there, mol.
        self._begun_at, self._begun = math.nan, dict.fromkeys(_OF_CYCLES, 0.0)

    def step(self, moment: StepResult) -> Mapping[str, float]:
        oxygen, active = _oxygen(moment.state), moment.state.active
        begun = moment.continuation.followers.get("oxygen")
        if begun is not None and begun.time != self._begun_at:
            self._begin_cycle(begun, active)
        elif active != self._active:
            self._turn(active, _amounts(self._last))
        seen = self._evaluation.observe(oxygen.state)
        if self._initial is None:
            self._initial = seen.lattice
        self._last = self._columns(oxygen, seen, active)
        self._fastest = max(self._fastest, self._last["oxygen_release_umol_g_min"])
        self._fullest = max(self._fullest, seen.fullest)
        self._rejected = oxygen.rejected
        return self._last

    def present(self, state: State) -> Mapping[str, float]:
        oxygen = _oxygen(state)
        return self._columns(oxygen, self._evaluation.observe(oxygen.state), state.active)

    def _begin_cycle(self, begun: State, active: float) -> None:
        """Take note of the start of a cycle, and of what cycles that were jumped over added before it."""
        seen, last = self._evaluation.observe(begun), _amounts(self._last)
        self._begun_at = begun.time
        self._begun = {"generated": seen.generated, "captured": seen.captured, "released": begun.left}
        # Over a jump, the mean of both shares.
        mean = 0.5 * (self._active + active)
        self._turn(active, last)
        for name in _SUMMED:
            self._before[name] += mean * (self._begun[name] - last[name])
            self._since[name] = self._begun[name]

    def _turn(self, active: float, last: Mapping[str, float]) -> None:
        """From amounts on, another share is active."""
        self._before = {name: self._as_made(name, last[name]) for name in _SUMMED}
        self._since = {name: last[name] for name in _SUMMED}
        self._active = active

    def _as_made(self, name: str, now: float) -> float:
        """Amount that the active shares have generated or released so far, of the particle's own, mol."""
        return self._before[name] + self._active * (now - self._since[name])

    def _columns(self, oxygen: FollowerState, seen: OxygenObservation, active: float) -> dict[str, float]:
        initial = seen.lattice if self._initial is None else self._initial
        return {
            "oxygen_in_lattice_mol": seen.lattice,
            "oxygen_captured_mol": seen.captured,
            "oxygen_released_mol": oxygen.state.left,
            "oxygen_generated_mol": seen.generated,
            "oxygen_retention": _share(seen.lattice, initial + seen.generated, self._evaluation.nothing),
            "oxygen_surface_to_centre": self._evaluation.evenness(seen),
            "sink_filling": seen.filling,
            "oxygen_release_umol_g_min": active * seen.leaving * self._per_gram * _MINUTE,
            "oxygen_released_umol_g": self._as_made("released", oxygen.state.left) * self._per_gram,
            "oxygen_balance_error": oxygen.balance_error,
            "oxygen_steps": float(oxygen.steps),
        }

    def of_step(self, ended: EndedStep) -> Cells:
        return self._between(ended.start, ended.end)

    def of_cycle(self, ended: EndedCycle) -> Cells:
        return self._between(ended.start, ended.end)

    def _between(self, start: Mapping[str, float], end: Mapping[str, float]) -> dict[str, float]:
        """O2 that was generated, captured and released between two moments of a cycle, µmol/g."""
        # After a jump, the row before the first step of a cycle is that of the cycle before the jump.
        begins = math.isclose(start["time_s"], self._begun_at, rel_tol=1e-12)
        before, after = self._begun if begins else _amounts(start), _amounts(end)
        return {
            f"oxygen_{verb}_umol_g": self._active * (after[verb] - before[verb]) * self._per_gram
            for verb in _OF_CYCLES
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
                "released_fraction": _share(last["oxygen_released_mol"], total, nothing),
                "surface_to_centre": last["oxygen_surface_to_centre"],
                "filling": last["sink_filling"],
                "fullest": self._fullest,
                "balance_error": last["oxygen_balance_error"],
                "generated_umol_per_g": self._as_made("generated", last["oxygen_generated_mol"])
                * self._per_gram,
                "captured_umol_per_g": self._active * last["oxygen_captured_mol"] * self._per_gram,
                "released_umol_per_g": last["oxygen_released_umol_g"],
                "fastest_release_umol_per_g_min": self._fastest,
                "steps": int(last["oxygen_steps"]),
                "rejected_steps": self._rejected,
            }
        }


def _amounts(columns: Mapping[str, float]) -> dict[str, float]:
    """Amounts in a row of the history, mol; none before the first one."""
    return {name: columns.get(f"oxygen_{name}_mol", 0.0) for name in _OF_CYCLES}


def _share(part: float, whole: float, nothing: float) -> float:
    """A ratio; NaN of nothing, which files show as null."""
    return part / whole if whole > nothing else math.nan


def _oxygen(state: State) -> FollowerState:
    return state.followers["oxygen"]
