"""Random scenarios with an electrode and protocols of voltages, valid by construction, and what must hold.

`python -m tests.random_electrodes --count 1000` runs them and prints every violation.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from oxyshell.errors import OxyshellError
from oxyshell.outputs import NullFolder, Result
from oxyshell.running.simulation import Simulation
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.run_solvers import Deadline
from tests import random_scenarios
from tests.models.electrode.potentials import NMC811
from tests.random_scenarios import Draw, Finding
from tests.sized import sized
from tests.verification.histories import Columns

# Voltages within which curves and protocols are drawn.
LOWEST, HIGHEST = 2.5, 4.5
# As promised of ends: 1 µV, and 1e-6 of a current. In discs and solids passes leave more.
VOLTAGE, CURRENT = 1e-6, 1e-6


def drawn(seed: int) -> dict[str, Any]:
    """A scenario as it would stand in a file."""
    draw = Draw(f"electrode {seed}")
    data = random_scenarios.drawn(seed)
    data["particle"].setdefault("dimension", 1)
    sites = data["material"]["ion"]["sites_per_formula"]
    _plain(draw, data)
    data["temperature"] = f"{draw.even(240, 340)} K"
    data["material"]["ion"]["occupancy"] = draw.one((draw.even(0.05, 0.95), 0.999), (4, 1))
    data["material"]["drift"] = draw.one(("lattice", "none"))
    radius = float(data["particle"]["radius"].split()[0])
    if not isinstance(data["material"]["diffusivity"], dict):
        data["material"]["diffusivity"] = f"{radius**2 / draw.log(1e2, 1e7):.4g} m^2/s"
    electrode: dict[str, Any] = {"open_circuit": _open_circuit(draw), "kinetics": _kinetics(draw)}
    occupancy = data["material"]["ion"]["occupancy"]
    if draw.often(0.3):
        # At least what is empty from the beginning has to be exchangeable.
        least = sites * (1 - occupancy) * 1.001
        electrode["exchangeable_sites"] = round(draw.even(max(least, 0.3 * sites), sites), 6)
    if draw.often(0.3):
        electrode["film_resistance"] = f"{draw.log(1e-4, 100)} ohm m^2"
    if draw.often(0.3):
        electrode["stress_shifts_potential"] = False
    single = not {"charge", "first_charge", "constant", "table"} & electrode["open_circuit"].keys()
    if single and draw.often(0.4):
        electrode["thermodynamic_factor"] = draw.one(("chemical", "jump"))
    data["electrode"] = electrode
    data["protocol"] = _protocol(draw)
    if draw.often(0.3):
        data["limits"] = {"voltage": ["1.5 V", "5.5 V"]}
    if "oxygen" in data and draw.often(0.5):
        del data["oxygen"]
    data.pop("output", None)
    return data


def _plain(draw: Draw, data: dict[str, Any]) -> None:
    """Without most of what has no electrode in it, and would be one more form to compile."""
    if draw.often(0.9):
        data.pop("oxygen", None)
        data.pop("surface", None)
        strain = {"partial_molar_volume": f"{draw.one((1, -1)) * draw.log(1e-8, 3e-6):.4g} m^3/mol"}
        data["material"]["chemical_strain"] = strain
        data["material"]["diffusivity"] = "1e-18 m^2/s"
        elasticity = {"young_modulus": f"{draw.log(5e9, 4e11):.4g} Pa", "poisson_ratio": 0.3}
        data["material"]["elasticity"] = elasticity


def _open_circuit(draw: Draw) -> dict[str, Any]:
    kind = draw.one(("curve", "branches", "first", "constant"), (6, 2, 2, 1))
    if kind == "constant":
        return {"constant": f"{draw.even(3, 4)} V"}
    if kind == "curve":
        return _curve(draw)
    hysteresis: dict[str, Any] = draw.one(
        ({}, {"hysteresis": {"order": "first", "decay": draw.log(0.5, 200)}}), (2, 1)
    )
    if kind == "branches":
        upper, lower = _reactions(draw, 2), _reactions(draw, 2)
        for one in upper:
            one["potential"] = f"{float(one['potential'].split()[0]) + 0.3:.4f} V"
        return {"charge": {"msmr": upper}, "discharge": {"msmr": lower}, **hysteresis}
    offset = f"{draw.even(0.0, 0.5)} V"
    return {
        "first_charge": {"msmr": _reactions(draw, 2)},
        "discharge": {"msmr": _reactions(draw, 3)},
        "offset": offset,
        **hysteresis,
    }


def _reactions(draw: Draw, count: int) -> list[dict[str, Any]]:
    parts = [draw.even(0.1, 1.0) for _ in range(count)]
    shares = [round(part / sum(parts), 6) for part in parts]
    shares[-1] = round(1 - sum(shares[:-1]), 6)
    return [
        {"potential": f"{draw.even(2.8, 4.2):.4f} V", "share": share, "width": draw.log(0.3, 10)}
        for share in shares
    ]


def _curve(draw: Draw) -> dict[str, Any]:
    match draw.one(("formula", "table", "msmr")):
        case "formula":
            return {
                "formula": draw.one((NMC811, "3.7 + 0.0257*log((1 - x)/x)", "4.4 - 1.7*x", "4.2 - 0.01*x"))
            }
        case "table":
            steep = draw.one(([4.45, 4.1, 3.4, 2.6], [4.4, 3.45, 3.44, 2.5], [3.6, 3.59, 3.58, 3.57]))
            return {"table": [[x, u] for x, u in zip((0.0, 0.3, 0.8, 1.0), steep, strict=True)]}
        case _:
            return {"msmr": _reactions(draw, draw.one((1, 2, 3)))}


def _kinetics(draw: Draw) -> dict[str, Any]:
    if draw.often(0.7):
        return {"law": "constant", "exchange_current": f"{draw.log(1e-6, 1e3)} A/m^2"}
    return {"law": "content", "rate_constant": f"{draw.log(1e-14, 1e-8)} m/s"}


def _protocol(draw: Draw) -> list[Any]:
    steps = [_step(draw) for _ in range(draw.chance.randint(1, 4))]
    if draw.often(0.25):
        steps.append({"repeat": {"times": draw.chance.randint(2, 3), "steps": [_step(draw), _step(draw)]}})
    return steps


def _step(draw: Draw) -> dict[str, Any]:
    kind = draw.one(("charge", "discharge", "hold", "rest"), (4, 4, 2, 1))
    rate = f"{draw.log(1e-2, 50)} C"
    match kind:
        case "charge" | "discharge":
            until: dict[str, Any] = {"time": f"{draw.log(1, 1e5)} s"}
            if draw.often(0.8):
                until["voltage"] = f"{draw.even(LOWEST, HIGHEST)} V"
            return {kind: {"rate": rate, "until": until}}
        case "hold":
            ends = {"rate": f"{draw.log(1e-3, 1)} C", "time": f"{draw.log(1, 1e5)} s"}
            return {"hold": {"voltage": f"{draw.even(LOWEST, HIGHEST)} V", "until": ends}}
        case _:
            return {"rest": {"time": f"{draw.log(1, 1e5)} s"}}


def examined(seed: int, seconds: float = 30.0) -> Finding:
    """Run a scenario and check what it gives."""
    began = time.monotonic()
    end, words, violations = examined_data(drawn(seed), seconds)
    return Finding(seed, end, words, tuple(violations), time.monotonic() - began)


def examined_data(data: dict[str, Any], seconds: float = 30.0) -> tuple[str, str, list[str]]:
    """The end, the words and the violations of a scenario as it stands in a file."""
    try:
        scenario = loads(json.dumps(data))
    except OxyshellError as error:
        text = str(error)
        # After a hold, a limit may be known to be on the wrong side; reactions may lie too far apart.
        known = "wider ones" in text or "the voltage of the hold before" in text
        return "refused", text, [] if known else [f"refused: {text}"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            folder = NullFolder()
            folder.start(scenario.to_yaml())
            result = Simulation(scenario).run(scenario, folder, writer=Deadline(seconds))
        except OxyshellError as error:
            return "in words", str(error), []
        except TimeoutError as error:
            return "timed out", str(error), []
        except Exception as error:
            return "failed", "", [f"{type(error).__name__}: {error}"]
    return "completed", "", [text for check in CHECKS for text in check(scenario, result)]


def step_rows(result: Result) -> list[tuple[dict[str, Any], Columns]]:
    """Every end of a step with its rows, from the row at which it begins; steps of no length are left out."""
    ends: Any = result.summary["protocol"]
    time_s = result.history["time_s"]
    times = [0.0, *(end["time_s"] for end in ends)]
    found = []
    for end, (start, stop) in zip(ends, pairwise(times), strict=True):
        if stop <= start:
            continue
        first = int(np.searchsorted(time_s, start, side="right")) - 1
        last = int(np.searchsorted(time_s, stop, side="left"))
        found.append((end, {name: values[first : last + 1] for name, values in result.history.items()}))
    return found


def _voltage_adds_up(scenario: Scenario, result: Result) -> list[str]:
    history = result.history
    parts = [f"{name}_overpotential_V" for name in ("concentration", "stress", "kinetic", "film")]
    total = history["open_circuit_voltage_V"] + sum(history[name] for name in parts)
    off = float(np.abs(total - history["voltage_V"]).max())
    return [f"the parts of the voltage miss {off:.3g} V"] if not off < 1e-8 else []


def _current_kept(scenario: Scenario, result: Result) -> list[str]:
    off = float(np.nanmax(np.abs(result.history["current_over_set"] - 1), initial=0.0))
    constant = "constant" in scenario.to_data()["electrode"]["open_circuit"]
    return [f"a current was kept to {off:.3g}"] if off > CURRENT and not constant else []


def _balanced(scenario: Scenario, result: Result) -> list[str]:
    names = [name for name in result.history if name.endswith("balance_error")]
    worst = {name: float(result.history[name].max()) for name in names}
    return [f"{name} {error:.3g}" for name, error in worst.items() if not error < 1e-8]


def _events_met(scenario: Scenario, result: Result) -> list[str]:
    found = []
    ends: Any = result.summary["protocol"]
    for end in ends:
        if "asked" not in end or end.get("reason") == "already met":
            continue
        off = abs(end["reached"] - end["asked"])
        if end["ended_by"] == "voltage" and not off <= VOLTAGE:
            found.append(f"{end['step']} ended {off:.3g} V off")
        if end["ended_by"] == "rate" and not off <= CURRENT * end["asked"]:
            found.append(f"{end['step']} ended at a current {off / end['asked']:.3g} off")
    return found


def _held(scenario: Scenario, result: Result) -> list[str]:
    found = []
    for end, rows in step_rows(result):
        if end["step"].startswith("hold at"):
            asked = float(end["step"].split()[2])
            off = float(np.abs(rows["voltage_V"] - asked).max())
            if off > 1e-12 * asked:
                found.append(f"{end['step']} was off by {off:.3g} V")
    return found


def _nothing_passed(scenario: Scenario, result: Result) -> list[str]:
    found = []
    asked = {
        step.label: [(one.value, one.rises) for one in step.until if one.observable == "voltage_V"]
        for step in sized(scenario).protocol().steps
    }
    for end, rows in step_rows(result):
        for value, rises in asked[end["step"]]:
            beyond = rises * (rows["voltage_V"][1:-1] - value)
            if beyond.size and beyond.max() > VOLTAGE:
                found.append(f"{end['step']} passed {value} V by {beyond.max():.3g} V")
    return found


def _energy(scenario: Scenario, result: Result) -> list[str]:
    """∫V dq lies between the sums with the least and the largest voltage of every row."""
    found = []
    for end, rows in step_rows(result):
        charge, voltage, energy = (np.diff(rows["capacity_mAh_g"]), rows["voltage_V"], rows["energy_Wh_kg"])
        pairs = np.stack([voltage[:-1], voltage[1:]])
        span = pairs.max(axis=0) - pairs.min(axis=0)
        middle = float((charge * pairs.mean(axis=0)).sum())
        # A curve may bulge within a step by about as much as it changes over it.
        allowed = float((np.abs(charge) * span).sum()) + 1e-3 * abs(middle) + 1e-7
        off = abs(float(energy[-1] - energy[0]) - middle)
        if not off <= allowed:
            found.append(f"{end['step']}: the energy is off by {off:.3g} of {middle:.3g} W h/kg")
    return found


def _memory(scenario: Scenario, result: Result) -> list[str]:
    for name, low in (("hysteresis", -1.0), ("activation", 0.0)):
        values = result.history.get(name)
        if values is not None and not (values.min() >= low - 1e-6 and values.max() <= 1 + 1e-6):
            return [f"{name} from {values.min():.9g} to {values.max():.9g}"]
    return []


def _reasons(scenario: Scenario, result: Result) -> list[str]:
    ends: Any = result.summary["protocol"]
    steps = sized(scenario).protocol().steps
    over = any("limit" in end or "repeat_over" in end for end in ends)
    found = [f"{end['step']} has no reason" for end in ends if not end["ended_by"]]
    if len(ends) != len(steps) and not over:
        found.append(f"{len(ends)} ends of {len(steps)} steps")
    return found


CHECKS: tuple[Callable[[Scenario, Result], list[str]], ...] = (
    random_scenarios._finite, random_scenarios._shares, _balanced, _voltage_adds_up, _current_kept,
    _events_met, _held, _nothing_passed, _energy, _memory, _reasons, random_scenarios._told,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args(arguments)
    ends: Counter[str] = Counter()
    for seed in range(given.first, given.first + given.count):
        one = examined(seed, given.seconds)
        ends[one.end] += 1
        for violation in one.violations:
            print(f"{one.seed}: {violation[:500]}", flush=True)
        if one.end in ("in words", "timed out", "refused"):
            print(f"  {one.seed} {one.end} after {one.seconds:.0f} s: {one.words[:300]}", flush=True)
    print(dict(ends))


if __name__ == "__main__":
    main()
