"""Interfaces in what a reader is told: the largest tractions, and remarks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from oxyshell.models.interfaces.observables import FOLLOWED
from oxyshell.presentation.finding import Finding, moment_in_words
from oxyshell.presentation.numbers import stress, with_unit

# Tractions below, MPa, are round-off of stresses of hundreds.
_NOTHING = 1e-6


def findings(summary: Mapping[str, Any]) -> Iterator[Finding]:
    """Tractions and jumps of every interface, of a run that has some."""
    found = summary.get("interfaces")
    if found is None:
        return
    for one in found["each"]:
        at = f"interface {one['between']}"
        peak, shear, jump = (one[name] for name in FOLLOWED)
        if peak["peak_MPa"] > _NOTHING:
            yield Finding("largest normal traction", stress(peak["peak_MPa"]), f"{at}, {_moment(peak)}")
        else:
            yield Finding("largest normal traction", "none", f"{at}, pressed together at all times")
        if one["energy_release_J_m2"] is not None and peak["peak_MPa"] > _NOTHING:
            energy = with_unit(one["energy_release_J_m2"], "J/m^2", 3)
            yield Finding("energy release of debonding", energy, f"{at}, if it opens everywhere")
        for words, other in (("largest shear traction", shear), ("largest jump of the hoop stress", jump)):
            if other["peak_MPa"] > _NOTHING:
                yield Finding(words, stress(other["peak_MPa"]), f"{at}, {_moment(other)}")
            else:
                yield Finding(words, "none", at)


def _moment(peak: Mapping[str, Any]) -> str:
    return moment_in_words(peak["extracted_per_formula"], peak["time_s"])


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
