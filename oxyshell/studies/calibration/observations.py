"""Numbers that a calibration compares with its targets: of a run, of a moment of it, or of its scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from oxyshell.language import units
from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.quantities import Interest, history_names, no_column
from oxyshell.studies.engine.scenario_quantities import is_number, quantity_of, require_section

if TYPE_CHECKING:
    import numpy

_MOMENT = re.compile(r"history\.(?P<column>\S+)\s+at\s+(?P<moment>.+)")
_EXTRACTED = re.compile(r"(?P<number>\S+)\s+extracted")


class Observation(Protocol):
    """A number that a model gives for a target."""

    @property
    def text(self) -> str:
        """As it was written."""

    @property
    def unit(self) -> str:
        """Unit of the number."""

    @property
    def outputs(self) -> Mapping[str, float]:
        """Moments that the run has to meet exactly: by kind of `output.at`, in SI."""

    def evaluate(
        self, scenario: Scenario, summary: Mapping[str, object], history: Mapping[str, numpy.ndarray]
    ) -> float:
        """The number.

        Raises:
            KeyError: If the run has no such number.
        """


@dataclass(frozen=True)
class OfRun:
    """A number of a run's summary, or a reduction of its history."""

    interest: Interest

    @property
    def text(self) -> str:
        return self.interest.text

    @property
    def unit(self) -> str:
        return self.interest.unit

    @property
    def outputs(self) -> Mapping[str, float]:
        return {}

    def evaluate(
        self, scenario: Scenario, summary: Mapping[str, object], history: Mapping[str, numpy.ndarray]
    ) -> float:
        return self.interest.of(summary, history)


@dataclass(frozen=True)
class AtMoment:
    """A column of the history at the first moment at which so much is extracted, or so much time has passed.

    Attributes:
        text: As it was written.
        column: Of the history.
        kind: "extracted" (per formula unit) or "time" (s), as in `output.at`.
        moment: When.
    """

    text: str
    column: str
    kind: str
    moment: float

    @property
    def unit(self) -> str:
        return Interest(self.text, "last", self.column).unit

    @property
    def outputs(self) -> Mapping[str, float]:
        return {self.kind: self.moment}

    def evaluate(
        self, scenario: Scenario, summary: Mapping[str, object], history: Mapping[str, numpy.ndarray]
    ) -> float:
        import numpy as np

        along = history["time_s" if self.kind == "time" else "extracted_per_formula"]
        reached = along >= self.moment
        if not np.any(reached) and not np.isclose(along[-1], self.moment, rtol=1e-9):
            raise KeyError(self.text)
        # The moment is an output time, so one of the two rows around it is there to round-off.
        after = int(np.argmax(reached)) if np.any(reached) else len(along) - 1
        rows = slice(max(after - 1, 0), after + 1)
        return float(np.interp(self.moment, along[rows], history[self.column][rows]))


@dataclass(frozen=True)
class OfScenario:
    """A parameter itself: a measurement of it."""

    text: str
    unit: str

    @property
    def outputs(self) -> Mapping[str, float]:
        return {}

    def evaluate(
        self, scenario: Scenario, summary: Mapping[str, object], history: Mapping[str, numpy.ndarray]
    ) -> float:
        return float(scenario.get(self.text))


def read(text: str, scenario: Scenario) -> Observation:
    """Read the quantity of a target.

    Args:
        text: A quantity as in a sweep ("stress.first_principal.peak_MPa", "max of history.surface_hoop_MPa"),
            a column at a moment ("history.surface_hoop_MPa at 0.4 extracted", "... at 2 h"), or the path of a
            parameter that was measured ("material.chemical_strain.volume_change").
        scenario: The system's.

    Raises:
        Refusal: If it is none of these.
    """
    moment = _MOMENT.fullmatch(text.strip())
    if moment is not None:
        return _at_moment(text, moment["column"], moment["moment"], scenario)
    if _is_number(scenario, text):
        return OfScenario(text, scenario.unit(text))
    return OfRun(quantity_of(text, scenario))


def _at_moment(text: str, column: str, moment: str, scenario: Scenario) -> AtMoment:
    if column not in history_names():
        raise no_column(column, column)
    require_section(Interest(text, "last", column), scenario)
    extracted = _EXTRACTED.fullmatch(moment)
    if extracted is None:
        return AtMoment(text, column, "time", units.read(moment, "s").value)
    return AtMoment(text, column, "extracted", units.read(extracted["number"], "1").value)


def with_output(scenario: Scenario, kind: str, *moments: float) -> dict[str, Any]:
    """Changes with which runs of a scenario stop at more moments of a kind, by path."""
    known = scenario.output.at.to_data()
    return {f"output.at.{kind}": [*known.get(kind, ()), *moments]}


def _is_number(scenario: Scenario, path: str) -> bool:
    try:
        return is_number(scenario.get(path))
    except ScenarioError:
        return False
