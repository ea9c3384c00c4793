"""Runs of an electrode with known numbers: V rises with the charge taken out at 5 mV per mA h/g."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from oxyshell.models.base.physics import LabelledRun
from oxyshell.outputs import Column, Profiles, Result
from oxyshell.outputs.table import Table

SLOPE = 0.005
"""DV/dq in V per mA h/g: dQ/dV is 200 mA h/(g V)."""
POLARISATION = 0.05
ROWS = 9


@dataclass(frozen=True)
class Step:
    """A step of a protocol: what is done, the charge that it takes out, and its cycle."""

    verb: str
    charge: float
    cycle: int = 0
    current: float = 20.0
    columns: dict[str, float] = field(default_factory=dict)


CC_CV_CYCLE = (Step("charge", 100.0), Step("hold", 10.0), Step("rest", 0.0), Step("discharge", -90.0))


def cycles(count: int) -> list[Step]:
    return [
        step
        for cycle in range(1, count + 1)
        for step in (Step("charge", 90.0 + cycle, cycle), Step("discharge", -90.0, cycle))
    ]


def run(
    steps: Sequence[Step],
    label: str = "One",
    scenario: dict[str, Any] | None = None,
    voltage: Callable[[np.ndarray], np.ndarray] = lambda charge: 3.5 + SLOPE * charge,
    **columns: float,
) -> LabelledRun:
    """A run whose history has a row at each start of a step, and the tables of steps and of cycles.

    Args:
        steps: The steps.
        label: Name of the system.
        scenario: Entries of its scenario.
        voltage: U of the charge taken out.
        columns: Values that columns of the history have besides, the same in all rows.
    """
    parts: list[dict[str, np.ndarray]] = []
    taken = 0.0
    for index, step in enumerate(steps):
        q = taken + step.charge * np.linspace(0.0, 1.0, ROWS)
        sign = float(np.sign(step.charge))
        falling = np.linspace(1.0, 0.1, ROWS) if step.verb == "hold" else np.ones(ROWS)
        parts.append(
            {
                "time_s": 100.0 * (index + np.linspace(0.0, 1.0, ROWS)),
                "time_step_s": np.where(np.arange(ROWS) == 0, 0.0, 100.0 / (ROWS - 1)),
                "capacity_mAh_g": q,
                "specific_current_mA_g": sign * step.current * falling,
                "open_circuit_voltage_V": voltage(q),
                "kinetic_overpotential_V": sign * POLARISATION * falling,
                "film_overpotential_V": np.zeros(ROWS),
                "stress_overpotential_V": np.full(ROWS, 0.001),
                "concentration_overpotential_V": sign * np.linspace(0.0, 0.02, ROWS),
                "surface_hoop_MPa": sign * 100.0 * np.linspace(0.0, 1.0, ROWS),
                "first_principal_peak_MPa": 120.0 * np.linspace(0.0, 1.0, ROWS),
            }
            | {name: np.full(ROWS, value) for name, value in columns.items()}
        )
        taken = q[-1]
    history = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    history["voltage_V"] = history["open_circuit_voltage_V"] + sum(
        history[f"{part}_overpotential_V"] for part in ("kinetic", "film", "stress", "concentration")
    )
    made = {"name": label, "protocol": steps, "cell": None, **(scenario or {})}
    entries = SimpleNamespace(entries=lambda: made, **made)
    return LabelledRun(label, entries, _result(history, steps))


def _result(history: dict[str, np.ndarray], steps: Sequence[Step]) -> Result:
    of_steps = {
        "step": np.arange(1, len(steps) + 1),
        "verb": np.array([step.verb for step in steps]),
        "cycle": np.array([step.cycle for step in steps]),
        "start_s": 100.0 * np.arange(len(steps)),
        "duration_s": np.full(len(steps), 100.0),
    }
    numbers = sorted({step.cycle for step in steps if step.cycle})
    charge = [sum(max(one.charge, 0.0) for one in steps if one.cycle == number) for number in numbers]
    discharge = [sum(max(-one.charge, 0.0) for one in steps if one.cycle == number) for number in numbers]
    of_cycles = {
        "cycle": np.array(numbers),
        "charge_mAh_g": np.array(charge),
        "discharge_mAh_g": np.array(discharge),
        "coulombic_efficiency": np.divide(discharge, charge),
        "energy_efficiency": 0.9 * np.divide(discharge, charge),
        "mean_charge_voltage_V": 4.0 + 0.01 * np.array(numbers),
        "mean_discharge_voltage_V": 3.8 - 0.01 * np.array(numbers),
    }
    return Result(
        summary={},
        history=Table(arrays=history),
        profiles=Profiles.stack([]),
        fields=(),
        scenario="",
        path=None,
        step_table=Table({name: Column("" * (name == "verb") or "1", "") for name in of_steps}, of_steps),
        cycle_table=Table({name: Column("1", "") for name in of_cycles}, of_cycles),
    )


def drawn(monkeypatch: Any, draw: Callable[..., None], *arguments: Any) -> Figure:
    """The figure that a function draws, in place of its file."""
    seen: list[Figure] = []
    monkeypatch.setattr(f"{draw.__module__}.save", lambda figure, path: seen.append(figure))
    draw(*arguments, Path("nowhere.png"))
    return seen[0]
