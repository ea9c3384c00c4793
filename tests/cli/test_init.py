"""A scenario to begin with, as a person gets it."""

from __future__ import annotations

from pathlib import Path

import pytest

import oxyshell
from tests.program import call


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_new_scenario_runs_as_it_is_and_has_stress(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert call(monkeypatch, "init", "my-particle.yaml") == 0
    assert capsys.readouterr().out == "my-particle.yaml written; next: oxyshell run my-particle.yaml\n"
    result = oxyshell.run("my-particle.yaml")
    # The stress of a constant flux in a sphere, (1/15) E Ω j R / ((1 - ν) D), is 55 MPa here.
    assert result.summary["stress"]["first_principal"]["peak_MPa"] == pytest.approx(55, rel=0.02)


def test_nothing_is_overwritten(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    Path("mine.yaml").write_text("name: mine\n")
    assert call(monkeypatch, "init", "mine.yaml") == 2
    assert "mine.yaml, which exists" in capsys.readouterr().err
    assert Path("mine.yaml").read_text() == "name: mine\n"


def test_a_material_of_the_library_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert call(monkeypatch, "init", "new/lfp.yaml", "--from", "LFP", "--quiet") == 0
    assert oxyshell.load("new/lfp.yaml").material.formula == "LiFePO4"


@pytest.mark.parametrize(
    ("material", "told"),
    [("NMC81", "expected 'NMC811'"), ("NLMO", "'oxyshell materials NLMO'"), ("Li2MnO3", "expected one of")],
)
def test_a_material_that_will_not_do_is_refused(
    material: str, told: str, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    assert call(monkeypatch, "init", "mine.yaml", "--from", material) == 2
    assert told in capsys.readouterr().err
    assert not Path("mine.yaml").exists()
