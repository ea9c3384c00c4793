"""Voltage curves of an independent solver, and the scenarios that have to give them.

The solver is none of ours and shares no code with oxyshell: a Legendre–Galerkin method for Fick's law in
one sphere with Butler–Volmer kinetics at its surface, without mechanics, whose steps at constant current
are exact in time. Its surface occupancies agree to 1e-12 with the kernel e^Fo (1 + erf √Fo) − 1 and the
eigenfunction series of a sphere; its voltages agree to 2e-8 V and its event times to 1e-9 with PyBaMM
26.10.1.1, extrapolated over three meshes. `reference.json` (NMC811 with the open-circuit potential of Chen
et al. 2020) and `lrmo.json` (a lithium-rich oxide with two branches of MSMR) have the parameters and the
event times, the CSV files the curves: a step begins with a row with its new current and ends with one at its
end.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent
# Chen et al., J. Electrochem. Soc. 167 (2020) 080534.
NMC811 = (
    "-0.8090*x + 4.4875 - 0.0428*tanh(18.5138*(x - 0.5542))"
    " - 17.7326*tanh(15.7890*(x - 0.3117)) + 17.5842*tanh(15.9308*(x - 0.3120))"
)
_STEP = re.compile(r"(?P<verb>\w+)( (?P<set>[\d.]+ ?[CV]))?( until (?P<end>.+))?")


@dataclass(frozen=True, eq=False)
class Case:
    """A run of the other solver.

    Attributes:
        name: Of the file.
        text: The scenario.
        rows: Its curve, with the columns of the file.
        ends: When its steps end, since the start of the run, s.
    """

    name: str
    text: str
    rows: NDArray[Any]
    ends: tuple[float, ...]

    def step(self, index: int) -> NDArray[Any]:
        """The rows of one step."""
        found: NDArray[Any] = self.rows[self.rows["step"] == index]
        return found

    @property
    def begins(self) -> tuple[float, ...]:
        """When its steps begin, since the start of the run, s."""
        return tuple(float(self.step(index)["time_s"][0]) for index in range(len(self.ends)))

    def elapsed(self, index: int) -> NDArray[np.float64]:
        """Times of the rows of a step since it began, s."""
        time: NDArray[np.float64] = self.step(index)["time_s"]
        return time - time[0]

    def length(self, index: int) -> float:
        """Length of a step, s."""
        return self.ends[index] - (0.0, *self.ends)[index]


def cases() -> list[Case]:
    """All runs of both materials."""
    return [*_cases("reference.json", _nmc811), *_cases("lrmo.json", _lrmo)]


def _cases(file: str, electrode: Any) -> list[Case]:
    found = json.loads((FOLDER / file).read_text())
    return [_case(name, entry, found["parameters"], electrode) for name, entry in found["cases"].items()]


def _case(name: str, entry: dict[str, Any], parameters: dict[str, Any], electrode: Any) -> Case:
    rows = np.genfromtxt(FOLDER / entry["file"], delimiter=",", names=True)
    between = [
        part["time_s"][1:-1] for step in entry["steps"] for part in [rows[rows["step"] == step["step"]]]
    ]
    times = ", ".join(f"{time!r} s" for time in np.concatenate(between).tolist())
    text = "\n".join(
        [
            f"name: {name}",
            "temperature: 298.15 K",
            f"particle: {{shape: sphere, radius: {parameters['radius_m']!r} m}}",
            *electrode(entry, parameters),
            "protocol:",
            *(f"  - {_step(step['name'])}" for step in entry["steps"]),
            f"output: {{at: {{time: [{times}]}}}}",
            "",
        ]
    )
    return Case(name, text, rows, tuple(step["ends_s"] for step in entry["steps"]))


def _step(name: str) -> str:
    """An entry of a protocol: "charge 0.5C until 4.2 V", "hold 4.2 V until C/50" or "rest", of an hour."""
    found = _STEP.fullmatch(name)
    assert found is not None, name
    if found["verb"] == "rest":
        return "rest: {time: 1 h}"
    if found["verb"] == "hold":
        return f"hold: {{voltage: {found['set']}, until: {{rate: {found['end']}}}}}"
    rate = found["set"].replace("C", " C")
    return f"{found['verb']}: {{rate: {rate}, until: {{voltage: {found['end']}}}}}"


def _material(
    formula: str, parameters: dict[str, Any], diffusivity: float, start: float, volume_change: str
) -> list[str]:
    return [
        "material:",
        f"  formula: {formula}",
        f"  molar_mass: {parameters['molar_mass_kg_mol']!r} kg/mol",
        f"  molar_volume: {parameters['molar_volume_m3_mol']!r} m^3/mol",
        f"  ion: {{species: Li, sites_per_formula: {parameters['sites_per_formula']}, occupancy: {start}}}",
        f"  diffusivity: {diffusivity!r} m^2/s",
        "  drift: none",
        # Stress is computed, and has no effect.
        f"  chemical_strain: {{volume_change: {volume_change}, per_extracted: 1.0}}",
        "  elasticity: {young_modulus: 170 GPa, poisson_ratio: 0.30}",
    ]


def _nmc811(entry: dict[str, Any], parameters: dict[str, Any]) -> list[str]:
    if entry["i0"] == "constant":
        kinetics = f"{{law: constant, exchange_current: {parameters['i0_constant_A_m2']} A/m^2}}"
    else:
        per_concentration = parameters["faraday_C_mol"] * parameters["c_max_mol_m3"]
        rate_constant = parameters["i0_law_factor_A_m2"] / per_concentration
        kinetics = f"{{law: content, rate_constant: {rate_constant!r} m/s}}"
    return [
        *_material(
            "LiNi0.8Mn0.1Co0.1O2", parameters, parameters["diffusivity_m2_s"], entry["theta_start"], "2 %"
        ),
        f"cell: {{one_c: {parameters['one_C_mA_per_g']} mA/g}}",
        "electrode:",
        f"  open_circuit: {{formula: '{NMC811}'}}",
        f"  kinetics: {kinetics}",
        "  stress_shifts_potential: false",
    ]


def _lrmo(entry: dict[str, Any], parameters: dict[str, Any]) -> list[str]:
    first, discharge = (_msmr(parameters[name]) for name in ("first_charge", "discharge"))
    return [
        *_material("Li1.20Mn0.555Ni0.158Co0.080O2", parameters, entry["diffusivity_m2_s"], 0.999, "3.62 %"),
        f"cell: {{one_c: {parameters['one_C_mA_per_g']} mA/g}}",
        "electrode:",
        f"  open_circuit: {{charge: {first}, discharge: {discharge}}}",
        "  exchangeable_sites: 1.0",
        f"  kinetics: {{law: constant, exchange_current: {parameters['i0_A_m2']} A/m^2}}",
        "  stress_shifts_potential: false",
    ]


def _msmr(reactions: list[list[float]]) -> str:
    entries = ", ".join(
        f"{{potential: {potential} V, share: {share}, width: {width}}}"
        for potential, share, width in reactions
    )
    return f"{{msmr: [{entries}]}}"
