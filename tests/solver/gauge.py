"""A particle whose columns are known functions of the time, and runs of it that are stopped and resumed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from oxyshell.models.base.protocol import Protocol, Stop
from oxyshell.solver.march import march, march_on
from oxyshell.solver.settings import StepControl
from oxyshell.solver.state import Observation, State
from oxyshell.solver.step_result import StepResult
from tests.solver.analytic import Bucket

# Without bounds from the expected duration.
FREE = partial(StepControl, first_share=math.inf, largest_share=math.inf)


@dataclass
class Gauge(Bucket):
    """Its columns are functions of the time, s, and of what has left, mol."""

    columns: Mapping[str, Callable[[float, float], float]] = field(default_factory=dict)

    def observe(self, state: State) -> Observation:
        more = {name: column(state.time, state.left) for name, column in self.columns.items()}
        return replace(super().observe(state), more=more)


def level(function: Callable[[float], float], **more: Callable[[float], float]) -> Gauge:
    """A particle with a column "level", and others, that are functions of the time."""
    columns = {"level": function, **more}
    return Gauge(columns={name: _of_time(one) for name, one in columns.items()})


def _of_time(function: Callable[[float], float]) -> Callable[[float, float], float]:
    return lambda time, _left: function(time)


def up_to(value: float, name: str = "level", ends_run: bool = False) -> Stop:
    return Stop(name, value, rises=1, ends_run=ends_run)


def down_to(value: float, name: str = "level", ends_run: bool = False) -> Stop:
    return Stop(name, value, rises=-1, ends_run=ends_run)


def numbers(moment: StepResult) -> tuple[object, ...]:
    """All that a run shows of a moment, and goes on from."""
    return (
        moment.state.time,
        moment.state.left,
        moment.state.age,
        moment.state.unknowns.tolist(),
        repr(replace(moment, state=None)),  # type: ignore[arg-type]
    )


def assert_resumable(make: Callable[[], Bucket], protocol: Protocol, control: StepControl) -> None:
    """Wherever a run is stopped, it goes on as if nothing had been."""
    whole = list(march(make().subject(), protocol, control))
    for index, moment in enumerate(whole):
        rest = list(march_on(make().subject(), protocol, control, moment))
        assert list(map(numbers, rest)) == list(map(numbers, whole[index + 1 :])), index
