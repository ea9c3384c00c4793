"""Runs on several processes, started as a person would: the same numbers and files as on one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oxyshell.inputs import load_any
from oxyshell.inputs.scenario import Scenario
from oxyshell.outputs import Result, read_run

ROOT = Path(__file__).parents[1]
MPIEXEC = Path(sys.executable).with_name("mpiexec")
pytestmark = pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own")

# Sums are taken in another order: round-off of 1e-16, which some hundred steps and the conditioning of the
# stress let grow by a few decades.
SAME = 1e-9
SHIPPED = sorted(
    path.name for path in (ROOT / "scenarios").glob("*.yaml") if isinstance(load_any(path), Scenario)
)
# Loose, and at an end before the surface is exhausted: where the current bends there, steps this long let
# round-off grow a millionfold.
LOOSE = (
    "numerics.time_tolerance=1e-2",
    "numerics.oxygen_tolerance=1e-2",
    "protocol=[{charge: {rate: 0.1 C, until: {extracted: 0.3}}}]",
    "output.at={extracted: [0.2]}",
)
CASES = {
    # Two cells, so that of three processes one owns none.
    "line of two elements": ("lrmo-pristine.yaml", (*LOOSE, "numerics.elements={bulk: 2}")),
    "line with oxygen": (
        "lrmo-charge-with-oxygen.yaml",
        (*LOOSE, "numerics.elements={layer: 1, bulk: 2}"),
    ),
    "plane": (
        "lrmo-ru1.yaml",
        (
            *LOOSE,
            "particle.dimension=2",
            "numerics.elements={layer: 1, bulk: 3, tangential: 2}",
        ),
    ),
    "octant": (
        "lrmo-ru1.yaml",
        (*LOOSE, "particle.dimension=3", "numerics.elements={layer: 1, bulk: 3, tangential: 2}"),
    ),
    "monolithic plane": (
        "lrmo-ru1.yaml",
        (
            *LOOSE,
            "particle.dimension=2",
            "numerics.strategy=monolithic",
            "numerics.elements={layer: 1, bulk: 3, tangential: 2}",
        ),
    ),
    **{name: (name, ()) for name in SHIPPED},
}


def command(processes: int, file: str, *further: str) -> list[str]:
    launcher = [str(MPIEXEC), "-n", str(processes)] if processes > 1 else []
    return [*launcher, sys.executable, "-m", "oxyshell", "run", str(ROOT / "scenarios" / file), *further]


def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
    # A deadlock is what the limit is for.
    return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, **options)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int], Path]:
    folders: dict[tuple[str, int], Path] = {}

    def folder(case: str, processes: int) -> Path:
        if (case, processes) not in folders:
            path = tmp_path_factory.mktemp("run") / "out"
            file, changes = CASES[case]
            sets = [part for change in changes for part in ("--set", change)]
            done = run(command(processes, file, *sets, "--out", str(path)))
            assert done.returncode == 0, done.stderr
            # One process speaks.
            assert done.stdout.count("balance error") == done.stdout.count("Results in") * (
                2 if "oxygen: " in done.stdout else 1
            )
            assert done.stdout.count("completed: ") == 1
            folders[case, processes] = path
        return folders[case, processes]

    return folder


def scalars(summary: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    """All entries but those that are round-off or a clock."""
    for key, value in summary.items():
        if isinstance(value, Mapping):
            yield from scalars(value, f"{path}{key}.")
        elif key == "protocol":
            yield from scalars({str(i): one for i, one in enumerate(value)}, f"{path}{key}.")
        elif not key.endswith(("balance_error", "wall_time_s")):
            yield path + key, value


def check_equal(one: Result, other: Result) -> None:
    first, second = (dict(scalars(result.summary)) for result in (one, other))
    assert first.keys() == second.keys()
    for name, value in first.items():
        # At a surface, depth is zero but for the rounding of radii of some hundred nm.
        assert second[name] == (
            pytest.approx(value, rel=SAME, abs=1e-10) if isinstance(value, float) else value
        ), name
    assert one.history.keys() == other.history.keys()
    for name, column in one.history.items():
        if not name.endswith("balance_error"):
            np.testing.assert_allclose(other.history[name], column, rtol=SAME, atol=1e-10 * size(column))
    for name in ("radius_m", "depth_m"):
        np.testing.assert_allclose(getattr(other.profiles, name), getattr(one.profiles, name), atol=1e-16)
    for name, values in one.profiles.items():
        np.testing.assert_allclose(other.profiles[name], values, rtol=0, atol=SAME * size(values))


def size(values: np.ndarray) -> float:
    return float(np.nanmax(np.abs(values), initial=0.0))


def check_same_fields(one: Result, other: Result) -> None:
    assert len(one.fields) == len(other.fields) > 1
    for mine, theirs in zip(one.fields, other.fields, strict=True):
        np.testing.assert_allclose(theirs.points, mine.points, atol=1e-16)
        for kind, cells in mine.cells.items():
            np.testing.assert_array_equal(theirs.cells[kind], cells)
        for name, values in mine.point_data.items():
            limit = SAME * max(size(np.asarray(values)), 1e-12)
            np.testing.assert_allclose(theirs.point_data[name], values, rtol=0, atol=limit, err_msg=name)
        for name, values in mine.cell_data.items():
            np.testing.assert_array_equal(theirs.cell_data[name], values)


def long(*values: object) -> object:
    return pytest.param(*values, marks=pytest.mark.long)


@pytest.mark.parametrize(
    ("case", "processes"),
    [
        ("line of two elements", 3),
        ("line with oxygen", 2),
        ("plane", 2),
        long("plane", 3),
        long("line with oxygen", 3),
        *(long(case, n) for case in ("octant", "monolithic plane", *SHIPPED) for n in (2, 3)),
    ],
)
def test_several_processes_find_what_one_finds(
    case: str, processes: int, ran: Callable[[str, int], Path]
) -> None:
    alone, together = ran(case, 1), ran(case, processes)
    one, other = read_run(alone), read_run(together)
    check_equal(one, other)
    check_same_fields(one, other)
    names = [{str(path.relative_to(folder)) for path in folder.rglob("*")} for folder in (alone, together)]
    assert names[0] == names[1]
    # A line per event, as one process logs them.
    log = [(folder / "run.log").read_text().splitlines() for folder in (alone, together)]
    assert len(log[0]) == len(log[1])


@pytest.mark.parametrize(
    ("further", "code", "message"),
    [
        (("--set", "particle.radius=7 kg"), 2, "expected a length"),
        (("--out", __file__), 1, "File exists"),
    ],
    ids=["mistake", "folder that only the first process opens"],
)
def test_an_error_is_told_once_and_ends_all(
    further: tuple[str, ...], code: int, message: str, tmp_path: Path
) -> None:
    done = run(command(2, "lrmo-pristine.yaml", "--quiet", *further), cwd=tmp_path)
    assert done.returncode == code
    assert done.stderr.count(message) == 1
    assert "Traceback" not in done.stderr


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
    scenario = str(ROOT / "scenarios" / "lrmo-pristine.yaml")
    done = run([str(MPIEXEC), "-n", "2", sys.executable, "-c", LONE, "run", scenario])
    assert done.returncode == 1
    assert done.stderr.count("oxyshell: only here") == 1


SCRIPT = """
import json
from mpi4py import MPI
import oxyshell

scenario = oxyshell.load("scenarios/lrmo-pristine.yaml").with_values(
    {"numerics.time_tolerance": 1e-2, "numerics.elements": {"bulk": 2}, "output.at": {"extracted": [0.5]}}
)
result = oxyshell.run(scenario)
here = [json.dumps(dict(result.summary)), result.history["time_s"].tolist()]
here += [result.profiles["hoop_Pa"].tolist(), [len(fields.points) for fields in result.fields]]
everywhere = MPI.COMM_WORLD.gather(here)
if MPI.COMM_WORLD.rank == 0:
    print(json.dumps(everywhere))
"""


def test_a_script_gets_the_same_result_on_every_process() -> None:
    done = run([str(MPIEXEC), "-n", "2", sys.executable, "-c", SCRIPT], cwd=ROOT)
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)
    assert first[:3] == second[:3]
    # Five points on each of two elements, at the start, in the middle and at the end.
    assert first[3] == [10, 10, 10]
    assert second[3] == [0, 0, 0]
