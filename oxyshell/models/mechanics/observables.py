"""Quantities that a run reports of its mechanics."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.models.base.observable import Observable, SectionArrays, Where, at_points, entries

MEASURES = {
    "first_principal": "first principal stress σ_1",
    "hoop": "hoop stress σ_θ",
    "von_mises": "von Mises stress",
}
"""Measures of the stress whose peaks are followed, by their names in results."""


def _columns(measure: str, stress: str) -> Iterator[Observable]:
    yield Observable(f"{measure}_peak_MPa", "MPa", f"largest {stress} in the particle", ends_steps=True)
    yield Observable(f"{measure}_depth_nm", "nm", "depth of that peak below the surface")


def _peaks_within(measure: str, stress: str) -> Iterator[Observable]:
    label = "peak first principal stress" if measure == "first_principal" else ""
    for where in (Where.STEP, Where.CYCLE):
        words = f"largest {stress} in it, over particle and time"
        yield Observable(f"{measure}_peak_MPa", "MPa", words, where, label)
        yield Observable(f"{measure}_peak_time_s", "s", "time of that peak", where)


def _peak(measure: str, stress: str) -> Iterator[Observable]:
    label = ("Peak first principal stress",) if measure == "first_principal" else ()
    yield from entries(
        f"stress.{measure}",
        ("peak_MPa", "MPa", f"largest {stress} over particle and time", *label),
        ("depth_nm", "nm", "depth of that peak below the surface"),
        ("radius_nm", "nm", "distance of that peak from the centre"),
        ("time_s", "s", "time of that peak"),
        ("extracted_per_formula", "1", "ions taken out by then, per formula unit"),
    )
    yield from entries(
        f"stress.{measure}",
        ("region", "", "name of the region in which that peak is, which at an interface says on which side"),
        conditional=True,
    )


OBSERVABLES = (
    *(one for measure, stress in MEASURES.items() for one in _columns(measure, stress)),
    Observable("surface_hoop_MPa", "MPa", "hoop stress σ_θ at the surface", ends_steps=True),
    Observable("centre_stress_MPa", "MPa", "hydrostatic stress σ_h = tr σ/3 at the centre", ends_steps=True),
    Observable("radial_stress_Pa", "Pa", "radial stress σ_r", Where.PROFILE),
    *at_points(
        ("hoop_Pa", "Pa", "hoop stress σ_θ"),
        ("first_principal_Pa", "Pa", "first principal stress σ_1"),
        ("von_mises_Pa", "Pa", "von Mises stress"),
        ("hydrostatic_Pa", "Pa", "hydrostatic stress σ_h = tr σ/3"),
    ),
    Observable("displacement_m", "m", "radial displacement u_r", Where.PROFILE),
    Observable("displacement_m", "m", "displacement vector u", Where.FIELD),
    Observable("stress_Pa", "Pa", "stress tensor σ, row by row", Where.FIELD),
    *(one for measure, stress in MEASURES.items() for one in _peaks_within(measure, stress)),
    *(one for measure, stress in MEASURES.items() for one in _peak(measure, stress)),
    *entries(
        "stress.final",
        ("surface_hoop_MPa", "MPa", "hoop stress at the surface at the end"),
        ("centre_MPa", "MPa", "hydrostatic stress at the centre at the end"),
    ),
)
SECTION_ARRAYS = SectionArrays(
    scalars=("first_principal_Pa", "hoop_Pa", "von_mises_Pa", "hydrostatic_Pa"),
    vectors=("displacement_m",),
    tensors={"stress_Pa": ("radial_stress_Pa", "hoop_Pa", "hydrostatic_Pa")},
)
