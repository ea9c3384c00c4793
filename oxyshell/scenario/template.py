"""A scenario to begin with: one particle of a material of the library, with comments."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from oxyshell.errors import InputError
from oxyshell.language import chemistry, library, units
from oxyshell.language.mistakes import ScenarioError, describe, listed, nearest
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.outputs import disk
from oxyshell.scenario import material_report
from oxyshell.scenario.loading import loads

STANDARD = "NMC811"
"""The material where none is named."""

_TEMPLATE = Path(__file__).parents[1] / "templates" / "particle.yaml"
_CHARGE_HOURS = 5.0
"""Duration of the charge in the template: half of the ions at 0.1 C."""
_ROUND = (1, 2, 5)


def template(material: str = STANDARD, file: str = "FILE") -> str:
    """The text of a scenario.

    Args:
        material: A material of the library.
        file: Name of the file in the text.

    Raises:
        InputError: If it is none of the library, or one of which a sphere cannot be made without more.
    """
    if material not in library.names():
        near = nearest(material, library.names())
        expected = f"'{near}'" if near else f"one of {listed(_possible())}"
        raise InputError(f"found the unknown material {describe(material)}, expected {expected}")
    text = _filled(material, file)
    if text is None:
        raise InputError(
            f"found {describe(material)}, of which a sphere along its radius needs more numbers than the "
            f"library has ('oxyshell materials {material}' shows them), expected one of {listed(_possible())}"
        )
    return text


def write(path: Path, material: str = STANDARD) -> None:
    """Write the scenario to a file that does not exist.

    Args:
        path: The file; folders above it are made.
        material: A material of the library.

    Raises:
        InputError: If the file exists, or the material is no such one.
        OutputError: If the disk refuses.
    """
    text = template(material, str(path))
    with disk.errors_at(path):
        if path.exists():
            raise InputError(f"found {path}, which exists, expected a new file: nothing was written")
        path.parent.mkdir(parents=True, exist_ok=True)
    disk.replace_text(path, text)


def _possible() -> Iterator[str]:
    return (name for name in library.names() if _filled(name, "") is not None)


def _filled(material: str, file: str) -> str | None:
    """The text, if it is a scenario."""
    source = library.material(material)
    if material_report.missing(source)["stress"]:
        return None
    numbers = _Numbers.of(source.document.data)
    words = {"file": file, "material": material, **numbers.texts()}
    text = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(words)
    try:
        loads(text)
    except ScenarioError:
        return None
    return text


@dataclass(frozen=True)
class _Numbers:
    """Values of a material that the template shows or computes with.

    Attributes:
        formula: The formula unit.
        species: The ion.
        ions: Ions per formula unit as made.
        molar_mass: kg/mol.
        diffusivity: m²/s.
    """

    formula: str
    species: str
    ions: float
    molar_mass: float
    diffusivity: float

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> _Numbers:
        """The numbers of a material's file that has the keys of a run with stress."""
        ion, formula = data["ion"], data["formula"]
        mass = data.get("molar_mass")
        return cls(
            formula,
            ion["species"],
            _number(ion["sites_per_formula"], "1") * _number(ion["occupancy"], "1"),
            chemistry.molar_mass(formula) / 1000 if mass is None else _number(mass, "kg/mol"),
            _number(data["diffusivity"], "m^2/s"),
        )

    @property
    def radius(self) -> float:
        """A radius over which the ions even out within the charge, m: 1, 2 or 5 times a power of 10."""
        longest = math.sqrt(self.diffusivity * _CHARGE_HOURS * 3600)
        power = 10.0 ** math.floor(math.log10(longest))
        return max(factor * power for factor in _ROUND if factor * power <= longest)

    def texts(self) -> dict[str, str]:
        """The texts in the template."""
        # A h/kg, which is mA h/g.
        capacity = FARADAY_CONSTANT * self.ions / self.molar_mass / 3600
        hours = self.radius**2 / self.diffusivity / 3600
        shares = {"quarter": 0.25, "onset": 0.25, "half": 0.5, "tenth": 0.1}
        return {
            "formula": self.formula,
            "species": self.species,
            "ions": f"{self.ions:.3g}",
            "radius": _length(self.radius),
            "thickness": _length(self.radius / 50),
            "hours": f"{hours:.2g}",
            "diffusivity": f"{self.diffusivity:g} m^2/s",
            "one_c": f"{capacity:.4g} mA/g",
            **{name: f"{share * self.ions:.3g}" for name, share in shares.items()},
        }


def _number(written: Any, unit: str) -> float:
    raw = written["value"] if isinstance(written, Mapping) else written
    return units.read(raw, unit).value


def _length(metres: float) -> str:
    return f"{metres * 1e6:.6g} um" if metres >= 1e-6 else f"{metres * 1e9:.6g} nm"
