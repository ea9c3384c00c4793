"""Elastic stresses from the chemical strain of the ions' host."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from oxyshell.models.base.observable import SectionArrays
from oxyshell.models.base.physics import Figure, LabelledRun, Physics, ScenarioView
from oxyshell.models.mechanics.observables import MEASURES, OBSERVABLES, SECTION_ARRAYS
from oxyshell.presentation.finding import Finding, depth_in_words, moment_in_words
from oxyshell.presentation.numbers import length, stress

if TYPE_CHECKING:
    from pydantic_core import InitErrorDetails

    from oxyshell.solver.recorder import Discretised, Recorder, RunFacts


class Mechanics(Physics):
    """The mechanics of every run."""

    name = "mechanics"
    observables = OBSERVABLES
    in_every_run = True

    def problems(self, scenario: ScenarioView) -> Iterator[InitErrorDetails]:
        from oxyshell.models.mechanics import checks

        return checks.problems(scenario)

    def recorders(self, particle: Discretised) -> Callable[[RunFacts], Sequence[Recorder]]:
        from oxyshell.models.host.remarks import out_of_equilibrium
        from oxyshell.models.mechanics.as_made import AsMadeRecorder
        from oxyshell.models.mechanics.recording import StressRecorder
        from oxyshell.models.mechanics.stress import StressEvaluation

        everywhere, at_points = StressEvaluation(particle.everywhere), StressEvaluation(particle.at_points)

        def of(facts: RunFacts) -> Sequence[Recorder]:
            stress = StressRecorder(particle, everywhere, at_points)
            regions = facts.scenario.parts[1:]
            if not regions:
                return (stress,)
            misfit = any(one.section.strain_free_at is not None for one in regions)
            unsettled = out_of_equilibrium(facts.scenario)
            return (stress, AsMadeRecorder(stress.largest_first_principal, misfit, unsettled))

        return of

    def findings(self, summary: Mapping[str, Any]) -> Iterator[Finding]:
        for name, words in MEASURES.items():
            peak = summary["stress"][name]
            if abs(peak["peak_MPa"]) < _ROUND_OFF:
                yield Finding(f"peak {words}", "0 MPa", "at all times")
                continue
            place = depth_in_words(peak["depth_nm"])
            if "x_nm" in peak:
                centre = length(math.hypot(*(peak[f"{axis}_nm"] for axis in "xyz")) * 1e-9)
                at = ", ".join(f"{axis} = {_signed(peak[f'{axis}_nm'])}" for axis in "xyz")
                place = f"{place}, {centre} from the centre, {at}"
            inside = f" in {peak['region']}" if "region" in peak else ""
            when = moment_in_words(peak["extracted_per_formula"], peak["time_s"])
            yield Finding(f"peak {words}", stress(peak["peak_MPa"]), f"{place}{inside}, {when}")

    def section_arrays(self) -> SectionArrays:
        return SECTION_ARRAYS

    def figures(self, runs: Sequence[LabelledRun]) -> Sequence[Figure]:
        from oxyshell.models.mechanics.figure import figures

        return figures(runs)


_ROUND_OFF = 1e-6
"""MPa; stresses below are round-off of those that would be there."""


def _signed(nanometres: float) -> str:
    """A coordinate with its unit."""
    return "0" if nanometres == 0 else f"{'-' * (nanometres < 0)}{length(abs(nanometres) * 1e-9)}"
