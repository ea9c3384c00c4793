"""Interfaces of a run: both sides after every step, the largest tractions, and the balance of each region."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from oxyshell.models.base.observable import Observable
from oxyshell.models.interfaces import report
from oxyshell.models.interfaces.evaluation import InterfaceEvaluation, InterfaceValues
from oxyshell.models.interfaces.observables import FOLLOWED, JUMP, NORMAL, PEAK, SHEAR, columns_of
from oxyshell.models.mechanics.peaks import Largest, StepPeak
from oxyshell.solver.recorder import Cells, EndedCycle, EndedStep, Recorder, RunFacts
from oxyshell.solver.state import State
from oxyshell.solver.step_result import StepResult

_MEGA, _NANO = 1e6, 1e-9
_COLUMNS = {NORMAL: "normal_traction", SHEAR: "shear_traction", JUMP: "hoop_jump"}


class _Followed:
    """One quantity of one interface through a run."""

    def __init__(self) -> None:
        self.largest = Largest()
        # Of the time step with the largest value so far: that value, and θ on both sides.
        self._at_step = (-math.inf, math.nan, math.nan)

    def consider(self, peak: StepPeak, occupancies: tuple[float, float], begins: bool, ends: bool) -> None:
        """Look at the next step."""
        self.largest.consider(peak, begins, ends)
        if peak.value > self._at_step[0]:
            self._at_step = (peak.value, *occupancies)

    def summary(self, names: tuple[str, str]) -> dict[str, Any]:
        """Entries of the summary."""
        peak, (_, inner, outer) = self.largest.peak, self._at_step
        return {
            "peak_MPa": peak.value,
            "between": "|".join(names),
            "time_s": peak.time,
            "extracted_per_formula": peak.extracted,
            "occupancy_inner": inner,
            "occupancy_outer": outer,
        }

    def remembered(self) -> dict[str, Any]:
        """Plain numbers that `restore` takes over."""
        return {"largest": self.largest.remembered(), "at_step": list(self._at_step)}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        """Take over what `remembered` gave."""
        self.largest = Largest.recalled(remembered["largest"])
        value, inner, outer = remembered["at_step"]
        self._at_step = (value, inner, outer)


class InterfaceRecorder(Recorder):
    """Looks at all interfaces after every accepted step."""

    kept = ("as_made", "room", "affinity", "balance_error", "energy_release", "protocol_step", "last")

    def __init__(self, evaluation: InterfaceEvaluation, facts: RunFacts) -> None:
        """Set up.

        Args:
            evaluation: The interfaces, whose particle has taken over the run's numbers.
            facts: The run.
        """
        self._evaluation = evaluation
        self._followed = [{name: _Followed() for name in FOLLOWED} for _ in evaluation.interfaces]
        self._as_made: list[float] = []
        self._room = 0.0
        self._affinity = self._balance_error = 0.0
        self._energy_release = [0.0 for _ in evaluation.interfaces]
        self._protocol_step = self._up_to_date_in = -1
        self._last: list[dict[str, float]] = []

    @property
    def own_columns(self) -> Sequence[Observable]:
        return [one for values in self._evaluation.interfaces for one in columns_of(*values.names)]

    def step(self, moment: StepResult) -> Mapping[str, float]:
        evaluation, begins = self._evaluation, moment.protocol_step != self._protocol_step
        if moment.protocol_step != self._up_to_date_in:
            # The numbers of the model may be others in each step of a protocol.
            evaluation.refresh()
            self._up_to_date_in = moment.protocol_step
        self._protocol_step = moment.protocol_step
        columns, followed = self._looked(moment.state)
        for values, seen, one in zip(evaluation.interfaces, followed, columns, strict=True):
            self._follow(values, seen, one, moment, begins)
        # Where the host changes, its sites do from step to step.
        contents, sites = evaluation.contents(), evaluation.sites()
        self._room = self._room or sum(sites)
        passed = self._passed(contents, moment.state.left)
        means = [content / room for content, room in zip(contents, sites, strict=True)]
        tractions = [one["mean_normal_traction_MPa"] * _MEGA for one in columns]
        released = evaluation.energy_releases(tractions, means)
        self._energy_release = [max(pair) for pair in zip(released, self._energy_release, strict=True)]
        for one, ions, energy in zip(columns, passed, released, strict=True):
            one |= {"ions_passed_mol": ions, "energy_release_J_m2": energy}
            self._affinity = max(self._affinity, abs(one["affinity"]))
        self._last = columns
        named = [values.named(one) for values, one in zip(evaluation.interfaces, columns, strict=True)]
        return {name: value for one in (*named, _over_all(followed)) for name, value in one.items()}

    def present(self, state: State) -> Mapping[str, float]:
        return _over_all(self._looked(state)[1])

    def _looked(self, state: State) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
        """Columns and followed quantities of each interface in a state."""
        self._evaluation.load(state)
        columns, followed = [], []
        for values in self._evaluation.interfaces:
            found, hoop_jump = values.columns()
            tractions = (found[f"{name}_traction_MPa"] for name in ("normal", "shear"))
            columns.append({**found, "flux_mol_s": values.flux()})
            followed.append(dict(zip(FOLLOWED, (*tractions, hoop_jump), strict=True)))
        return columns, followed

    def _follow(
        self,
        values: InterfaceValues,
        followed: Mapping[str, float],
        columns: Mapping[str, float],
        moment: StepResult,
        begins: bool,
    ) -> None:
        index = self._evaluation.interfaces.index(values)
        occupancies = columns["occupancy_inner"], columns["occupancy_outer"]
        for name, one in self._followed[index].items():
            peak = StepPeak(followed[name], values.depth, values.radius, moment.state.time, moment.extracted)
            one.consider(peak, occupancies, begins, moment.ended_by is not None)

    def _passed(self, contents: Sequence[float], left: float) -> list[float]:
        """Ions that have passed each interface outwards, mol, and note the error of the balance.

        Regions that follow each other from inside out lose ions through their outer interface only what the
        contents within it have lost; the last of them is checked by what has left through the surface.
        """
        self._as_made = self._as_made or [*contents, left]
        if not self._evaluation.is_layered:
            self._balance_error = math.nan
            return [math.nan for _ in self._evaluation.interfaces]
        *made, left_at_start = self._as_made
        passed, out = [], 0.0
        for before, now in zip(made, contents, strict=True):
            out += before - now
            passed.append(out)
        error = abs(passed[-1] - (left - left_at_start)) / self._room
        self._balance_error = max(self._balance_error, error)
        return passed[:-1]

    def of_step(self, ended: EndedStep) -> Cells:
        return {PEAK: max(one["normal_traction"].largest.of_step.value for one in self._followed)}

    def of_cycle(self, ended: EndedCycle) -> Cells:
        return {PEAK: max(ended.numbers(PEAK))}

    def summary(self) -> Mapping[str, object]:
        each = [self._of_interface(index) for index in range(len(self._followed))]
        worst = {name: max((one[name] for one in each), key=itemgetter("peak_MPa")) for name in FOLLOWED}
        found = {
            **worst,
            "energy_release_J_m2": _known(max(self._energy_release)),
            "affinity": self._affinity,
            "balance_error": _known(self._balance_error),
            "each": each,
        }
        return {"interfaces": found}

    def _of_interface(self, index: int) -> dict[str, Any]:
        """Entries of one interface."""
        values, followed = self._evaluation.interfaces[index], self._followed[index]
        return {
            "between": "|".join(values.names),
            "radius_nm": values.radius * self._evaluation.length / _NANO,
            **{name: one.summary(values.names) for name, one in followed.items()},
            "energy_release_J_m2": _known(self._energy_release[index]),
            "last": {name: _known(value) for name, value in self._last[index].items()},
        }

    def remarks(self) -> Iterator[str]:
        yield report.remark([self._of_interface(index) for index in range(len(self._followed))])

    def remembered(self) -> Mapping[str, Any]:
        followed = [{name: one.remembered() for name, one in several.items()} for several in self._followed]
        return {**super().remembered(), "followed": followed}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        super().restore(remembered)
        for several, known in zip(self._followed, remembered["followed"], strict=True):
            for name, one in several.items():
                one.restore(known[name])


def _over_all(followed: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The largest of all interfaces, by column."""
    return {column: max(one[name] for one in followed) for column, name in _COLUMNS.items()}


def _known(value: float) -> float | None:
    """A number; None if it is not one."""
    return value if math.isfinite(value) else None
