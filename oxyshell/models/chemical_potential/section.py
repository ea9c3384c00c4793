"""The section `chemical_potential`: interaction of the ions, and the energy of their content's gradient."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import model_validator

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section, require_one
from oxyshell.language.variants import Variants
from oxyshell.models.base.constants import FARADAY_CONSTANT
from oxyshell.models.chemical_potential.equilibrium import Gap, gap
from oxyshell.models.chemical_potential.solution import (
    GradientSolution,
    Interaction,
    NoInteraction,
    OpenCircuitInteraction,
    RegularInteraction,
)

GradientEnergy = Annotated[Parameter, Quantity("J/m", POSITIVE, scales.GRADIENT_ENERGY)]
Toughness = Annotated[Parameter, Quantity("Pa m^0.5", POSITIVE, scales.TOUGHNESS)]

# Beyond, a phase holds less than 1e-8 of what the other one does.
_INTERACTION = Bounds(at_least=-20, at_most=20)


class ChemicalPotentialModel(Section):
    """A model of the ions' chemical potential.

    A model is a subclass whose `model` is annotated with its name, as in `model: Literal["regular"]`.

    Attributes:
        needs_electrode: Whether it is made of an electrode's open-circuit potential.
        excludes_electrode: Whether an open-circuit potential beside it would be a second equilibrium.
    """

    needs_electrode: ClassVar[bool] = False
    excludes_electrode: ClassVar[bool] = False

    model: str
    """Name of the model."""
    fracture_toughness: Toughness | None = None
    """K_IC, from which the largest thickness that survives a front is estimated; null: no estimate."""

    def excess(self, particle: Any, charge_number: int) -> Interaction:
        """The excess of a uniform solution, in units of the RT in which the work of stress counts.

        Args:
            particle: The particle's model in SI, with its surface.
            charge_number: z.
        """
        raise NotImplementedError

    def length(self, particle: Any, phases: Gap | None) -> float:
        """ℓ, m; κ = ℓ² c_s RT.

        Args:
            particle: The particle's model in SI.
            phases: Phases that coexist without stress.
        """
        raise NotImplementedError

    def solution(self, particle: Any, charge_number: int) -> GradientSolution:
        """The ions' solution; arguments as of `excess`."""
        excess = self.excess(particle, charge_number)
        return GradientSolution(interaction=excess, length=self.length(particle, gap(excess)))


class IdealPotential(ChemicalPotentialModel):
    """Ions without interaction, whose gradient costs energy."""

    model: Literal["ideal"]
    """Name of the model."""
    gradient_energy: GradientEnergy
    """κ of the energy κ|∇θ|²/2 per volume."""

    def excess(self, particle: Any, charge_number: int) -> Interaction:
        return NoInteraction()

    def length(self, particle: Any, phases: Gap | None) -> float:
        return _length(self.gradient_energy, particle)


class FrontSection(ChemicalPotentialModel):
    """A model that can have two phases: the energy of a gradient follows from the width of their front."""

    front_width: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)] | None = None
    """Width of a flat front in equilibrium, by its steepest tangent, from which κ follows; null: given by
    `gradient_energy`."""
    gradient_energy: GradientEnergy | None = None
    """κ of the energy κ|∇θ|²/2 per volume; null: given by `front_width`."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        require_one(self, ("front_width", "gradient_energy"), "neither")
        return self

    def length(self, particle: Any, phases: Gap | None) -> float:
        if self.front_width is None:
            assert self.gradient_energy is not None  # one of both is given
            return _length(self.gradient_energy, particle)
        # Where there is no front, the file is refused; see `checks`.
        return self.front_width.value / (phases.width if phases else 1.0)


class RegularPotential(FrontSection):
    """Regular solution: an interaction energy χ RT θ(1−θ) per site; two phases coexist where χ > 2."""

    excludes_electrode: ClassVar[bool] = True

    model: Literal["regular"]
    """Name of the model."""
    interaction: Annotated[Parameter, Quantity("1", _INTERACTION)]
    """χ, in units of RT of the scenario's temperature."""

    def excess(self, particle: Any, charge_number: int) -> Interaction:
        return RegularInteraction(self.interaction.value)


class OpenCircuitPotential(FrontSection):
    """Chemical potential μ = −zF U of the electrode's open-circuit potential, one curve without hysteresis.

    `material.diffusivity` is then that of jumps: a gradient of the content drives Γ D.
    """

    needs_electrode: ClassVar[bool] = True

    model: Literal["open_circuit"]
    """Name of the model."""

    def excess(self, particle: Any, charge_number: int) -> Interaction:
        exchange, voltage = particle.exchange, particle.thermal_energy / (charge_number * FARADAY_CONSTANT)
        (curve,) = exchange.potential.curves.values()
        return OpenCircuitInteraction(
            curve=curve,
            sites=exchange.sites,
            exchangeable=exchange.exchangeable,
            voltage=voltage,
            share=exchange.thermal_voltage / voltage,
        )


def _length(energy: Parameter, particle: Any) -> float:
    """√(κ/c_s RT), m."""
    return float((energy.value / (particle.host.site_density * particle.thermal_energy)) ** 0.5)


MODELS: Variants[ChemicalPotentialModel] = Variants(
    "model", IdealPotential, RegularPotential, OpenCircuitPotential, extensions="chemical_potentials"
)

ChemicalPotential = Annotated[ChemicalPotentialModel, MODELS]
"""The section `chemical_potential`."""
