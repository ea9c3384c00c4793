"""The current through the surface beside the one that the protocol sets."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from oxyshell.models.base.protocol import Protocol, ProtocolStep
from oxyshell.presentation.numbers import duration
from oxyshell.solver.recorder import Cells, EndedStep, Recorder
from oxyshell.solver.step_result import StepResult

KEPT = 0.99
"""Share of the set current from which on it counts as kept."""
# A protocol of a thousand cycles is told of in as many sentences as one can read.
_MOST_TOLD = 3


class Course(NamedTuple):
    """The current over the set one, so far, in one step of a protocol.

    Attributes:
        least: The smallest one.
        last: The present one.
        began: When it first fell below `KEPT`, s since the start of the run; None if it never has.
        extracted: Ions taken out by then, per formula unit; None likewise.
        lasted: For how long it has been below `KEPT`, s.
    """

    least: float = 1.0
    last: float = 1.0
    began: float | None = None
    extracted: float | None = None
    lasted: float = 0.0

    def entries(self) -> dict[str, float]:
        """As the summary has it for the run."""
        return {"least_over_set": self.least, "below_99_percent_for_s": self.lasted}

    def shortfall(self, index: int) -> dict[str, float | None]:
        """As the summary lists it, of a step that fell below `KEPT`."""
        return {
            "protocol_step": index,
            "from_s": self.began,
            "for_s": self.lasted,
            "extracted_per_formula": self.extracted,
            "least_over_set": self.least,
        }


class _Last(NamedTuple):
    """The moment before."""

    protocol_step: int
    time: float
    extracted: float
    share: float


class KeptCurrent(Recorder):
    """Sets the current through the surface beside that of the protocol.

    The current falls where the surface is exhausted or full. When it passes 99 % is interpolated between the
    steps around it.
    """

    def __init__(self, protocol: Protocol, area: float) -> None:
        """Set up.

        Args:
            protocol: What is done to the particle.
            area: Of its surface, m².
        """
        self._steps = protocol.steps
        self._area = area
        self._courses: dict[int, Course] = {}
        self._least = 1.0
        self._last: _Last | None = None

    def step(self, moment: StepResult) -> Mapping[str, float]:
        index, share = moment.protocol_step, self._share(moment)
        now = _Last(index, moment.state.time, moment.extracted, share)
        # At a change of the current, a step that begins with another share counts from its end on.
        before = self._last if self._last is not None and self._last.protocol_step == index else None
        start = before or _Last(index, now.time - moment.step, now.extracted, share)
        self._courses[index] = _followed(self._courses.get(index, Course()), start, now)
        self._last = now
        return {"current_over_set": share}

    def summary(self) -> Mapping[str, object]:
        courses = self._courses.values()
        whole = Course(
            least=min([self._least, *(course.least for course in courses)]),
            lasted=math.fsum(course.lasted for course in courses),
        )
        shortfalls = [self._courses[index].shortfall(index) for index in self._missed()]
        return {"current": {**whole.entries(), "shortfalls": shortfalls}}

    def of_step(self, ended: EndedStep) -> Cells:
        course = self._courses[ended.index]
        if not course.lasted:
            # Of a thousand cycles only the steps that missed their current are told of.
            self._least = min(self._least, self._courses.pop(ended.index).least)
        return {
            "current_least_over_set": course.least,
            "current_below_99_percent_s": course.lasted,
        }

    def remarks(self) -> Iterator[str]:
        missed = self._missed()
        for index in itertools.islice(missed, _MOST_TOLD):
            yield self._told(index, self._steps[index], self._courses[index])
        rest = len(missed) - _MOST_TOLD
        if rest > 0:
            yield (
                f"In {rest} more step{'s' if rest > 1 else ''} of the protocol the current was below 99 % of "
                "the set one for some time: 'current.shortfalls' in the summary says when."
            )

    def remembered(self) -> Mapping[str, Any]:
        return {
            "courses": [[index, course._asdict()] for index, course in self._courses.items()],
            "last": None if self._last is None else self._last._asdict(),
            "least": self._least,
        }

    def restore(self, remembered: Mapping[str, Any]) -> None:
        self._courses = {index: Course(**course) for index, course in remembered["courses"]}
        self._least, last = remembered["least"], remembered["last"]
        self._last = None if last is None else _Last(**last)

    def _missed(self) -> list[int]:
        """The steps of the protocol in which the current fell below `KEPT`."""
        return [index for index, course in sorted(self._courses.items()) if course.lasted > 0]

    def _share(self, moment: StepResult) -> float:
        flux = _set_flux(self._steps[moment.protocol_step])
        passed = moment.state.active * moment.observation.outflow
        return passed / (flux * self._area) if flux else 1.0

    def _told(self, index: int, step: ProtocolStep, course: Course) -> str:
        assert course.began is not None  # it has been below
        assert course.extracted is not None
        state = "exhausted" if _set_flux(step) > 0 else "full"
        which = f" (step {index + 1} of the protocol)" if len(self._steps) > 1 else ""
        end = f"at the end it was {100 * course.last:.2g} % of it"
        least = (
            f"at its least it was {100 * course.least:.2g} % of it, " if course.least < course.last else ""
        )
        return (
            f"{step.label}{which}: from t = {duration(course.began, digits=2)} on "
            f"({course.extracted:.3f} extracted per formula unit) the surface was {state}, and the current "
            f"was below 99 % of the set one for {duration(course.lasted, digits=2)}; {least}{end}."
        )


def _set_flux(step: ProtocolStep) -> float:
    """The flux that a step sets, mol/(m² s), positive outwards; 0 where it sets none."""
    return float(step.exchange.set_flux)


def _followed(course: Course, start: _Last, now: _Last) -> Course:
    """A course after one more time step, over which the share is a straight line."""
    low, high = min(start.share, now.share), max(start.share, now.share)
    below = 1.0 if high < KEPT else 0.0 if low >= KEPT else (KEPT - low) / (high - low)
    began, extracted = course.began, course.extracted
    if began is None and now.share < KEPT:
        kept = 0.0 if start.share < KEPT else 1.0 - below
        began = start.time + kept * (now.time - start.time)
        extracted = start.extracted + kept * (now.extracted - start.extracted)
    return Course(
        least=min(course.least, now.share),
        last=now.share,
        began=began,
        extracted=extracted,
        lasted=course.lasted + below * (now.time - start.time),
    )
