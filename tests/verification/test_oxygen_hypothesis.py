"""What holds for any admissible oxygen: none is lost, none is negative, none comes back from outside."""

from __future__ import annotations

import functools
import math
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from oxyshell.meshes.coordinates import Spherical
from oxyshell.meshes.line import radial_line
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.oxygen.model import LiOLiContent, OverOxidation, OxygenModel, Reuse
from oxyshell.models.oxygen.recording import OxygenObservation
from oxyshell.models.oxygen.surface import SurfaceModel
from oxyshell.solver.state import FollowerState
from tests.oxygen import FULL, HOST, SECONDS, Vessel, oxygen, velocity
from tests.surface_laws import SEALED, barrier, closed_sink, islands, open_surface

TOLERANCE = 1e-4
# In R³.
VOLUME = 4 * math.pi / 3


@functools.cache
def vessel() -> Vessel:
    """All models below have the same equations: they differ in numbers."""
    line = radial_line(Spherical(), 0.0, Resolution(bulk_elements=8, surface_size=0.01))
    return Vessel(oxygen(source=OverOxidation(onset=0.4, rate=1e-3, content=LiOLiContent())), line)


velocities = st.floats(-2, 4).map(lambda power: velocity(10**power, 0.15))
shares = st.floats(0.01, 1.0)
laws: st.SearchStrategy[SurfaceModel] = st.one_of(
    st.just(SEALED),
    velocities.map(open_surface),
    st.builds(closed_sink, st.floats(0.1, 20.0), velocities, st.floats(-1.6, -0.3), shares),
    st.builds(islands, shares, velocities, st.one_of(st.just(0.0), shares)),
    st.builds(
        barrier,
        st.floats(1e-10, 1e-8),
        st.floats(-26, -16).map(lambda power: 10**power),
        velocities,
    ),
)
sources = st.builds(
    lambda onset, power, deficient: OverOxidation(
        onset=onset, rate=10**power, content=LiOLiContent(deficient=deficient)
    ),
    st.floats(0.0, 1.1),
    st.floats(-6, 0),
    shares,
)
models = st.builds(
    lambda law, fourier, initial, source, rate, below: oxygen(
        law, fourier, initial=initial, source=source, reuse=Reuse(rate=rate, below=below)
    ),
    laws,
    st.floats(0.005, 2.0),
    st.floats(0.0, 9000.0),
    sources,
    st.one_of(st.just(0.0), st.floats(1e-6, 1e-1)),
    st.floats(0.0, 1.0),
)
# Ions out per formula unit at the ends of four stretches of time, up and down.
courses = st.lists(st.floats(0.0, 1.15), min_size=4, max_size=4)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(model=models, course=courses)
def test_any_oxygen(model: OxygenModel, course: list[float]) -> None:
    kept = vessel()
    sites = HOST.site_density * HOST.molar_volume
    stops = [
        kept.drive(SECONDS / 4 * index, FULL - out / sites, out) for index, out in enumerate([0.0, *course])
    ]
    before = {"released": 0.0, "generated": 0.0}

    def watch(seen: OxygenObservation, state: FollowerState) -> None:
        # Of the largest content there is: what one step may err by, and a little for its sum.
        margin = 10 * TOLERANCE
        assert state.balance_error < 1e-10
        # Amounts are compared with the step before: a content may fall by a tolerance, all over the sphere.
        amount = TOLERANCE * VOLUME * kept.system.amount_unit
        released = state.state.left
        assert released >= before["released"] - amount
        assert seen.generated >= before["generated"] - amount
        before.update(released=released, generated=seen.generated)
        mobile, generated, held = (state.state.unknowns[rows] for rows in kept.system.fields.rows.values())
        for values in (mobile, generated):
            assert values.min() > -margin
        capacity: Any = kept.system.symbols.surface.capacity
        assert held.min() > -margin * capacity.value
        assert seen.fullest < 1 + margin

    kept.keep(model, *stops, tolerance=TOLERANCE, watch=watch)
