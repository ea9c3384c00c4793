"""Sentences and lines on flaws that a reader of a run's results has to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.fracture.observables import UNIT
from oxyshell.models.fracture.weight_function import MEANT, ROUND_OFF
from oxyshell.presentation.finding import Finding
from oxyshell.presentation.numbers import directed, length, with_printed_units, with_unit

_KNOWN = (
    "for particles of LiMn2O4, 0.24 to 0.81 MPa √m were reported (Mughal et al., Materials 10 (2017) 403, "
    "abstract)"
)


def about_flaws(scenario: ScenarioView) -> Iterator[str]:
    """The flaws that stress intensities are of, and known toughnesses; nothing without a toughness."""
    section = scenario.section("toughness")
    if section is None:
        return
    yield (
        f"Stress intensities are those of straight flaws at the surface under the stress of the particle "
        f"without a flaw: whether it has any, and how deep, is not known. "
        f"k_ic = {with_printed_units(section.k_ic.text)} ({section.k_ic.status}); {_KNOWN}."
    )
    if len(scenario.parts) > 1:
        names = ", ".join(part.name for part in scenario.parts)
        yield (
            f"One k_ic stands for all materials of the particle ({names}) and for the interfaces between "
            "them, whichever of them a flaw ends in."
        )
    if scenario.layers:
        yield (
            "The critical radius is that of a particle with the same stress over r/R, and so with layers "
            "that are thicker in proportion to the radius."
        )


def beyond_a_half_plane(found: Mapping[str, Any]) -> Iterator[str]:
    """A sentence where the largest K is that of a flaw deeper than the weight function is meant for.

    Args:
        found: The summary's section on stress intensity.
    """
    depth, largest = found["depth_over_radius"], found["peak_MPa_sqrt_m"]
    if depth > MEANT and _opens(largest, found):
        yield (
            f"The largest stress intensity, {largest:.3g} MPa √m, is that of a flaw of a/R = {depth:.2f}; "
            "the weight function is that of a half-plane, approximate on a curved body and meant for a/R up "
            f"to {MEANT:g}. {_up_to_there(found)}; over_toughness, energy, critical flaw and critical radius "
            "are those of flaws up to there."
        )


def findings(summary: Mapping[str, Any]) -> Iterator[Finding]:
    """The largest stress intensities, of a run that has a toughness."""
    found = summary.get("stress_intensity")
    if found is None:
        return
    largest, given = found["within_quarter_MPa_sqrt_m"], found["flaw_MPa_sqrt_m"]
    if not _opens(largest, found):
        which = f" up to {MEANT:g} R deep" if found["depth_over_radius"] > MEANT else ""
        yield Finding("stress intensity", "none", f"every surface flaw{which} is pressed shut at all times")
        return
    depth = found["within_quarter_depth_nm"]
    share = found["depth_over_radius"] * depth / found["depth_nm"]
    when = directed(found["within_quarter_extracted_per_formula"], 3, "per formula unit")
    flaw = f"of a flaw {length(depth * 1e-9)} deep ({share:.2f} R), {when}"
    yield Finding("largest stress intensity", with_unit(largest, UNIT, 3), flaw)
    yield Finding("energy release of this flaw", with_unit(found["energy_release_J_m2"], "J/m^2", 3))
    of_given = f"of a flaw {length(found['flaw_depth_nm'] * 1e-9)} deep"
    if _opens(given, found):
        yield Finding("stress intensity of the flaw", with_unit(given, UNIT, 3), of_given)
    else:
        shut = f"{of_given}, pressed shut at all times"
        yield Finding("stress intensity of the flaw", "none", shut)


def lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """Sentences on the terminal, of a run that has a toughness: does a flaw grow?"""
    found = summary.get("stress_intensity")
    if found is None:
        return
    deep = found["depth_over_radius"] > MEANT
    if _opens(found["within_quarter_MPa_sqrt_m"], found):
        yield _verdict(found, summary["stress"]["hoop"]["peak_MPa"])
    if deep and _opens(found["peak_MPa_sqrt_m"], found):
        of_toughness = found["peak_MPa_sqrt_m"] / found["toughness_MPa_sqrt_m"]
        largest = with_unit(found["peak_MPa_sqrt_m"], UNIT, 3)
        yield (
            f"outside the model: a flaw {length(found['depth_nm'] * 1e-9)} deep "
            f"({found['depth_over_radius']:.2f} R) would have {largest}, "
            f"{of_toughness:.2f} of k_ic, by a weight function that is meant for flaws up to {MEANT:g} R"
        )


def _verdict(found: Mapping[str, Any], hoop: float) -> str:
    """Whether a flaw within the model grows."""
    toughness, radius = found["toughness_MPa_sqrt_m"], length(found["critical_radius_nm"] * 1e-9)
    if found["critical_flaw_nm"] is None:
        which = f", of those up to {MEANT:g} R deep," if found["depth_over_radius"] > MEANT else ""
        return (
            f"no rupture: {hoop:.4g} MPa of hoop stress bring the most dangerous surface flaw{which} to "
            f"{found['over_toughness']:.2f} of k_ic = {toughness:.3g} MPa √m; with the same stress over "
            f"r/R one grows from R = {radius} on, and from less where the stress rises with R"
        )
    return (
        f"rupture from a surface flaw of {length(found['critical_flaw_nm'] * 1e-9)}, where K is k_ic = "
        f"{toughness:.3g} MPa √m; shorter flaws do not grow; with the same stress over r/R none grows "
        f"below R = {radius}"
    )


def _up_to_there(found: Mapping[str, Any]) -> str:
    largest = found["within_quarter_MPa_sqrt_m"]
    if _opens(largest, found):
        return f"Up to there it is at most {largest:.3g} MPa √m"
    return "Flaws up to there are pressed shut at all times"


def _opens(intensity: float, found: Mapping[str, Any]) -> bool:
    """Whether a stress intensity, MPa √m, is more than round-off."""
    return bool(intensity > ROUND_OFF * found["toughness_MPa_sqrt_m"])
