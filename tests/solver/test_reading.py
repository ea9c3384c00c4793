"""Values of the leading group, and their rates, as a follower reads them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from oxyshell.models.base.dimension import Dimension, Units
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.process import Fields, Lives, Offer, Process, Unknown
from oxyshell.solver.driving import Forcing
from oxyshell.solver.fields import group_fields
from oxyshell.solver.following import FollowingMarch, FollowingSystem
from oxyshell.solver.settings import StepControl
from tests.solver.everything import BODIES, Numbers

OFFERS = {
    "content": Offer("content", Dimension(amount=1, length=-3)),
    "extracted": Offer("extracted", is_number=True),
    "unread": Offer("unread"),
}
UNITS = Units(length=2.0, time=5.0, amount=3.0)


class Copies(Process[Numbers]):
    """dy/dt = dx/dt for what is read, so that y is its change."""

    name = "copies"
    reads = ("rate of content", "rate of extracted", "extracted")

    def unknowns(self, model: Numbers, coordinates: Any) -> tuple[Unknown, ...]:
        return (
            Unknown("content_copy"),
            Unknown("extracted_copy", lives=Lives.CELLS),
            Unknown("integral", lives=Lives.CELLS),
        )

    def units(self, model: Numbers) -> Units:
        return UNITS

    def rates(self, model: Numbers, domain: Domain, fields: Fields, tests: Fields) -> Mapping[str, Any]:
        return {
            "content_copy": domain.volume(fields["rate of content"] * tests["content_copy"]),
            "extracted_copy": domain.volume(fields["rate of extracted"] * tests["extracted_copy"]),
            "integral": domain.volume(fields["extracted"] * tests["integral"]),
        }

    def scales(self, model: Numbers) -> Mapping[str, float]:
        return {"content_copy": 1.0, "extracted_copy": 1.0, "integral": 1.0}


def test_the_integral_of_a_rate_is_the_change() -> None:
    particle = BODIES["line"]()
    scalars = group_fields(particle, [Unknown("any")], 2).spaces["any"]
    system = FollowingSystem(particle, Copies(), Numbers(), 2, scalars, OFFERS)
    march = FollowingMarch(system, StepControl(1e-6), "tolerance")
    size = scalars.dofmap.index_map.size_local

    def forcing(time: float, content: float, extracted: float) -> Forcing:
        fields = {"content": np.full(size, content), "unread": np.full(size, 7.0)}
        return Forcing(time, fields, {"extracted": extracted})

    # Two steps of other slopes: 0.5 and then −0.2 in mol/m³, 0.3 and 0.1 of extracted ions.
    times = [forcing(0.0, 1.0, 0.0), forcing(4.0, 1.5, 0.3), forcing(11.0, 1.3, 0.4)]
    state = march.initial
    for before, after in pairwise(times):
        state = march.advance(state, before, after)
    unit_of_content = UNITS.amount / UNITS.length**3
    for name, expected in (
        ("content_copy", 0.3 / unit_of_content),
        ("extracted_copy", 0.4),
        ("integral", (4.0 * 0.15 + 7.0 * 0.35) / UNITS.time),
    ):
        assert system.part(state.state.unknowns, name) == pytest.approx(expected, rel=1e-12)
