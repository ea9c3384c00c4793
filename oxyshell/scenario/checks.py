"""Contradictions between the sections of a scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic_core import InitErrorDetails

from oxyshell.language.mistakes import describe, problem
from oxyshell.language.parameters import Parameter
from oxyshell.models import registry
from oxyshell.scenario.content import Content
from oxyshell.scenario.protocol import Charge, Current, Discharge, Hold, Rest, Until

_ROUND_OFF = 1e-9
# Of the radius. A thicker layer leaves no core; in a thinner one round-off spoils the balance of ions.
_THICKEST = 0.99
_THINNEST = 1e-5


def problems(scenario: Content) -> Iterator[InitErrorDetails]:
    """All contradictions, those that each physics finds among them."""
    yield from _geometry(scenario)
    yield from _stiffness(scenario)
    yield from _currents(scenario)
    yield from _protocol(scenario)
    for physics in registry.physics():
        yield from physics.problems(scenario)


def _geometry(scenario: Content) -> Iterator[InitErrorDetails]:
    particle, shell = scenario.particle, scenario.shell
    if shell is not None:
        share = shell.thickness.value / particle.radius.value
        if not share <= _THICKEST * (1 + _ROUND_OFF):
            expected = f"a layer thinner than the radius {particle.radius.text}: at most {_THICKEST} of it"
            yield problem(describe(shell.thickness.text), expected, "shell", "thickness")
        if share < _THINNEST * (1 - _ROUND_OFF):
            expected = f"a layer of at least {_THINNEST:g} of the radius {particle.radius.text}, or no shell"
            yield problem(describe(shell.thickness.text), expected, "shell", "thickness")
    if scenario.material.transverse and particle.dimension == 1:
        expected = "dimension 2 or 3, since the material differs between the a-b plane and c"
        yield problem("1", expected, "particle", "dimension")


def _stiffness(scenario: Content) -> Iterator[InitErrorDetails]:
    """Elements of discs and solids lock where the volume hardly changes; lines take all that is allowed."""
    dimension = scenario.particle.dimension
    if dimension == 1:
        return
    least = 2e-3 if dimension == 2 else 2e-2
    found, formula = scenario.material.elasticity.volumetric_compliance
    if not found >= least * (1 - _ROUND_OFF):
        body = scenario.particle.noun if dimension is None else f"dimension {dimension}"
        largest = f"poisson_ratio up to {(1 - least) / 2:g}"
        expected = f"at least {least:g} in {body} ({largest}), beyond which elements lock"
        yield problem(f"{formula} = {found:.4g}", expected, "material", "elasticity")


def _currents(scenario: Content) -> Iterator[InitErrorDetails]:
    for index, step in enumerate(scenario.steps):
        match step:
            case Charge(charge=Current(rate=Parameter(text=text))) if scenario.cell is None:
                name = "charge"
            case Discharge(discharge=Current(rate=Parameter(text=text))) if scenario.cell is None:
                name = "discharge"
            case _:
                continue
        expected = "the key cell.one_c, which says what 1 C is"
        yield problem(f"{describe(text)} without it", expected, "protocol", index, name, "rate")


@dataclass(frozen=True)
class _Content:
    """Bounds of what is extracted, and of the surface occupancy, at some moment."""

    least: float
    most: float
    surface: float | None


def _protocol(scenario: Content) -> Iterator[InitErrorDetails]:
    ion = scenario.material.ion
    filled = ion.sites_per_formula.value * ion.occupancy.value
    room = ion.sites_per_formula.value - filled
    now = _Content(0.0, 0.0, ion.occupancy.value)
    low = high = duration = 0.0
    length: Parameter | None
    unreachable: list[InitErrorDetails] = []
    for index, step in enumerate(scenario.steps):
        match step:
            case Charge(charge=Current(until=until)):
                length, here = until.time, ("protocol", index, "charge", "until")
                unreachable = list(_reachable(until, +1, now, filled, *here))
                target = math.inf if until.extracted is None else until.extracted.value
                most = filled if until.passed is None else now.most + until.passed.value
                least = target if _only_extracted(until) else now.least
                now = _Content(least, min(target, most, filled), None)
            case Discharge(discharge=Current(until=until)):
                length, here = until.time, ("protocol", index, "discharge", "until")
                unreachable = list(_reachable(until, -1, now, -room, *here))
                target = -math.inf if until.extracted is None else until.extracted.value
                most = target if _only_extracted(until) else now.most
                now = _Content(max(target, -room), most, None)
            case Hold(hold=hold):
                length = hold.time
                now = _Content(-room, filled, hold.surface_occupancy.value)
            case Rest(rest=rest):
                length = rest.time
                # A rest changes nothing in the particle as made, and evens out any other.
                now = now if index == 0 else _Content(now.least, now.most, None)
        if unreachable:
            # What follows it cannot be judged.
            yield from unreachable
            return
        low, high = min(low, now.least), max(high, now.most)
        duration += math.inf if length is None else length.value
    yield from _outputs(scenario, low, high, duration)


def _only_extracted(until: Until) -> bool:
    given = [key for key, entry in until.entries().items() if entry is not None]
    return given == ["extracted"]


def _reachable(
    until: Until, sign: int, now: _Content, limit: float, *location: str | int
) -> Iterator[InitErrorDetails]:
    """Ends that a charge (sign 1) or discharge (−1) cannot reach; at most or least `limit` can be out."""
    verb = "charge" if sign > 0 else "discharge"
    word, beyond = ("above", "below") if sign > 0 else ("below", "above")
    if until.extracted is not None:
        value = until.extracted.value
        start = now.least if sign > 0 else now.most
        if not sign * value > sign * start + _ROUND_OFF:
            expected = f"a value {word} {start:.6g}, which is extracted when this {verb} begins"
            yield problem(f"{value:.6g}", expected, *location, "extracted")
        elif not sign * value < sign * limit - _ROUND_OFF:
            expected = (
                f"a value {beyond} {limit:.6g}, where the particle is {'empty' if sign > 0 else 'full'}"
            )
            yield problem(f"{value:.6g}", expected, *location, "extracted")
    if until.surface_occupancy is not None:
        value = until.surface_occupancy.value
        start = now.surface if now.surface is not None else math.inf * sign
        end = 0.0 if sign > 0 else 1.0
        if not sign * value < sign * start - _ROUND_OFF:
            expected = f"a value {beyond} {start:.6g}, the occupancy when this {verb} begins"
            yield problem(f"{value:.6g}", expected, *location, "surface_occupancy")
        elif value == end:
            expected = f"a value {word} {end:g}, which the falling current never reaches"
            yield problem(f"{value:.6g}", expected, *location, "surface_occupancy")


def _outputs(scenario: Content, low: float, high: float, duration: float) -> Iterator[InitErrorDetails]:
    moments = scenario.output.at
    for index, entry in enumerate(moments.extracted):
        if not low - _ROUND_OFF <= entry.value <= high + _ROUND_OFF:
            expected = f"a value that the protocol reaches, from {low:.6g} to {high:.6g}"
            yield problem(f"{entry.value:.6g}", expected, "output", "at", "extracted", index)
    for index, entry in enumerate(moments.time):
        if entry.value > duration * (1 + _ROUND_OFF):
            expected = f"a time within the protocol's {duration:.6g} s"
            yield problem(describe(entry.text), expected, "output", "at", "time", index)
