"""Interfaces in what a reader is told: lines of a terminal, and remarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.interfaces.observables import FOLLOWED


def lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """Lines at the end of a run that has interfaces."""
    found = summary.get("interfaces")
    if found is None:
        return
    for one in found["each"]:
        normal, shear, jump = (one[name]["peak_MPa"] for name in FOLLOWED)
        energy, extracted = one["energy_release_J_m2"], one["normal_traction"]["extracted_per_formula"]
        released = "" if energy is None else f" (releases {energy:.3g} J/m² if it opens everywhere)"
        yield (
            f"interface {one['between']}: normal traction up to {normal:.1f} MPa at {extracted:.3f} ions per "
            f"formula unit extracted{released}, shear up to {shear:.1f} MPa; hoop stress jumps by up to "
            f"{jump:.1f} MPa"
        )


def about_interfaces(scenario: ScenarioView) -> Iterator[str]:
    """A sentence on the meaning of tractions, for runs with interfaces."""
    names = " and ".join(
        f"{one.name}|{other.name}" for one, other in zip(scenario.parts, scenario.parts[1:], strict=False)
    )
    yield (
        f"The regions stay bonded at {names}: tractions and the energy released if an interface opens "
        "everywhere at once are those of the bonded particle, and debonding that goes on is not computed."
    )
