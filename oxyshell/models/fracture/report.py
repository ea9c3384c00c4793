"""Sentences and lines on flaws that a reader of a run's results has to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.fracture.weight_function import MEANT

_KNOWN = (
    "for particles of LiMn2O4, 0.24 to 0.81 MPa m^0.5 were reported (Mughal et al., Materials 10 (2017) 403, "
    "abstract)"
)


def about_flaws(scenario: ScenarioView) -> Iterator[str]:
    """The flaws that stress intensities are of, and known toughnesses; nothing without a toughness."""
    section = scenario.section("toughness")
    if section is None:
        return
    yield (
        f"Stress intensities are those of straight flaws at the surface under the stress of the particle "
        f"without a flaw: whether it has any, and how deep, is not known. k_ic = {section.k_ic.text} "
        f"({section.k_ic.status}); {_KNOWN}."
    )


def beyond_a_half_plane(found: Mapping[str, Any]) -> Iterator[str]:
    """A sentence where the most dangerous flaw is deeper than the weight function is meant for.

    Args:
        found: The summary's section on stress intensity.
    """
    depth, largest = found["depth_over_radius"], found["peak_MPa_sqrt_m"]
    if depth > MEANT:
        yield (
            f"The largest stress intensity, {largest:.3g} MPa m^0.5, is that of a flaw of a/R = {depth:.2f}; "
            "the weight function is that of a half-plane, approximate on a curved body and meant for a/R up "
            f"to {MEANT:g}. Up to there it is at most {found['within_quarter_MPa_sqrt_m']:.3g} MPa m^0.5."
        )


def lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """Lines on the terminal, of a run that has a toughness."""
    found = summary.get("stress_intensity")
    if found is None:
        return
    largest, toughness = found["peak_MPa_sqrt_m"], found["toughness_MPa_sqrt_m"]
    if largest == 0:
        yield "stress intensity: every surface flaw is pressed shut at all times"
        return
    yield (
        f"largest stress intensity: {largest:.3g} MPa m^0.5, of a flaw {found['depth_nm']:.3g} nm deep "
        f"({found['depth_over_radius']:.2f} R), {found['extracted_per_formula']:.3f} ions per formula unit "
        f"extracted; {found['energy_release_J_m2']:.3g} J/m² released; of a flaw of "
        f"{found['flaw_depth_nm']:.3g} nm {found['flaw_MPa_sqrt_m']:.3g} MPa m^0.5"
    )
    hoop = summary["stress"]["hoop"]["peak_MPa"]
    if found["critical_flaw_nm"] is None:
        yield (
            f"no rupture: {hoop:.4g} MPa of hoop stress bring the most dangerous surface flaw to "
            f"{found['over_toughness']:.2f} of k_ic = {toughness:.3g} MPa m^0.5; with the same stress over "
            f"r/R one grows from R = {found['critical_radius_nm']:.4g} nm on, and from less where the stress "
            "rises with R"
        )
    else:
        yield (
            f"rupture from a surface flaw of {found['critical_flaw_nm']:.3g} nm, where K is k_ic = "
            f"{toughness:.3g} MPa m^0.5; {hoop:.4g} MPa of hoop stress alone, without a flaw so deep, "
            f"rupture nothing; with the same stress over r/R none grows below R = "
            f"{found['critical_radius_nm']:.4g} nm"
        )
