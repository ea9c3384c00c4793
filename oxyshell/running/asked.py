"""Quantities of a run that a reader asks for by name, as a figure."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from oxyshell.errors import InputError
from oxyshell.figure_format import TWO_COLUMNS
from oxyshell.language.mistakes import Refusal, listed
from oxyshell.language.quantities_in_scripts import plain
from oxyshell.models import registry
from oxyshell.models.base.observable import Observable, Where
from oxyshell.models.base.physics import LabelledRun
from oxyshell.models.mechanics.figure import content_in_words, labelled_profiles, output_in_words
from oxyshell.scenario.loading import loads
from oxyshell.scenario.overrides import parse_time

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from oxyshell.drawing.asked import AskedPanel
    from oxyshell.outputs import Result

SHORT: Mapping[str, str] = {"stress": "first_principal_Pa"}
"""Short names of quantities."""
_OVER: Mapping[Where, Sequence[str]] = {
    Where.PROFILE: ("depth", "radius"),
    Where.HISTORY: ("time", "content"),
}
"""Abscissae of profiles and of columns of the history; the first one unless another is asked for."""
_CONTENT = "extracted_per_formula"
_LINE = 32
"""Letters of an axis' label in one line."""
_NEAREST = 3


@dataclass(frozen=True, eq=False)
class Asked:
    """Quantities that were asked for, as they are drawn.

    Attributes:
        names: Full names of the quantities.
        panels: A panel for each.
        told: Sentences that say at which outputs they are drawn.
    """

    names: tuple[str, ...]
    panels: tuple[AskedPanel, ...]
    told: tuple[str, ...]

    def figure(self, width: float = TWO_COLUMNS) -> Figure:
        """The figure, of a width in inches."""
        from oxyshell.drawing.asked import asked_figure

        return asked_figure(self.panels, width)


def figure_of(
    result: Result,
    what: str | Sequence[str],
    at: str | float | Sequence[str | float] = (),
    width: float = TWO_COLUMNS,
    over: str = "",
) -> Figure:
    """Draw quantities of a run: see `asked` for the arguments; `width` is in inches.

    Raises:
        InputError: If the run has no such quantity or output.
    """
    return asked(result, what, at, over).figure(width)


def asked(
    result: Result,
    what: str | Sequence[str],
    at: str | float | Sequence[str | float] = (),
    over: str = "",
) -> Asked:
    """Find quantities of a run, and the outputs at which they are drawn.

    Args:
        result: A run.
        what: Names of profile arrays and of columns of the history, also without their units
            ("first_principal", "hoop"); "stress" is the first principal stress.
        at: Outputs at which profiles are drawn: a number is the content extracted per formula unit, a text
            with a unit such as "2 h" a time; the nearest output is taken. By default up to six outputs.
        over: "depth" (the default) or "radius" for profiles, "time" (the default) or "content" for columns
            of the history.

    Raises:
        InputError: If the run has no such quantity or output, or a column of the history is asked for at an
            output, or over a depth.
    """
    known = _known(result)
    found = [_find(name, known) for name in ([what] if isinstance(what, str) else what)]
    places = _places(at)
    abscissae = tuple(axis for one in found for axis in _OVER[one.where])
    if over and over not in abscissae:
        raise InputError(f"found the abscissa '{over}', expected one of {listed(dict.fromkeys(abscissae))}")
    run = LabelledRun("", loads(result.scenario), result)
    profiles = any(one.where is Where.PROFILE for one in found)
    if places and not profiles:
        raise InputError(
            f"found {listed(one.name for one in found)} of the history at an output; without one, its whole "
            "course is drawn"
        )
    states = _states(result, places) if profiles else []
    panels = tuple(
        _profile(one, run, states, over) if one.where is Where.PROFILE else _course(one, run, over)
        for one in found
    )
    told = [
        f"At {place}: the output at {output_in_words(run, state, 3, ', ')}."
        for place, state in zip(places, states, strict=False)
    ]
    return Asked(tuple(one.name for one in found), panels, tuple(told))


def _known(result: Result) -> list[Observable]:
    """The quantities of a run that have numbers along the radius or in time."""
    declared = registry.observables(Where.PROFILE)
    arrays = [
        declared.get(name) or Observable(name, column.unit, column.description, Where.PROFILE)
        for name, column in result.profiles.columns.items()
    ]
    declared = registry.observables(Where.HISTORY)
    columns = [declared.get(name) or Observable(name, "1", name) for name in result.history]
    return [*arrays, *(one for one in columns if one.unit)]


def _find(name: str, known: Sequence[Observable]) -> Observable:
    wanted = SHORT.get(name, name).strip()
    table, dot, column = wanted.partition(".")
    where = {"profiles": Where.PROFILE, "history": Where.HISTORY}.get(table) if dot else None
    among = [one for one in known if where is None or one.where is where]
    wanted = column if where else wanted
    # Profiles come first: a whole name before one without its unit.
    for names in ((lambda one: one.name), _stem):
        for one in among:
            if names(one) == wanted:
                return one
    raise InputError(_unknown(name, known))


def _stem(one: Observable) -> str:
    """The name of a quantity without its unit: "hoop_Pa" is "hoop"."""
    unit = one.unit.replace("^", "").replace("/", "_").replace(" ", "")
    return one.name.removesuffix(f"_{unit}")


def _unknown(name: str, known: Iterable[Observable]) -> str:
    by_place = {where: [one for one in known if one.where is where] for where in _OVER}
    candidates = [*SHORT, *(text for one in known for text in (one.name, _stem(one)))]
    close = list(dict.fromkeys(difflib.get_close_matches(name, candidates, n=_NEAREST, cutoff=0.5)))
    nearest = f"{listed(close)}, or another of " if close else ""
    profiles, history = ([one.name for one in by_place[where]] for where in _OVER)
    return (
        f"this run has no quantity '{name}', expected {nearest}the profiles {listed(profiles)}, or the "
        f"columns of the history {listed(history)}"
    )


def _places(at: Any) -> list[Any]:
    """The outputs that are asked for, quantities of pint as texts."""
    try:
        written = plain(at)
    except Refusal as refusal:
        raise InputError(f"--at: found {refusal.found}, expected {refusal.expected}") from None
    return written if isinstance(written, list) else [written]


def _states(result: Result, places: Sequence[str | float]) -> list[int]:
    """The output nearest to each place, in their order; an even choice without any."""
    profiles = result.profiles
    if not len(profiles.times):
        raise InputError("this run has no profiles: it has not come to an output time")
    if not places:
        from oxyshell.drawing.bodies import chosen

        return chosen(profiles)
    states = []
    for place in places:
        content = _number(place)
        wanted = parse_time(place, "--at") if content is None else content
        outputs = profiles.times if content is None else profiles.extracted
        states.append(int(np.argmin(np.abs(outputs - wanted))))
    return states


def _number(place: str | float) -> float | None:
    """The content that a place names; None where it is a time."""
    try:
        content = float(place)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(content):
        raise InputError(f"--at: found {place}, expected a content per formula unit, or a time with its unit")
    return content


def _profile(one: Observable, run: LabelledRun, states: Sequence[int], over: str) -> AskedPanel:
    from oxyshell.drawing.asked import AskedLine, AskedPanel
    from oxyshell.drawing.profiles import goes_back, inwards
    from oxyshell.drawing.scales import length_unit

    system = labelled_profiles(run)
    profiles = system.profiles
    size, symbol = length_unit(float(np.max(profiles.depth_m)))
    by_radius = over == "radius"
    drawn = list(dict.fromkeys(states))
    words, factor = _labelled(one, [profiles[one.name][state] for state in drawn])
    lines = []
    for state in drawn:
        depth, radius, values = inwards(system, profiles.radius_m, profiles[one.name][state])
        x = (radius if by_radius else depth) / size
        label = output_in_words(run, state, 2, "\n")
        lines.append(AskedLine(label, x, values / factor, goes_back(profiles, state)))
    outer = float(np.max(profiles.radius_m))
    marks = [(outer - edge.depth_m if by_radius else edge.depth_m) / size for edge in system.edges]
    axis = "Distance from the centre" if by_radius else "Depth below the surface"
    about = ["mean over points of one depth"] * system.body.averaged
    about += ["dotted: inner edge of a layer"] * bool(marks)
    return AskedPanel(f"{axis} ({symbol})", words, lines, marks, "; ".join(about), points=system.scattered)


def _course(one: Observable, run: LabelledRun, over: str) -> AskedPanel:
    from oxyshell.drawing.asked import AskedLine, AskedPanel
    from oxyshell.drawing.scales import time_unit

    history = run.result.history
    words, factor = _labelled(one, [history[one.name]])
    size, symbol = time_unit(float(history["time_s"][-1]))
    x, axis = history["time_s"] / size, f"Time ({symbol})"
    if over == "content":
        x, axis = history[_CONTENT], content_in_words(run)
    return AskedPanel(axis, words, [AskedLine("", x, history[one.name] / factor)])


def _labelled(one: Observable, values: Sequence[np.ndarray]) -> tuple[str, float]:
    """Label of an axis, and the size of the unit in it."""
    from oxyshell.drawing.scales import scaled
    from oxyshell.drawing.text import shown, symbols

    largest = max((float(np.nanmax(np.abs(value))) for value in values if value.size), default=0.0)
    factor, symbol = scaled(one.unit, largest)
    words = one.label or one.description
    return symbols(shown(f"{words} ({symbol})" if symbol else words, 4 * _LINE, _LINE)), factor
