"""Quantities that a run reports of its mechanics."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.models.base.observable import Observable, SectionArrays, Where, at_points, entries

MEASURES = {
    "first_principal": "first principal stress",
    "hoop": "hoop stress",
    "von_mises": "von Mises stress",
}
"""Measures of the stress whose peaks are followed, in words, by their names in results."""
_SYMBOLS = {"first_principal": " σ_1", "hoop": " σ_θ", "von_mises": ""}


def _columns(measure: str, stress: str) -> Iterator[Observable]:
    yield Observable(
        f"{measure}_peak_MPa",
        "MPa",
        f"largest {stress}{_SYMBOLS[measure]} in the particle",
        label=f"peak {stress}",
        ends_steps=True,
    )
    yield Observable(
        f"{measure}_depth_nm",
        "nm",
        "depth of that peak below the surface",
        label=f"depth of the largest {stress}",
    )


def _peaks_within(measure: str, stress: str) -> Iterator[Observable]:
    for where in (Where.STEP, Where.CYCLE):
        words = f"largest {stress}{_SYMBOLS[measure]} in it, over particle and time"
        yield Observable(
            f"{measure}_peak_MPa",
            "MPa",
            words,
            where,
            f"peak {stress}",
            told=where is Where.CYCLE and measure == "first_principal",
        )
        yield Observable(
            f"{measure}_peak_time_s", "s", "time of that peak", where, f"time of the largest {stress}"
        )


def _peak(measure: str, stress: str) -> Iterator[Observable]:
    yield from entries(
        f"stress.{measure}",
        ("peak_MPa", "MPa", f"largest {stress}{_SYMBOLS[measure]} over particle and time", f"peak {stress}"),
        ("depth_nm", "nm", "depth of that peak below the surface", f"depth of the largest {stress}"),
        (
            "radius_nm",
            "nm",
            "distance of that peak from the centre",
            f"distance of the largest {stress} from the centre",
        ),
        ("time_s", "s", "time of that peak", f"time of the largest {stress}"),
        (
            "extracted_per_formula",
            "1",
            "ions taken out by then, per formula unit",
            f"extracted per formula unit at the largest {stress}",
        ),
    )
    yield from entries(
        f"stress.{measure}",
        ("region", "", "name of the region in which that peak is, which at an interface says on which side"),
        *(
            (
                f"{axis}_nm",
                "nm",
                f"{axis} of that peak in a body that is no ball, as {meant} of a body of revolution",
                f"{axis} of the peak {stress}",
            )
            for axis, meant in (
                ("x", "the distance from the axis"),
                ("y", "0"),
                ("z", "the place along the axis"),
            )
        ),
        conditional=True,
    )


OBSERVABLES = (
    *(one for measure, stress in MEASURES.items() for one in _columns(measure, stress)),
    Observable(
        "surface_hoop_MPa",
        "MPa",
        "hoop stress σ_θ at the surface",
        ends_steps=True,
        label="hoop stress at the surface",
    ),
    Observable(
        "centre_stress_MPa",
        "MPa",
        "hydrostatic stress σ_h = tr σ/3 at the centre",
        ends_steps=True,
        label="hydrostatic stress at the centre",
    ),
    Observable("radial_stress_Pa", "Pa", "radial stress σ_r", Where.PROFILE, label="radial stress"),
    *at_points(
        ("hoop_Pa", "Pa", "hoop stress σ_θ", "hoop stress"),
        ("first_principal_Pa", "Pa", "first principal stress σ_1", "first principal stress"),
        ("von_mises_Pa", "Pa", "von Mises stress", "von Mises stress"),
        ("hydrostatic_Pa", "Pa", "hydrostatic stress σ_h = tr σ/3", "hydrostatic stress"),
    ),
    Observable("displacement_m", "m", "radial displacement u_r", Where.PROFILE, label="radial displacement"),
    Observable("displacement_m", "m", "displacement vector u", Where.FIELD, label="displacement"),
    Observable("stress_Pa", "Pa", "stress tensor σ, row by row", Where.FIELD, label="stress"),
    *(one for measure, stress in MEASURES.items() for one in _peaks_within(measure, stress)),
    *(one for measure, stress in MEASURES.items() for one in _peak(measure, stress)),
    *entries(
        "stress.final",
        (
            "surface_hoop_MPa",
            "MPa",
            "hoop stress at the surface at the end",
            "hoop stress at the surface at the end",
        ),
        (
            "centre_MPa",
            "MPa",
            "hydrostatic stress at the centre at the end",
            "hydrostatic stress at the centre at the end",
        ),
    ),
)
SECTION_ARRAYS = SectionArrays(
    scalars=("first_principal_Pa", "hoop_Pa", "von_mises_Pa", "hydrostatic_Pa"),
    vectors=("displacement_m",),
    tensors={"stress_Pa": ("radial_stress_Pa", "hoop_Pa", "hydrostatic_Pa")},
)
