from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

import numpy as np
import pytest

from oxyshell.errors import ExtensionError, StepLimitError
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.protocol import TIME, Protocol, ProtocolStep, Stop
from oxyshell.models.host.lattice import OxygenVacancies, Vacancies
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.models.oxygen.model import OverOxidation, OxygenModel
from oxyshell.models.oxygen.process import OxygenTransport
from oxyshell.models.particle.model import ParticleModel
from oxyshell.models.particle.system import Strategy, as_made, enter
from oxyshell.solver.following import FollowingMarch, FollowingSystem
from oxyshell.solver.march import march
from oxyshell.solver.marchable import Marchable, Method
from oxyshell.solver.settings import StepControl, StrategyChoice
from oxyshell.solver.staggering import StaggeredStep
from oxyshell.solver.state import Array, Attempt, State
from oxyshell.solver.step_result import StepResult
from tests.lrmo import CURRENT, LRMO
from tests.models.particle.charging import MONOLITHIC, SPLIT, charged, discretised
from tests.oxygen import discretised as discretised_oxygen
from tests.oxygen import oxygen, velocity
from tests.sampling import Sample, Sampler
from tests.surface_laws import SEALED, open_surface

# Ω of an O2, m³/mol: a third of what makes its loss as large a strain as that of its ions.
SWELLING = 2e-6
CHARGING = IonExchange(extraction=CURRENT)
RELEASE = OverOxidation(onset=0.0, rate=1e-4)
# Releases the same everywhere, also from a particle as made.
EVEN = OverOxidation(onset=-1.0, rate=1e-4)
EVENLY_RELEASABLE = 0.25 / LRMO.host.molar_volume
BOTH = [("line", MONOLITHIC), ("line", SPLIT)]


def lost(sites: float, volume: float) -> OxygenVacancies:
    return OxygenVacancies(sites_lost=sites, partial_molar_volume=volume)


def with_vacancies(vacancies: Vacancies) -> ParticleModel:
    return replace(LRMO, host=replace(LRMO.host, vacancies=vacancies))


def released(state: State) -> Array:
    """r that the ions have been solved with, in host sites of the bulk."""
    return state.feedback["released"].values


@dataclass(frozen=True, eq=False)
class Together:
    """A discretised particle and those that follow it, for any numbers of one kind of vacancies."""

    strategy: Strategy
    following: tuple[FollowingSystem[OxygenModel], ...]

    def begun(
        self, model: ParticleModel, gas: OxygenModel, tolerance: float, oxygen_tolerance: float = 1e-4
    ) -> tuple[Method, State]:
        """The staggered method, and the state at the start."""
        system = self.strategy.system
        system.update(model)
        # As small a first step as simulations take, because the surface empties at once.
        control = StepControl(tolerance=oxygen_tolerance, first_step=1e-9)
        method = self.strategy.method(tolerance)
        return self.staggered(method, system.initial_state(model.host.occupancy), gas, control, tolerance)

    def staggered(
        self, leading: Method, initial: State, gas: OxygenModel, control: StepControl, tolerance: float
    ) -> tuple[Method, State]:
        """A method of the ions with those that follow them."""
        for one in self.following:
            one.update(gas)
        marches = [FollowingMarch(one, control, "numerics.oxygen_tolerance") for one in self.following]
        system = self.strategy.system
        method = StaggeredStep(leading, system, marches, tolerance)
        return method, method.start(initial, system.occupancy(initial).size)

    def run(
        self,
        model: ParticleModel,
        gas: OxygenModel,
        tolerance: float = 1e-4,
        exchange: IonExchange = CHARGING,
    ) -> list[StepResult]:
        """9000 s, which take out a fifth of an ion per formula unit if they charge."""
        system = self.strategy.system
        method, initial = self.begun(model, gas, tolerance)
        step = ProtocolStep("charge", exchange, (Stop(TIME, 9000.0),))
        subject = Marchable(
            method=method,
            observe=system.observe,
            begin=partial(enter, system, as_made(model)),
            initial=initial,
            diffusion_time=system.time_unit,
            formula_units=1.0,
            sites=system.observe(system.initial_state(1.0)).content,
        )
        # Bounded by the error alone, which is what these tests are about.
        control = StepControl(tolerance=tolerance, largest_share=math.inf)
        return list(march(subject, Protocol((step,)), control))

    def sample(self, moment: StepResult) -> Sample:
        return Sampler(self.strategy.system).sample(moment.state)


def gas_of(model: ParticleModel, source: OverOxidation = RELEASE, sealed: bool = False) -> OxygenModel:
    law = SEALED if sealed else open_surface(velocity(1000.0, 0.15))
    return oxygen(law, initial=0.0, source=source, host=model.host)


class Tracer(OxygenTransport):
    """Oxygen under another name that the host does not mind."""

    name = "tracer"
    feeds_back: ClassVar[dict[str, str]] = {}


def joined(particle: ParticleMesh, kind: StrategyChoice, model: ParticleModel) -> Together:
    strategy = discretised(particle, model, kind)
    scalars = strategy.system.scalars
    gas = discretised_oxygen(particle, gas_of(model), scalars.ufl_element().degree, scalars)
    return Together(strategy, (gas,))


_TOGETHER: dict[tuple[str, StrategyChoice, type], Together] = {}


def together(
    request: pytest.FixtureRequest, shape: str, kind: StrategyChoice, model: ParticleModel
) -> Together:
    """Discretised once for every shape, strategy and kind of vacancies."""
    key = shape, kind, type(model.host.vacancies)
    if key not in _TOGETHER:
        _TOGETHER[key] = joined(request.getfixturevalue(shape), kind, model)
    return _TOGETHER[key]


# One way: oxygen that does not act back.


@pytest.mark.parametrize(("shape", "kind"), [*BOTH, ("disc", SPLIT)])
def test_ions_whose_host_does_not_change_go_as_without_oxygen_to_the_last_bit(
    shape: str, kind: StrategyChoice, request: pytest.FixtureRequest
) -> None:
    # Each with a system of its own: one that has run before may round otherwise.
    particle = request.getfixturevalue(shape)
    along = joined(particle, kind, LRMO).run(LRMO, gas_of(LRMO))
    alone = charged(discretised(particle, LRMO, kind), LRMO).moments
    silent = Together(discretised(particle, LRMO, kind), ()).run(LRMO, gas_of(LRMO))
    for others in (alone, silent):
        assert [one.step for one in along] == [one.step for one in others]
        for one, other in zip(along, others, strict=True):
            assert np.array_equal(one.state.unknowns, other.state.unknowns)
            assert one.state.left == other.state.left
            assert not other.state.followers
    # And there was something that could have acted.
    assert along[-1].state.followers["oxygen"].state.left > 0
    assert [one.state.followers["oxygen"].state.time for one in along] == [one.state.time for one in along]
    assert not along[-1].state.feedback


# Both ways.


@pytest.mark.parametrize(("shape", "kind"), BOTH)
def test_vacancies_that_do_nothing_are_none(
    shape: str, kind: StrategyChoice, request: pytest.FixtureRequest
) -> None:
    idle = with_vacancies(lost(0.0, 0.0))
    *_, without = together(request, shape, kind, LRMO).run(LRMO, gas_of(LRMO))
    pair = together(request, shape, kind, idle)
    *_, found = pair.run(idle, gas_of(idle))
    assert found.steps == without.steps
    # The same equations in another form: rounding, over some tens of steps that solve for stress in GPa.
    assert found.observation.surface_occupancy == pytest.approx(
        without.observation.surface_occupancy, rel=1e-11
    )
    theta = pair.strategy.system.occupancy
    assert theta(found.state) == pytest.approx(theta(without.state), rel=1e-11)
    # The host knows what has left it, though it does not mind.
    assert released(found.state).max() > 0.01


@pytest.mark.parametrize(("shape", "kind"), [*BOTH, ("disc", SPLIT)])
def test_no_ion_is_lost_with_its_site(
    shape: str, kind: StrategyChoice, request: pytest.FixtureRequest
) -> None:
    model = with_vacancies(lost(2.0, SWELLING))
    moments = together(request, shape, kind, model).run(model, gas_of(model), tolerance=1e-3)
    # A few per cent of the sites at the surface.
    assert 2.0 * released(moments[-1].state).max() > 0.03
    assert max(one.balance_error for one in moments) < 1e-12


def even_release(time: float) -> float:
    """r of the even source in host sites of the bulk."""
    return EVENLY_RELEASABLE * -math.expm1(-EVEN.rate * time) / LRMO.host.site_density


@pytest.mark.parametrize(("shape", "kind"), BOTH)
@pytest.mark.parametrize("sites", [0.0, 2.0])
def test_oxygen_that_leaves_evenly_strains_evenly_and_stresses_nothing(
    shape: str, kind: StrategyChoice, sites: float, request: pytest.FixtureRequest
) -> None:
    model = with_vacancies(lost(sites, SWELLING))
    pair = together(request, shape, kind, model)
    *_, last = pair.run(model, gas_of(model, EVEN, sealed=True), exchange=IonExchange())
    r = released(last.state)
    # What the host has is the oxygen's prediction, within the tolerance of a step over its weight.
    expected = even_release(last.state.time)
    assert r == pytest.approx(expected, abs=2e-4)
    assert np.ptp(r) < 1e-12
    sample, radius = pair.sample(last), Sampler(pair.strategy.system).radius * LRMO.radius
    swollen = SWELLING * r[0] * LRMO.host.site_density / 3 * radius
    assert swollen.max() > 5e-10
    assert sample.radial_displacement == pytest.approx(swollen, abs=1e-9 * swollen.max())
    # E Ω r/3 would be the stress of a particle that is kept from swelling.
    kept = 170e9 * swollen.max() / LRMO.radius
    assert np.abs(sample.stress.first_principal).max() < 1e-9 * kept
    # The ions are what they were, on fewer sites.
    theta = pair.strategy.system.occupancy(last.state)
    assert theta == pytest.approx(0.999 / (1 - sites * r[0]), rel=1e-12)


# The prediction.


@pytest.mark.parametrize(
    ("sites", "volume", "weight"), [(2.0, 0.0, 2.0), (1.0, SWELLING, SWELLING / 7.28e-7)]
)
def test_what_the_prediction_misses_is_part_of_the_error(
    sites: float, volume: float, weight: float, request: pytest.FixtureRequest
) -> None:
    model, tolerance = with_vacancies(lost(sites, volume)), 1e-3
    pair = together(request, "line", MONOLITHIC, model)
    method, state = pair.begun(model, gas_of(model, EVEN, sealed=True), tolerance, oxygen_tolerance=1e-7)
    first = method.attempt(state, 100.0)
    # Nothing was predicted of the first step; of the second, as much as in the first.
    missed = even_release(100.0)
    assert first.error == pytest.approx(weight * missed / tolerance, rel=1e-5)
    assert first.state.feedback["released"].rate == pytest.approx(missed / 100.0, rel=1e-5)
    second = method.attempt(first.state, 300.0)
    missed = 4 * even_release(100.0) - even_release(400.0)
    # Occupancy and sites go linearly through a step, their product, the content, errs by (κΔr)²/4 = 4e-5 in
    # its middle, of which the source makes as much of r's growth, 0.02 of what is missed.
    assert second.error == pytest.approx(weight * missed / tolerance, rel=0.01)
    assert not released(first.state).any()
    assert released(second.state) == pytest.approx(4 * even_release(100.0), rel=1e-5)


@pytest.mark.parametrize(("shape", "kind"), BOTH)
def test_with_the_tolerance_the_coupled_error_falls(
    shape: str, kind: StrategyChoice, request: pytest.FixtureRequest
) -> None:
    model = with_vacancies(lost(2.0, 0.0))
    pair = together(request, shape, kind, model)
    runs = [pair.run(model, gas_of(model), tolerance) for tolerance in (1e-2, 1e-3, 1e-4, 1e-5)]
    found = np.array([moments[-1].observation.surface_occupancy for moments in runs])
    errors = np.abs(found[:-1] - found[-1])
    # A step errs by its square, so that steps and what they add up to go with the root of the tolerance: a
    # tenth of it is a third of the error, less what is left in the finest run.
    assert np.all(errors[1:] < 0.5 * errors[:-1])
    steps = np.array([moments[-1].steps for moments in runs])
    assert np.all(errors < steps[:-1] * [1e-2, 1e-3, 1e-4])


# Failures.


@dataclass
class Fixed:
    """A method of the ions that keeps the state, with any error."""

    error: float
    order: int = 2

    def attempt(self, state: State, step: float) -> Attempt:
        return Attempt(replace(state, time=state.time + step), self.error)


# No step of the oxygen's may be shorter than its diffusion time.
FAILING = StepControl(tolerance=1e-9, first_step=2.0, minimum_step=1.0)


def joined_to(pair: Together, ions: Method, control: StepControl) -> tuple[Method, State]:
    """The oxygen that is released evenly, joined to a method of the ions."""
    system = pair.strategy.system
    system.update(LRMO)
    return pair.staggered(ions, system.initial_state(0.999), gas_of(LRMO, EVEN), control, 1e-4)


@pytest.mark.parametrize("error", [1.7, math.nan])
def test_where_the_ions_step_is_rejected_the_oxygen_takes_none(
    error: float, request: pytest.FixtureRequest
) -> None:
    pair = together(request, "line", MONOLITHIC, LRMO)
    # A step of this oxygen would fail, and with it the ions'.
    method, state = joined_to(pair, Fixed(error), FAILING)
    attempt = method.attempt(state, 100.0)
    assert attempt.state is state
    assert attempt.error == pytest.approx(error, nan_ok=True)


def test_where_the_oxygen_fails_the_step_is_rejected(request: pytest.FixtureRequest) -> None:
    pair = together(request, "line", MONOLITHIC, LRMO)
    for control, accepted in ((FAILING, False), (StepControl(first_step=1e-9), True)):
        method, state = joined_to(pair, Fixed(0.5), control)
        attempt = method.attempt(state, 100.0)
        assert attempt.error == pytest.approx(0.5 if accepted else math.nan, nan_ok=True)
        assert (attempt.state is not state) is accepted


def test_too_many_steps_of_the_oxygen_end_the_run(request: pytest.FixtureRequest) -> None:
    pair = together(request, "line", MONOLITHIC, LRMO)
    control = StepControl(first_step=1e-9, maximum_steps=2)
    method, state = joined_to(pair, Fixed(0.5), control)
    # Shorter steps of the ions would only need more.
    with pytest.raises(StepLimitError, match=r"steps of the oxygen did not suffice: 2 "):
        method.attempt(state, 100.0)


def test_another_model_of_the_same_kind_is_followed_without_compiling(request: pytest.FixtureRequest) -> None:
    (following,) = together(request, "line", MONOLITHIC, LRMO).following
    assert following.accepts(gas_of(LRMO, EVEN, sealed=True))
    assert not following.accepts(gas_of(with_vacancies(lost(1.0, 0.0))))


# Several.


def test_a_follower_that_does_not_act_back_changes_nothing_for_the_others(
    request: pytest.FixtureRequest,
) -> None:
    particle, model = request.getfixturevalue("line"), with_vacancies(lost(2.0, 0.0))
    alone = joined(particle, MONOLITHIC, model).run(model, gas_of(model))[-1].state
    pair = joined(particle, MONOLITHIC, model)
    scalars = pair.strategy.system.scalars
    degree = scalars.ufl_element().degree
    tracer = discretised_oxygen(particle, gas_of(model), degree, scalars, Tracer())
    for order in ((*pair.following, tracer), (tracer, *pair.following)):
        both = Together(pair.strategy, order).run(model, gas_of(model))[-1].state
        assert tuple(both.followers) == tuple(one.process.name for one in order)
        assert both.feedback.keys() == {"released"}
        assert both.time == alone.time
        # Numbers of a system that has run before may be rounded otherwise.
        assert both.unknowns == pytest.approx(alone.unknowns, rel=1e-11, abs=1e-13)
        oxygen_, traced = both.followers["oxygen"], both.followers["tracer"]
        assert oxygen_.steps == traced.steps == alone.followers["oxygen"].steps
        assert traced.state.unknowns == pytest.approx(oxygen_.state.unknowns, rel=1e-12, abs=1e-14)
        assert (oxygen_.state.group, traced.state.group) == ("oxygen", "tracer")


def test_a_port_that_no_particle_has_is_refused_even_if_nothing_changes_the_host(
    request: pytest.FixtureRequest,
) -> None:
    class Misspelt(OxygenTransport):
        feeds_back: ClassVar[dict[str, str]] = {"relaesed": "released"}

    particle = request.getfixturevalue("line")
    strategy = joined(particle, MONOLITHIC, LRMO).strategy
    scalars = strategy.system.scalars
    wrong = discretised_oxygen(particle, gas_of(LRMO), scalars.ufl_element().degree, scalars, Misspelt())
    with pytest.raises(
        ExtensionError, match=r"found the port 'relaesed' in 'feeds_back', expected .*'released'"
    ):
        Together(strategy, (wrong,)).run(LRMO, gas_of(LRMO))


def test_two_followers_of_one_port_or_of_one_name_are_refused(request: pytest.FixtureRequest) -> None:
    particle, model = request.getfixturevalue("line"), with_vacancies(lost(2.0, 0.0))
    pair = joined(particle, MONOLITHIC, model)
    scalars = pair.strategy.system.scalars
    degree = scalars.ufl_element().degree

    class Rival(OxygenTransport):
        name = "rival"

    for process, expected in (
        (Rival(), "2 processes that follow the particle feed the port 'released', expected one"),
        (OxygenTransport(), "2 processes that follow the particle are named 'oxygen', expected one"),
    ):
        other = discretised_oxygen(particle, gas_of(model), degree, scalars, process)
        with pytest.raises(ExtensionError, match=expected):
            Together(pair.strategy, (*pair.following, other)).run(model, gas_of(model))
