"""Figures in the formats that were asked for, none at all, and later from a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import oxyshell
from oxyshell.errors import InputError
from oxyshell.figure_format import FigureFormat, drawn_later
from tests.processes import on_processes
from tests.program import SCENARIOS, call, program

pytestmark = pytest.mark.slow
PRISTINE = SCENARIOS / "lrmo-pristine.yaml"
QUICK = ("--set", "numerics.elements={bulk: 4}", "--set", "numerics.time_tolerance=1e-2")
SWEEP = (
    "sweep: two moduli\nscenario: lrmo-pristine.yaml\nset: {numerics.elements.bulk: 4}\n"
    "over: {material.elasticity.young_modulus: [150 GPa, 190 GPa]}\nkeep: summary\n"
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plot") / "drawn"
    done = program("run", PRISTINE, *QUICK, "--out", folder)
    assert done.returncode == 0, done.stderr
    assert "No figures" not in done.stdout
    return folder


def test_without_figures_nothing_that_draws_is_loaded_and_the_command_says_how_to_draw_later(
    drawn: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "bare"
    arguments = ["oxyshell", "run", str(PRISTINE), *QUICK, "--out", str(folder), "--figures", "none"]
    code = (
        f"import sys; sys.argv = {arguments!r}; from oxyshell import cli; cli.app(standalone_mode=False); "
        "print([name for name in ('matplotlib', 'PIL', 'scipy') if name in sys.modules])"
    )
    done = on_processes(1, "-c", code)
    assert " ".join(done.stdout.split()).endswith(f"{drawn_later(folder)} []"), done.stderr
    assert {path.name for path in drawn.iterdir()} - {path.name for path in folder.iterdir()} == {"figures"}

    done = program("plot", folder)
    assert (done.returncode, done.stdout) == (0, f"Figures in {folder}\n"), done.stderr
    names = {path.name for path in (folder / "figures").iterdir()}
    assert names == {path.name for path in (drawn / "figures").iterdir()} == {"particle.png", "history.png"}
    for name in names:
        assert (folder / "figures" / name).read_bytes() == (drawn / "figures" / name).read_bytes()


@pytest.mark.parametrize(("suffix", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_a_figure_is_the_same_file_each_time_in_every_format(
    suffix: str, start: bytes, drawn: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = shutil.copytree(drawn, tmp_path / "run")
    assert call(monkeypatch, "plot", folder, "--format", suffix) == 0
    first = (folder / "figures" / f"history.{suffix}").read_bytes()
    assert first.startswith(start)
    assert call(monkeypatch, "plot", folder, "--figures", suffix, "--quiet") == 0
    assert (folder / "figures" / f"history.{suffix}").read_bytes() == first
    # A run that is run again leaves no figure of the earlier one.
    assert call(monkeypatch, "run", PRISTINE, *QUICK, "--out", folder, "--figures", "none", "-q") == 0
    assert not any((folder / "figures").iterdir())


def test_numbers_are_told_before_figures_are_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def out_of_paper(*_: object) -> None:
        raise ValueError("no paper")

    monkeypatch.setattr("oxyshell.drawing.particle.save", out_of_paper)
    assert call(monkeypatch, "run", PRISTINE, *QUICK, "--out", tmp_path / "run") == 1
    told = capsys.readouterr()
    assert "peak first principal" in told.out
    assert "no paper" in told.err
    assert "no paper" in (tmp_path / "run" / "run.log").read_text()


def test_a_sweep_without_figures_has_neither_them_nor_a_page_until_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(PRISTINE, tmp_path)
    (tmp_path / "moduli.yaml").write_text(SWEEP)
    out = tmp_path / "out"
    assert call(monkeypatch, "sweep", tmp_path / "moduli.yaml", "--out", out, "--figures", "none") == 0
    assert drawn_later(out) in " ".join(capsys.readouterr().out.split())
    assert not {"report.html", "effect_1.png"} & {path.name for path in out.iterdir()}
    assert call(monkeypatch, "plot", out) == 0
    assert call(monkeypatch, "report", out) == 0
    later = (out / "report.html").read_text()
    assert later.count("<figure") == 1
    assert (out / "effect_1.png").is_file()
    assert call(monkeypatch, "sweep", tmp_path / "moduli.yaml", "--out", out, "-q") == 0
    assert (out / "report.html").read_text() == later


def test_what_cannot_be_drawn_is_refused_in_words(
    drawn: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "plot", tmp_path) == 2
    assert f"found neither a finished run nor a study in {tmp_path}" in capsys.readouterr().err
    assert call(monkeypatch, "plot", drawn, "--figures", "none") == 2
    assert "'none'" in capsys.readouterr().err
    assert not (tmp_path / "run.lock").exists()
    with pytest.raises(InputError, match="found the figures 'gif', expected one of none, png, svg, pdf"):
        oxyshell.run(PRISTINE, tmp_path / "run", figures="gif")
    assert not (tmp_path / "run").exists()
    assert [one.suffixes for one in FigureFormat] == [(), (".png",), (".svg",), (".pdf",)]
