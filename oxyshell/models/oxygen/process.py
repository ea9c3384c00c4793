"""Oxygen as a process that follows the ions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from oxyshell.models.base.dimension import Units
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.expression import Expression, Form
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.process import Fields, Lives, Process, Unknown
from oxyshell.models.oxygen import forms
from oxyshell.models.oxygen.model import OxygenModel


class OxygenTransport(Process[OxygenModel]):
    """Mobile content c, released content r and what the sink holds, Γ; see `models.oxygen.model`.

    r needs no continuity, so that it lives in the cells and couples within each.
    """

    name: ClassVar[str] = "oxygen"
    reads: ClassVar[tuple[str, ...]] = ("occupancy", "released_in_host", "extracted")
    accumulates: ClassVar[tuple[str, ...]] = ("released", "captured")
    feeds_back: ClassVar[Mapping[str, str]] = {"released": "released"}

    def unknowns(self, model: OxygenModel, coordinates: Any) -> tuple[Unknown, ...]:
        return (
            Unknown("mobile", counts=1.0),
            Unknown("released", lives=Lives.CELLS, counts=-1.0, only_rises=True),
            Unknown("captured", lives=Lives.SURFACE, counts=1.0),
        )

    def parts(self, model: OxygenModel) -> Sequence[tuple[str, OxygenModel]]:
        return model.parts

    def idle(self, model: OxygenModel) -> tuple[str, ...]:
        return () if model.releases else ("released",)

    def units(self, model: OxygenModel) -> Units:
        """Units in which the radius, the diffusion time R²/D_O and the reference content are one.

        D_O is that of the as-made core in its quickest direction.
        """
        occupancy = model.host.occupancy
        diffusivity = max(float(one.value(occupancy, NUMPY)) for one in model.transport.in_bulk)
        return Units(
            length=model.radius,
            time=model.radius**2 / diffusivity,
            amount=model.reference_content * model.radius**3,
        )

    def rates(self, model: OxygenModel, domain: Domain, fields: Fields, tests: Fields) -> Mapping[str, Form]:
        mobile, released, captured = fields["mobile"], fields["released"], fields["captured"]
        reused = model.reuse.present_rate(fields["extracted"])
        filled = self._filled(model, domain, fields)
        source = forms.source(model, domain, filled, released)
        return {
            "mobile": forms.mobile_rate(
                model, domain, mobile, captured, filled, source, reused, tests["mobile"]
            ),
            "released": domain.volume(source * tests["released"]),
            "captured": forms.sink_rate(model, domain, mobile, captured, reused, tests["captured"]),
        }

    def outflow(self, model: OxygenModel, domain: Domain, fields: Fields) -> Form:
        return forms.escape(model, domain, fields["mobile"], fields["captured"])

    def gradient_outflow(self, model: OxygenModel, domain: Domain, fields: Fields) -> Form:
        return forms.flux_through_surface(
            model, domain, fields["mobile"], self._filled(model, domain, fields)
        )

    def held(self, model: OxygenModel) -> Mapping[str, float]:
        return {"mobile": float(model.surface.outside)} if model.surface.holds else {}

    def start(self, model: OxygenModel) -> Mapping[str, float]:
        return {"mobile": float(model.initial)}

    def scales(self, model: OxygenModel) -> Mapping[str, float]:
        return {"mobile": 1.0, "released": 1.0, "captured": float(model.surface.capacity)}

    @staticmethod
    def _filled(model: OxygenModel, domain: Domain, fields: Fields) -> Expression:
        """Ion content over the sites as made."""
        position = replace(domain.position, released=fields["released_in_host"])
        return model.host.filled(fields["occupancy"], position)
