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
    Observable("current_A_m2", "A/m^2", "current i per surface of the particle, positive where ions leave",
        label="current per surface"),
    Observable(CURRENT_MAGNITUDE, "A/m^2", "|i|", ends_steps=True,
        label="size of the current per surface"),
    Observable(SPECIFIC_CURRENT, "mA/g", "current per mass, positive where ions leave",
        label="specific current"),
    Observable(CAPACITY, "mA h/g", "charge taken out since the start, per mass",
        label="charge taken out"),
    Observable(ENERGY, "W h/kg", "∫V dq since the start, per mass", label="energy"),
    Observable(OPEN_CIRCUIT, "V", "open-circuit potential U at the mean content of the particle",
        label="open-circuit potential"),
    Observable("concentration_overpotential_V", "V",
        "U at the surface, mean over the surface, minus U at the mean content",
        label="concentration overpotential"),
    Observable("stress_overpotential_V", "V", "RT W/(zF), by which stress raises the equilibrium, mean over "
        "the surface", label="shift of the potential by stress"),
    Observable("kinetic_overpotential_V", "V", "η of the reaction, mean over the surface",
        label="kinetic overpotential"),
    Observable("film_overpotential_V", "V", "i R_film, mean over the surface",
        label="overpotential of the film"),
    Observable("charge_mAh_g", "mA h/g", "charge taken out in it, per mass; negative: put in", Where.STEP,
        label="charge taken out"),
    Observable("energy_Wh_kg", "W h/kg", "∫V dq over it, per mass", Where.STEP, label="energy"),
    Observable("voltage_start_V", "V", "V where it begins, under its current", Where.STEP,
        label="voltage at the start"),
    Observable("voltage_end_V", "V", "V where it ends", Where.STEP, label="voltage at the end"),
    Observable("voltage_mean_V", "V", "∫V dq over the charge; over time where no charge passes", Where.STEP,
        label="mean voltage"),
    Observable("current_end_A_m2", "A/m^2", "current per surface where it ends", Where.STEP,
        label="current per surface at the end"),
    Observable("charge_mAh_g", "mA h/g", "charge taken out by its steps that take out, per mass", Where.CYCLE,
        "charge capacity", told=True),
    Observable("discharge_mAh_g", "mA h/g", "charge put in by its steps that put in, per mass", Where.CYCLE,
        "discharge capacity", told=True),
    Observable("coulombic_efficiency", "1", "discharge over charge", Where.CYCLE, "Coulombic efficiency",
        told=True),
    Observable("charge_energy_Wh_kg", "W h/kg", "∫V dq of its steps that take out", Where.CYCLE,
        label="charge energy"),
    Observable("discharge_energy_Wh_kg", "W h/kg", "−∫V dq of its steps that put in", Where.CYCLE,
        label="discharge energy"),
    Observable("energy_efficiency", "1", "discharge energy over charge energy", Where.CYCLE,
        "energy efficiency", told=True),
    Observable("energy_lost_Wh_kg", "W h/kg", "∮V dq: charge energy minus discharge energy", Where.CYCLE,
        label="energy lost"),
    Observable("mean_charge_voltage_V", "V", "charge energy over charge", Where.CYCLE,
        label="mean voltage of the charge"),
    Observable("mean_discharge_voltage_V", "V", "discharge energy over discharge", Where.CYCLE,
        label="mean voltage of the discharge"),
    *entries(
        "electrode",
        ("voltage_V", "V", "voltage at the end", "voltage at the end"),
        ("capacity_mAh_g", "mA h/g", "charge taken out since the start, per mass", "charge taken out"),
        ("energy_Wh_kg", "W h/kg", "∫V dq since the start, per mass", "energy"),
        ("largest_concentration_mV", "mV", "largest |U at the surface − U at the mean|, over all steps",
            "largest concentration overpotential"),
        ("largest_kinetic_mV", "mV", "largest |η| of the reaction, over all steps",
            "largest kinetic overpotential"),
        ("largest_stress_mV", "mV", "largest |RT W/(zF)| at the surface, over all steps",
            "largest shift of the potential by stress"),
    ),
)  # fmt: skip
