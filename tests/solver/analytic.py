"""A method that is exact, and a particle whose current and surface occupancy are known functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from oxyshell.models.base.protocol import EXTRACTED, SURFACE_OCCUPANCY, TIME, Protocol, ProtocolStep, Stop
from oxyshell.models.ions.exchange import IonExchange
from oxyshell.solver.march import march
from oxyshell.solver.marchable import Marchable
from oxyshell.solver.settings import StepControl
from oxyshell.solver.state import Attempt, Observation, State
from oxyshell.solver.step_result import StepResult
from tests.sized import exchange_of

IONS = 2.0
FORMULA_UNITS = 1.5
SITES = 2.5


def no_error(_state: State, _step: float) -> float:
    return 0.1


@dataclass
class Bucket:
    """Ions leave at the rate (extraction − insertion) · exp(−decay · (time since the step began)).

    The surface occupancy is 1 − √(ions out/ions at the start), as steep at first as a real one.
    """

    decay: float = 0.0
    error: Callable[[State, float], float] = no_error
    lost: float = 0.0
    order: int = 2
    sites: float = SITES
    ions: float = IONS
    current: float = 0.0
    began: float = 0.0
    shows_starts: bool = False
    labels: list[str] = field(default_factory=list)
    tried: list[tuple[State, float]] = field(default_factory=list)

    def attempt(self, state: State, step: float) -> Attempt:
        self.tried.append((state, step))
        error = self.error(state, step)
        if math.isnan(error):
            return Attempt(state, error)
        new = state.time + step
        gone = state.left + self._amount(new) - self._amount(state.time)
        return Attempt(State(new, state.unknowns + 1.0, gone, (state,)), error)

    def _amount(self, time: float) -> float:
        since = time - self.began
        return self.current * (-math.expm1(-self.decay * since) / self.decay if self.decay else since)

    def begin(self, step: ProtocolStep, state: State, began: float) -> State:
        self.labels.append(step.label)
        self.current = exchange_of(step).extraction - exchange_of(step).insertion
        self.began = began
        return state

    def observe(self, state: State) -> Observation:
        share = max(state.left / IONS, 0.0)
        return Observation(
            content=self.ions - state.left * (1 - self.lost),
            outflow=self.current * math.exp(-self.decay * (state.time - self.began)),
            surface_occupancy=1 - math.sqrt(share),
        )

    def subject(self) -> Marchable:
        initial = State(0.0, np.zeros(1), 0.0)
        return Marchable(
            self,
            self.observe,
            self.begin,
            initial,
            diffusion_time=10.0,
            formula_units=FORMULA_UNITS,
            sites=self.sites,
            content="ions",
            shows_starts=self.shows_starts,
        )

    def run(self, protocol: Protocol, control: StepControl | None = None) -> Iterator[StepResult]:
        return march(self.subject(), protocol, control or StepControl())


def charge(*until: Stop, rate: float = 1.0) -> ProtocolStep:
    return ProtocolStep("charge", IonExchange(extraction=rate), until)


def discharge(*until: Stop, rate: float = 1.0) -> ProtocolStep:
    return ProtocolStep("discharge", IonExchange(insertion=rate), until)


def rest(*until: Stop) -> ProtocolStep:
    return ProtocolStep("rest", IonExchange(), until)


def time(value: float) -> Stop:
    return Stop(TIME, value)


def extracted(value: float) -> Stop:
    return Stop(EXTRACTED, value)


def surface(value: float) -> Stop:
    return Stop(SURFACE_OCCUPANCY, value)
