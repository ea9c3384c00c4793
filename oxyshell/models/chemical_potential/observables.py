"""Quantities that a run reports of the phases of its ions."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, at_points, entries

OBSERVABLES = (
    Observable("front_radius_nm", "nm",
        "distance from the centre at which θ crosses the middle of the binodals: of the outermost front on a "
        "line, the mean in a disc or solid; not a number without a front",
        label="distance of the front from the centre"),
    Observable("free_energy_J", "J",
        "free energy of the ions and of the strain; in a closed particle it falls", label="free energy"),
    Observable("gradient_energy_J", "J", "part of it in gradients, ∫ κ (∇θ)²/2 dV",
        label="gradient energy"),
    *at_points(
        ("excess_potential", "1", "excess φ of the chemical potential over an ideal solution, in RT",
            "excess chemical potential over RT"),
    ),
    *entries(
        "chemical_potential",
        ("gradient_energy_J_m", "J/m", "κ of the energy κ (∇θ)²/2", "gradient energy coefficient"),
        ("gradient_length_nm", "nm", "ℓ = √(κ/c_s RT)", "gradient length"),
        ("largest_rise_of_free_energy_J", "J",
            "largest rise of the free energy in a step at rest: an error of mesh and steps",
            "largest rise of the free energy"),
        ("free_energy_J", "J", "free energy at the end", "free energy"),
        ("front_radius_nm", "nm", "distance of the front from the centre at the end",
            "distance of the front from the centre"),
    ),
    *entries(
        "chemical_potential.phases",
        ("dilute", "1", "binodal: occupancy of the dilute phase", "occupancy of the dilute phase"),
        ("concentrated", "1", "binodal: occupancy of the concentrated phase",
            "occupancy of the concentrated phase"),
        ("unstable_from", "1", "spinodal: lowest occupancy at which a uniform solution is unstable",
            "lowest unstable occupancy"),
        ("unstable_to", "1", "spinodal: highest occupancy at which it is", "highest unstable occupancy"),
        ("front_width_nm", "nm", "width of a flat front in equilibrium, by its steepest tangent",
            "width of a flat front"),
        ("interface_energy_J_m2", "J/m^2", "energy of a flat front", "energy of a flat front"),
        ("limiting_rate", "1",
            "rate of the mean occupancy, over D/R², beyond which the surface of a plate is emptied",
            "limiting rate over D/R²"),
        ("strain_jump", "1", "largest difference of strain between the phases along one direction",
            "strain between the phases"),
        ("coherent_stiffness", "1", "elastic energy of a plane front over c_s RT (θ − ⟨θ⟩)²",
            "stiffness of a coherent front"),
        ("misfit_scale_GPa", "GPa",
            "E times that strain: scale of the misfit stress, not a predicted stress",
            "scale of the misfit stress"),
        conditional=True,
    ),
    *entries(
        "chemical_potential.cracking",
        ("surviving_layer_nm", "nm",
            "thickness of a transformed layer up to which its energy makes no crack",
            "thickness of a layer that does not crack"),
        ("surviving_plate_nm", "nm", "the same of a plate with one front across it",
            "thickness of a plate that does not crack"),
        conditional=True,
    ),
)  # fmt: skip
