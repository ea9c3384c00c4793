"""Lines about phases at the end of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """A line on the phases, of a run that has them."""
    numbers = summary.get("chemical_potential")
    if numbers is None:
        return
    phases, front = numbers.get("phases"), numbers["front_radius_nm"]
    if phases is None:
        yield f"phases: one; gradient length {numbers['gradient_length_nm']:.3g} nm"
        return
    where = "no front" if front is None else f"front {front:.4g} nm from the centre"
    yield (
        f"phases: {phases['dilute']:.4f} and {phases['concentrated']:.4f}, {where} at the end; "
        f"{phases['front_width_nm']:.3g} nm wide, {phases['interface_energy_J_m2']:.3g} J/m²; they differ by "
        f"{100 * phases['strain_jump']:.3g} % of strain"
    )
