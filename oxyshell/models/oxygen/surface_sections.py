"""What the surface does to oxygen: the section `oxygen.surface`, one class for each law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Discriminator, model_validator

from oxyshell.language import scales
from oxyshell.language.mistakes import describe, listed, nearest, problem, refused
from oxyshell.language.parameters import NOT_NEGATIVE, POSITIVE, SHARE, Bounds, Parameter, Quantity
from oxyshell.language.sections import Section, tag
from oxyshell.models.oxygen import surface as models
from oxyshell.models.oxygen.exchange_sections import Adsorption, Carrier, Loading, Transfer

_COVERED = Bounds(above=0, at_most=1)


def _outer(raw: Any) -> Any:
    if raw != "outer":
        raise refused(problem(describe(raw), "'outer', the only surface that a particle has"))
    return raw


class SurfaceLaw(Section):
    """What all laws have."""

    sink: ClassVar[bool] = False
    """Whether the surface can hold oxygen."""

    law: str
    """open, sealed, fixed, barrier, conformal_sink or islands."""
    on: Annotated[Literal["outer"], BeforeValidator(_outer)] = "outer"
    """Which surface: outer, the only one that a particle has."""


class Open(SurfaceLaw):
    """All oxygen that reaches the surface escapes."""

    law: Literal["open"]
    """open, sealed, fixed, barrier, conformal_sink or islands."""
    transfer: Transfer
    """How fast it passes."""

    def model(self, carrier: Carrier) -> models.SurfaceLaw:
        """N·n = k c."""
        return models.Open(transfer=self.transfer.value(carrier))


class Sealed(SurfaceLaw):
    """No oxygen passes."""

    law: Literal["sealed"]
    """open, sealed, fixed, barrier, conformal_sink or islands."""

    def model(self, carrier: Carrier) -> models.SurfaceLaw:
        """N·n = 0."""
        return models.Sealed()


class Fixed(SurfaceLaw):
    """The oxygen content at the surface is held."""

    law: Literal["fixed"]
    """open, sealed, fixed, barrier, conformal_sink or islands."""
    content: Annotated[Parameter, Quantity("mol/m^3", NOT_NEGATIVE, scales.OXYGEN_CONTENT)]
    """Mobile O2 per volume at the surface."""

    def model(self, carrier: Carrier) -> models.SurfaceLaw:
        """Held, whatever the flux."""
        return models.Fixed(content=self.content.value)


class Barrier(SurfaceLaw):
    """A layer that slows oxygen down and holds none."""

    law: Literal["barrier"]
    """open, sealed, fixed, barrier, conformal_sink or islands."""
    thickness: Annotated[Parameter, Quantity("m", POSITIVE, scales.THICKNESS)]
    """Thickness of the layer."""
    diffusivity: Annotated[Parameter, Quantity("m^2/s", POSITIVE, scales.DIFFUSIVITY)]
    """Diffusivity of O2 in the layer."""
    transfer: Transfer
    """How fast oxygen passes the surface behind the layer."""

    def model(self, carrier: Carrier) -> models.SurfaceLaw:
        """The layer and the surface in series."""
        return models.Barrier(
            thickness=self.thickness.value,
            diffusivity=self.diffusivity.value,
            transfer=self.transfer.value(carrier),
        )


class Sink(SurfaceLaw):
    """What both kinds of sink have."""

    sink: ClassVar[bool] = True

    transfer: Transfer
    """How fast oxygen passes from the lattice to a bare or an empty surface."""
    adsorption: Adsorption
    """How firmly O2 sits on the sink."""
    site_density: Annotated[Parameter, Quantity("mol/m^2", POSITIVE, scales.SITE_DENSITY)]
    """Adsorption sites of one layer per area of the sink, one O2 each."""
    layers: Annotated[Parameter, Quantity("1", POSITIVE)] = Parameter.default("1", "1")
    """How many layers of sites it has. Default 1."""


class ConformalSink(Sink):
    """A closed shell: it captures oxygen until it is full, and then blocks."""

    law: Literal["conformal_sink"]
    """open, sealed, fixed, barrier, conformal_sink or islands."""
    coverage: Annotated[Parameter, Quantity("1", _COVERED)] = Parameter.default("1", "1")
    """Share of the surface that it closes; the rest is open. Default 1."""
    loading: Loading | None = None
    """The loading that was measured, to say what a closed shell would need; changes nothing. Default null."""

    def model(self, carrier: Carrier) -> models.SurfaceLaw:
        """Langmuir capture and desorption."""
        return models.ConformalSink(
            transfer=self.transfer.value(carrier),
            adsorption=self.adsorption.model(carrier),
            site_density=self.site_density.value,
            layers=self.layers.value,
            coverage=self.coverage.value,
        )


class Islands(Sink):
    """Islands that take their share of what leaves; the rest escapes between them."""

    law: Literal["islands"]
    """open, sealed, fixed, barrier, conformal_sink or islands."""
    efficiency: Annotated[Parameter, Quantity("1", SHARE)] = Parameter.default("1", "1")
    """Share of the arriving oxygen that an empty island captures. Default 1."""
    coverage: Annotated[Parameter, Quantity("1", _COVERED)] | None = None
    """Share of the surface that they cover; this, or `loading`."""
    loading: Loading | None = None
    """The measured loading, from which the coverage follows."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [key for key in ("coverage", "loading") if getattr(self, key) is not None]
        if len(given) != 1:
            expected = "exactly one of 'coverage' and 'loading', from which a coverage follows"
            raise refused(problem(listed(given) or "no coverage", expected, *given[1:]))
        return self

    def model(self, carrier: Carrier) -> models.SurfaceLaw:
        """Their share of an open surface's flux."""
        return models.Islands(
            transfer=self.transfer.value(carrier),
            adsorption=self.adsorption.model(carrier),
            site_density=self.site_density.value,
            layers=self.layers.value,
            coverage=self._covered(carrier),
            efficiency=self.efficiency.value,
        )

    def _covered(self, carrier: Carrier) -> float:
        if self.loading is not None:
            return self.loading.coverage(carrier)
        assert self.coverage is not None  # one of both is given
        return self.coverage.value


LAWS: Mapping[str, type[SurfaceLaw]] = {
    "open": Open, "sealed": Sealed, "fixed": Fixed, "barrier": Barrier,
    "conformal_sink": ConformalSink, "islands": Islands,
}  # fmt: skip


def _known_law(raw: Any) -> Any:
    law = raw.get("law") if isinstance(raw, Mapping) else "open"
    if not isinstance(law, str) or law not in LAWS:
        near = nearest(law, LAWS) if isinstance(law, str) else None
        hint = f" (did you mean '{near}'?)" if near else ""
        raise refused(problem(describe(law), f"one of {listed(LAWS)}{hint}", "law"))
    return raw


def _by_law(data: Any) -> str | None:
    # What is no mapping is reported as such by any of them.
    return tag(LAWS[data["law"]] if isinstance(data, Mapping) else Open).tag


type OxygenSurface = Annotated[
    Annotated[Open, tag(Open)]
    | Annotated[Sealed, tag(Sealed)]
    | Annotated[Fixed, tag(Fixed)]
    | Annotated[Barrier, tag(Barrier)]
    | Annotated[ConformalSink, tag(ConformalSink)]
    | Annotated[Islands, tag(Islands)],
    Discriminator(_by_law),
    BeforeValidator(_known_law),
]
