"""Quantities that a run reports of its electrode."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, Where, entries

VOLTAGE = "voltage_V"
CURRENT_MAGNITUDE = "current_magnitude_A_m2"
SPECIFIC_CURRENT = "specific_current_mA_g"
OPEN_CIRCUIT = "open_circuit_voltage_V"
CAPACITY = "capacity_mAh_g"
ENERGY = "energy_Wh_kg"

OBSERVABLES = (
    Observable(VOLTAGE, "V", "voltage V of the electrode", label="voltage", ends_steps=True),
    Observable("current_A_m2", "A/m^2", "current i per surface of the particle, positive where ions leave"),
    Observable(CURRENT_MAGNITUDE, "A/m^2", "|i|", ends_steps=True),
    Observable(SPECIFIC_CURRENT, "mA/g", "current per mass, positive where ions leave",
        label="specific current"),
    Observable(CAPACITY, "mA h/g", "charge taken out since the start, per mass",
        label="charge taken out"),
    Observable(ENERGY, "W h/kg", "∫V dq since the start, per mass", label="energy"),
    Observable(OPEN_CIRCUIT, "V", "open-circuit potential U at the mean content of the particle"),
    Observable("concentration_overpotential_V", "V",
        "U at the surface, mean over the surface, minus U at the mean content"),
    Observable("stress_overpotential_V", "V", "RT W/(zF), by which stress raises the equilibrium, mean over "
        "the surface"),
    Observable("kinetic_overpotential_V", "V", "η of the reaction, mean over the surface"),
    Observable("film_overpotential_V", "V", "i R_film, mean over the surface"),
    Observable("charge_mAh_g", "mA h/g", "charge taken out in it, per mass; negative: put in", Where.STEP),
    Observable("energy_Wh_kg", "W h/kg", "∫V dq over it, per mass", Where.STEP),
    Observable("voltage_start_V", "V", "V where it begins, under its current", Where.STEP),
    Observable("voltage_end_V", "V", "V where it ends", Where.STEP),
    Observable("voltage_mean_V", "V", "∫V dq over the charge; over time where no charge passes", Where.STEP),
    Observable("current_end_A_m2", "A/m^2", "current per surface where it ends", Where.STEP),
    Observable("charge_mAh_g", "mA h/g", "charge taken out by its steps that take out, per mass", Where.CYCLE,
        "charge capacity"),
    Observable("discharge_mAh_g", "mA h/g", "charge put in by its steps that put in, per mass", Where.CYCLE,
        "discharge capacity"),
    Observable("coulombic_efficiency", "1", "discharge over charge", Where.CYCLE, "Coulombic efficiency"),
    Observable("charge_energy_Wh_kg", "W h/kg", "∫V dq of its steps that take out", Where.CYCLE),
    Observable("discharge_energy_Wh_kg", "W h/kg", "−∫V dq of its steps that put in", Where.CYCLE),
    Observable("energy_efficiency", "1", "discharge energy over charge energy", Where.CYCLE,
        "energy efficiency"),
    Observable("energy_lost_Wh_kg", "W h/kg", "∮V dq: charge energy minus discharge energy", Where.CYCLE),
    Observable("mean_charge_voltage_V", "V", "charge energy over charge", Where.CYCLE),
    Observable("mean_discharge_voltage_V", "V", "discharge energy over discharge", Where.CYCLE),
    *entries(
        "electrode",
        ("voltage_V", "V", "voltage at the end"),
        ("capacity_mAh_g", "mA h/g", "charge taken out since the start, per mass"),
        ("energy_Wh_kg", "W h/kg", "∫V dq since the start, per mass"),
        ("largest_concentration_mV", "mV", "largest |U at the surface − U at the mean|, over all steps"),
        ("largest_kinetic_mV", "mV", "largest |η| of the reaction, over all steps"),
        ("largest_stress_mV", "mV", "largest |RT W/(zF)| at the surface, over all steps"),
    ),
)  # fmt: skip
