"""Quantities that a run reports of its ions."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, Where, at_points, entries, of_steps_and_cycles

OBSERVABLES = (
    Observable("extracted_per_formula", "1", "ions taken out, per formula unit of the as-made particle"),
    Observable("mean_occupancy", "1", "ions in the particle over host sites in the particle"),
    Observable("surface_occupancy", "1", "occupancy θ = c/c_s at the surface, averaged over the surface"),
    Observable("ions_in_particle_mol", "mol", "ions in the particle"),
    Observable("ions_out_mol", "mol", "ions that have left through the surface"),
    Observable("current_over_set", "1",
        "ions through the surface over those that the protocol sets; 1 where it sets no current"),
    Observable("balance_error", "1", "|in + out − as made| over the host sites of the particle"),
    *at_points(
        ("occupancy", "1", "occupancy θ = c/c_s of the host sites"),
        ("concentration_mol_m3", "mol/m^3", "ion concentration c"),
    ),
    Observable("extracted_at_start", "1", "ions that had been taken out at its start, per formula unit",
        Where.STEP),
    *of_steps_and_cycles(
        ("extracted_at_end", "1", "ions that had been taken out at its end, per formula unit"),
        ("charged_per_formula", "1", "ions taken out in it, per formula unit as made",
            "taken out per formula unit"),
        ("discharged_per_formula", "1", "ions put back in it, per formula unit as made",
            "put back per formula unit"),
        ("balance_error", "1", "largest |in + out − as made| in it, over the host sites of the particle"),
    ),
    Observable("current_least_over_set", "1",
        "smallest current in it over the set one; 1 where no current is set", Where.STEP),
    Observable("current_below_99_percent_s", "s",
        "time in it for which the current was below 99 % of the set one", Where.STEP),
    *entries(
        "ions",
        ("extracted_per_formula", "1", "ions taken out, per formula unit of the whole particle"),
        ("surface_occupancy", "1", "θ at the surface at the end"),
        ("balance_error", "1",
            "largest |in + out − as made| over all steps, over the host sites of the particle"),
    ),
    *entries(
        "current",
        ("least_over_set", "1", "smallest current over the set one"),
        ("below_99_percent_for_s", "s", "time for which the current was below 99 % of the set one"),
    ),
    *entries(
        "occupancy",
        ("least", "1", "smallest θ in the particle, over all steps"),
        ("largest", "1", "largest θ in the particle, over all steps"),
    ),
)  # fmt: skip
