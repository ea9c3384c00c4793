"""Quantities that a run reports of the phases of its ions."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, at_points, entries

OBSERVABLES = (
    Observable("front_radius_nm", "nm",
        "distance from the centre at which θ crosses the middle of the binodals: of the outermost front on a "
        "line, the mean in a disc or solid; not a number without a front"),
    Observable("free_energy_J", "J",
        "free energy of the ions and of the strain; in a closed particle it falls"),
    Observable("gradient_energy_J", "J", "part of it in gradients, ∫ κ (∇θ)²/2 dV"),
    *at_points(
        ("excess_potential", "1", "excess φ of the chemical potential over an ideal solution, in RT"),
    ),
    *entries(
        "chemical_potential",
        ("gradient_energy_J_m", "J/m", "κ of the energy κ (∇θ)²/2"),
        ("gradient_length_nm", "nm", "ℓ = √(κ/c_s RT)"),
        ("largest_rise_of_free_energy_J", "J",
            "largest rise of the free energy in a step at rest: an error of mesh and steps"),
        ("free_energy_J", "J", "free energy at the end"),
        ("front_radius_nm", "nm", "distance of the front from the centre at the end"),
    ),
    *entries(
        "chemical_potential.phases",
        ("dilute", "1", "binodal: occupancy of the dilute phase"),
        ("concentrated", "1", "binodal: occupancy of the concentrated phase"),
        ("unstable_from", "1", "spinodal: lowest occupancy at which a uniform solution is unstable"),
        ("unstable_to", "1", "spinodal: highest occupancy at which it is"),
        ("front_width_nm", "nm", "width of a flat front in equilibrium, by its steepest tangent"),
        ("interface_energy_J_m2", "J/m^2", "energy of a flat front"),
        ("limiting_rate", "1",
            "rate of the mean occupancy, over D/R², beyond which the surface of a plate is emptied"),
        ("strain_jump", "1", "largest difference of strain between the phases along one direction"),
        ("coherent_stiffness", "1", "elastic energy of a plane front over c_s RT (θ − ⟨θ⟩)²"),
        ("misfit_scale_GPa", "GPa",
            "E times that strain: scale of the misfit stress, not a predicted stress"),
        conditional=True,
    ),
    *entries(
        "chemical_potential.cracking",
        ("surviving_layer_nm", "nm",
            "thickness of a transformed layer up to which its energy makes no crack"),
        ("surviving_plate_nm", "nm", "the same of a plate with one front across it"),
        conditional=True,
    ),
)  # fmt: skip
