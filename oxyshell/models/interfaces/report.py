"""Interfaces in what a reader is told: lines of a terminal, and remarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oxyshell.language.readable import directed
from oxyshell.models.interfaces.observables import FOLLOWED

# Tractions below, MPa, are round-off of stresses of hundreds.
_NOTHING = 1e-6


def lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """Lines at the end of a run that has interfaces."""
    found = summary.get("interfaces")
    if found is None:
        return
    for one in found["each"]:
        normal, shear, jump = (one[name]["peak_MPa"] for name in FOLLOWED)
        energy, extracted = one["energy_release_J_m2"], one["normal_traction"]["extracted_per_formula"]
        released = "" if energy is None else f" (releases {energy:.3g} J/m² if it opens everywhere)"
        pulled = (
            f"normal traction up to {normal:.1f} MPa at "
            f"{directed(extracted, 3, 'ions per formula unit')}{released}"
            if normal > _NOTHING
            else "pressed together at all times"
        )
        yield (
            f"interface {one['between']}: {pulled}, shear up to "
            f"{shear:.1f} MPa; hoop stress jumps by up to {jump:.1f} MPa"
        )


def remark(each: Sequence[Mapping[str, Any]]) -> str:
    """A sentence on the meaning of the tractions.

    Args:
        each: The entries of every interface.
    """
    found = []
    for one in each:
        energy, peak = one["energy_release_J_m2"], one["normal_traction"]["peak_MPa"]
        known = (
            "" if energy is None else f", where opening everywhere at once would release {energy:.3g} J/m²"
        )
        found.append(
            f"{one['between']} (pulled apart by up to {peak:.4g} MPa{known})"
            if peak > _NOTHING
            else f"{one['between']} (pressed together at all times)"
        )
    return (
        f"The regions stay bonded whatever the traction at {' and '.join(found)}: debonding is not computed, "
        "and no strength or toughness of an interface is known to compare with."
    )
