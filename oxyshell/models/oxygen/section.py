"""The section `oxygen`: mobile O2, its transport, source and surface, and the effect of lost oxygen."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from oxyshell.language import scales
from oxyshell.language.former import Formerly
from oxyshell.language.mistakes import problem, refused
from oxyshell.language.occupancy import OccupancyProperty, OccupancyQuantity
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section, SomeEntries, Text
from oxyshell.language.taking_over import given_by_material
from oxyshell.models.base.layers import Paths
from oxyshell.models.host import lattice as host
from oxyshell.models.oxygen import model as oxygen
from oxyshell.models.oxygen.surface_laws import LAWS, OxygenSurface

_PART = Bounds(above=0, at_most=1)

# A faster generation changes nothing over minutes (0.03 % from 0.1 to 1 1/s on a charge of 10 h), and would
# need time steps of its own length all along.
_GENERATION = Bounds(above=0, at_most=1)


class LiOLi(Section):
    """Share of the oxygen that can be over-oxidised: oxygen between two lithium ions (Li–O–Li).

    Missing ion sites make such configurations rarer.
    """

    bulk: Annotated[Parameter, Quantity("1", _PART)]
    """Electron share of oxygen near the Fermi level where no ion site is missing."""
    deficient: Annotated[Parameter, Quantity("1", _PART)]
    """The same where `deficiency` of the ion sites is missing."""
    deficiency: Annotated[Parameter, Quantity("1", _PART)]
    """The deficiency for which `deficient` holds; between none and it, and beyond, a straight line."""

    def model(self) -> oxygen.LiOLiContent:
        """The local share, relative to the bulk."""
        return oxygen.LiOLiContent(
            bulk=self.bulk.value, deficient=self.deficient.value, deficiency=self.deficiency.value
        )


class OxygenSource(Section):
    """Lattice oxygen becomes mobile O2 where more ions are out than the transition metals make up for."""

    onset: Annotated[Parameter, Quantity("1", NOT_NEGATIVE)]
    """Ions extracted per formula unit, locally, before oxygen is oxidised."""
    generation_rate: Annotated[
        Parameter, Quantity("1/s", _GENERATION, scales.RATE_CONSTANT), Formerly("release_rate")
    ]
    """Rate at which over-oxidised oxygen leaves its sites as O2; at most 1 1/s, where it follows the ions."""
    li_o_li: LiOLi | None = None
    """Share of the oxygen that takes part where ion sites are missing; null: all oxygen alike."""

    def content(self) -> oxygen.LiOLiContent:
        """The local share of oxygen that takes part."""
        return oxygen.LiOLiContent() if self.li_o_li is None else self.li_o_li.model()


class Reuse(Section):
    """On discharge, captured oxygen is reduced and goes back to the lattice."""

    below: Annotated[Parameter, Quantity("1")]
    """Ions extracted per formula unit, mean of the particle, below which it goes back."""
    rate: Annotated[Parameter, Quantity("1/s", POSITIVE, scales.RATE_CONSTANT)]
    """Rate at which it goes back."""
    width: Annotated[Parameter, Quantity("1", POSITIVE)] = Parameter.default("0.01", "1")
    """The rate rises from 0 at `below` to its full value at `below` minus this. Default 0.01."""

    def model(self) -> oxygen.Reuse:
        """In SI."""
        return oxygen.Reuse(rate=self.rate.value, below=self.below.value, width=self.width.value)


class OxygenVacancies(Section):
    """Effect on the host of oxygen that has left its sites."""

    sites_lost: Annotated[Parameter, Quantity("1", NOT_NEGATIVE)]
    """Ion sites that are lost with every O2."""
    partial_molar_volume: Annotated[Parameter, Quantity("m^3/mol", scale=scales.PARTIAL_MOLAR_VOLUME)]
    """Change in volume per mol of O2 that leaves its sites; negative where the host shrinks."""

    def model(self) -> host.OxygenVacancies:
        """In SI."""
        return host.OxygenVacancies(
            sites_lost=self.sites_lost.value, partial_molar_volume=self.partial_molar_volume.value
        )


class PeroxideSeries(Section):
    """Published shares of one system."""

    system: Text
    """Name of the system."""
    percent: SomeEntries[Annotated[float, Field(ge=0, le=100)]]
    """Its share at each voltage, %."""


class PeroxideShares(Section):
    """Published shares of peroxide in the O 1s signal: drawn beside the release of O2, used nowhere else."""

    voltages: SomeEntries[Annotated[float, Field(gt=0)]]
    """Voltages of the charged samples against the ion's metal, V."""
    series: SomeEntries[PeroxideSeries]
    """The systems."""
    source: Text
    """Where they were published."""

    @model_validator(mode="after")
    def _aligned(self) -> Self:
        for index, row in enumerate(self.series):
            if len(row.percent) != len(self.voltages):
                expected = f"{len(self.voltages)}, one for each voltage"
                raise refused(problem(f"{len(row.percent)} shares", expected, "series", index, "percent"))
        return self


class Oxygen(Section):
    """Mobile O2 in the lattice."""

    # A material of the library may have what is required here.
    model_config = ConfigDict(json_schema_extra=given_by_material("diffusivity"))

    initial: Annotated[Parameter, Quantity("mol/m^3", NOT_NEGATIVE, scales.OXYGEN_CONTENT)] = (
        Parameter.default("0 mol/m^3", "mol/m^3")
    )
    """Mobile O2 per volume at the start. Default 0 mol/m^3."""
    diffusivity: Annotated[OccupancyProperty, OccupancyQuantity("m^2/s", POSITIVE, scales.DIFFUSIVITY)]
    """D_O(θ) of mobile O2; of a layered material, within its layers."""
    diffusivity_c: (
        Annotated[OccupancyProperty, OccupancyQuantity("m^2/s", POSITIVE, scales.DIFFUSIVITY)] | None
    ) = None
    """D_O(θ) along c of a layered material; null: the same in all directions."""
    layer_diffusivity: (
        Annotated[OccupancyProperty, OccupancyQuantity("m^2/s", POSITIVE, scales.DIFFUSIVITY)] | None
    ) = None
    """D_O(θ) in the surface layer, the same in all directions; null: as in the bulk."""
    source: OxygenSource | None = None
    """Lattice oxygen that becomes mobile on charge; null: none."""
    surface: OxygenSurface
    """Surface law: capture and release of mobile O2."""
    reuse: Reuse | None = None
    """Captured oxygen goes back to the lattice on discharge; needs a sink; null: it does not."""
    vacancies: OxygenVacancies | None = None
    """Effect of lost oxygen on the host; needs a source; null: none."""
    peroxide_shares: PeroxideShares | None = None
    """Published context for the figure of the release; null: none."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.reuse is not None and not self.surface.sink:
            sinks = " or ".join(f"'{name}'" for name, law in LAWS.kinds.items() if law.sink)
            expected = f"null without a sink (surface.law {sinks}): nothing is captured"
            raise refused(problem("reuse", expected, "reuse"))
        if self.vacancies is not None and self.source is None:
            expected = "null without a source (oxygen.source): no lattice oxygen leaves its sites"
            raise refused(problem("vacancies", expected, "vacancies"))
        return self

    def outward(self, paths: Paths | None) -> OccupancyProperty:
        """D_O that carries oxygen to the surface: within the layers, unless all moves along c.

        Args:
            paths: Directions in which the particle's shape lets oxygen move.
        """
        if self.diffusivity_c is not None and paths is Paths.ACROSS:
            return self.diffusivity_c
        return self.diffusivity

    def transport_model(self, paths: Paths | None) -> oxygen.OxygenTransport:
        """Diffusion in bulk and layer; the argument is that of `outward`."""
        bulk = self.outward(paths)
        layer = self.layer_diffusivity or bulk
        if self.diffusivity_c is None or paths is not Paths.ALL:
            return oxygen.OxygenTransport(bulk=bulk.function, layer=layer.function)
        return oxygen.LayeredOxygenTransport(
            bulk=bulk.function,
            layer=layer.function,
            bulk_c=self.diffusivity_c.function,
            layer_c=(self.layer_diffusivity or self.diffusivity_c).function,
        )

    def source_model(self, charge_number: int) -> oxygen.Source:
        """Source of mobile oxygen; an ion of charge z leaves z of the four electrons of an O2 behind."""
        if self.source is None:
            return oxygen.NoSource()
        return oxygen.OverOxidation(
            onset=self.source.onset.value,
            electrons=charge_number / 4,
            rate=self.source.generation_rate.value,
            content=self.source.content(),
        )

    def reuse_model(self) -> oxygen.Reuse:
        """Return of captured oxygen to the lattice on discharge."""
        return oxygen.Reuse() if self.reuse is None else self.reuse.model()
