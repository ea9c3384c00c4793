"""Numbers that a calibration compares with its targets: of a run, of a moment of it, or of its scenario."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from oxyshell.language import units
from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.base.observable import Where
from oxyshell.outputs import Result
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.quantities import Interest, history_names, no_column
from oxyshell.studies.engine.scenario_quantities import is_number, quantity_of, require_section

_MOMENT = re.compile(r"history\.(?P<column>\S+)\s+at\s+(?P<moment>.+)")
_EXTRACTED = re.compile(r"(?P<number>\S+)\s+extracted")


@dataclass(frozen=True)
class Observation:
    """A number that a model gives for a target.

    Attributes:
        text: As it was written.
        unit: Unit of the number.
        evaluate: Reads it off a scenario and the result of its run; raises KeyError if the run has no such
            number.
        outputs: Moments that the run has to meet exactly: by kind of `output.at`, in SI.
        is_parameter: Whether it is a parameter itself, which was measured.
    """

    text: str
    unit: str
    evaluate: Callable[[Scenario, Result], float]
    outputs: Mapping[str, float] = field(default_factory=dict)
    is_parameter: bool = False


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
        return of_parameter(text, scenario.unit(text))
    interest = quantity_of(text, scenario)
    return Observation(interest.text, interest.unit, lambda _, result: interest.of(result))


def of_parameter(path: str, unit: str) -> Observation:
    """A parameter itself: a measurement of it."""
    return Observation(path, unit, lambda scenario, _: float(scenario.get(path)), is_parameter=True)


def _at_moment(text: str, column: str, moment: str, scenario: Scenario) -> Observation:
    """A column of the history at the first moment at which so much is extracted or so much time is over."""
    if column not in history_names():
        raise no_column(column, column)
    interest = Interest(text, "last", column, Where.HISTORY)
    require_section(interest, scenario)
    extracted = _EXTRACTED.fullmatch(moment)
    if extracted is None:
        kind, along, at = "time", "time_s", units.read(moment, "s").value
    else:
        kind, along = "extracted", "extracted_per_formula"
        at = units.read(extracted["number"], "1").value

    def evaluate(_: Scenario, result: Result) -> float:
        import numpy as np

        history = result.history
        passed = history[along]
        reached = passed >= at
        if not np.any(reached) and not np.isclose(passed[-1], at, rtol=1e-9):
            raise KeyError(text)
        # The moment is an output time, so one of the two rows around it is there to round-off.
        after = int(np.argmax(reached)) if np.any(reached) else len(passed) - 1
        rows = slice(max(after - 1, 0), after + 1)
        return float(np.interp(at, passed[rows], history[column][rows]))

    return Observation(text, interest.unit, evaluate, {kind: at})


def with_output(scenario: Scenario, kind: str, *moments: float) -> dict[str, Any]:
    """Changes with which runs of a scenario stop at more moments of a kind, by path."""
    known = scenario.output.at.to_data()
    return {f"output.at.{kind}": [*known.get(kind, ()), *moments]}


def _is_number(scenario: Scenario, path: str) -> bool:
    try:
        return is_number(scenario.get(path))
    except ScenarioError:
        return False
