from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from oxyshell.studies import shown_again
from tests.program import SCENARIOS, call, program
from tests.terminal import assert_fits

pytestmark = pytest.mark.slow


def test_run_writes_a_folder_and_says_the_peaks_with_units(tmp_path: Path) -> None:
    out = tmp_path / "ru1-200"
    done = program("run", SCENARIOS / "lrmo-ru1.yaml", "--set", "particle.radius=200 nm", "--out", out)
    assert done.returncode == 0, done.stderr
    summary = json.loads((out / "summary.json").read_text())
    peak = summary["stress"]["first_principal"]["peak_MPa"]
    assert f"{peak:.1f} MPa" in next(
        line for line in done.stdout.splitlines() if line.startswith("peak first pri")
    )
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


def test_a_charge_with_oxygen_says_where_it_went_and_what_was_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "charge"
    quick = ["--set", "numerics.elements={layer: 2, bulk: 6}", "--set", "numerics.time_tolerance=1e-3"]
    assert call(monkeypatch, "run", SCENARIOS / "lrmo-charge-with-oxygen.yaml", *quick, "--out", out) == 0
    printed = capsys.readouterr().out
    oxygen = json.loads((out / "summary.json").read_text())["oxygen"]
    shares = [
        f"{100 * oxygen[name]:.2f} %" for name in ("retention", "captured_fraction", "released_fraction")
    ]
    for quantity, share in zip(("in the lattice", "captured", "released"), shares, strict=True):
        assert re.search(rf"^O₂ {quantity} +{re.escape(share)} ", printed, re.MULTILINE)
    assert f"{oxygen['released_umol_per_g']:.4g} µmol/g" in printed
    assert_fits(shown_again.report(out))
    printed = " ".join(printed.split())
    islands = "islands of 3 nm height cover 4.7 %, no closed coating"
    for told in ("- 0.46 wt% RuO2", islands, "R²/D_O = 4.4 h"):
        assert told in printed
    chosen = " ".join(printed.partition("- Chosen or without a source: ")[2].split())
    assert "oxygen diffusivity = 1.40625e-18 m²/s" in chosen
    # Of the library too.
    assert "Young's modulus = 170 GPa" in chosen
    assert "ion occupancy = 0.999" in chosen
    assert "particle radius" not in chosen
    assert chosen.endswith(" more (scenario.yaml has all with their keys).")
    assert "site density" not in chosen
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
    for quantity in ("in the lattice", "captured", "released", "at the surface"):
        assert re.search(rf"^O₂ {quantity} +– ", told, re.MULTILINE)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([], ("Young's modulus = 170 GPa", "Poisson's ratio = 0.3", " and 5 more")),
        (
            ["shell.elasticity={young_modulus: {value: 90 GPa, status: chosen}, poisson_ratio: 0.2}"],
            (
                " Young's modulus = 170 GPa",
                "shell Young's modulus = 90 GPa",
                "shell Poisson's ratio = 0.2",
            ),
        ),
        (
            ["shell={from: NMC111, thickness: 4.5 nm, potential_offset: 0 RT}"],
            ("shell Poisson's ratio = 0.3", "shell thickness = 4.5 nm"),
        ),
    ],
)
def test_chosen_numbers_of_materials_are_told(changes: list[str], told: tuple[str, ...]) -> None:
    from oxyshell.running.report import _chosen
    from oxyshell.scenario.overrides import parse_assignment
    from oxyshell.studies.registry import load_scenario

    scenario = load_scenario(SCENARIOS / "lrmo-ru1.yaml")
    scenario = scenario.with_values(dict(parse_assignment(text) for text in changes))
    (line,) = _chosen(scenario)
    assert all(one in line for one in told)
