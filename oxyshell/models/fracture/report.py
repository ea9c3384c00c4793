"""Sentences and lines on flaws that a reader of a run's results has to know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oxyshell.drawing.scales import length
from oxyshell.language.readable import directed
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.fracture.weight_function import MEANT, ROUND_OFF

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
    if len(scenario.parts) > 1:
        names = ", ".join(part.name for part in scenario.parts)
        yield (
            f"One k_ic stands for all materials of the particle ({names}) and for the interfaces between "
            "them, whichever of them a flaw ends in."
        )
    if scenario.layers:
        yield (
            "critical_radius_nm is that of a particle with the same stress over r/R, and so with layers that "
            "are thicker in proportion to the radius."
        )


def beyond_a_half_plane(found: Mapping[str, Any]) -> Iterator[str]:
    """A sentence where the largest K is that of a flaw deeper than the weight function is meant for.

    Args:
        found: The summary's section on stress intensity.
    """
    depth, largest = found["depth_over_radius"], found["peak_MPa_sqrt_m"]
    if depth > MEANT and _opens(largest, found):
        yield (
            f"The largest stress intensity, {largest:.3g} MPa m^0.5, is that of a flaw of a/R = {depth:.2f}; "
            "the weight function is that of a half-plane, approximate on a curved body and meant for a/R up "
            f"to {MEANT:g}. {_up_to_there(found)}; over_toughness, energy, critical flaw and critical radius "
            "are those of flaws up to there."
        )


def lines(summary: Mapping[str, Any]) -> Iterator[str]:
    """Lines on the terminal, of a run that has a toughness."""
    found = summary.get("stress_intensity")
    if found is None:
        return
    largest, deep = found["within_quarter_MPa_sqrt_m"], found["depth_over_radius"] > MEANT
    if _opens(largest, found):
        yield _largest(found)
        yield _verdict(found, summary["stress"]["hoop"]["peak_MPa"])
    else:
        yield (
            "stress intensity: every surface flaw "
            f"{f'up to {MEANT:g} R deep ' if deep else ''}is pressed shut at all times"
        )
    if deep and _opens(found["peak_MPa_sqrt_m"], found):
        of_toughness = found["peak_MPa_sqrt_m"] / found["toughness_MPa_sqrt_m"]
        yield (
            f"outside the model: a flaw {length(found['depth_nm'] * 1e-9)} deep "
            f"({found['depth_over_radius']:.2f} R) would have {found['peak_MPa_sqrt_m']:.3g} MPa m^0.5, "
            f"{of_toughness:.2f} of k_ic, by a weight function that is meant for flaws up to {MEANT:g} R"
        )


def _largest(found: Mapping[str, Any]) -> str:
    """The largest K within the model, and that of the given flaw."""
    depth, extracted = found["within_quarter_depth_nm"], found["within_quarter_extracted_per_formula"]
    share = found["depth_over_radius"] * depth / found["depth_nm"]
    given = found["flaw_MPa_sqrt_m"]
    of_given = f"{given:.3g} MPa m^0.5" if _opens(given, found) else "none, pressed shut at all times"
    return (
        f"largest stress intensity: {found['within_quarter_MPa_sqrt_m']:.3g} MPa m^0.5, of a flaw "
        f"{length(depth * 1e-9)} deep ({share:.2f} R), "
        f"{directed(extracted, 3, 'ions per formula unit')}; "
        f"{found['energy_release_J_m2']:.3g} J/m² released; of a flaw of "
        f"{length(found['flaw_depth_nm'] * 1e-9)}: {of_given}"
    )


def _verdict(found: Mapping[str, Any], hoop: float) -> str:
    """Whether a flaw within the model grows."""
    toughness, radius = found["toughness_MPa_sqrt_m"], length(found["critical_radius_nm"] * 1e-9)
    if found["critical_flaw_nm"] is None:
        which = f", of those up to {MEANT:g} R deep," if found["depth_over_radius"] > MEANT else ""
        return (
            f"no rupture: {hoop:.4g} MPa of hoop stress bring the most dangerous surface flaw{which} to "
            f"{found['over_toughness']:.2f} of k_ic = {toughness:.3g} MPa m^0.5; with the same stress over "
            f"r/R one grows from R = {radius} on, and from less where the stress rises with R"
        )
    return (
        f"rupture from a surface flaw of {length(found['critical_flaw_nm'] * 1e-9)}, where K is k_ic = "
        f"{toughness:.3g} MPa m^0.5; shorter flaws do not grow; with the same stress over r/R none grows "
        f"below R = {radius}"
    )


def _up_to_there(found: Mapping[str, Any]) -> str:
    largest = found["within_quarter_MPa_sqrt_m"]
    if _opens(largest, found):
        return f"Up to there it is at most {largest:.3g} MPa m^0.5"
    return "Flaws up to there are pressed shut at all times"


def _opens(intensity: float, found: Mapping[str, Any]) -> bool:
    """Whether a stress intensity, MPa √m, is more than round-off."""
    return bool(intensity > ROUND_OFF * found["toughness_MPa_sqrt_m"])
