"""Runs on several processes, started as a person would: the same numbers and files as on one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from oxyshell.inputs import load, load_any, parse_assignment
from oxyshell.inputs.scenario import Scenario
from oxyshell.outputs import Result, read_run
from tests.processes import MPIEXEC, on_processes

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")

# Sums are taken in another order: round-off of 1e-16, which some hundred steps and the conditioning of the
# stress let grow by a few decades. Of a line every process has the whole: there nothing differs.
SAME = 1e-9
SHIPPED = sorted(
    path.name for path in (ROOT / "scenarios").glob("*.yaml") if isinstance(load_any(path), Scenario)
)
LOOSE = (
    "numerics.time_tolerance=1e-2",
    "numerics.oxygen_tolerance=1e-2",
    "protocol=[{charge: {rate: 0.1 C, until: {extracted: 0.3}}}]",
    "output.at={extracted: [0.2]}",
)
FEW = "numerics.elements={layer: 1, bulk: 3, tangential: 2}"
# Three triangles or four tetrahedra: with more processes, some own none.
FEWEST = "numerics.elements={bulk: 2, tangential: 1}"
# The oxygen that a charge to 0.3 would not release yet.
RELEASING = "oxygen.source.onset=0.05"
CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "line": ("lrmo-charge-with-oxygen.yaml", (*LOOSE, RELEASING, "numerics.elements={layer: 1, bulk: 2}")),
    "plane": ("lrmo-ru1.yaml", (*LOOSE, "particle.dimension=2", FEW)),
    "three triangles": (
        "lrmo-pristine.yaml",
        (*LOOSE, "particle.dimension=2", "particle.extent=quarter", FEWEST),
    ),
    "four tetrahedra": ("lrmo-pristine.yaml", (*LOOSE, "particle.dimension=3", FEWEST)),
    "plane with oxygen": (
        "lrmo-charge-with-oxygen.yaml",
        (*LOOSE, RELEASING, "particle.dimension=2", FEW),
    ),
    "host that changes": (
        "lrmo-charge-with-oxygen.yaml",
        (
            *LOOSE,
            RELEASING,
            "oxygen.vacancies={sites_lost: 1.0, partial_molar_volume: 2 cm^3/mol}",
            "particle.dimension=2",
            FEW,
        ),
    ),
    "monolithic plane": (
        "lrmo-ru1.yaml",
        (*LOOSE, "particle.dimension=2", "numerics.strategy=monolithic", FEW),
    ),
    "octant": ("lrmo-ru1.yaml", (*LOOSE, "particle.dimension=3", FEW)),
    "octant with oxygen": (
        "lrmo-charge-with-oxygen.yaml",
        (*LOOSE, RELEASING, "particle.dimension=3", FEW),
    ),
    **{name: (name, ()) for name in SHIPPED},
}


def program(processes: int, *arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return on_processes(processes, "-m", "oxyshell", *arguments, **options)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], Path]:
    folders: dict[tuple[str, int], Path] = {}

    def folder(case: str, processes: int) -> Path:
        if (case, processes) not in folders:
            path = tmp_path_factory.mktemp("run") / "out"
            file, changes = CASES[case]
            sets = [part for change in changes for part in ("--set", change)]
            done = program(processes, "run", ROOT / "scenarios" / file, *sets, "--out", path)
            assert done.returncode == 0, done.stderr
            # One process speaks, and tells each of the output times once.
            assert done.stdout.count("completed: ") == 1
            lines = done.stderr.splitlines()
            assert len(lines) == len(set(lines)) >= 3
            folders[case, processes] = path
        return folders[case, processes]

    return folder


def scalars(summary: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    """All entries in their order, but those that are round-off or a clock."""
    for key, value in summary.items():
        if isinstance(value, Mapping):
            yield from scalars(value, f"{path}{key}.")
        elif key == "protocol":
            yield from scalars({str(i): one for i, one in enumerate(value)}, f"{path}{key}.")
        elif not key.endswith(("balance_error", "wall_time_s")):
            yield path + key, value


def check_equal(one: Result, other: Result) -> None:
    first, second = (dict(scalars(result.summary)) for result in (one, other))
    assert list(first) == list(second)
    for name, value in first.items():
        # At a surface, depth is zero but for the rounding of radii of some hundred nm.
        assert second[name] == (
            pytest.approx(value, rel=SAME, abs=1e-10) if isinstance(value, float) else value
        ), name
    assert list(one.history) == list(other.history)
    for name, column in one.history.items():
        if not name.endswith("balance_error"):
            limit = 1e-10 * size(column)
            np.testing.assert_allclose(other.history[name], column, rtol=SAME, atol=limit, err_msg=name)
    for name in ("radius_m", "depth_m"):
        np.testing.assert_allclose(getattr(other.profiles, name), getattr(one.profiles, name), atol=1e-16)
    for name, values in one.profiles.items():
        limit = SAME * size(values)
        np.testing.assert_allclose(other.profiles[name], values, rtol=0, atol=limit, err_msg=name)


def size(values: np.ndarray) -> float:
    return float(np.nanmax(np.abs(values), initial=0.0))


def check_same_fields(one: Result, other: Result) -> None:
    assert len(one.fields) == len(other.fields) > 1
    for mine, theirs in zip(one.fields, other.fields, strict=True):
        np.testing.assert_allclose(theirs.points, mine.points, atol=1e-16)
        assert mine.cells.keys() == theirs.cells.keys()
        for kind, cells in mine.cells.items():
            np.testing.assert_array_equal(theirs.cells[kind], cells)
        assert list(mine.point_data) == list(theirs.point_data)
        for name, values in mine.point_data.items():
            limit = SAME * max(size(np.asarray(values)), 1e-12)
            np.testing.assert_allclose(theirs.point_data[name], values, rtol=0, atol=limit, err_msg=name)
        for name, values in mine.cell_data.items():
            np.testing.assert_array_equal(theirs.cell_data[name], values)


def layout(folder: Path) -> dict[str, object]:
    """The files of a run, and how they are made but for their numbers."""
    made: dict[str, object] = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        made[name] = None
        if path.suffix == ".h5":
            with h5py.File(path) as file:
                tree: list[object] = []
                file.visititems(
                    lambda at, item, tree=tree: tree.append(
                        (at, getattr(item, "shape", ()), list(item.attrs))
                    )
                )
                made[name] = tree
        elif name == "history.csv":
            text = path.read_text().splitlines()
            made[name] = (text[:2], len(text))
        elif name == "summary.json":
            made[name] = [line.split(":")[0] for line in path.read_text().splitlines()]
        elif path.name in ("scenario.yaml", "fields.pvd"):
            made[name] = len(path.read_text().splitlines())
        elif name == "run.log":
            # A line per event; times and the folder's name differ.
            made[name] = [line.split()[2:4] for line in path.read_text().splitlines()]
    return made


def long(*values: object) -> object:
    return pytest.param(*values, marks=pytest.mark.long)


@pytest.mark.parametrize(
    ("case", "processes"),
    [
        ("plane", 2),
        ("three triangles", 4),
        ("plane with oxygen", 3),
        ("octant", 2),
        *(long(case, n) for case in ("plane", "octant") for n in (3,)),
        long("plane with oxygen", 2),
        *(long(case, n) for case in ("host that changes", "monolithic plane") for n in (2, 3)),
        *(long("octant with oxygen", n) for n in (2, 3)),
        long("four tetrahedra", 5),
    ],
)
def test_several_processes_find_what_one_finds(
    case: str, processes: int, ran: Callable[[str, int], Path]
) -> None:
    alone, together = ran(case, 1), ran(case, processes)
    one, other = read_run(alone), read_run(together)
    check_equal(one, other)
    check_same_fields(one, other)
    assert layout(alone) == layout(together)


@pytest.mark.parametrize(
    ("case", "processes"),
    [("line", 3), *(long(name, processes) for name in SHIPPED for processes in (1, 2, 3))],
)
def test_a_line_is_the_same_to_the_last_bit(
    case: str, processes: int, ran: Callable[[str, int], Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    alone = ran(case, 1)
    together = ran(case, processes)
    assert (alone / "history.csv").read_bytes() == (together / "history.csv").read_bytes()
    one, other = read_run(alone), read_run(together)
    assert {**one.summary, "wall_time_s": 0} == {**other.summary, "wall_time_s": 0}
    for name, values in one.profiles.items():
        np.testing.assert_array_equal(other.profiles[name], values)
    check_same_fields(one, other)
    assert layout(alone) == layout(together)


COMPARISON = """
comparison: Two particles
systems:
  pristine: {scenario: lrmo-pristine.yaml}
  Ru-1: {scenario: lrmo-ru1.yaml}
calibrate:
  - {parameter: material.diffusivity, system: pristine, apply_to: [pristine, Ru-1],
     target: stress.first_principal.peak_MPa, value: 50, tolerance: 0.1, bounds: [1e-20 m^2/s, 1e-16 m^2/s]}
published:
  - {quantity: stress.first_principal.peak_MPa, system: Ru-1, value: 40, source: "nobody"}
"""


def compared(processes: int, folder: Path, elements: str) -> dict[str, Any]:
    folder.mkdir()
    changes = dict(change.split("=", 1) for change in LOOSE) | {"numerics.elements": elements}
    changes["particle.dimension"] = "2" if "tangential" in elements else "1"
    for name in ("lrmo-pristine.yaml", "lrmo-ru1.yaml"):
        values = dict(parse_assignment(f"{path}={value}") for path, value in changes.items())
        (folder / name).write_text(load(ROOT / "scenarios" / name).with_values(values).to_yaml())
    (folder / "comparison.yaml").write_text(COMPARISON)
    done = program(processes, "compare", folder / "comparison.yaml", "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Results in") == 1
    found: dict[str, Any] = json.loads((folder / "out" / "comparison.json").read_text())
    assert {path.name for path in (folder / "out").iterdir()} >= {"pristine", "Ru-1", "comparison.png"}
    return found


@pytest.mark.parametrize(
    ("elements", "tolerance"),
    [("{layer: 1, bulk: 3}", 0.0), long("{layer: 1, bulk: 3, tangential: 2}", SAME)],
    ids=["line", "plane"],
)
def test_a_comparison_is_the_same(elements: str, tolerance: float, tmp_path: Path) -> None:
    one, other = (compared(n, tmp_path / f"{n}", elements)["rows"] for n in (1, 2))
    assert len(one) == len(other) >= 2
    for mine, theirs in zip(one, other, strict=True):
        assert theirs["quantity"] == mine["quantity"]
        assert theirs["computed"] == pytest.approx(mine["computed"], rel=tolerance, abs=0)


# What goes wrong.

MISTAKES = [
    (("run", "lrmo-pristine.yaml", "--set", "particle.radius=7 kg"), 2, "expected a length"),
    (("run", "lrmo-pristine.yaml", "--color"), 2, "No such option"),
    (("run", "lrmo-pristine.yaml", "--out", __file__), 1, "File exists"),
    (("sweep", "sweep-shell.yaml"), 2, "oxyshell sweep runs on one process and was started on 2"),
    (("calibrate", "calibrate-lrmo.yaml"), 2, "start it without mpiexec"),
    (("sensitivity", "sensitivity-ru1.yaml"), 2, "start it without mpiexec"),
    (("optimise", "design-shell.yaml"), 2, "start it without mpiexec"),
    (("validate", "lrmo-ru1.yaml"), 2, "start it without mpiexec"),
    (
        (
            *("run", "lrmo-pristine.yaml", "--set", "particle.dimension=2", "--set", FEW),
            *("--set", "numerics.first_step=9000 s", "--set", "numerics.minimum_step=9000 s"),
        ),
        1,
        "the time step fell below 9e+03 s",
    ),
]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        MISTAKES[0],
        MISTAKES[1],
        MISTAKES[2],
        MISTAKES[3],
        *(long(*one) for one in MISTAKES[4:8]),
        MISTAKES[8],
    ],
    ids=[
        "wrong value",
        "wrong option",
        "folder that only the first process opens",
        "sweep",
        "calibrate",
        "sensitivity",
        "optimise",
        "validate",
        "steps that get too small",
    ],
)
def test_an_error_is_told_once_and_ends_all(
    arguments: tuple[str, ...], code: int, message: str, tmp_path: Path
) -> None:
    command, file, *further = arguments
    done = program(2, command, ROOT / "scenarios" / file, "--quiet", *further, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert done.stderr.count(message) == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


LONE = """
import sys
from mpi4py import MPI
from oxyshell import cli, ranks, simulation
from oxyshell.errors import SolverError

def run(*_):
    if MPI.COMM_WORLD.rank == 1:
        raise SolverError("only here")
    MPI.COMM_WORLD.Barrier()

ranks._PATIENCE = 0.5
simulation.run = run
cli.main()
"""


def test_an_error_of_one_process_ends_the_others_that_wait_for_it() -> None:
    done = on_processes(2, "-c", LONE, "run", ROOT / "scenarios" / "lrmo-pristine.yaml")
    assert done.returncode == 1
    assert done.stderr.count("oxyshell: only here") == 1


SCRIPT = """
import json, sys
from mpi4py import MPI
import oxyshell

scenario = oxyshell.load("scenarios/lrmo-pristine.yaml").with_values(
    {"numerics.time_tolerance": 1e-2, "numerics.elements": {"bulk": 2, "tangential": 1},
     "protocol": [{"charge": {"rate": "0.1 C", "until": {"extracted": 0.3}}}],
     "output.at": {"extracted": [0.2]}, "particle.dimension": int(sys.argv[1])}
)
result = oxyshell.run(scenario)
here = [json.dumps(dict(result.summary)), result.history["time_s"].tolist()]
here += [result.profiles["hoop_Pa"].tolist(), [len(fields.points) for fields in result.fields]]
everywhere = MPI.COMM_WORLD.gather(here)
if MPI.COMM_WORLD.rank == 0:
    print(json.dumps(everywhere))
"""


@pytest.mark.parametrize(
    # Five points on each of two elements, six on each of six triangles; at the start, in between, at the end.
    ("dimension", "first_has", "second_has"),
    [(1, [10, 10, 10], [10, 10, 10]), (2, [36, 36, 36], [0, 0, 0])],
)
def test_a_script_gets_the_same_result_on_every_process(
    dimension: int, first_has: list[int], second_has: list[int]
) -> None:
    done = on_processes(2, "-c", SCRIPT, str(dimension), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)
    assert first[:3] == second[:3]
    assert (first[3], second[3]) == (first_has, second_has)
