"""Stress that a particle of several hosts has as made, or soon after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from oxyshell.models.mechanics.peaks import StepPeak
from oxyshell.presentation.numbers import directed, duration
from oxyshell.solver.recorder import Recorder
from oxyshell.solver.step_result import StepResult

# Ions per formula unit taken out or put in up to which a run is in its first instants.
_FIRST = 1e-2
_PEAK = "first_principal_peak_MPa"
_MEGA = 1e6


class AsMadeRecorder(Recorder):
    """Tells the stress before anything has happened from that of the current."""

    kept = ("as_made", "early", "later")

    def __init__(self, largest: Callable[[], StepPeak], misfit: bool, unsettled: bool) -> None:
        """Set up.

        Args:
            largest: Gives the largest first principal stress of the run so far, Pa.
            misfit: Whether a layer is stressed as made.
            unsettled: Whether hosts are not in equilibrium as made.
        """
        self._largest, self._misfit, self._unsettled = largest, misfit, unsettled
        self._as_made: float | None = None
        # MPa, of time steps; -1 before the first of them: no largest principal stress is below 0.
        self._early = self._later = -1.0

    def look(self, moment: StepResult, row: Mapping[str, float]) -> None:
        stress = row[_PEAK]
        if self._as_made is None:
            self._as_made = stress
        if moment.protocol_step == 0 and abs(moment.extracted) < _FIRST:
            self._early = max(self._early, stress)
        else:
            self._later = max(self._later, stress)

    def remarks(self) -> Iterator[str]:
        if self._misfit and self._as_made is not None:
            yield (
                "A layer does not fit to the core as made (strain_free_at): before any step, the largest "
                f"first principal stress is {self._as_made:.4g} MPa."
            )
        peak = self._largest()
        if self._unsettled and peak.time > 0 and self._early > self._later:
            after = f"; after these first instants it is {self._later:.4g} MPa at most"
            yield (
                f"The largest first principal stress, {peak.value / _MEGA:.4g} MPa after "
                f"{duration(peak.time)}, {directed(peak.extracted, 3, 'ions per formula unit')}, is due to "
                "the ions that move between hosts not in equilibrium as made, not to the "
                f"current{after if self._later >= 0 else ''}."
            )
