"""The section `material`, which each physics of the host has keys in."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from oxyshell.language import chemistry
from oxyshell.language.mistakes import describe, listed, problem, refused
from oxyshell.language.taking_over import TakingOver
from oxyshell.models.host.section import Composition
from oxyshell.models.ions.section import IonTransport
from oxyshell.models.mechanics.section import Deformation


# Keys stand in a written file as those of the last base, then of the one before it, and so on.
class Material(TakingOver, Deformation, IonTransport, Composition):
    """The material of the particle."""

    @model_validator(mode="after")
    def _ion_in_formula(self) -> Self:
        elements = chemistry.composition(self.formula)
        if self.ion.species not in elements:
            expected = f"an element of the formula: {listed(elements)}"
            raise refused(problem(describe(self.ion.species), expected, "ion", "species"))
        return self

    @property
    def layered(self) -> bool:
        """True if any property distinguishes the c axis."""
        return self.transverse or self.diffusivity_c is not None

    @property
    def site_density(self) -> float:
        """c_sb, host sites per volume, mol/m³."""
        return self.ion.sites_per_formula.value / self.molar_volume.value
