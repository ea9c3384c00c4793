"""Phases in what a reader is told at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oxyshell.presentation.finding import Finding
from oxyshell.presentation.numbers import with_unit


def findings(summary: Mapping[str, Any]) -> Iterator[Finding]:
    """The phases, and the front between them, of a run whose ions have a free energy."""
    numbers = summary.get("chemical_potential")
    if numbers is None:
        return
    phases, front = numbers.get("phases"), numbers["front_radius_nm"]
    if phases is None:
        yield Finding("phases", "one", f"gradient length {with_unit(numbers['gradient_length_nm'], 'nm', 3)}")
        return
    yield Finding("occupancies of the phases", f"{phases['dilute']:.4f} and {phases['concentrated']:.4f}")
    if front is None:
        yield Finding("front", "none", "at the end")
    else:
        yield Finding("front", with_unit(front, "nm"), "from the centre, at the end")
    yield Finding("width of a flat front", with_unit(phases["front_width_nm"], "nm", 3))
    yield Finding("energy of a flat front", with_unit(phases["interface_energy_J_m2"], "J/m^2", 3))
    yield Finding("strain between the phases", f"{100 * phases['strain_jump']:.3g} %")
