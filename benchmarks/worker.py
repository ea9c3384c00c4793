"""One benchmark of oxyshell in a process of its own: `python -m benchmarks.worker '{"task": ..., ...}'`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import oxyshell
from benchmarks.clock import now
from oxyshell.scenario.scenario import Scenario

_SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
Found = dict[str, Any]


def scenario_of(what: Found) -> Scenario:
    """The scenario of `{"scenario": file name without ending, "values": overrides}`."""
    return oxyshell.load(_SCENARIOS / f"{what['scenario']}.yaml").with_values(what.get("values", {}))


def whole(task: Found) -> Found:
    """Run scenarios as a user does, from file to result, writing nothing."""
    results = [oxyshell.run(scenario_of(what)) for what in task["runs"]]
    return {"steps": [result.summary["steps"] for result in results]}


def warm(task: Found) -> Found:
    """The shortest of some runs in memory by what is public, so that older code can be measured too."""
    from oxyshell.running.simulation import Simulation

    scenario = scenario_of(task)
    simulation = Simulation(scenario)
    seconds = []
    # The first run finds what later ones have: it is left out where there are more.
    for _ in range(task.get("repeats", 1) + 1):
        started = now()
        summary: Any = simulation.run(scenario).summary
        seconds.append(now() - started)
    return {
        "run_s": min(seconds),
        "code": oxyshell.__file__,
        "unknowns": summary["degrees_of_freedom"],
        "steps": summary["steps"],
        "rejected": summary["rejected_steps"],
        "peak_MPa": summary["stress"]["first_principal"]["peak_MPa"],
    }


def octant(task: Found) -> Found:
    """Numbers, mesh and time steps of an octant, for a peer; the mesh goes to a file."""
    import numpy as np

    from oxyshell.meshes.ball import ball_arrays
    from oxyshell.meshes.resolution import Resolution
    from oxyshell.meshes.simplex import edges_of, facets_of
    from oxyshell.meshes.tags import SURFACE, SYMMETRY

    count = task["elements"]
    resolution = Resolution(bulk_elements=count, tangential=count, surface_size=1 / count)
    mesh = ball_arrays(((1,),) * 3, 0.0, resolution)
    cells = mesh.cells[:, :4]
    vertices, facets = int(cells.max()) + 1, facets_of(cells)
    planes = {
        f"plane_{axis}": facets[mesh.facet_tags == tag] for axis, tag in zip("xyz", SYMMETRY, strict=True)
    }
    np.savez(
        task["mesh"], points=mesh.points[:vertices], cells=cells, edges=edges_of(cells)[0],
        middles=mesh.points[vertices:], surface=facets[mesh.facet_tags == SURFACE], **planes,
    )  # fmt: skip
    problem = flux(task)
    result = oxyshell.run(scenario_of(task))
    times, stress = (np.array(result.history[name]) for name in ("time_s", "surface_hoop_MPa"))
    reported = [int(np.argmin(np.abs(times - asked))) for asked in problem["times_s"]]
    model = scenario_of(task).model()
    return problem | {
        "times": list(times / problem["times_s"][-1] * problem["end"]),
        "reported": reported,
        "hoop_MPa": list(stress[reported]),
        "poisson_ratio": float(model.elasticity.isotropic_moduli(model.host.occupancy, _numpy())[1]),
        "unknowns": result.summary["degrees_of_freedom"],
    }


def on_ranks(task: Found) -> Found:
    """Set-up and one run on all processes, by wall time; memory of all together, MB."""
    import resource
    import time

    from mpi4py import MPI

    from oxyshell.running.simulation import Simulation

    comm = MPI.COMM_WORLD
    scenario = scenario_of(task)
    comm.barrier()
    begun = time.perf_counter()
    simulation = Simulation(scenario)
    comm.barrier()
    ready = time.perf_counter()
    summary: Any = simulation.run(scenario).summary
    comm.barrier()
    ended = time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "set_up_s": ready - begun,
        "run_s": ended - ready,
        "megabytes": comm.allreduce(used),
        "first": comm.rank == 0,
        "unknowns": summary["degrees_of_freedom"],
        "steps": summary["steps"],
        "rejected": summary["rejected_steps"],
        "peak_MPa": summary["stress"]["first_principal"]["peak_MPa"],
    }


def written(task: Found) -> Found:
    """Bytes written and left by a run into a folder."""
    from benchmarks.written import measure

    return measure(scenario_of(task))


def kernels(task: Found) -> Found:
    """What the kernels and the LU of an attempt on a line take, and the attempts of a run."""
    from benchmarks.kernels import measure

    return measure(scenario_of(task))


def _numpy() -> Any:
    from oxyshell.models.base.formula import NUMPY

    return NUMPY


def particle(task: Found) -> Found:
    """Time the steps of one scenario, everything compiled and set up before, and its floors."""
    from benchmarks import floors
    from benchmarks.stopwatch import Stopwatch
    from oxyshell.running.simulation import Simulation

    scenario = scenario_of(task)
    simulation = Simulation(scenario)
    watch = Stopwatch(simulation)
    best = min((watch.run(scenario) for _ in range(task.get("repeats", 1))), key=lambda one: one["run_s"])
    return best | {"floors": floors.measure(watch.system)}


def line(task: Found) -> Found:
    """The surface's hoop stress at the output times, and the time of a warm march without recording."""
    from benchmarks.stopwatch import Stopwatch
    from oxyshell.running.simulation import Simulation

    scenario = scenario_of(task)
    simulation = Simulation(scenario)
    result = simulation.run(scenario)
    times, stress = (list(result.history[name]) for name in ("time_s", "surface_hoop_MPa"))
    nearest = [min(range(len(times)), key=lambda i: abs(times[i] - asked)) for asked in task["times_s"]]
    watch = Stopwatch(simulation)
    return {
        "hoop_MPa": [float(stress[i]) for i in nearest],
        "march_s": min(watch.march(scenario) for _ in range(task.get("repeats", 1))),
        **min((watch.run(scenario) for _ in range(task.get("repeats", 1))), key=lambda one: one["run_s"]),
    }


def oxygen(task: Found) -> Found:
    """Time a run with oxygen, everything compiled and set up before, and the floor of its oxygen's steps."""
    from benchmarks import floors
    from benchmarks.stopwatch import Stopwatch
    from oxyshell.running.simulation import Simulation

    scenario = scenario_of(task)
    watch = Stopwatch(Simulation(scenario))
    best = min((watch.run(scenario) for _ in range(task.get("repeats", 1))), key=lambda one: one["run_s"])
    unknowns = watch.oxygen.degrees_of_freedom
    return best | {"oxygen_unknowns": unknowns, "floors": {"stages": floors.oxygen(watch.oxygen)}}


def parameters(task: Found) -> Found:
    """Number of files that the form compiler writes when a scenario changes from `before` to each `after`."""
    from oxyshell.running.simulation import Simulation

    def run(what: Found) -> None:
        scenario = scenario_of(what)
        Simulation(scenario).run(scenario)

    run(task["before"])
    first = _compiled()
    # Set up a second time, nothing changed: what that compiles has nothing to do with numbers.
    run(task["before"])
    present = _compiled()
    for what in task["after"]:
        run(what)
    return {
        "files_before": len(first),
        "again": len(present - first),
        "new_files": len(_compiled() - present),
    }


def flux(task: Found) -> Found:
    """The pristine sphere's equation without units, for a peer: θ' = ∇·((1 + b θ(1 − θ)) ∇θ)."""
    from oxyshell.models.base.formula import NUMPY
    from oxyshell.models.ions.exchange import IonExchange

    scenario = scenario_of(task)
    model = scenario.model()
    host = model.host
    step = scenario.on(scenario.geometry()).protocol().steps[0]
    diffusivity = float(model.transport.diffusivity.value(host.occupancy, NUMPY))
    modulus = float(model.elasticity.biaxial_modulus(host.occupancy, NUMPY))
    volume = float(model.chemical_strain.volume(host.occupancy, NUMPY))
    end, exchange = step.until[0].value, step.exchange
    assert isinstance(exchange, IonExchange)
    return {
        "coupling": float(model.stress_coupling()),
        "flux": exchange.extraction * model.radius / (diffusivity * host.site_density),
        "margin": exchange.margin,
        "occupancy": host.occupancy,
        "end": end * diffusivity / model.radius**2,
        "stress_MPa": modulus * volume * host.site_density / 3e6,
        "times_s": [end * share for share in (0.2, 0.4, 0.6, 0.8, 1.0)],
    }


def sweep(task: Found) -> Found:
    """A whole sweep, its planning and its files included."""
    from benchmarks.sweeps import measure

    return measure(task)


def cycles(task: Found) -> Found:
    """Hundreds of cycles, block by block."""
    from benchmarks.cycling import measure

    return measure(task)


def _compiled() -> set[str]:
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return {str(path) for path in cache.rglob("*") if path.suffix == ".so"}


_TASKS: dict[str, Callable[[Found], Found]] = {
    "whole": whole,
    "warm": warm,
    "octant": octant,
    "on_ranks": on_ranks,
    "written": written,
    "particle": particle,
    "line": line,
    "oxygen": oxygen,
    "parameters": parameters,
    "flux": flux,
    "kernels": kernels,
    "sweep": sweep,
    "cycles": cycles,
}

if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    started = now()
    answer = _TASKS[asked["task"]](asked)
    # Of several processes the first one speaks.
    if answer.get("first", True):
        print(json.dumps(answer | {"in_process_s": now() - started}))
