"""Values that go evenly from one state of a leading group to another."""

from __future__ import annotations

import numpy as np
import pytest
from dolfinx import fem

from oxyshell.models.base.process import RATE_OF, Unknown
from oxyshell.solver.driving import Drive, Forcing
from oxyshell.solver.fields import group_fields
from tests.solver.everything import BODIES

SIZES = {"content": 4.0, "extracted": 0.5}
TIME_UNIT = 5.0


class Driven:
    """What a group reads: a field and its rate, a number."""

    def __init__(self) -> None:
        particle = BODIES["line"]()
        scalars = group_fields(particle, [Unknown("any")], 2).spaces["any"]
        self.content, self.rate = fem.Function(scalars), fem.Function(scalars)
        self.extracted = fem.Constant(particle.mesh, 0.0)
        self.first = 1.0 + np.arange(self.content.x.array.size)
        self.drive = Drive(
            {"content": self.content, RATE_OF + "content": self.rate},
            {"extracted": self.extracted},
            particle.mesh.comm,
        )

    def between(self, more: float, extracted: tuple[float, float], duration: float = 10.0) -> None:
        before, after = (
            Forcing(3.0 + past, {"content": self.first + field, "unread": self.first}, {"extracted": number})
            for past, field, number in ((0.0, 0.0, extracted[0]), (duration, more, extracted[1]))
        )
        self.drive.between(before, after, SIZES, TIME_UNIT)


def test_values_are_read_in_own_units_and_go_evenly() -> None:
    read = Driven()
    read.between(0.8, (0.1, 0.3))
    assert read.drive.begins == 3.0
    for ahead in (0.0, 2.5, 10.0):
        read.drive.set(ahead)
        assert read.content.x.array == pytest.approx((read.first + 0.08 * ahead) / 4.0, rel=1e-14)
        assert read.rate.x.array == pytest.approx(0.08 / 4.0 * TIME_UNIT, rel=1e-12)
        assert float(read.extracted) == pytest.approx((0.1 + 0.02 * ahead) / 0.5, rel=1e-14)


@pytest.mark.parametrize(
    ("more", "extracted", "duration", "steady"),
    [
        (0.0, 0.5, 10.0, True),
        (0.1, 0.5, 10.0, False),
        (0.0, 0.6, 10.0, False),
        # There is no time in which anything could change.
        (0.1, 0.6, 0.0, True),
    ],
)
def test_it_is_known_whether_anything_changes(
    more: float, extracted: float, duration: float, steady: bool
) -> None:
    read = Driven()
    read.between(more, (0.5, extracted), duration)
    assert read.drive.is_steady is steady
    assert steady is not any(one.change.any() for one in read.drive.values)
