"""Quantities that a run reports of the interfaces of its regions."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.models.base.observable import Observable, entries, of_steps_and_cycles

NORMAL, SHEAR = "interface_normal_traction_MPa", "interface_shear_traction_MPa"
JUMP, PEAK = "interface_hoop_jump_MPa", "interface_normal_traction_peak_MPa"
_TENSION = "σ_n, positive where the regions are pulled apart"
_RELEASED = "energy released per area if what lies outside of an interface comes off everywhere at once"
_UNLESS = "unless interfaces are spheres and materials isotropic"
_BALANCE = (
    "|as made − passed through interfaces and surface − in the region|, over the host sites of the particle; "
    "null where a region within another one has a part of the surface"
)
FOLLOWED = {
    "normal_traction": f"normal traction {_TENSION}",
    "shear_traction": "shear traction |τ|",
    "hoop_jump": "difference of the hoop stress between both sides",
}
"""Quantities whose largest value is followed, by their names in results."""
_LABELS = {
    "normal_traction": "largest normal traction",
    "shear_traction": "largest shear traction",
    "hoop_jump": "largest jump of the hoop stress",
}


def _peaks(name: str, words: str) -> Iterator[Observable]:
    label = _LABELS[name]
    yield from entries(
        f"interfaces.{name}",
        ("peak_MPa", "MPa", f"largest {words}, over interfaces and time", label),
        ("between", "", "the two regions of that interface, the inner one first"),
        ("time_s", "s", "time of that value", f"time of the {label}"),
        ("extracted_per_formula", "1", "ions taken out by then, per formula unit",
            f"extracted per formula unit at the {label}"),
        ("occupancy_inner", "1", "mean θ there on the inner side, in the time step with the largest value",
            f"inner occupancy at the {label}"),
        ("occupancy_outer", "1", "the same on the outer side", f"outer occupancy at the {label}"),
    )  # fmt: skip


OBSERVABLES = (
    Observable(NORMAL, "MPa", f"largest normal traction {_TENSION}, over all interfaces", ends_steps=True,
        label="largest normal traction"),
    Observable(SHEAR, "MPa", "largest shear traction |τ| over all interfaces", ends_steps=True,
        label="largest shear traction"),
    Observable(JUMP, "MPa", "largest difference of the hoop stress between both sides", ends_steps=True,
        label="largest jump of the hoop stress"),
    *of_steps_and_cycles(
        (PEAK, "MPa", "largest normal traction in it, over interfaces and time", "largest normal traction"),
        told=True,
    ),
    *(one for name, words in FOLLOWED.items() for one in _peaks(name, words)),
    *entries(
        "interfaces",
        ("energy_release_J_m2", "J/m^2", f"largest {_RELEASED}; null {_UNLESS}",
            "energy release of debonding"),
        ("affinity", "1", "largest |g|: how far ions are from equilibrium across an interface",
            "affinity across the interfaces"),
        ("balance_error", "1", f"largest {_BALANCE}", "balance error of the regions"),
    ),
)  # fmt: skip


def columns_of(inner: str, outer: str) -> tuple[Observable, ...]:
    """Columns of the history that one interface has.

    Args:
        inner: Name of its inner region.
        outer: Name of its outer region.
    """
    at = f"interface of {inner} and {outer}"
    rows = (
        ("occupancy_inner", "1", "mean occupancy θ on the inner side"),
        ("occupancy_outer", "1", "mean occupancy θ on the outer side"),
        ("stress_work_inner", "1", "mean work W of the stress on the inner side, in RT"),
        ("stress_work_outer", "1", "mean work W of the stress on the outer side, in RT"),
        ("hoop_inner_MPa", "MPa", "largest hoop stress on the inner side"),
        ("hoop_outer_MPa", "MPa", "largest hoop stress on the outer side"),
        ("first_principal_inner_MPa", "MPa", "largest first principal stress on the inner side"),
        ("first_principal_outer_MPa", "MPa", "largest first principal stress on the outer side"),
        ("normal_traction_MPa", "MPa", f"largest normal traction {_TENSION}"),
        ("mean_normal_traction_MPa", "MPa", "mean normal traction"),
        ("shear_traction_MPa", "MPa", "largest shear traction |τ|"),
        (
            "affinity",
            "1",
            "affinity g of the passage outwards, where |g| is largest",
        ),
        ("potential_difference_RT", "1", "chemical potential inside minus outside in RT, where that is most"),
        ("flux_mol_s", "mol/s", "ions that pass outwards per time"),
        ("ions_passed_mol", "mol", "ions that have passed outwards; not a number where contents do not tell"),
        ("energy_release_J_m2", "J/m^2", f"{_RELEASED}; not a number {_UNLESS}"),
    )
    sides = f"{inner} | {outer}"
    return tuple(
        Observable(column(inner, outer, name), unit, f"{at}: {words}", label=f"{_short(words)}, {sides}")
        for name, unit, words in rows
    )


def _short(words: str) -> str:
    """The first words of a description, up to what qualifies them."""
    return words.partition(",")[0].partition(";")[0]


def column(inner: str, outer: str, name: str) -> str:
    """Name of a column of an interface."""
    return f"{inner}_{outer}_{name}".replace("-", "_")
