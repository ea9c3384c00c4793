"""Sentences on the hosts of a particle that a reader of the results has to know."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

from oxyshell.language.mistakes import listed
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.physics import ScenarioView

# Differences of chemical potentials below this, in RT, move hardly any ion.
_SMALL = 0.05
_NAMES = {("material",): "the core", ("shell",): "the shell"}
# ln(θ/(1−θ)) between which an occupancy is looked for, and how often the interval is halved: to round-off.
_WIDEST, _HALVINGS = 20.0, 60


def about_layers(scenario: ScenarioView) -> Iterator[str]:
    """Assumptions on the ions of layers, and the difference of their potentials as made."""
    for part in scenario.parts[1:]:
        yield from _assumed(part, scenario)
    yield from about_materials(scenario)
    yield from _drifts(scenario)
    yield from _as_made(scenario)


def _assumed(part: Any, scenario: ScenarioView) -> Iterator[str]:
    """Of another material of which nothing says what an ion in it is worth."""
    section, key = part.section, ".".join(part.path)
    another = any(name in section.own() for name in ("formula", "ion"))
    if another and section.potential_offset is None and section.open_circuit is None:
        voltage = scenario.section("electrode") is not None
        more = ", and its open-circuit potential as that of the electrode" if voltage else ""
        yield (
            f"{key} is of another material, and neither potential_offset nor open_circuit says what an ion "
            "in it is worth: its chemical potential is taken as that in the particle's material at the same "
            f"occupancy without stress{more}."
        )


def about_materials(scenario: ScenarioView) -> Iterator[str]:
    """Layers of another material, with the properties that they do not have themselves."""
    for part in scenario.parts[1:]:
        own, fields = part.section.own(), type(part.material).model_fields
        required = [name for name, field in fields.items() if field.is_required() and name not in own]
        another = any(name in own for name in ("formula", "molar_volume"))
        if another and required:
            # Beside what a run cannot do without, the layer has what else the particle's material says.
            others = [
                name
                for name, field in fields.items()
                if name not in (*own, *required) and getattr(part.material, name) != field.default
            ]
            yield (
                f"{'.'.join(part.path)} is of another material without {listed([*required, *others])} of its "
                "own: those of the particle's material are taken."
            )


def _drifts(scenario: ScenarioView) -> Iterator[str]:
    """Neighbours in which stress acts on the ions by different laws."""
    for inner, outer in itertools.pairwise(scenario.parts):
        law, other = inner.material.drift, outer.material.drift
        if law != other:
            yield (
                f"The drift law of {_name(inner)} is '{law}', that of {_name(outer)} '{other}': at their "
                f"interface the potentials of both sides are those of '{law}'."
            )


def out_of_equilibrium(scenario: ScenarioView) -> bool:
    """Whether the ions of any two neighbours are not in equilibrium as made."""
    return any(True for _ in _as_made(scenario))


def _as_made(scenario: ScenarioView) -> Iterator[str]:
    """Neighbours whose ions are not in equilibrium as made."""
    parts = list(zip(scenario.parts, scenario.model().parts, strict=True))
    for (inner, (_, below)), (outer, (_, above)) in itertools.pairwise(parts):
        # The interface takes both sides by the law of the inner one.
        drift = below.transport.drift
        made = _potential(below, drift, float(below.host.occupancy))
        difference = made - _potential(above, drift, float(above.host.occupancy))
        if math.isfinite(difference) and abs(difference) > _SMALL:
            higher, lower = (inner, outer) if difference > 0 else (outer, inner)
            suits = equilibrium_occupancy(made, above, drift)
            place = ".".join((*outer.path, "ion", "occupancy"))
            advice = "" if suits is None else f" {place}: {suits:.6g} would be in equilibrium without stress."
            yield (
                f"As made, the chemical potential of ions is {abs(difference):.3g} RT higher in "
                f"{_name(higher)} than in {_name(lower)}: they begin to move at once, also without a current."
                f"{advice}"
            )


def equilibrium_occupancy(potential: float, model: Any, drift: Any) -> float | None:
    """The occupancy at which a host without stress has a chemical potential; None if it has it at none.

    Args:
        potential: μ/RT.
        model: The host, one of `ParticleModel.parts`.
        drift: The law of drift that says how μ depends on θ.
    """
    # Of a potential that rises with the occupancy there is one; halved in ln(θ/(1−θ)), so that hosts that are
    # nearly full or empty are resolved alike.
    least, most = -_WIDEST, _WIDEST

    def above(logit: float) -> bool:
        return _potential(model, drift, _occupancy(logit)) > potential

    if above(least) or not above(most):
        return None
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        least, most = (least, middle) if above(middle) else (middle, most)
    # Where the potential is held constant near full or empty, no occupancy has it.
    found = _occupancy(most)
    return found if abs(_potential(model, drift, found) - potential) < _SMALL else None


def _occupancy(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def _potential(model: Any, drift: Any, theta: float) -> float:
    """μ/RT at an occupancy by a drift law, without stress; infinite where all sites are filled or empty."""
    vacant = float(drift.vacant(theta))
    if not (theta > 0 and vacant > 0):
        return math.inf
    return math.log(theta / vacant) + float(model.standard.excess(theta, NUMPY))


def _name(part: Any) -> str:
    """A part within a sentence."""
    return _NAMES.get(part.path, ".".join(part.path))
