"""Random scenarios over all keys of the scenario language, valid by construction, with the ends of ranges.

`python -m tests.random_scenarios --count 5000` runs them on all cores and prints every violation.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import numpy as np

from oxyshell.errors import OxyshellError
from oxyshell.outputs import NullFolder, Result
from oxyshell.running.simulation import Simulation
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine.run_solvers import Deadline
from tests.sized import oxygen_model_of, sized

FORMULAS = {
    "Li": ["Li1.20Mn0.555Ni0.158Co0.080O2", "LiCoO2", "LiFePO4", "LiNi0.8Mn0.1Co0.1O2"],
    "Na": ["Na0.6Li0.2Mn0.8O2", "Na3RuO4"],
}
SHARES = (0.0, 1e-6, 1e-4, 0.3, 0.5, 0.98, 0.999, 1.0)
BALANCE = 1e-10
# Poisson's ratio beyond which elements lock, by dimension.
_STIFFEST = {1: 0.4999, 2: 0.499, 3: 0.49}
# Steps after which a run gives up in words, so that none takes all the time.
STEPS = 2000


class Draw:
    """Draws values; one in five from the ends of its range."""

    def __init__(self, seed: int | str) -> None:
        self.chance = random.Random(seed)

    def log(self, low: float, high: float) -> float:
        if self.chance.random() < 0.2:
            return self.chance.choice((low, high))
        return float(f"{math.exp(self.chance.uniform(math.log(low), math.log(high))):.4g}")

    def even(self, low: float, high: float) -> float:
        if self.chance.random() < 0.2:
            return self.chance.choice((low, high))
        return float(f"{self.chance.uniform(low, high):.4g}")

    def one[T](self, among: Sequence[T], weights: Sequence[float] | None = None) -> T:
        return self.chance.choices(among, weights)[0]

    def often(self, share: float) -> bool:
        return self.chance.random() < share


def drawn(seed: int) -> dict[str, Any]:
    """A scenario as it would stand in a file."""
    draw = Draw(seed)
    dimension = draw.one((1, 2, 3), (93, 5, 2))
    particle, radius = _particle(draw, dimension)
    material, filled, room, rate_unit = _material(draw, dimension, radius)
    data: dict[str, Any] = {
        "name": f"random {seed}",
        "temperature": f"{draw.even(220, 1200)} K",
        "particle": particle,
        "material": material,
        "cell": {"one_c": f"{draw.log(10, 3000)} mA/g"},
        "protocol": _protocol(draw, filled, room, rate_unit),
        "numerics": _numerics(draw, dimension),
    }
    if draw.often(0.5):
        data["shell"] = {
            "thickness": f"{_digits(radius * draw.log(3e-3, 0.9))} m",
            "deficiency": draw.one((draw.even(0.0, 0.6), 0.0, 0.9), (8, 1, 1)),
            "profile": draw.one(("linear", "step", "cosine")),
        }
    if draw.often(0.1):
        data["surface"] = {
            "confinement": f"{draw.log(1e12, 1e20)} Pa/m",
            "exhausted_below": draw.log(1e-5, 0.1),
        }
    if draw.often(0.25):
        data["oxygen"] = _oxygen(draw, "shell" in data)
    if draw.often(0.5):
        data["output"] = {"at": {"time": [f"{draw.log(1e-3, 0.05)} s"]}}
    return _with_what_came_later(data, seed)


def _with_what_came_later(data: dict[str, Any], seed: int) -> dict[str, Any]:
    """Keys of later versions, from a chance of their own: a seed keeps the rest of its scenario."""
    draw = Draw(f"later keys of {seed}")
    if data["particle"]["shape"] in ("cylinder", "plate") and draw.often(0.3):
        data["numerics"]["strategy"] = "split"
    for step in data["protocol"]:
        for current in (step[kind] for kind in ("charge", "discharge") if kind in step):
            if draw.often(0.25):
                current["until"]["reaches"] = _columns(draw, "oxygen" in data)
    if "shell" in data and draw.often(0.4):
        _of_other_hosts(draw, data)
    return data


def _of_other_hosts(draw: Draw, data: dict[str, Any]) -> None:
    """Let the layer be of another host, or be two layers."""
    radius = float(data["particle"]["radius"].split()[0])
    shell = data["shell"]
    if draw.often(0.3):
        thickness = float(shell.pop("thickness").split()[0])
        inner, outer = (f"{_digits(share * thickness)} m" for share in (0.6, 0.4))
        within = {"thickness": inner, **_own_properties(draw, data, radius)}
        del data["shell"]
        data["regions"] = {
            "inner": within,
            "outer": {"thickness": outer, **shell, **_own_properties(draw, data, radius)},
        }
        # Of the section `shell` alone.
        data.get("oxygen", {}).pop("layer_diffusivity", None)
    else:
        shell |= _own_properties(draw, data, radius)


def _own_properties(draw: Draw, data: dict[str, Any], radius: float) -> dict[str, Any]:
    """At least one property in which a layer differs from the particle."""
    diffusivity = radius**2 / draw.log(1e1, 1e8)
    properties: dict[str, Any] = {
        "diffusivity": _property(draw, diffusivity, "m^2/s", 1e4),
        "elasticity": {"young_modulus": f"{draw.log(5, 400)} GPa", "poisson_ratio": draw.even(0.0, 0.45)},
        "chemical_strain": {
            "partial_molar_volume": f"{_digits(draw.one((1, -1)) * draw.log(1e-8, 3e-6))} m^3/mol"
        },
        "potential_offset": f"{draw.even(-3, 3)} RT",
        # As much as that of a length of the layer between a millionth of the radius and the radius.
        "interface": {"resistance": f"{_digits(draw.log(1e-6, 1) * radius / diffusivity)} s/m"},
    }
    chosen = draw.chance.sample(sorted(properties), draw.one((1, 2, 5)))
    return {name: properties[name] for name in chosen}


def _columns(draw: Draw, with_oxygen: bool) -> dict[str, float]:
    """Ends at columns; the step has another end, as some of these never come."""
    peaks = ("first_principal_peak_MPa", "hoop_peak_MPa", "von_mises_peak_MPa")
    columns: dict[str, float] = {
        draw.one(peaks): draw.log(1e-3, 1e3),
        draw.one(("surface_hoop_MPa", "centre_stress_MPa")): draw.one((1, -1)) * draw.log(1e-3, 1e3),
    }
    if with_oxygen:
        columns |= {
            "oxygen_retention": draw.even(0.01, 1.0),
            "oxygen_released_umol_g": draw.log(1e-6, 10),
            "oxygen_released_mol": draw.log(1e-20, 1e-12),
            "oxygen_release_umol_g_min": draw.log(1e-6, 1.0),
        }
    chosen = draw.chance.sample(sorted(columns), draw.one((1, 2), (3, 1)))
    return {name: columns[name] for name in chosen}


def _digits(value: float) -> str:
    return f"{value:.6g}"


def _particle(draw: Draw, dimension: int) -> tuple[dict[str, Any], float]:
    radius = draw.log(2e-9, 5e-5)
    shape = draw.one(("sphere", "cylinder", "plate"), (2, 1, 1)) if dimension == 1 else "sphere"
    particle: dict[str, Any] = {"shape": shape, "radius": f"{radius} m"}
    if dimension > 1:
        particle["dimension"] = dimension
        particle["extent"] = draw.one({2: ("half", "quarter"), 3: ("octant",)}[dimension])
    return particle, radius


def _material(draw: Draw, dimension: int, radius: float) -> tuple[dict[str, Any], float, float, float]:
    species = draw.one(tuple(FORMULAS))
    sites = draw.even(0.4, 3.0)
    occupancy = draw.one(SHARES)
    # Fo per hour from slow to fast: R²/D from seconds to years.
    diffusivity = radius**2 / draw.log(1e1, 1e8)
    material: dict[str, Any] = {
        "formula": draw.one(FORMULAS[species]),
        "molar_volume": f"{draw.log(10, 80)} cm^3/mol",
        "ion": {"species": species, "sites_per_formula": sites, "occupancy": occupancy},
        "diffusivity": _property(draw, diffusivity, "m^2/s", 1e4),
        "drift": draw.one(("lattice", "dilute", "none"), (3, 1, 1)),
    }
    transverse = dimension > 1 and draw.often(0.4)
    if transverse:
        material["chemical_strain"] = {
            "expansion_a": _property(draw, draw.one((1, -1)) * draw.log(1e-9, 5e-7), "m^3/mol", 3),
            "expansion_c": _property(draw, draw.one((1, -1)) * draw.log(1e-9, 1e-6), "m^3/mol", 3),
        }
        material["elasticity"] = {
            "modulus_a": f"{draw.log(20, 400)} GPa",
            "modulus_c": f"{draw.log(20, 400)} GPa",
            "poisson_ab": draw.even(0.0, 0.4),
            "poisson_ac": draw.even(0.0, 0.1),
            "shear_c": f"{draw.log(10, 150)} GPa",
        }
    else:
        material["chemical_strain"] = draw.one(
            (
                {
                    "volume_change": f"{draw.even(-12, 12)} %",
                    "per_extracted": draw.even(0.5, 2.0),
                },
                {
                    "partial_molar_volume": _property(
                        draw, draw.one((1, -1)) * draw.log(1e-8, 3e-6), "m^3/mol", 3
                    )
                },
            )
        )
        material["elasticity"] = {
            "young_modulus": _property(draw, draw.log(5e9, 4e11), "Pa", 3),
            "poisson_ratio": draw.one((draw.even(0.0, 0.45), _STIFFEST[dimension], 0.0), (8, 1, 1)),
        }
    filled = sites * occupancy
    return material, filled, sites - filled, sites


def _property(draw: Draw, value: float, unit: str, spread: float) -> Any:
    """A number, a table or a formula about a value, over a spread."""
    match draw.one(("number", "table", "formula"), (88, 6, 6)):
        case "number":
            return f"{_digits(value)} {unit}"
        case "table":
            # Few lengths: every length is another form to compile.
            lowest, highest = draw.one(((0.0, 1.0), (0.2, 0.9)))
            occupancies = [lowest, round(draw.even(lowest + 1e-3, highest - 1e-3), 6), highest]
            values = [float(_digits(value * draw.log(1 / spread, 1.0))) for _ in occupancies]
            return {"table": {"occupancy": occupancies, "values": values}, "unit": unit}
        case _:
            shape = draw.one(
                (
                    "1 - 0.9*theta",
                    "0.5 + 0.4*tanh((theta - 0.5)/0.02)",
                    "0.1 + exp(-((theta - 0.4)/0.03)**2)",
                    "0.1 + 0.9*sqrt(theta)",
                    "0.05 + max(theta - 0.5, 0)",
                )
            )
            return {"expression": f"{_digits(value)}*({shape})", "unit": unit}


def _protocol(draw: Draw, filled: float, room: float, sites: float) -> list[dict[str, Any]]:
    """Steps that can end: what they extract lies within what there is."""
    steps: list[dict[str, Any]] = []
    out = 0.0  # a bound of what is extracted
    for _ in range(draw.chance.randint(1, 4)):
        kind = draw.one(("charge", "discharge", "rest", "hold"), (4, 3, 2, 2))
        rate = {"rate": f"{draw.log(1e-2, 50)} C"} if draw.often(0.7) else {
            "specific_current": f"{draw.log(1, 3000)} mA/g"
        }  # fmt: skip
        match kind:
            case "charge" if filled - out > 0.02 * sites:
                steps.append({"charge": {**rate, "until": {"passed": draw.log(1e-3, 1.0) * sites}}})
            case "discharge" if room + out > 0.02 * sites:
                steps.append({"discharge": {**rate, "until": {"passed": draw.log(1e-3, 1.0) * sites}}})
            case "hold":
                held = draw.one((draw.even(0.02, 0.98), 0.0, 1.0), (6, 1, 1))
                steps.append({"hold": {"surface_occupancy": held, "time": f"{draw.log(1, 1e6)} s"}})
            case _:
                steps.append({"rest": {"time": f"{draw.log(1, 1e6)} s"}})
    return steps


def _numerics(draw: Draw, dimension: int) -> dict[str, Any]:
    numerics: dict[str, Any] = {"steps_per_run": STEPS}
    if dimension > 1:
        size = {2: {"layer": 3, "bulk": 5, "tangential": 3}, 3: {"layer": 1, "bulk": 2, "tangential": 2}}
        numerics |= {"elements": size[dimension], "time_tolerance": 1e-2, "degree": 1}
    elif draw.often(0.4):
        numerics["time_tolerance"] = draw.log(1e-6, 1e-2)
        numerics["elements"] = {"bulk": draw.chance.randint(4, 40), "layer": draw.chance.randint(2, 30)}
    return numerics


def _oxygen(draw: Draw, layered: bool) -> dict[str, Any]:
    sink = {
        "transfer": {"biot": draw.log(1e-6, 1e12)},
        "adsorption": {"energy": f"{draw.even(-1.5, -0.05)} eV", "attempt_frequency": "1e13 1/s"},
        "site_density": f"{draw.log(1e-12, 1e-4)} mol/m^2",
        "monolayers": draw.log(1, 10),
    }
    law: dict[str, Any] = draw.one(
        (
            {"law": "open", "transfer": {"biot": draw.log(1e-6, 1e12)}},
            {"law": "sealed"},
            {"law": "fixed", "content": f"{draw.one((0.0, 100.0, 5000.0))} mol/m^3"},
            {
                "law": "barrier",
                "thickness": "2 nm",
                "diffusivity": f"{draw.log(1e-24, 1e-16)} m^2/s",
                "transfer": {"velocity": f"{draw.log(1e-14, 1e-2)} m/s"},
            },
            {"law": "conformal_sink", **sink, "coverage": draw.even(0.1, 1.0)},
            {"law": "islands", **sink, "coverage": draw.even(0.01, 1.0)},
        )
    )
    diffusivity = draw.log(1e-23, 1e-14)
    oxygen: dict[str, Any] = {
        "initial": f"{draw.one((0.0, 1e-3, 7500.0))} mol/m^3",
        "diffusivity": _property(draw, diffusivity, "m^2/s", 1e3),
        "surface": law,
    }
    if draw.often(0.6):
        oxygen["source"] = {
            "onset": draw.even(0.0, 0.5),
            "generation_rate": f"{draw.log(1e-8, 1e-2)} 1/s",
        }
        if draw.often(0.3):
            oxygen["vacancies"] = {
                "sites_lost": draw.even(0.0, 1.0),
                "partial_molar_volume": f"{draw.even(-3, 3)} cm^3/mol",
            }
    if layered and draw.often(0.3):
        oxygen["layer_diffusivity"] = f"{diffusivity * draw.log(1e-5, 1e5):.4g} m^2/s"
    if law["law"] in ("conformal_sink", "islands") and draw.often(0.3):
        oxygen["reuse"] = {"below": 0.5, "rate": f"{draw.log(1e-7, 1e-2)} 1/s"}
    return oxygen


@dataclass(frozen=True)
class Finding:
    """What became of one scenario.

    Attributes:
        seed: Its number.
        end: "completed", "in words", "timed out" or "refused".
        words: Why it did not complete.
        violations: What is wrong about it.
        seconds: Wall time.
    """

    seed: int
    end: str
    words: str = ""
    violations: tuple[str, ...] = ()
    seconds: float = field(default=0.0, compare=False)


def examined(seed: int, seconds: float = 30.0) -> Finding:
    """Run a scenario and check what it gives."""
    began = time.monotonic()
    end, words, violations = _examined(seed, seconds)
    return Finding(seed, end, words, tuple(violations), time.monotonic() - began)


def _examined(seed: int, seconds: float) -> tuple[str, str, list[str]]:
    try:
        scenario = loads(json.dumps(drawn(seed)))
    except OxyshellError as error:
        return "refused", str(error), [f"refused: {error}"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            result = Simulation(scenario).run(scenario, _started(scenario), writer=Deadline(seconds))
        except OxyshellError as error:
            return "in words", str(error), []
        except TimeoutError as error:
            return "timed out", str(error), []
        except Exception as error:
            return "failed", "", [f"{type(error).__name__}: {error}"]
    return "completed", "", [text for check in CHECKS for text in check(scenario, result)]


def _started(scenario: Scenario) -> NullFolder:
    folder = NullFolder()
    folder.start(scenario.to_yaml())
    return folder


# Columns that have no value where there is nothing to divide by.
_RATIOS = {"oxygen_retention", "oxygen_surface_to_centre"}


def _of_spheres_alone(scenario: Scenario, result: Result) -> set[str]:
    """Columns with a closed form for spheres of isotropic materials, which have no value elsewhere."""
    if scenario.particle.shape == "sphere" and "modulus_a" not in json.dumps(scenario.to_data()):
        return set()
    return {name for name in result.history if name.endswith("_energy_release_J_m2")}


def _finite(scenario: Scenario, result: Result) -> list[str]:
    wrong = [
        name
        for name, values in result.history.items()
        if name not in _RATIOS | _of_spheres_alone(scenario, result) and not np.isfinite(values).all()
    ]
    return [f"not finite: {', '.join(wrong)}"] if wrong else []


def _shares(scenario: Scenario, result: Result) -> list[str]:
    found = []
    # A step may err by the tolerance somewhere; the mean of the particle by a part of it.
    tolerance = scenario.numerics.time_tolerance
    allowed = {"mean_occupancy": 0.2 * tolerance, "surface_occupancy": 1.001e-6 + 0.01 * tolerance}
    remarks: Any = result.summary["remarks"]
    if any("the chemical potential knows no full host" in one for one in remarks):
        # An interface may ask for more ions than a dilute solution has sites.
        del allowed["mean_occupancy"]
    for name, beyond in allowed.items():
        low, high = result.history[name].min(), result.history[name].max()
        if low < -beyond or high > 1 + beyond:
            found.append(f"{name} from {low:.3g} to {high:.9g}")
    return found


def _balanced(scenario: Scenario, result: Result) -> list[str]:
    names = [name for name in result.history if name.endswith("balance_error")]
    worst = {name: float(result.history[name].max()) for name in names}
    return [f"{name} {error:.3g}" for name, error in worst.items() if not error < BALANCE]


def _held(scenario: Scenario, result: Result) -> list[str]:
    found, began = [], 0.0
    ends: Any = result.summary["protocol"]
    time_s, surface = result.history["time_s"], result.history["surface_occupancy"]
    for step, end in zip(sized(scenario).protocol().steps, ends, strict=True):
        within = (time_s > began) & (time_s <= end["time_s"])
        if step.held is not None and within.any():
            error = np.abs(surface[within] - step.held).max()
            if error > 1e-6:
                found.append(f"held at {step.held}, off by {error:.3g}")
        began = end["time_s"]
    return found


def _ended(scenario: Scenario, result: Result) -> list[str]:
    """A step ends where its column first comes to the value, and nowhere passes it."""
    found, began = [], -1.0
    ends: Any = result.summary["protocol"]
    time_s = result.history["time_s"]
    # What iterations leave is more than round-off, and much of a small value.
    split = scenario.numerics.strategy == "split" or (scenario.particle.dimension or 1) > 1
    allowed = 1e-4 if split else 1e-9
    protocol = sized(scenario).protocol()
    for step, end in zip(protocol.steps, ends, strict=True):
        within = (time_s > began) & (time_s <= end["time_s"])
        columns = [(one.observable, one.value) for one in step.until if one.observable in protocol.columns]
        for name, value in columns:
            ahead = (value - result.history[name][within]) / abs(value)
            ahead = ahead[np.isfinite(ahead)]
            if end["ended_by"] == name and not (ahead.size == 0 or abs(ahead[-1]) < allowed):
                found.append(f"ended at {name} = {value}, off by {ahead[-1]:.3g}")
            off = np.where(np.abs(ahead) < allowed, 0.0, ahead)
            if (off[:-1] * off[1:] < 0).any():
                found.append(f"passed {name} = {value} without an end")
        began = end["time_s"]
    return found


def _fixed(scenario: Scenario, result: Result) -> list[str]:
    model = oxygen_model_of(scenario)
    if model is None or not model.surface.holds:
        return []
    content = model.surface.outside
    error = abs(result.profiles["oxygen_mol_m3"][-1][-1] - content)
    scale = model.reference_content
    return [f"fixed at {content}, off by {error:.3g}"] if error > 1e-6 * scale else []


def _told(scenario: Scenario, result: Result) -> list[str]:
    """A current that was not kept and a table that was left have to be said."""
    remarks: Any = result.summary["remarks"]
    text = " ".join(remarks)
    found = []
    kept = result.history["current_over_set"]
    if np.nanmin(kept, initial=1.0) < 0.99 and "current" not in text:
        found.append("a current was not kept, without a word")
    surface = np.clip(result.history["surface_occupancy"], 0.0, 1.0)
    slack = 3 * scenario.numerics.time_tolerance + 1e-6
    data = scenario.to_data()
    for path, lowest, highest in _tables(data):
        if not _at_surface(path, data):
            continue
        if (surface.min() < lowest - slack or surface.max() > highest + slack) and path not in text:
            found.append(f"the table of {path} was left, without a word")
    return found


def _at_surface(path: str, data: Mapping[str, Any]) -> bool:
    """Whether a property is that of what lies at the surface: the outermost layer may have its own."""
    layers = {f"regions.{name}": one for name, one in (data.get("regions") or {}).items()}
    layers |= {"shell": data["shell"]} if data.get("shell") else {}
    if not layers:
        return True
    outermost = list(layers)[-1]
    if path.startswith(("shell.", "regions.")):
        return path.startswith(f"{outermost}.")
    section, key, *_ = path.split(".")
    return section != "material" or layers[outermost].get(key) is None


def _tables(data: Any, path: str = "") -> list[tuple[str, float, float]]:
    if not isinstance(data, Mapping):
        return []
    if isinstance(data.get("table"), Mapping):
        occupancies = [float(x) for x in data["table"]["occupancy"]]
        return [(path, min(occupancies), max(occupancies))]
    return [
        row for key, value in data.items() for row in _tables(value, f"{path}.{key}" if path else str(key))
    ]


CHECKS: tuple[Callable[[Scenario, Result], list[str]], ...] = (
    _finite, _shares, _balanced, _held, _ended, _fixed, _told,
)  # fmt: skip


def examine_all(seeds: Sequence[int], processes: int = 2, seconds: float = 30.0) -> list[Finding]:
    """Examine scenarios on several processes."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return list(pool.map(examined, seeds, [seconds] * len(seeds), chunksize=8))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    seeds = range(given.first, given.first + given.count)
    ends: Counter[str] = Counter()
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        for one in pool.map(examined, seeds, [given.seconds] * given.count, chunksize=8):
            ends[one.end] += 1
            for violation in one.violations:
                print(f"{one.seed}: {violation[:400]}", flush=True)
            if one.end in ("in words", "timed out"):
                print(f"  {one.seed} {one.end} after {one.seconds:.0f} s: {one.words[:160]}", flush=True)
    print(dict(ends))


if __name__ == "__main__":
    main()
