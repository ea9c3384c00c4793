"""Quantities that a run reports of flaws at its surface."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, Where, entries, of_steps_and_cycles

PEAK, DEPTH = "stress_intensity_peak_MPa_sqrt_m", "stress_intensity_depth_nm"
FLAW = "flaw_stress_intensity_MPa_sqrt_m"
ALONG = "stress_intensity_Pa_sqrt_m"
TIME = "stress_intensity_peak_time_s"
_UNIT = "MPa m^0.5"
_WITHIN = "largest K of flaws no deeper than R/4"
_OF_FLAW = "stress intensity of the given flaw, below 0 where it is pressed shut"

OBSERVABLES = (
    Observable(
        PEAK, _UNIT, "largest stress intensity K of a surface flaw of any depth, 0 if all are pressed shut",
        ends_steps=True,
    ),
    Observable(DEPTH, "nm", "depth a of that flaw"),
    Observable(FLAW, _UNIT, _OF_FLAW, ends_steps=True),
    Observable(ALONG, "Pa m^0.5", "stress intensity K of a flaw from the surface to here", Where.PROFILE),
    *of_steps_and_cycles(
        (PEAK, _UNIT, "largest K in it, over depth of the flaw and time", "Largest stress intensity"),
        (TIME, "s", "time of that K"),
        (FLAW, _UNIT, f"largest {_OF_FLAW}", "Stress intensity of the flaw"),
    ),
    *entries(
        "stress_intensity",
        ("peak_MPa_sqrt_m", _UNIT, "largest K over depth of the flaw and time", "Largest stress intensity"),
        ("depth_nm", "nm", "depth a of that flaw"),
        ("depth_over_radius", "1", "a/R"),
        ("time_s", "s", "time of that K"),
        ("extracted_per_formula", "1", "ions taken out by then, per formula unit"),
        ("within_quarter_MPa_sqrt_m", _UNIT, f"{_WITHIN}, for which the model is meant"),
        ("within_quarter_depth_nm", "nm", "depth of that flaw"),
        ("within_quarter_extracted_per_formula", "1", "ions taken out by then, per formula unit"),
        ("toughness_MPa_sqrt_m", _UNIT, "k_ic of the scenario"),
        ("over_toughness", "1", f"{_WITHIN}, over k_ic; 1 ruptures", "Stress intensity over toughness"),
        ("energy_release_J_m2", "J/m^2", f"energy released per area, K²(1 − ν²)/E, by the {_WITHIN}"),
        ("critical_radius_nm", "nm", f"R (k_ic/K)², K the {_WITHIN}: the same stress over r/R"),
        ("critical_flaw_nm", "nm", "smallest depth, up to R/4, at which K comes to k_ic at any time"),
        ("critical_flaw_time_s", "s", "time at which that is so"),
        ("flaw_depth_nm", "nm", "depth of the given flaw"),
        ("flaw_MPa_sqrt_m", _UNIT, f"largest {_OF_FLAW}", "Stress intensity of the flaw"),
        ("flaw_time_s", "s", "time of that K"),
    ),
)  # fmt: skip
