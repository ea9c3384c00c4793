"""Sections of a scenario from the values of a BPX file, and what stands where BPX has nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxyshell.language import chemistry, library
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.scenario.importing.bpx import curves
from oxyshell.scenario.importing.bpx.values import FULLEST, Values, stated

_ELECTROLYTE = 1000.0
_SHARE_OF_RANGE = 0.9
_NOT_IN_BPX = "BPX has none: replace it by that of the material"
_AS_THERE = "as in the models that BPX is for"
# Keys of PyBaMM's mechanics, which a file may have under "User-defined", behind the name of the electrode.
_MODULUS, _POISSON = "Young's modulus [Pa]", "Poisson's ratio"
_PARTIAL_MOLAR_VOLUME = "partial molar volume [m3.mol-1]"


@dataclass(frozen=True)
class Host:
    """The formula unit whose sites the Li fills, and its mechanics where BPX has none.

    Attributes:
        formula: The formula unit.
        sites: Li sites per formula unit.
        keys: Keys of the section `material` that name it.
        mechanics: Its keys `chemical_strain` and `elasticity`; empty where the library has them.
        told: The sentences that say so.
    """

    formula: str
    sites: float
    keys: Mapping[str, Any]
    mechanics: Mapping[str, Any]
    told: tuple[str, ...]


def assumed(electrode: str) -> Host:
    """A host of the kind that is usual in an electrode, with properties of that order."""
    unit, change, modulus = _USUAL[electrode]
    mechanics = {
        "chemical_strain": {
            "volume_change": stated(change, "chosen", _NOT_IN_BPX),
            "per_extracted": stated(1, "chosen", "all Li of a formula unit"),
        },
        "elasticity": {
            "young_modulus": stated(modulus, "chosen", _NOT_IN_BPX),
            "poisson_ratio": stated(0.3, "chosen", _NOT_IN_BPX),
        },
    }
    told = (f"formula {unit} ({_NOT_IN_BPX}); masses, and rates in C, depend on it.",)
    return Host(unit, 1.0, {"formula": unit}, mechanics, told)


_USUAL = {
    "positive": ("LiNi1/3Mn1/3Co1/3O2", "3 %", "150 GPa"),
    "negative": ("LiC6", "10 %", "15 GPa"),
}


def of_the_library(name: str) -> Host:
    """A host that is a material of the library, or of a file of one's own.

    Raises:
        Refusal: If there is none of that name.
    """
    properties = library.source(name, Path.cwd()).properties
    sites = properties["ion"]["sites_per_formula"]
    number = float(sites["value"] if isinstance(sites, Mapping) else sites)
    told = (f"formula, chemical strain and elasticity are those of {name}.",)
    return Host(str(properties["formula"]), number, {"from": name}, {}, told)


def material(values: Values, host: Host) -> dict[str, Any]:
    """The section `material`."""
    maximum, source = values.take("maximum_concentration"), values.particle.source("maximum_concentration")
    values.chosen += host.told
    values.chosen.append(f"material.drift: none, {_AS_THERE}; with lattice, stress changes the diffusion.")
    activation, given = values.activation("diffusivity_activation_energy"), _mechanics(values)
    missing = {key: entry for key, entry in host.mechanics.items() if key not in given}
    values.chosen += [f"{key} ({_NOT_IN_BPX}); stresses depend on it." for key in missing]
    return {
        **host.keys,
        "molar_volume": stated(
            f"{host.sites / maximum!r} m^3/mol",
            "calculated",
            f"{host.sites:g} / ({maximum!r} mol/m^3), sites per formula unit over their density: {source}",
        ),
        "ion": {
            "species": "Li",
            "charge_number": 1,
            "sites_per_formula": stated(host.sites, "chosen", f"those of {host.formula}"),
            "occupancy": _as_made(values),
        },
        "diffusivity": curves.diffusivity(values),
        **({"diffusivity_activation": activation} if activation else {}),
        "drift": "none",
        **missing,
        **given,
    }


def _as_made(values: Values) -> dict[str, Any]:
    """The fullest state: discharged for a positive electrode, charged for a negative one."""
    fullest = float(values.take("maximum_stoichiometry"))
    if fullest > FULLEST:
        values.changed.append(
            f"the occupancy as made is {FULLEST}, not {fullest:g}: at 1 there is no current."
        )
    return stated(min(fullest, FULLEST), "literature", values.particle.source("maximum_stoichiometry"))


def _mechanics(values: Values) -> dict[str, Any]:
    """Elasticity and strain that the file has under "User-defined", by PyBaMM's names."""
    found: dict[str, Any] = {}
    modulus, ratio = values.user_defined(_MODULUS), values.user_defined(_POISSON)
    if modulus and ratio:
        found["elasticity"] = {
            "young_modulus": stated(f"{modulus[0]!r} Pa", "literature", modulus[1]),
            "poisson_ratio": stated(ratio[0], "literature", ratio[1]),
        }
    if volume := values.user_defined(_PARTIAL_MOLAR_VOLUME):
        partial = stated(f"{volume[0]!r} m^3/mol", "literature", volume[1])
        found["chemical_strain"] = {"partial_molar_volume": partial}
    values.changed += [f"{key} is that of the file's own keys." for key in found]
    return found


def electrode(values: Values) -> dict[str, Any]:
    """The section `electrode`."""
    values.chosen.append(f"electrode.stress_shifts_potential: false, {_AS_THERE}.")
    return {
        "open_circuit": _open_circuit(values),
        "kinetics": _kinetics(values),
        "stress_shifts_potential": False,
    }


def _open_circuit(values: Values) -> dict[str, Any]:
    if values.particle.get("ocp_delith") is None or values.particle.get("ocp_lith") is None:
        return curves.potential(values, "ocp")
    hysteresis: dict[str, Any] = {"order": "zero"}
    if gamma := values.take("gamma_hys"):
        source = f"half of γ: dh/dx = γ/2 (±1 − h) in PyBaMM. {values.particle.source('gamma_hys')}"
        hysteresis = {"order": "first", "decay": stated(gamma / 2, "calculated", source)}
    return {
        "charge": curves.potential(values, "ocp_delith"),
        "discharge": curves.potential(values, "ocp_lith"),
        "hysteresis": hysteresis,
    }


def _kinetics(values: Values) -> dict[str, Any]:
    rate, maximum = values.take("reaction_rate_constant"), values.take("maximum_concentration")
    source = values.particle.source("reaction_rate_constant", "maximum_concentration")
    given = values.initial("initial_electrolyte_concentration")
    without = (_ELECTROLYTE, f"BPX file {values.particle.file} has none; without effect, as K belongs to it")
    amount, place = given or without
    concentration = stated(f"{amount!r} mol/m^3", "literature" if given else "chosen", place)
    activation = values.activation("reaction_rate_constant_activation_energy")
    return {
        "law": "content",
        "rate_constant": stated(f"{rate / maximum!r} m/s", "calculated", f"K/c_max. {source}"),
        "electrolyte": concentration,
        "reference": concentration,
        **({"activation": activation} if activation else {}),
    }


def cell(values: Values, host: Host) -> dict[str, Any]:
    """The section `cell`: 1 C takes the particle from one end of its range to the other in an hour."""
    low, high = values.stoichiometries()
    # A h/kg, which is mA h/g.
    capacity = (
        FARADAY_CONSTANT * host.sites * (high - low) / (chemistry.molar_mass(host.formula) / 1000) / 3600
    )
    source = f"the Li between the two stoichiometries in an hour, per mass of {host.formula}"
    return {"one_c": stated(f"{capacity:.6g} mA/g", "calculated", source)}


def protocol(values: Values, host: Host) -> list[dict[str, Any]]:
    """The section `protocol`: a slow charge over most of the range."""
    low, high = values.stoichiometries()
    extracted = float(f"{_SHARE_OF_RANGE * host.sites * (high - low):.6g}")
    source = f"{_SHARE_OF_RANGE:.0%} of the Li between the two stoichiometries"
    if values.electrode == "negative":
        values.chosen.append(
            "the protocol charges the particle, that is, Li leaves it and the cell is discharged."
        )
    charge = {
        "rate": stated("0.1 C", "chosen", "slow"),
        "until": {"extracted": stated(extracted, "chosen", source)},
    }
    return [{"charge": charge}]
