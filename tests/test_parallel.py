"""Runs on several processes, started as a person would: the same numbers and files as on one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import h5py
import meshio
import numpy as np
import pytest

import oxyshell
from oxyshell.outputs import Result, RunFolder, read_run
from oxyshell.running.simulation import Simulation
from oxyshell.scenario.loading import load
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.registry import load_any
from tests.processes import MPIEXEC, on_processes
from tests.regions import SHELL

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not MPIEXEC.exists(), reason="this environment has no mpiexec of its own"),
]

# Sums are taken in another order: round-off of 1e-16, which some hundred steps and the conditioning of the
# stress let grow by a few decades. Of a line every process has the whole: there nothing differs.
SAME = 1e-9
SHIPPED = {
    path.name: found
    for path in sorted((ROOT / "scenarios").glob("*.yaml"))
    if isinstance(found := load_any(path), Scenario)
}
LINES = [name for name, scenario in SHIPPED.items() if scenario.particle.dimension == 1]
BODIES = [name for name in SHIPPED if name not in LINES]
LOOSE = {
    "numerics.time_tolerance": 1e-2,
    "numerics.oxygen_tolerance": 1e-2,
    "protocol": [{"charge": {"rate": "0.1 C", "until": {"extracted": 0.3}}}],
    "output.at": {"extracted": [0.2]},
}
PLANE = {**LOOSE, "particle.dimension": 2, "numerics.elements": {"layer": 1, "bulk": 3, "tangential": 2}}
SOLID = {**PLANE, "particle.dimension": 3}
# A charge to 0.3 would not release any yet.
RELEASING = {"oxygen.source.onset": 0.05}
VACANCIES = {"oxygen.vacancies": {"sites_lost": 1.0, "partial_molar_volume": "2 cm^3/mol"}}
# A shell with D, D_O, a source and vacancies of its own, around a host that changes too.
PARTED = {
    "shell": {
        "thickness": "20 nm",
        "deficiency": 0.22,
        "profile": "step",
        "diffusivity": "5e-19 m^2/s",
        "oxygen": {
            "diffusivity": "5e-19 m^2/s",
            "source": {"onset": 0.02, "generation_rate": 2e-5},
            "vacancies": {"sites_lost": 2.0, "partial_molar_volume": "-3 cm^3/mol"},
        },
    }
}
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "line": (
        "lrmo-charge-with-oxygen.yaml",
        {**LOOSE, **RELEASING, "numerics.elements": {"layer": 1, "bulk": 2}},
    ),
    "plane": ("lrmo-ru1.yaml", PLANE),
    "plane with oxygen": ("lrmo-charge-with-oxygen.yaml", {**PLANE, **RELEASING}),
    "host that changes": ("lrmo-charge-with-oxygen.yaml", {**PLANE, **RELEASING, **VACANCIES}),
    "hosts that change": ("lrmo-charge-with-oxygen.yaml", {**PLANE, **RELEASING, **VACANCIES, **PARTED}),
    "monolithic plane": ("lrmo-ru1.yaml", {**PLANE, "numerics.strategy": "monolithic"}),
    "plane of two regions": ("lrmo-ru1.yaml", {**PLANE, "shell": SHELL}),
    "monolithic plane of two regions": (
        "lrmo-ru1.yaml",
        {**PLANE, "shell": SHELL, "numerics.strategy": "monolithic"},
    ),
    "plane of two regions with oxygen": (
        "lrmo-charge-with-oxygen.yaml",
        {**PLANE, **RELEASING, **VACANCIES, "shell": SHELL},
    ),
    "octant of two regions": ("lrmo-ru1.yaml", {**SOLID, "shell": SHELL}),
    "octant": ("lrmo-ru1.yaml", SOLID),
    "octant with oxygen": ("lrmo-charge-with-oxygen.yaml", {**SOLID, **RELEASING}),
    "octant by multigrid": (
        "lrmo-ru1.yaml",
        {
            **SOLID,
            "numerics.linear_solver": "multigrid",
            "numerics.degree": 1,
            "numerics.elements": {"layer": 2, "bulk": 6, "tangential": 4},
        },
    ),
    "round plate with voltage and oxygen": (
        "lrmo-first-cycle.yaml",
        {
            "numerics": {
                "time_tolerance": 1e-2,
                "oxygen_tolerance": 1e-2,
                "elements": {"layer": 1, "bulk": 3, "tangential": 2},
            },
            "particle": {"shape": "disc", "radius": "150 nm", "thickness": "60 nm"},
            "protocol": [{"charge": {"rate": "0.5 C", "until": {"voltage": "4.6 V"}}}],
            "output.at": {"extracted": [0.05]},
        },
    ),
    "hexagonal plate": (
        "lrmo-ru1.yaml",
        {
            **LOOSE,
            "particle": {"shape": "hexagon", "radius": "150 nm", "thickness": "60 nm", "dimension": 3},
            "numerics.elements": {"layer": 1, "bulk": 3, "tangential": 6},
        },
    ),
    # Of several processes only one owns a cell.
    "one triangle": ("lrmo-pristine.yaml", LOOSE),
    "one tetrahedron": ("lrmo-pristine.yaml", LOOSE),
    **{name: (name, {}) for name in SHIPPED},
}
# It iterates until what is left is as small as what 1e-6 of all ions would do, in the norm of energy; at a
# point, stress follows less well.
TOLERANCES = {
    "octant by multigrid": 1e-4,
    # The share that stays of the first O2, when there is hardly any yet, is the ratio of two small numbers.
    "round plate with voltage and oxygen": 1e-8,
    # Stress comes from differences of the content of 1e-3: a decade more.
    "nlmro-plate.yaml": 1e-8,
}
ONE_CELL = {"one triangle": ("triangle", 2), "one tetrahedron": ("tetra", 3)}


def prepared(case: str, folder: Path) -> Path:
    """The scenario file of a case, in a folder of its own."""
    file, changes = CASES[case]
    if case in ONE_CELL:
        kind, dimension = ONE_CELL[case]
        points = 150 * np.vstack([np.zeros(3), np.eye(3)])[: dimension + 1]
        mesh_file = folder / "one.vtu"
        meshio.write(mesh_file, meshio.Mesh(points, [(kind, [[*range(dimension + 1)]])]))
        particle = {"shape": "imported", "radius": "150 nm", "mesh_file": str(mesh_file), "length_unit": "nm"}
        changes = {**changes, "particle": particle}
    scenario = folder / file
    scenario.write_text(load(ROOT / "scenarios" / file).with_values(changes).to_yaml(), encoding="utf-8")
    return scenario


def program(processes: int, *arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return on_processes(processes, "-m", "oxyshell", *arguments, **options)


# As the program, but for the figures, which take longer than small runs.
UNDRAWN = """
from oxyshell import cli
from oxyshell.running import simulation
from oxyshell.studies.engine.study_kind import StudyKind
simulation.draw = StudyKind.draw = lambda *_, **options: None
cli.main()
"""

# As the program, with meshes as those with interfaces are: processes have copies of their neighbours' cells.
WITH_COPIES = f"""
from oxyshell.meshes import ball, distribution, hexagonal_prism, importing, round_plate
for module in (ball, hexagonal_prism, importing, round_plate):
    module.distribute = lambda comm, arrays, _: distribution.distribute(comm, arrays, True)
{UNDRAWN}
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Runs cases on one process, without figures."""
    folders: dict[str, Path] = {}

    def folder(case: str) -> Path:
        if case not in folders:
            here = tmp_path_factory.mktemp("alone")
            scenario = load(prepared(case, here))
            output = RunFolder(here / "out")
            output.start(scenario.to_yaml())
            Simulation(scenario).run(scenario, output)
            folders[case] = here / "out"
        return folders[case]

    return folder


def together(case: str, processes: int, folder: Path, *start: str) -> Path:
    """Runs a case on several processes."""
    scenario = prepared(case, folder)
    done = on_processes(processes, *start, "run", scenario, "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    # One process speaks, and tells each of the output times once.
    assert done.stdout.count("completed: ") == 1
    lines = done.stderr.splitlines()
    assert len(lines) == len(set(lines)) >= 3
    return folder / "out"


def scalars(summary: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, object]]:
    """All entries in their order, but those that are round-off or a clock."""
    for key, value in summary.items():
        if isinstance(value, Mapping):
            yield from scalars(value, f"{path}{key}.")
        elif isinstance(value, list):
            yield from scalars({str(i): one for i, one in enumerate(value)}, f"{path}{key}.")
        elif not key.endswith(("balance_error", "wall_time_s")):
            yield path + key, value


def check_equal(one: Result, other: Result, same: float) -> None:
    first, second = (dict(scalars(result.summary)) for result in (one, other))
    assert list(first) == list(second)
    for name, value in first.items():
        # At a surface, depth is zero but for the rounding of radii of some hundred nm.
        assert second[name] == (
            pytest.approx(value, rel=same, abs=1e-10) if isinstance(value, float) else value
        ), name
    assert list(one.history) == list(other.history)
    for name, column in one.history.items():
        if not name.endswith("balance_error"):
            # With interfaces, the depth in nm of a peak at the surface all along is round-off alone.
            nothing = 1.0 if name.endswith("depth_nm") and "interfaces" in one.summary else 0.0
            # What an iterative solver leaves does not depend on how large a column is at the time.
            limit = max(1e-10, 1e-2 * same) * max(size(column), nothing)
            np.testing.assert_allclose(other.history[name], column, rtol=same, atol=limit, err_msg=name)
    for name in ("radius_m", "depth_m"):
        np.testing.assert_allclose(getattr(other.profiles, name), getattr(one.profiles, name), atol=1e-16)
    for name, values in one.profiles.items():
        limit = same * size(values)
        np.testing.assert_allclose(other.profiles[name], values, rtol=0, atol=limit, err_msg=name)


def size(values: np.ndarray) -> float:
    return float(np.nanmax(np.abs(values), initial=0.0))


def check_same_fields(one: Result, other: Result, same: float) -> None:
    assert len(one.fields) == len(other.fields) > 1
    for mine, theirs in zip(one.fields, other.fields, strict=True):
        np.testing.assert_allclose(theirs.points, mine.points, atol=1e-16)
        assert mine.cells.keys() == theirs.cells.keys()
        for kind, cells in mine.cells.items():
            np.testing.assert_array_equal(theirs.cells[kind], cells)
        assert list(mine.point_data) == list(theirs.point_data)
        for name, values in mine.point_data.items():
            limit = same * max(size(np.asarray(values)), 1e-12)
            np.testing.assert_allclose(theirs.point_data[name], values, rtol=0, atol=limit, err_msg=name)
        for name, of_cells in mine.cell_data.items():
            np.testing.assert_array_equal(theirs.cell_data[name], of_cells)


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
            # A line per event; times and the folder's name differ, and whether compiling took long.
            events = [line.split()[2:4] for line in path.read_text().splitlines()]
            made[name] = [event for event in events if event != ["INFO", "compiling"]]
    return made


def long(*values: object) -> object:
    return pytest.param(*values, marks=pytest.mark.long)


@pytest.mark.parametrize(
    ("case", "processes"),
    [
        ("plane with oxygen", 2),
        ("octant", 2),
        ("one triangle", 2),
        ("round plate with voltage and oxygen", 2),
        ("plane of two regions", 3),
        long("hexagonal plate", 2),
        long("hexagonal plate", 3),
        long("plane with oxygen", 3),
        long("octant", 3),
        long("one triangle", 3),
        long("octant by multigrid", 2),
        *(
            long(case, processes)
            for case in (
                "plane",
                "host that changes",
                "hosts that change",
                "monolithic plane",
                "monolithic plane of two regions",
                "plane of two regions with oxygen",
                "octant of two regions",
                "octant with oxygen",
                "one tetrahedron",
            )
            for processes in (2, 3)
        ),
    ],
)
def test_several_processes_find_what_one_finds(
    case: str, processes: int, alone: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = together(case, processes, tmp_path, "-c", UNDRAWN)
    one, other = read_run(alone(case)), read_run(folder)
    check_equal(one, other, TOLERANCES.get(case, SAME))
    check_same_fields(one, other, TOLERANCES.get(case, SAME))
    assert layout(alone(case)) == layout(folder)


@pytest.mark.parametrize(
    ("case", "processes"),
    [
        ("plane with oxygen", 2),
        long("plane with oxygen", 3),
        *(
            long(case, processes)
            for case in (
                "host that changes",
                "monolithic plane",
                "octant with oxygen",
                "octant by multigrid",
                "round plate with voltage and oxygen",
                "hexagonal plate",
                "one triangle",
            )
            for processes in (2, 3)
        ),
    ],
)
def test_copies_of_the_cells_of_other_processes_change_nothing(
    case: str, processes: int, alone: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = together(case, processes, tmp_path, "-c", WITH_COPIES)
    one, other = read_run(alone(case)), read_run(folder)
    check_equal(one, other, TOLERANCES.get(case, SAME))
    check_same_fields(one, other, TOLERANCES.get(case, SAME))


@pytest.mark.parametrize(
    ("case", "processes"),
    [("line", 2), long("line", 3)],
)
def test_a_line_is_the_same_to_the_last_bit(
    case: str, processes: int, alone: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = together(case, processes, tmp_path, "-c", UNDRAWN)
    check_identical(alone(case), folder)
    assert layout(alone(case)) == layout(folder)


@pytest.mark.long
@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("name", LINES)
def test_a_line_that_ships_is_the_same_to_the_last_bit(
    name: str, processes: int, alone: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = together(name, processes, tmp_path, "-m", "oxyshell")
    check_identical(alone(name), folder)
    drawn = {"figures", "figures/particle.png", "figures/history.png"}
    scenario = load(folder / "scenario.yaml")
    if scenario.oxygen is not None:
        drawn |= {"figures/oxygen.png", "figures/release.png"}
    if scenario.section("electrode") is not None:
        # Which others there are depends on the protocol.
        assert "figures/voltage.png" in layout(folder)
        drawn |= {one for one in layout(folder) if one.startswith("figures/")}
    # Of a radial run a section for ParaView too, which is drawn like the figures.
    section = {one for one in layout(folder) if one.startswith("fields/particle")}
    assert {"fields/particle.pvd", "fields/particle_000000.vtu"} <= section
    assert layout(alone(name)) | dict.fromkeys(drawn | section) == layout(folder)


@pytest.mark.long
@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_ships_is_the_same_on_two_processes(
    name: str, alone: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = together(name, 2, tmp_path, "-c", UNDRAWN)
    one, other = read_run(alone(name)), read_run(folder)
    check_equal(one, other, TOLERANCES.get(name, SAME))
    check_same_fields(one, other, TOLERANCES.get(name, SAME))
    assert layout(alone(name)) == layout(folder)


def check_identical(alone: Path, together: Path) -> None:
    """All numbers of two run folders, to the last bit."""
    assert (alone / "history.csv").read_bytes() == (together / "history.csv").read_bytes()
    one, other = read_run(alone), read_run(together)
    assert {**one.summary, "wall_time_s": 0} == {**other.summary, "wall_time_s": 0}
    for name, values in one.profiles.items():
        np.testing.assert_array_equal(other.profiles[name], values)
    check_same_fields(one, other, 0.0)


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


@pytest.mark.parametrize(
    ("changes", "tolerance"),
    [({**LOOSE, "numerics.elements": {"bulk": 3}}, 0.0), long(PLANE, SAME)],
    ids=["line", "plane"],
)
def test_a_comparison_is_the_same(changes: dict[str, Any], tolerance: float, tmp_path: Path) -> None:
    for name in ("lrmo-pristine.yaml", "lrmo-ru1.yaml"):
        text = load(ROOT / "scenarios" / name).with_values(changes).to_yaml()
        (tmp_path / name).write_text(text, encoding="utf-8")
    file, out = tmp_path / "comparison.yaml", tmp_path / "out"
    file.write_text(COMPARISON)
    done = on_processes(2, "-c", UNDRAWN, "compare", file, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Results in") == 1
    assert {path.name for path in out.iterdir()} == {"pristine", "Ru-1", "comparison.json", "report.html"}
    found = json.loads((out / "comparison.json").read_text())["rows"]
    expected = oxyshell.compare(file).rows
    assert [row["quantity"] for row in found] == [row.quantity for row in expected]
    assert len(found) >= 2
    for row, other in zip(found, expected, strict=True):
        assert row["computed"] == pytest.approx(other.computed, rel=tolerance, abs=0)


# What goes wrong.

SMALL_STEPS = (
    "particle.dimension=2",
    "numerics.elements={layer: 1, bulk: 3, tangential: 2}",
    "numerics.first_step=9000 s",
    "numerics.minimum_step=9000 s",
)
REFUSED = {
    "sweep": "sweep-shell.yaml",
    "calibrate": "calibrate-lrmo.yaml",
    "sensitivity": "sensitivity-ru1.yaml",
    "optimise": "design-shell.yaml",
    "validate": "lrmo-ru1.yaml",
}


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(("--set", "particle.radius=7 kg"), 2, "expected a length", id="wrong value"),
        pytest.param(("--color",), 2, "No such option", id="wrong option"),
        pytest.param(("--out", __file__), 1, "File exists", id="folder that only the first process opens"),
        pytest.param(
            tuple(part for change in SMALL_STEPS for part in ("--set", change)),
            1,
            "the time step fell below 2.5 h",
            id="run that all give up",
        ),
    ],
)
def test_an_error_is_told_once_and_ends_all(
    arguments: tuple[str, ...], code: int, message: str, tmp_path: Path
) -> None:
    scenario = ROOT / "scenarios" / "lrmo-pristine.yaml"
    done = program(2, "run", scenario, "--quiet", *arguments, cwd=tmp_path)
    assert done.returncode == code, done.stderr
    assert done.stderr.count(message) == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["sweep", *(long(name) for name in REFUSED if name != "sweep")])
def test_commands_that_share_runs_out_by_themselves_refuse_several_processes(
    command: str, tmp_path: Path
) -> None:
    done = program(2, command, ROOT / "scenarios" / REFUSED[command], cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count(f"oxyshell {command} runs on one process and was started on 2: start it") == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


LONE = """
import sys
from mpi4py import MPI
from oxyshell import cli
from oxyshell.errors import SolverError
from oxyshell.running import ranks, simulation

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
    # Seventeen points on each of two elements, six on each of six triangles; at three output times.
    ("dimension", "first_has", "second_has"),
    [long(1, [34, 34, 34], [34, 34, 34]), (2, [36, 36, 36], [0, 0, 0])],
)
def test_a_script_gets_the_same_result_on_every_process(
    dimension: int, first_has: list[int], second_has: list[int]
) -> None:
    done = on_processes(2, "-c", SCRIPT, str(dimension), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)
    assert first[:3] == second[:3]
    assert (first[3], second[3]) == (first_has, second_has)
