"""Values of a BPX file with their places in it, and a record of those that a scenario has taken over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from oxyshell.scenario.importing.bpx.file import BpxFile, BpxParticle

FULLEST = 0.999
"""Largest occupancy as made: at 1 there is no current."""
_ROOM_TEMPERATURE = 298.15


def stated(value: Any, status: str, source: str) -> dict[str, Any]:
    """A value with its provenance, as a file has it."""
    return {"value": value, "status": status, "source": source}


@dataclass
class Values:
    """Values that a scenario takes from the particle of an electrode.

    Attributes:
        file: The file.
        particle: The particle.
        electrode: "positive" or "negative".
        chosen: Sentences about values that BPX does not have.
        changed: Sentences about values that are not taken over as they are.
        used: Sections and keys that are taken over.
    """

    file: BpxFile
    particle: BpxParticle
    electrode: str
    chosen: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    used: set[tuple[str, str]] = field(default_factory=set)

    @property
    def section(self) -> str:
        """The electrode's section: "Positive electrode"."""
        return f"{self.electrode.capitalize()} electrode"

    def take(self, key: str) -> Any:
        """A value of the particle; None where the file has none."""
        value = self.particle.get(key)
        if value is not None:
            self.used.add((self.section, self.particle.title(key)))
        return value

    def quantity(self, key: str, unit: str) -> dict[str, Any]:
        """A number of the particle that the file has, with its unit and its place."""
        return stated(f"{self.take(key)!r} {unit}", "literature", self.particle.source(key))

    def of_the_file(self, section: str, part: Any, key: str) -> tuple[float, str] | None:
        """A number of another section, and its place; None where the file has none.

        Args:
            section: Name of the section, such as "Cell".
            part: The section of the model; None where the file has none.
            key: Its key in `bpx`.
        """
        value = getattr(part, key, None)
        if value is None:
            return None
        title = type(part).model_fields[key].alias
        self.used.add((section, title))
        return float(value), f"BPX file {self.particle.file}: {section}, {title}"

    def initial(self, key: str) -> tuple[float, str] | None:
        """An initial condition, and its place."""
        conditions = getattr(self.file.model.state, "initial_conditions", None)
        return self.of_the_file("State", conditions, key)

    def user_defined(self, name: str) -> tuple[float, str] | None:
        """A number of the section of the user's own keys, and its place.

        Args:
            name: The key behind the name of the electrode, such as "Young's modulus [Pa]".
        """
        key = f"{self.section} {name}"
        extra = getattr(self.file.model.parameterisation.user_defined, "model_extra", None) or {}
        value = extra.get(key)
        if not isinstance(value, int | float):
            return None
        self.used.add(("User-defined", key))
        return float(value), f"BPX file {self.particle.file}: User-defined, {key}"

    def reference_temperature(self) -> dict[str, Any]:
        """The temperature to which the values belong."""
        found = self.of_the_file("Cell", self.file.model.parameterisation.cell, "reference_temperature")
        if found is None:
            return stated(f"{_ROOM_TEMPERATURE} K", "chosen", f"BPX file {self.particle.file} has none")
        return stated(f"{found[0]!r} K", "literature", found[1])

    def temperature(self) -> dict[str, Any]:
        """The temperature of the run."""
        found = self.initial("initial_temperature")
        return (
            self.reference_temperature()
            if found is None
            else stated(f"{found[0]!r} K", "literature", found[1])
        )

    def activation(self, key: str) -> dict[str, Any]:
        """Change of a rate with temperature; empty where the file has no activation energy."""
        if self.particle.get(key) is None:
            return {}
        return {"energy": self.quantity(key, "J/mol"), "reference": self.reference_temperature()}

    def stoichiometries(self) -> tuple[float, float]:
        """The lowest and the highest stoichiometry of the particle in its cell."""
        lowest, highest = float(self.take("minimum_stoichiometry")), float(self.take("maximum_stoichiometry"))
        return lowest, min(highest, FULLEST)
