"""Quantities that a run reports of its oxygen."""

from __future__ import annotations

from oxyshell.models.base.observable import (
    Observable,
    at_points,
    entries,
    formerly,
    of_steps_and_cycles,
)

_BALANCE = "|lattice + captured + released − initial − generated| over the most it can hold"

_FORMER = {
    "oxygen_released_mol": "oxygen_escaped_mol",
    "oxygen_released_umol_g": "oxygen_escaped_umol_g",
    "oxygen.released_fraction": "oxygen.escaped_fraction",
}

OBSERVABLES = formerly((
    Observable("oxygen_in_lattice_mol", "mol", "mobile O2 in the lattice of the particle", ends_steps=True,
        label="O₂ in the lattice"),
    Observable("oxygen_captured_mol", "mol", "O2 held by the sink on the surface", ends_steps=True,
        label="O₂ captured"),
    Observable("oxygen_released_mol", "mol", "O2 that has left the particle and its sink", ends_steps=True,
        label="O₂ released"),
    Observable("oxygen_generated_mol", "mol", "O2 that has left its lattice sites since the start",
        ends_steps=True, label="O₂ generated"),
    Observable("oxygen_retention", "1", "O2 in the lattice over initial plus generated O2", ends_steps=True,
        label="share of O₂ kept"),
    Observable("oxygen_surface_to_centre", "1", "concentration of O2 at the surface over that at the centre",
        label="O₂ at the surface / centre"),
    Observable("sink_filling", "1", "O2 held by the sink over its capacity; 0 where there is no sink",
        ends_steps=True, label="filling of the sink"),
    Observable("oxygen_release_umol_g_min", "umol/g/min",
        "O2 leaving per mass of as-made material, as in DEMS", ends_steps=True, label="O₂ release rate"),
    Observable("oxygen_released_umol_g", "umol/g", "O2 that has left, per mass of as-made material",
        ends_steps=True, label="O₂ released"),
    Observable("oxygen_balance_error", "1", f"{_BALANCE}, largest so far",
        label="balance error of the O₂"),
    Observable("oxygen_steps", "1", "time steps of the oxygen since the start",
        label="time steps of the O₂"),
    *at_points(
        ("oxygen_mol_m3", "mol/m^3", "concentration of mobile O2 in the lattice", "concentration of O₂"),
        ("oxygen_generated_mol_m3", "mol/m^3", "O2 that has left its lattice sites so far, per volume",
            "O₂ generated per volume"),
    ),
    *of_steps_and_cycles(
        ("oxygen_generated_umol_g", "umol/g",
            "O2 that left its lattice sites in it, per mass of as-made material", "O₂ generated"),
        ("oxygen_captured_umol_g", "umol/g", "O2 that the sink took up in it; negative: gave back",
            "O₂ captured"),
    ),
    *of_steps_and_cycles(
        ("oxygen_released_umol_g", "umol/g", "O2 that left the particle and its sink in it", "O₂ released"),
        told=True,
    ),
    *entries(
        "oxygen",
        ("retention", "1", "mobile O2 in the lattice over initial plus generated O2", "share of O₂ kept"),
        ("captured_fraction", "1", "O2 held by the sink over initial plus generated O2",
            "share of O₂ captured"),
        ("released_fraction", "1", "O2 that has left over initial plus generated O2",
            "share of O₂ released"),
        ("surface_to_centre", "1", "concentration of O2 at the surface over that at the centre",
            "O₂ at the surface / centre"),
        ("filling", "1", "O2 held by the sink over its capacity; 0 without a sink", "filling of the sink"),
        ("fullest", "1", "the same at its fullest place and time", "largest filling of the sink"),
        ("balance_error", "1", f"largest {_BALANCE}", "balance error of the O₂"),
        ("generated_umol_per_g", "umol/g", "O2 that has left its lattice sites, per mass of as-made material",
            "O₂ generated"),
        ("captured_umol_per_g", "umol/g", "O2 held by the sink, per mass of as-made material",
            "O₂ captured"),
        ("released_umol_per_g", "umol/g", "O2 that has left, per mass of as-made material", "O₂ released"),
        ("fastest_release_umol_per_g_min", "umol/g/min", "largest rate at which O2 left, as in DEMS",
            "fastest O₂ release"),
        ("steps", "1", "time steps of the oxygen", "time steps of the O₂"),
        ("rejected_steps", "1", "time steps of the oxygen tried and rejected",
            "rejected time steps of the O₂"),
    ),
), _FORMER)  # fmt: skip
