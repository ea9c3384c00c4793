from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oxyshell import cli
from tests.scenario.wrong_scenarios import WRONG_SCENARIOS, WrongScenario

pytestmark = pytest.mark.slow
SCENARIOS = Path(__file__).parents[1] / "scenarios"


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    """Run the program in this process; returns its exit code."""
    monkeypatch.setattr(sys, "argv", ["oxyshell", *map(str, arguments)])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def program(*arguments: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program as a person would."""
    command = [sys.executable, "-m", "oxyshell", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


@pytest.mark.parametrize("wrong", WRONG_SCENARIOS, ids=lambda wrong: wrong.name)
def test_a_wrong_file_gives_exit_code_2_its_line_and_no_traceback(
    wrong: WrongScenario,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_bytes(wrong.content)
    assert call(monkeypatch, "run", file, "--out", tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert f"wrong.yaml:{wrong.line}:" in told
    assert wrong.part in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['oxyshell', '--help']\n"
        "from oxyshell.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'dolfinx', 'petsc4py', 'mpi4py', 'numpy', 'scipy', 'matplotlib', 'pydantic', 'pint'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "LOADED []" in done.stdout
    for command in ("run", "compare", "sweep", "validate", "schema"):
        assert command in done.stdout


@pytest.mark.parametrize("command", ["run", "compare", "sweep", "validate", "schema"])
def test_every_command_takes_out_quiet_and_help(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    assert call(monkeypatch, command, "--help") == 0
    told = capsys.readouterr().out
    assert "--out" in told
    assert "--quiet" in told


def test_the_shipped_files_are_valid(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    files = sorted(SCENARIOS.glob("*.yaml"))
    assert len(files) >= 4
    assert call(monkeypatch, "validate", *files) == 0
    assert capsys.readouterr().out.count(": valid") == len(files)


def test_validate_reports_the_mistakes_of_all_files_and_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text("name: 3 kg\n")
    other.write_text("nome: x\n")
    assert call(monkeypatch, "validate", one, SCENARIOS / "lrmo-ru1.yaml", other) == 2
    told = capsys.readouterr()
    assert "one.yaml:" in told.err
    assert "other.yaml:1:1" in told.err
    assert "lrmo-ru1.yaml: valid" in told.out
    assert sorted(tmp_path.iterdir()) == [one, other]


def test_validate_writes_resolved_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from oxyshell import load

    assert call(monkeypatch, "validate", SCENARIOS / "lrmo-ru1.yaml", "--out", tmp_path, "--quiet") == 0
    assert load(tmp_path / "lrmo-ru1.yaml") == load(SCENARIOS / "lrmo-ru1.yaml")


@pytest.mark.parametrize("kind", ["scenario", "comparison", "sweep"])
def test_the_schema_is_json_with_the_kind_s_own_keys(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    assert call(monkeypatch, "schema", "--kind", kind) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {"scenario": "particle", "comparison": "systems", "sweep": "over"}[kind] in printed["properties"]
    assert call(monkeypatch, "schema", "--kind", kind, "--out", tmp_path) == 0
    assert json.loads((tmp_path / f"{kind}.schema.json").read_text()) == printed


def test_an_unknown_kind_of_schema_is_a_mistake(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "schema", "--kind", "poem") == 2
    assert "'poem' is not one of 'scenario', 'comparison', 'sweep'" in capsys.readouterr().err


def test_run_writes_a_folder_and_says_the_peaks_with_units(tmp_path: Path) -> None:
    out = tmp_path / "ru1-200"
    done = program("run", SCENARIOS / "lrmo-ru1.yaml", "--set", "particle.radius=200 nm", "--out", out)
    assert done.returncode == 0, done.stderr
    summary = json.loads((out / "summary.json").read_text())
    peak = summary["stress"]["first_principal"]["peak_MPa"]
    assert f"peak first principal: {peak:.1f} MPa" in done.stdout
    # Off a terminal: one line per output time, the start and the end among them.
    assert done.stderr.count("extracted per formula unit") == 6
    resolved = (out / "scenario.yaml").read_text()
    assert "200 nm" in resolved
    expected = {
        "fields.pvd",
        "history.csv",
        "history.h5",
        "profiles.h5",
        "run.log",
        "scenario.yaml",
        "summary.json",
    }
    assert expected <= {entry.name for entry in out.iterdir()}
    assert {entry.name for entry in (out / "figures").iterdir()} == {"particle.png", "history.png"}


def test_quiet_says_nothing_and_the_default_folder_is_under_results(tmp_path: Path) -> None:
    done = program("run", SCENARIOS / "lrmo-pristine.yaml", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "results" / "lrmo-pristine" / "summary.json").is_file()


def test_a_folder_with_other_files_is_refused_with_exit_code_1(tmp_path: Path, monkeypatch, capsys) -> None:
    (tmp_path / "thesis.tex").write_text("precious")
    assert call(monkeypatch, "run", SCENARIOS / "lrmo-pristine.yaml", "--out", tmp_path, "--quiet") == 1
    told = capsys.readouterr().err
    assert "thesis.tex" in told
    assert "Traceback" not in told
    assert (tmp_path / "thesis.tex").read_text() == "precious"


def test_a_wrong_sweep_gives_exit_code_2_its_line_and_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    shutil.copy(SCENARIOS / "lrmo-ru1.yaml", tmp_path)
    file = tmp_path / "sweep.yaml"
    file.write_text("sweep: wrong\nscenario: lrmo-ru1.yaml\nover:\n  shell.thicknes: [2 nm]\n")
    assert call(monkeypatch, "sweep", file, "--out", tmp_path / "out") == 2
    expected = "sweep.yaml:4:3: over.shell.thicknes: found the unknown path 'shell.thicknes', expected"
    assert expected in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_sweep_prints_its_points_and_where_they_are_and_fails_if_one_does(tmp_path: Path) -> None:
    shutil.copy(SCENARIOS / "lrmo-pristine.yaml", tmp_path)
    (tmp_path / "steps.yaml").write_text(
        "sweep: smallest steps\nscenario: lrmo-pristine.yaml\nset: {numerics.first_step: 10000 s}\n"
        "over: {numerics.minimum_step: [1 s, 9000 s]}\nkeep: summary\n"
    )
    done = program("sweep", "steps.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert "1 of 2 points completed, 1 failed (--retry tries them again)" in done.stdout
    assert "point 1 failed: the time step fell below 9e+03 s" in done.stdout
    assert "MPa" in done.stdout
    assert "2/2 points, 1 failed" in done.stderr
    files = {entry.name for entry in (tmp_path / "results" / "steps").iterdir()}
    assert files == {"points.jsonl", "study.csv", "study.h5", "study.html"}


def test_an_unknown_path_to_set_names_the_nearest(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "run", SCENARIOS / "lrmo-ru1.yaml", "--set", "particle.radios=200 nm") == 2
    assert "'radius'" in capsys.readouterr().err


def test_the_public_names_load_nothing_heavy() -> None:
    code = (
        "import sys, oxyshell\n"
        "print(sorted({'dolfinx', 'numpy', 'pydantic'} & set(sys.modules)), dir(oxyshell))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SCENARIOS.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.startswith("[]")
    for name in ("load", "run", "compare", "sweep"):
        assert f"'{name}'" in done.stdout


def test_a_charge_with_oxygen_says_where_it_went_and_what_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "charge"
    quick = ["--set", "numerics.elements={layer: 2, bulk: 6}", "--set", "numerics.time_tolerance=1e-3"]
    assert call(monkeypatch, "run", SCENARIOS / "lrmo-charge-with-oxygen.yaml", *quick, "--out", out) == 0
    printed = capsys.readouterr().out
    oxygen = json.loads((out / "summary.json").read_text())["oxygen"]
    shares = [
        f"{100 * oxygen[name]:.2f} %" for name in ("retention", "captured_fraction", "escaped_fraction")
    ]
    assert "oxygen: {} of it in the lattice, {} captured, {} escaped".format(*shares) in printed
    assert f"({oxygen['released_umol_per_g']:.4g} µmol/g)" in printed
    for told in ("- 0.46 wt% RuO2", "islands of 3 nm height cover 4.7 %, no closed shell", "R²/D_O = 4.4 h"):
        assert told in printed
    (chosen,) = [line for line in printed.splitlines() if line.startswith("- Chosen, not measured: ")]
    assert "oxygen.diffusivity = 1.40625e-18 m^2/s" in chosen
    assert "particle.radius" not in chosen
    assert "site_density" not in chosen
    assert {entry.name for entry in (out / "figures").iterdir()} == {
        "particle.png",
        "history.png",
        "oxygen.png",
        "release.png",
    }


def test_shares_of_no_oxygen_are_dashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from oxyshell.running import simulation

    monkeypatch.setattr(simulation, "draw", lambda *_: None)  # this is about words
    nothing = ["oxygen.source=null", "oxygen.surface={law: sealed}", "numerics.elements={layer: 2, bulk: 6}"]
    arguments = [part for change in nothing for part in ("--set", change)]
    scenario = SCENARIOS / "lrmo-charge-with-oxygen.yaml"
    assert call(monkeypatch, "run", scenario, *arguments, "--out", tmp_path / "out") == 0
    told = capsys.readouterr().out
    assert "oxygen: – of it in the lattice, – captured, – escaped (0 µmol/g); surface over centre –;" in told


def test_the_retention_of_both_particles_ends_in_a_table_and_in_words(tmp_path: Path) -> None:
    done = program("compare", SCENARIOS / "lrmo-oxygen-retention.yaml", "--out", tmp_path / "kept")
    assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "kept" / "comparison.json").read_text())["rows"]
    kept = {
        (row["case"], row["system"]): row["computed"] for row in rows if row["quantity"] == "oxygen.retention"
    }
    assert len(kept) == 2 + 3 + 3 * 2
    for (case, system), value in kept.items():
        lines = [
            line for line in done.stdout.splitlines() if f"{system} " in line and f" {value:.4g} " in line
        ]
        assert lines, (case, system)
    assert kept["as in the files", "pristine"] == pytest.approx(0.140, abs=0.0007)
    assert kept["as in the files", "Ru-1"] == pytest.approx(0.978, abs=0.005)
    told = " ".join(done.stdout.split())
    for words in (
        "Ru-1: 0.46 wt% RuO2 on a sphere of R = 150 nm is 0.140 nm spread evenly",
        "islands of 3 nm height cover 4.7 %, no closed shell.",
        "This run assumes a shell that closes 100 % of the surface all the same.",
        "oxygen.diffusivity = 1.40625e-18 m^2/s",
        "oxygen.initial = 7500 mol/m^3",
        "pristine: Predicted from these: how much oxygen stays, and how evenly",
        "O2 leaves the sink at 5.0e-13 1/s",
    ):
        assert words in told
    for picture in ("oxygen.png", "release.png", "history.png"):
        assert (tmp_path / "kept" / picture).stat().st_size > 10_000
