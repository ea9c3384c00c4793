"""Progress of a run through its protocol, as a fraction of the expected time."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

from oxyshell.models.base.protocol import EXTRACTED, TIME, Capacity, Protocol, ProtocolStep
from oxyshell.solver.step_result import StepResult


class Completion:
    """Weighs the steps of a protocol by their expected durations."""

    def __init__(self, protocol: Protocol, capacity: Capacity) -> None:
        """Estimate how long every step takes, as if each kept its set current.

        Args:
            protocol: What is done.
            capacity: The particle's content and sites.
        """
        self._protocol = protocol
        durations = list(_durations(protocol, capacity))
        known = [duration for duration in durations if math.isfinite(duration)]
        # A step of which nothing is known counts as an average one.
        average = sum(known) / len(known) if known else 1.0
        self._durations = [duration if math.isfinite(duration) else average for duration in durations]
        self._until = [0.0, *itertools.accumulate(self._durations)]

    def share(self, moment: StepResult) -> float:
        """The share that is done, 0 to 1."""
        index, total = moment.protocol_step, self._until[-1]
        if moment.continuation.protocol_step >= len(self._durations):
            return 1.0
        of_step = 1.0 if moment.ended_by is not None else self._share_of_step(moment)
        done = self._until[index] + self._durations[index] * of_step
        return min(done / total, 1.0) if total > 0 else 0.0

    def _share_of_step(self, moment: StepResult) -> float:
        """Fraction of the present step by its nearest stop."""
        index = moment.protocol_step
        # A current that is not kept makes time say too much: a content that is approached knows better.
        exact = list(_exact_shares(self._protocol.steps[index], moment))
        share = max(exact) if exact else moment.step_time / self._durations[index]
        return min(max(share, 0.0), 1.0)


def _durations(protocol: Protocol, capacity: Capacity) -> Iterator[float]:
    extracted = 0.0
    for step in protocol.steps:
        duration = step.expected_duration(extracted, capacity)
        yield duration
        if math.isfinite(duration):
            reached = extracted + step.pace * duration
            extracted = min(max(reached, capacity.extracted_at(1.0)), capacity.extracted_at(0.0))


def _exact_shares(step: ProtocolStep, moment: StepResult) -> Iterator[float]:
    """Fractions of the step by those stops that are approached evenly: times and contents."""
    for end, whole in zip(step.until, moment.continuation.directions, strict=False):
        if end.observable == TIME:
            yield moment.step_time / end.value
        elif end.observable == EXTRACTED:
            yield 1 - (end.value - moment.extracted) / whole if whole else 1.0
