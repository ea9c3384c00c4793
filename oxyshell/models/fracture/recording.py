"""Stress intensity of flaws in the results of a run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.layers import Paths
from oxyshell.models.fracture import report
from oxyshell.models.fracture.evaluation import Deepest, FlawEvaluation
from oxyshell.models.fracture.observables import ALONG, DEPTH, FLAW, PEAK, TIME
from oxyshell.models.fracture.weight_function import MEANT, ROUND_OFF
from oxyshell.models.mechanics.peaks import Largest, StepPeak
from oxyshell.solver.recorder import Cells, EndedCycle, EndedStep, Recorder, RunFacts, Sample
from oxyshell.solver.state import Array, State
from oxyshell.solver.step_result import StepResult

_MEGA, _NANO = 1e6, 1e-9


class FlawRecorder(Recorder):
    """Follows the most dangerous flaw of each time, and one of a given depth, through a run."""

    kept = ("at_largest", "largest_within", "critical_depth", "critical_time", "protocol_step")

    def __init__(self, evaluation: FlawEvaluation, facts: RunFacts) -> None:
        """Set up.

        Args:
            evaluation: Of the discretised particle, which has taken over the run's numbers.
            facts: The run.
        """
        section = facts.scenario.section("toughness")
        self._evaluation, self._radius = evaluation, facts.geometry.radius
        self._toughness, self._flaw = section.k_ic.value, section.flaw.value
        self._of_flaw = evaluation.of_depth(self._flaw / self._radius)
        self._parts: Mapping[str, Any] = dict(facts.scenario.model().parts)
        self._along_c = facts.scenario.particle.paths is Paths.ACROSS
        self._followed = {name: Largest() for name in (PEAK, FLAW, _WITHIN)}
        self._at_largest: dict[str, Any] = {"value": -math.inf}
        self._largest_within: dict[str, Any] = {"value": -math.inf}
        self._critical_depth, self._critical_time = math.inf, math.nan
        self._protocol_step: int | None = None

    def step(self, moment: StepResult) -> Mapping[str, float]:
        hoop, theta = self._evaluation.fields(moment.state)
        intensity = self._evaluation.intensity(hoop)
        flaws = self._flaws(hoop, intensity)
        deep = flaws[PEAK].depth > MEANT
        flaws[_WITHIN] = self._evaluation.largest(intensity, MEANT) if deep else flaws[PEAK]
        begins = moment.protocol_step != self._protocol_step
        for name, flaw in flaws.items():
            depth = flaw.depth * self._radius
            self._followed[name].consider(
                StepPeak(flaw.value, depth, self._radius - depth, moment.state.time, moment.extracted),
                begins,
                moment.ended_by is not None,
            )
        self._protocol_step = moment.protocol_step
        if flaws[PEAK].value > self._at_largest["value"]:
            self._at_largest = {
                "value": flaws[PEAK].value,
                "intensity": intensity.tolist(),
            }
        if flaws[_WITHIN].value > self._largest_within["value"]:
            self._largest_within = {
                "value": flaws[_WITHIN].value,
                "tip": asdict(self._evaluation.tip(theta, flaws[_WITHIN].depth)),
            }
        critical = self._evaluation.shortest(intensity, self._toughness)
        if critical <= MEANT and critical < self._critical_depth:
            self._critical_depth, self._critical_time = critical, moment.state.time
        return self._columns(flaws)

    def present(self, state: State) -> Mapping[str, float]:
        hoop, _ = self._evaluation.fields(state)
        return self._columns(self._flaws(hoop, self._evaluation.intensity(hoop)))

    def sample(self, state: State) -> Sample:
        hoop, _ = self._evaluation.fields(state)
        return Sample({ALONG: self._evaluation.at_profile(self._evaluation.intensity(hoop))})

    def of_step(self, ended: EndedStep) -> Cells:
        peak, flaw = self._followed[PEAK].of_step, self._followed[FLAW].of_step
        return {PEAK: peak.value / _MEGA, TIME: peak.time, FLAW: flaw.value / _MEGA}

    def of_cycle(self, ended: EndedCycle) -> Cells:
        peaks = zip(ended.numbers(PEAK), ended.numbers(TIME), strict=True)
        value, time = max(peaks, key=lambda one: one[0])
        return {PEAK: value, TIME: time, FLAW: max(ended.numbers(FLAW))}

    def summary(self) -> Mapping[str, object]:
        return {"stress_intensity": self._found()}

    def remarks(self) -> Iterator[str]:
        return report.beyond_a_half_plane(self._found())

    def _found(self) -> dict[str, Any]:
        """The summary's section on stress intensity."""
        peak, flaw, within = (self._followed[name].peak for name in (PEAK, FLAW, _WITHIN))
        theta, region = self._largest_within["tip"]["occupancy"], self._largest_within["tip"]["region"]
        # A layer without properties of its own is of the core's material.
        elasticity = self._parts[region if region in self._parts else ""].elasticity
        compliance = float(elasticity.crack_compliance(theta, NUMPY, self._along_c))
        critical, time = self._critical_depth * self._radius, self._critical_time
        ruptures = within.value >= self._toughness
        if ruptures and not math.isfinite(critical):
            # K has come to it between time steps, or between depths, only.
            critical, time = within.depth, within.time
        return {
            "peak_MPa_sqrt_m": peak.value / _MEGA,
            "depth_nm": peak.depth / _NANO,
            "depth_over_radius": peak.depth / self._radius,
            "time_s": peak.time,
            "extracted_per_formula": peak.extracted,
            "within_quarter_MPa_sqrt_m": within.value / _MEGA,
            "within_quarter_depth_nm": within.depth / _NANO,
            "within_quarter_extracted_per_formula": within.extracted,
            "toughness_MPa_sqrt_m": self._toughness / _MEGA,
            "over_toughness": within.value / self._toughness,
            "energy_release_J_m2": within.value**2 * compliance,
            "critical_radius_nm": self._critical_radius(within.value),
            "critical_flaw_nm": critical / _NANO if ruptures else None,
            "critical_flaw_time_s": time if ruptures else None,
            "flaw_depth_nm": self._flaw / _NANO,
            "flaw_MPa_sqrt_m": flaw.value / _MEGA,
            "flaw_time_s": flaw.time,
            "at_peak": {
                "depth_over_radius": self._evaluation.depths.tolist(),
                "MPa_sqrt_m": [one / _MEGA for one in self._at_largest["intensity"]],
            },
        }

    def remembered(self) -> Mapping[str, Any]:
        followed = {name: largest.remembered() for name, largest in self._followed.items()}
        return {**super().remembered(), "followed": followed}

    def restore(self, remembered: Mapping[str, Any]) -> None:
        super().restore(remembered)
        self._followed = {name: Largest.recalled(one) for name, one in remembered["followed"].items()}

    def _flaws(self, hoop: Array, intensity: Array) -> dict[str, Deepest]:
        (of_flaw,) = self._evaluation.intensity(hoop, self._of_flaw)
        return {
            PEAK: self._evaluation.largest(intensity),
            FLAW: Deepest(float(of_flaw), self._flaw / self._radius),
        }

    def _columns(self, flaws: Mapping[str, Deepest]) -> dict[str, float]:
        return {
            PEAK: flaws[PEAK].value / _MEGA,
            DEPTH: flaws[PEAK].depth * self._radius / _NANO,
            FLAW: flaws[FLAW].value / _MEGA,
        }

    def _critical_radius(self, largest: float) -> float | None:
        """The radius in nm at which the same stress over r/R has the critical K, which grows as √R."""
        if largest <= ROUND_OFF * self._toughness:
            return None
        return float(self._radius * (self._toughness / largest) ** 2) / _NANO


_WITHIN = "within a quarter of the radius"
