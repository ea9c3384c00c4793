"""Sentences about phases that a reader of a run's results has to know."""

from __future__ import annotations

import math
from collections.abc import Iterator

from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.chemical_potential.facts import PhaseFacts
from oxyshell.models.chemical_potential.section import ChemicalPotentialModel
from oxyshell.presentation.numbers import with_printed_units

# Unknowns along the width of a front below which its speed errs by more than 1e-3 R.
_INTERVALS = 4
_HOUR = 3600.0


def about_phases(scenario: ScenarioView, geometry: Geometry) -> Iterator[str]:
    """All sentences; none without a section of the chemical potential."""
    section = scenario.section("chemical_potential")
    if section is None:
        return
    facts = PhaseFacts.of(scenario)
    if facts.phases is None:
        yield (
            f"Ions of this chemical potential ({section.model}) do not separate into phases; a gradient's "
            f"energy of {facts.gradient_energy:.3g} J/m spreads the content over {facts.length * 1e9:.3g} nm."
        )
        return
    yield from _equilibrium(facts, section.entries().get("front_width") is not None)
    yield from _as_made(scenario, facts)
    yield from _mesh(scenario, facts)
    yield from _limit(scenario, facts, geometry)
    yield from _strain(facts, section)


def _equilibrium(facts: PhaseFacts, width_given: bool) -> Iterator[str]:
    phases = facts.phases
    assert phases is not None  # told of only where there are two
    which = (
        "the width is a choice, from which the energies follow"
        if width_given
        else "the width follows from the gradient's energy"
    )
    yield (
        f"Ions separate into phases of occupancy {phases.dilute:.4g} and {phases.concentrated:.4g} without "
        f"stress (a uniform content is unstable from {phases.unstable[0]:.4g} to {phases.unstable[1]:.4g}); "
        f"their front is {facts.width * 1e9:.3g} nm wide, of {facts.interface_energy:.3g} J/m²: {which} "
        f"(κ = {facts.gradient_energy:.3g} J/m)."
    )


def _as_made(scenario: ScenarioView, facts: PhaseFacts) -> Iterator[str]:
    phases, theta = facts.phases, scenario.material.ion.occupancy.value
    assert phases is not None
    if phases.dilute < theta < phases.concentrated:
        yield (
            f"The occupancy as made, {theta:g}, lies between those of the phases: in equilibrium without "
            "stress the particle would have both; it stays uniform until something starts a front."
        )


def _mesh(scenario: ScenarioView, facts: PhaseFacts) -> Iterator[str]:
    bulk, dimension = scenario.numerics.elements.bulk, scenario.particle.dimension
    degree = scenario.numerics.degree or {1: 3, 2: 2}.get(dimension or 3, 1)
    wanted = facts.radius / facts.finest * _INTERVALS / degree
    if bulk is not None and bulk < wanted * (1 - 1e-9):
        yield (
            f"numerics.elements.bulk = {bulk} is too few for a front of {facts.width * 1e9:.3g} nm, which "
            f"asks for {math.ceil(wanted)} along the radius: place and speed of the front depend on them."
        )
    if dimension is None:
        yield (
            f"The front is {facts.width / facts.radius:.3g} R wide: the cells of the mesh file have to "
            f"resolve {facts.finest / facts.radius:.3g} R everywhere, with {_INTERVALS} unknowns along it."
        )


def _limit(scenario: ScenarioView, facts: PhaseFacts, geometry: Geometry) -> Iterator[str]:
    per_hour = (
        facts.limiting_flux * geometry.area * _HOUR / geometry.volume * scenario.material.molar_volume.value
    )
    yield (
        "Through a layer of the dilute phase as thick as R at most "
        f"{facts.limiting_flux:.3g} mol/(m² s) pass, {per_hour:.3g} ions per formula unit and hour (a rate "
        f"of {facts.limiting_rate:.3f} D/R² in a plate): faster, the surface is empty before the front has "
        "come to the centre."
    )


def _strain(facts: PhaseFacts, section: ChemicalPotentialModel) -> Iterator[str]:
    misfit = facts.misfit
    if misfit is None or misfit.strain == 0:
        return
    coherent = facts.coherent
    together = (
        f"in a host that stays coherent, {coherent.dilute:.4g} and {coherent.concentrated:.4g} coexist"
        if coherent is not None
        else "an infinite host that stays coherent has no two phases at all, a plate with free faces can"
    )
    yield (
        f"The phases differ by a strain of {100 * misfit.strain:.3g} %. Its energy along a plane front, "
        f"{facts.stiffness:.3g} c_s RT per squared occupancy, raises the interaction parameter at which ions "
        f"separate to {2 + facts.stiffness:.3g}: {together}. E times the strain is {misfit.stress / 1e9:.3g} "
        "GPa: the scale of the misfit stress, which says how incompatible the phases are, and not a stress "
        "that is predicted: the particle may crack or slip before. Elastic stresses of this run near a front "
        "can exceed it, and hang on the width of the front."
    )
    toughness = section.fracture_toughness
    if toughness is not None:
        yield (
            f"By energy alone (K_IC = {with_printed_units(toughness.text)}), a transformed layer "
            f"survives up to a thickness of {misfit.layer(toughness.value) * 1e9:.3g} nm, and a front across "
            f"a plate up to {misfit.plate(toughness.value) * 1e9:.3g} nm; above, the phases are "
            "incompatible: the particle cracks or slips. The layer to compare is the one between the front "
            "and the surface."
        )
