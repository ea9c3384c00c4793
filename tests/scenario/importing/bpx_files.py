"""A BPX file, made by hand: a cell of which no number is that of a real one."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

OCP = "4.4 - 0.7*x - 0.1*tanh(8*(x - 0.5)) - 0.02/cosh(x)"
POSITIVE = {
    "Particle radius [m]": 3e-6,
    "Thickness [m]": 5e-5,
    "Diffusivity [m2.s-1]": "1e-14*(1.2 - x)",
    "Diffusivity activation energy [J.mol-1]": 15000,
    "OCP [V]": OCP,
    "Conductivity [S.m-1]": 0.8,
    "Surface area per unit volume [m-1]": 5e5,
    "Porosity": 0.3,
    "Transport efficiency": 0.2,
    "Reaction rate constant [mol.m-2.s-1]": 2e-5,
    "Reaction rate constant activation energy [J.mol-1]": 30000,
    "Minimum stoichiometry": 0.3,
    "Maximum stoichiometry": 0.9,
    "Maximum concentration [mol.m-3]": 50000,
}
NEGATIVE = {
    "Particle radius [m]": 4e-6,
    "Thickness [m]": 6e-5,
    "Diffusivity [m2.s-1]": {"x": [0, 0.5, 1], "y": [4e-14, 2e-14, 1e-14]},
    "OCP [V]": {"x": [1.0, 0.5, 0.1, 0.0], "y": [0.08, 0.12, 0.2, 1.0]},
    "Conductivity [S.m-1]": 0.2,
    "Surface area per unit volume [m-1]": 4e5,
    "Porosity": 0.3,
    "Transport efficiency": 0.2,
    "Reaction rate constant [mol.m-2.s-1]": 5e-6,
    "Minimum stoichiometry": 0.02,
    "Maximum stoichiometry": 0.8,
    "Maximum concentration [mol.m-3]": 30000,
}
CELL = {
    "Electrode area [m2]": 0.02,
    "Number of electrode pairs connected in parallel to make a cell": 1,
    "Lower voltage cut-off [V]": 2.7,
    "Upper voltage cut-off [V]": 4.2,
    "Nominal cell capacity [A.h]": 1.0,
    "Reference temperature [K]": 298.15,
}
FILE: Mapping[str, Any] = {
    "Header": {"BPX": "1.1.0", "Title": "A cell of the tests", "Model": "DFN"},
    "Parameterisation": {
        "Cell": CELL,
        "Electrolyte": {
            "Cation transference number": 0.26,
            "Conductivity [S.m-1]": "0.1 + 0.5*exp(-x/1000)",
            "Diffusivity [m2.s-1]": 2e-10,
        },
        "Negative electrode": NEGATIVE,
        "Positive electrode": POSITIVE,
        "Separator": {"Thickness [m]": 2e-5, "Porosity": 0.5, "Transport efficiency": 0.3},
    },
    "State": {
        "Initial conditions": {
            "Initial state-of-charge": 1.0,
            "Initial temperature [K]": 303.15,
            "Initial electrolyte concentration [mol.m-3]": 1200,
        },
        "Thermal environment": {"Ambient temperature [K]": 303.15},
    },
}


def write(path: Path, positive: Mapping[str, Any] | None = None, **sections: Any) -> Path:
    """Write the file, with other keys of its positive electrode, and other or further sections."""
    data = copy.deepcopy(dict(FILE))
    data["Parameterisation"]["Positive electrode"] |= positive or {}
    data["Parameterisation"] |= sections
    path.write_text(json.dumps(data))
    return path


def write_version_0(path: Path) -> Path:
    """Write the file as version 0 of the format has it: no state, temperatures in the section of the cell."""
    data = copy.deepcopy(dict(FILE))
    del data["State"]
    data["Header"]["BPX"] = "0.4.0"
    data["Parameterisation"]["Cell"] |= {"Initial temperature [K]": 310.0, "Ambient temperature [K]": 310.0}
    data["Parameterisation"]["Electrolyte"]["Initial concentration [mol.m-3]"] = 900
    path.write_text(json.dumps(data))
    return path
