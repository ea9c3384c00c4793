"""Quantities that a run reports of its ions."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, Where, at_points, entries, of_steps_and_cycles

OBSERVABLES = (
    Observable("extracted_per_formula", "1", "ions taken out, per formula unit of the as-made particle",
        label="extracted per formula unit"),
    Observable("mean_occupancy", "1", "ions in the particle over host sites in the particle",
        label="mean occupancy"),
    Observable("surface_occupancy", "1", "occupancy θ = c/c_s at the surface, averaged over the surface",
        label="occupancy at the surface"),
    Observable("ions_in_particle_mol", "mol", "ions in the particle", label="ions in the particle"),
    Observable("ions_out_mol", "mol", "ions that have left through the surface",
        label="ions that have left"),
    Observable("current_over_set", "1",
        "ions through the surface over those that the protocol sets; 1 where it sets no current",
        label="current over the set one"),
    Observable("balance_error", "1", "|in + out − as made| over the host sites of the particle",
        label="balance error of the ions"),
    *at_points(
        ("occupancy", "1", "occupancy θ = c/c_s of the host sites", "occupancy"),
        ("concentration_mol_m3", "mol/m^3", "ion concentration c", "concentration of the ions"),
    ),
    Observable("extracted_at_start", "1", "ions that had been taken out at its start, per formula unit",
        Where.STEP, label="extracted per formula unit at the start"),
    *of_steps_and_cycles(
        ("charged_per_formula", "1", "ions taken out in it, per formula unit as made",
            "taken out per formula unit"),
        ("discharged_per_formula", "1", "ions put back in it, per formula unit as made",
            "put back per formula unit"),
        told=True,
    ),
    *of_steps_and_cycles(
        ("extracted_at_end", "1", "ions that had been taken out at its end, per formula unit",
            "extracted per formula unit at the end"),
        ("balance_error", "1", "largest |in + out − as made| in it, over the host sites of the particle",
            "balance error of the ions"),
    ),
    Observable("current_least_over_set", "1",
        "smallest current in it over the set one; 1 where no current is set", Where.STEP,
        label="smallest current over the set one"),
    Observable("current_below_99_percent_s", "s",
        "time in it for which the current was below 99 % of the set one", Where.STEP,
        label="time below 99 % of the set current"),
    *entries(
        "ions",
        ("extracted_per_formula", "1", "ions taken out, per formula unit of the whole particle",
            "extracted per formula unit"),
        ("surface_occupancy", "1", "θ at the surface at the end", "occupancy at the surface"),
        ("balance_error", "1",
            "largest |in + out − as made| over all steps, over the host sites of the particle",
            "balance error of the ions"),
    ),
    *entries(
        "current",
        ("least_over_set", "1", "smallest current over the set one", "smallest current over the set one"),
        ("below_99_percent_for_s", "s", "time for which the current was below 99 % of the set one",
            "time below 99 % of the set current"),
    ),
    *entries(
        "occupancy",
        ("least", "1", "smallest θ in the particle, over all steps", "smallest occupancy"),
        ("largest", "1", "largest θ in the particle, over all steps", "largest occupancy"),
    ),
)  # fmt: skip
