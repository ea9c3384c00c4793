"""The titration of a run: its pulses, the diffusivities that they give, and what to know of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oxyshell.models.base.protocol import Protocol
from oxyshell.models.electrode.gitt import Diffusivities, diffusivities, remarks
from oxyshell.models.electrode.hosts import host_potential
from oxyshell.models.electrode.observables import VOLTAGE
from oxyshell.models.electrode.pulses import pulses_of
from oxyshell.presentation.finding import Finding
from oxyshell.solver.recorder import Recorder, RunFacts
from oxyshell.solver.step_result import StepResult

BLOCK = "gitt"
"""Name of the steps of a protocol that are a titration."""
SUMMARY = "titration"
"""Its entry of the summary."""
_NO_CURRENT = 1e-9


@dataclass(frozen=True)
class Subject:
    """The particle that is titrated.

    Attributes:
        radius: R, m.
        sites: n_s, host sites per formula unit.
        exchangeable: n_e, those that x refers to.
        stressed: Whether stress drives ions or shifts the voltage.
        several: Whether it is made of several hosts.
    """

    radius: float
    sites: float
    exchangeable: float
    stressed: bool
    several: bool = False

    def content(self, occupancy: float) -> float:
        """The content x = (n_s θ − (n_s − n_e))/n_e."""
        return 1 - self.sites * (1 - occupancy) / self.exchangeable


def recorders(facts: RunFacts) -> tuple[Recorder, ...]:
    """The recorder of a run with a titration of a sphere; none of others."""
    scenario = facts.scenario
    if scenario.particle.shape != "sphere" or all(step.block != BLOCK for step in facts.protocol.steps):
        return ()
    section, outermost = scenario.section("electrode"), scenario.parts[-1]
    host = host_potential(section, outermost, scenario)
    subject = Subject(
        radius=facts.geometry.radius,
        sites=host.sites,
        exchangeable=host.exchangeable,
        stressed=any(part.material.drift != "none" for part in scenario.parts)
        or section.stress_shifts_potential,
        several=len(scenario.parts) > 1,
    )
    return (TitrationRecorder(facts.protocol, subject),)


class TitrationRecorder(Recorder):
    """Keeps the rows of pulses, and of rests the first and the last."""

    kept = ("rows",)

    def __init__(self, protocol: Protocol, subject: Subject) -> None:
        """Set up.

        Args:
            protocol: With a titration among its steps.
            subject: The particle.
        """
        self._steps, self._subject = protocol.steps, subject
        self._rows: list[list[float]] = []

    def look(self, moment: StepResult, row: Mapping[str, float]) -> None:
        now = [row["time_s"], row["current_A_m2"], row[VOLTAGE], row["mean_occupancy"]]
        if self._steps[moment.protocol_step].block != BLOCK:
            # The last state before it is that of a rest, if no current flows.
            self._rows = [now]
            return
        if not self._rows:
            # The particle as made is even: as after a rest.
            self._rows.append([now[0], 0.0, row["open_circuit_voltage_V"], now[3]])
        if len(self._rows) > 1 and all(self._rests(one) for one in (*self._rows[-2:], now)):
            self._rows.pop()
        self._rows.append(now)

    def _rests(self, row: Sequence[float]) -> bool:
        return abs(row[1]) < _NO_CURRENT * max(abs(one[1]) for one in self._rows)

    def summary(self) -> Mapping[str, object]:
        return {SUMMARY: {"pulses": [self._entry(one) for one in self._diffusivities()]}}

    def remarks(self) -> Iterator[str]:
        found = self._diffusivities()
        yield from remarks(found)
        if found and self._subject.stressed:
            yield (
                "titration: stress drives ions or shifts the voltage, which both formulas take for "
                "diffusion: their D is an effective one"
            )
        if found and self._subject.several:
            yield (
                "titration: the particle is made of several hosts, and both formulas take it for one: their "
                "D is a mean of no simple kind, and contents are those of the material at the surface"
            )

    def _diffusivities(self) -> tuple[Diffusivities, ...]:
        pulses = pulses_of(*np.array(self._rows).T) if self._rows else ()
        return diffusivities(pulses, self._subject.radius)

    def _entry(self, one: Diffusivities) -> dict[str, object]:
        numbers = {
            "content": self._subject.content(one.occupancy),
            "occupancy": one.occupancy,
            "chord_m2_s": one.chord,
            "fitted_m2_s": one.fitted,
            "jump_mV": 1e3 * one.jump,
            "fourier": one.fourier,
            "unrelaxed": one.unrelaxed,
        }
        known = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
        return {**known, "within": one.within}


def findings(summary: Mapping[str, Any]) -> Iterator[Finding]:
    """The diffusivities that pulses give, of a run that has some."""
    pulses = summary.get(SUMMARY, {}).get("pulses", [])
    fitted = [one["fitted_m2_s"] for one in pulses if one["fitted_m2_s"] is not None and one["within"]]
    chords = [one["chord_m2_s"] for one in pulses if one["chord_m2_s"] is not None]
    if fitted and chords:
        for words, found in (("fit of each pulse", fitted), ("√t chord", chords)):
            text = f"{min(found):.3g} to {max(found):.3g} m²/s"
            yield Finding(f"diffusivity by the {words}", text, f"{len(found)} pulses")
