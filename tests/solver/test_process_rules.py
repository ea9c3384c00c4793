"""A physics that does not keep the rules of its interface is refused in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from oxyshell.errors import ExtensionError
from oxyshell.models.base.dimension import Units
from oxyshell.models.base.domain import Domain
from oxyshell.models.base.process import Fields, Offer, Process, Unknown
from oxyshell.solver.fields import group_fields
from oxyshell.solver.following import FollowingSystem
from tests.solver.everything import BODIES, Numbers

OFFERS = {name: Offer(name, is_number=True) for name in ("occupancy", "extracted")}


class Warmth(Process[Numbers]):
    """Decays evenly, and leaves."""

    name = "warmth"
    reads = ("extracted",)

    def unknowns(self, model: Numbers, coordinates: Any) -> tuple[Unknown, ...]:
        return (Unknown("rise", counts=1.0), Unknown("other"))

    def units(self, model: Numbers) -> Units:
        return Units()

    def rates(self, model: Numbers, domain: Domain, fields: Fields, tests: Fields) -> Mapping[str, Any]:
        return {
            "rise": -domain.surface(fields["rise"] * tests["rise"]),
            "other": domain.volume((fields["extracted"] - fields["other"]) * tests["other"]),
        }

    def outflow(self, model: Numbers, domain: Domain, fields: Fields) -> Any:
        return domain.surface(fields["rise"])

    def scales(self, model: Numbers) -> Mapping[str, float]:
        return {"rise": 1.0}


def discretised(process: Process[Numbers]) -> FollowingSystem[Numbers]:
    particle = BODIES["line"]()
    scalars = group_fields(particle, [Unknown("any")], 2).spaces["any"]
    return FollowingSystem(particle, process, Numbers(), 2, scalars, OFFERS)


def test_one_that_keeps_them_is_taken() -> None:
    assert discretised(Warmth()).fields.size > 0


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        (
            "reads",
            ("occupanyc",),
            "'occupanyc' in 'reads', expected one of 'occupancy' and 'extracted'",
        ),
        (
            "feeds_back",
            {"released": "rice"},
            "'rice' in 'feeds_back', expected one of 'rise' and 'other'",
        ),
        ("held", lambda model: {"ris": 0.0}, "found 'ris' in 'held', expected one of 'rise' and 'other'"),
        ("start", lambda model: {"ris": 0.0}, "found 'ris' in 'start'"),
        ("idle", lambda model: ("ris",), "found 'ris' in 'idle'"),
        ("scales", lambda model: {"ris": 1.0}, "found 'ris' in 'scales'"),
        ("scales", lambda model: {}, "found no size in 'scales', expected that of one of 'rise' and 'other'"),
        ("scales", lambda model: {"rise": 0.0}, "found no size in 'scales'"),
        (
            "rates",
            lambda *given: {"rise": given[1].volume(given[3]["rise"])},
            "rates of 'rise', expected",
        ),
        (
            "unknowns",
            lambda *given: (Unknown("rise"), Unknown("other")),
            "found an outflow, but no unknown that counts in the balance with it; expected counts=1.0",
        ),
        (
            "unknowns",
            lambda *given: (Unknown("rise", counts=1.0), Unknown("extracted")),
            "found 'extracted' in 'unknowns'",
        ),
        (
            "unknowns",
            lambda *given: (Unknown("rise", counts=1.0), Unknown("rise")),
            "found 'rise' twice in 'unknowns', expected each name once",
        ),
        ("unknowns", lambda *given: (), "found nothing in 'unknowns', expected at least one"),
        (
            "unknowns",
            lambda *given: (Unknown("rise", counts=1.0, region="core"), Unknown("other")),
            "found the region 'core' of 'rise', expected one of 'bulk' and 'layer'",
        ),
    ],
)
def test_what_is_wrong_is_named(part: str, value: Callable[..., Any], expected: str) -> None:
    given = staticmethod(value) if callable(value) else value
    wrong: Process[Numbers] = type("Wrong", (Warmth,), {part: given})()
    with pytest.raises(ExtensionError) as caught:
        discretised(wrong)
    assert expected in str(caught.value)
    assert str(caught.value).startswith("the process 'warmth' (Wrong): ")
