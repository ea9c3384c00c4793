"""Quantities that a run reports of flaws at its surface."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, Where, entries, of_steps_and_cycles

PEAK, DEPTH = "stress_intensity_peak_MPa_sqrt_m", "stress_intensity_depth_nm"
FLAW = "flaw_stress_intensity_MPa_sqrt_m"
ALONG = "stress_intensity_Pa_sqrt_m"
TIME = "stress_intensity_peak_time_s"
UNIT = "MPa m^0.5"
_WITHIN = "largest K of flaws no deeper than R/4"
_OF_FLAW = "stress intensity of the given flaw, below 0 where it is pressed shut"

OBSERVABLES = (
    Observable(
        PEAK, UNIT, "largest stress intensity K of a surface flaw of any depth, 0 if all are pressed shut",
        ends_steps=True, label="largest stress intensity"),
    Observable(DEPTH, "nm", "depth a of that flaw", label="depth of the flaw of largest stress intensity"),
    Observable(FLAW, UNIT, _OF_FLAW, ends_steps=True, label="stress intensity of the flaw"),
    Observable(ALONG, "Pa m^0.5", "stress intensity K of a flaw from the surface to here", Where.PROFILE,
        label="stress intensity"),
    *of_steps_and_cycles(
        (PEAK, UNIT, "largest K in it, over depth of the flaw and time", "largest stress intensity"),
        told=True,
    ),
    *of_steps_and_cycles(
        (TIME, "s", "time of that K", "time of the largest stress intensity"),
    ),
    *of_steps_and_cycles(
        (FLAW, UNIT, f"largest {_OF_FLAW}", "stress intensity of the flaw"),
        told=True,
    ),
    *entries(
        "stress_intensity",
        ("peak_MPa_sqrt_m", UNIT, "largest K over depth of the flaw and time", "largest stress intensity"),
        ("depth_nm", "nm", "depth a of that flaw", "depth of the flaw of largest stress intensity"),
        ("depth_over_radius", "1", "a/R", "depth of that flaw over the radius"),
        ("time_s", "s", "time of that K", "time of the largest stress intensity"),
        ("extracted_per_formula", "1", "ions taken out by then, per formula unit",
            "extracted per formula unit at the largest stress intensity"),
        ("within_quarter_MPa_sqrt_m", UNIT, f"{_WITHIN}, for which the model is meant",
            "largest stress intensity within R/4"),
        ("within_quarter_depth_nm", "nm", "depth of that flaw", "depth of the flaw within R/4"),
        ("within_quarter_extracted_per_formula", "1", "ions taken out by then, per formula unit",
            "extracted per formula unit at the largest stress intensity within R/4"),
        ("toughness_MPa_sqrt_m", UNIT, "k_ic of the scenario", "toughness"),
        ("over_toughness", "1", f"{_WITHIN}, over k_ic; 1 ruptures", "stress intensity over toughness"),
        ("energy_release_J_m2", "J/m^2", f"energy released per area, K²(1 − ν²)/E, by the {_WITHIN}",
            "energy release of the flaw"),
        ("critical_radius_nm", "nm", f"R (k_ic/K)², K the {_WITHIN}: the same stress over r/R",
            "critical radius"),
        ("critical_flaw_nm", "nm", "smallest depth, up to R/4, at which K comes to k_ic at any time",
            "critical flaw"),
        ("critical_flaw_time_s", "s", "time at which that is so", "time of the critical flaw"),
        ("flaw_depth_nm", "nm", "depth of the given flaw", "depth of the given flaw"),
        ("flaw_MPa_sqrt_m", UNIT, f"largest {_OF_FLAW}", "stress intensity of the flaw"),
        ("flaw_time_s", "s", "time of that K", "time of the stress intensity of the flaw"),
    ),
)  # fmt: skip
