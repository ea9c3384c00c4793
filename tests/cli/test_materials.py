from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from oxyshell.language import library
from tests.program import call


def test_the_list_says_what_each_material_carries(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "materials") == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["material", "formula", "stress", "voltage", "oxygen"]
    found = {row.split()[0]: row.split()[1:] for row in rows if row and row.split()[0] in library.names()}
    assert set(found) == set(library.names())
    assert found["NMC811"] == ["LiNi0.8Mn0.1Co0.1O2", "yes", "yes", "no"]
    assert found["Li2MnO3"] == ["Li2MnO3", "no", "no", "no"]
    assert found["LRMO-Ru-3"][1:] == ["yes", "yes", "yes"]


def test_a_material_is_shown_with_sources_and_what_it_lacks(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "materials", "LRMO-Ru-1") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "chemical_strain.volume_change: 2.69 % (measured)" in told
    assert "in situ XRD and Rietveld refinement [doi 10.1039/d5ee00430f]" in told
    # Of the material that it is made of.
    assert "molar_volume: 20.11 cm^3/mol (calculated)" in told
    assert "stress: yes; chosen: ion.occupancy, elasticity.young_modulus, elasticity.poisson_ratio" in told
    assert call(monkeypatch, "materials", "NLMRO") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "voltage: no: open_circuit is missing" in told
    assert "2 values over occupancy 0 to 1, first -0.3704 %, last 0 %" in told


def test_a_file_of_one_s_own_is_checked_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("name: own\nfrom: LCO\ndiffusivity: {value: 1e-15 m^2/s, status: measured, source: x}\n")
    assert call(monkeypatch, "materials", file) == 0
    told = capsys.readouterr().out
    assert "diffusivity: 1e-15 m^2/s (measured)" in told
    assert "elasticity.young_modulus: 375 GPa (literature)" in told
    file.write_text("name: own\ndiffusivity: fast\n")
    assert call(monkeypatch, "materials", file) == 2
    assert "own.yaml:2:14: diffusivity: found 'fast'" in capsys.readouterr().err


def test_a_file_of_one_s_own_has_its_name_and_tables_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    file, pairs = tmp_path / "own.yaml", tmp_path / "pairs.csv"
    pairs.write_text("x,U\n0.2,4.3\n0.9,3.5\n")
    diffusivity = "{table: {occupancy: [0.2, 0.9], values: [1e-15, 2e-15]}, unit: m^2/s}"
    for potential in ("[[0.2, 4.3], [0.9, 3.5]]", "pairs.csv"):
        table = f"{{table: {{value: {potential}, status: measured, source: this work}}}}"
        file.write_text(f"name: My NMC\nfrom: NMC811\ndiffusivity: {diffusivity}\nopen_circuit: {table}\n")
        assert call(monkeypatch, "materials", file) == 0
        lines = capsys.readouterr().out
        # Without a source, there is no line for one.
        assert "ion.species: Li\n\nion" in lines
        told = " ".join(lines.split())
        assert told.startswith("My NMC (")
        assert "diffusivity: 2 values over occupancy 0.2 to 0.9, first 1e-15 m^2/s, last 2e-15 m^2/s" in told
        assert "open_circuit.table: 2 values over x 0.2 to 0.9, first 4.3, last 3.5 (measured)" in told
        assert "molar_volume: 15.8469 cm^3/mol (calculated)" in told
        assert "{" not in told


def test_an_unknown_material_is_a_mistake(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "materials", "NMC-811") == 2
    assert "found the unknown material 'NMC-811', expected 'NMC811'" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["LRMO-pristine"]])
def test_the_library_is_shown_without_models_and_arrays(arguments: list[str]) -> None:
    code = (
        "import sys; sys.argv = ['oxyshell', 'materials', *sys.argv[1:]]\n"
        "from oxyshell.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'dolfinx', 'numpy', 'pint', 'scipy', 'oxyshell.models', 'oxyshell.scenario.scenario'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "LRMO-pristine" in done.stdout
    assert "LOADED []" in done.stdout
