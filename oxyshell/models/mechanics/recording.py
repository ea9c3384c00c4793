"""Stresses of a run: their peaks after every step, and all of them at output times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from oxyshell.models.mechanics.observables import MEASURES
from oxyshell.models.mechanics.peaks import Largest, StepPeak
from oxyshell.models.mechanics.stress import Peak, StressEvaluation
from oxyshell.solver.recorder import Cells, Discretised, EndedCycle, EndedStep, Recorder, Sample
from oxyshell.solver.state import Array, State
from oxyshell.solver.step_result import StepResult

_MEGA, _NANO = 1e6, 1e-9


class StressRecorder(Recorder):
    """Looks at stresses after every accepted step, at the points where they can peak."""

    def __init__(
        self, particle: Discretised, everywhere: StressEvaluation, at_points: StressEvaluation
    ) -> None:
        """Set up.

        Args:
            particle: The discretised particle.
            everywhere: Stresses and displacements at its points for output times.
            at_points: Stresses at its points for every step.
        """
        self._frame = particle.system.particle.coordinates.frame
        self._everywhere, self._stress = everywhere, at_points
        self._placed = at_points.is_placed()
        self._largest = {name: Largest() for name in MEASURES}
        self._final: Mapping[str, float] = {}
        self._protocol_step: int | None = None

    def largest_first_principal(self) -> StepPeak:
        """The largest first principal stress so far."""
        return self._largest["first_principal"].peak

    def step(self, moment: StepResult) -> Mapping[str, float]:
        peaks, *at_points = self._stress.step(moment.state)
        begins, ends = moment.protocol_step != self._protocol_step, moment.ended_by is not None
        time, extracted = moment.state.time, moment.extracted
        for name, peak in peaks.items():
            present = StepPeak(*peak[:3], time, extracted, peak.region, *peak.position)
            self._largest[name].consider(present, begins, ends)
        self._protocol_step = moment.protocol_step
        self._final = _at_points(*at_points)
        return _columns(peaks) | self._final

    def present(self, state: State) -> Mapping[str, float]:
        peaks, *at_points = self._stress.step(state)
        return _columns(peaks) | _at_points(*at_points)

    def of_step(self, ended: EndedStep) -> Cells:
        return {
            column: number
            for name, largest in self._largest.items()
            for column, number in _peak_within(name, largest.of_step.value / _MEGA, largest.of_step.time)
        }

    def of_cycle(self, ended: EndedCycle) -> Cells:
        columns: dict[str, float] = {}
        for name in self._largest:
            peaks, times = (ended.numbers(f"{name}_peak_{unit}") for unit in ("MPa", "time_s"))
            value, time = max(zip(peaks, times, strict=True), key=lambda one: one[0])
            columns |= _peak_within(name, value, time)
        return columns

    def sample(self, state: State) -> Sample:
        stress, displacement = self._everywhere.stress(state), self._everywhere.displacement(state)
        vectors = np.zeros((len(displacement.radial), 3))
        vectors[:, : displacement.vectors.shape[1]] = displacement.vectors
        measures = {
            "first_principal_Pa": stress.first_principal,
            "hoop_Pa": stress.hoop,
            "von_mises_Pa": stress.von_mises,
            "hydrostatic_Pa": stress.hydrostatic,
        }
        tensors = _tensors(stress.components, self._frame)
        return Sample(
            {"radial_stress_Pa": stress.radial, **measures, "displacement_m": displacement.radial},
            {"displacement_m": vectors, "stress_Pa": tensors, **measures},
        )

    def summary(self) -> Mapping[str, object]:
        final = {
            "surface_hoop_MPa": self._final["surface_hoop_MPa"],
            "centre_MPa": self._final["centre_stress_MPa"],
        }
        peaks = {name: _summary(largest.peak, self._placed) for name, largest in self._largest.items()}
        return {"stress": {**peaks, "final": final}}

    def remembered(self) -> Mapping[str, Any]:
        return {
            "largest": {name: largest.remembered() for name, largest in self._largest.items()},
            "final": self._final,
            "protocol_step": self._protocol_step,
        }

    def restore(self, remembered: Mapping[str, Any]) -> None:
        self._largest = {name: Largest.recalled(one) for name, one in remembered["largest"].items()}
        self._final, self._protocol_step = remembered["final"], remembered["protocol_step"]


def _at_points(surface_hoop: float, centre: float) -> dict[str, float]:
    """Columns of the history at single points, of stresses in Pa."""
    return {"surface_hoop_MPa": surface_hoop / _MEGA, "centre_stress_MPa": centre / _MEGA}


def _columns(peaks: Mapping[str, Peak]) -> dict[str, float]:
    columns: dict[str, float] = {}
    for name, peak in peaks.items():
        value, depth = _NAMES[name]
        columns[value], columns[depth] = peak.value / _MEGA, peak.depth / _NANO
    return columns


_NAMES = {name: (f"{name}_peak_MPa", f"{name}_depth_nm") for name in MEASURES}


def _peak_within(measure: str, value: float, time: float) -> Iterator[tuple[str, float]]:
    """Columns of the tables of steps and of cycles, MPa and s."""
    yield f"{measure}_peak_MPa", value
    yield f"{measure}_peak_time_s", time


def _summary(peak: StepPeak, placed: bool) -> dict[str, float | str]:
    place = {f"{axis}_nm": getattr(peak, axis) / _NANO for axis in "xyz"} if placed else {}
    region = {"region": peak.region} if peak.region else {}
    return {
        "peak_MPa": peak.value / _MEGA,
        "depth_nm": peak.depth / _NANO,
        "radius_nm": peak.radius / _NANO,
        **place,
        "time_s": peak.time,
        "extracted_per_formula": peak.extracted,
        **region,
    }


def _tensors(components: Array, frame: tuple[int, int, int]) -> Array:
    """(11, 22, 33, 12, 13, 23) in the local frame as full 3×3 tensors along a drawing's axes, row by row."""
    index = np.array([[0, 3, 4], [3, 1, 5], [4, 5, 2]])
    axes = np.array(frame)
    result: Array = components[:, index[np.ix_(axes, axes)].reshape(-1)]
    return result
