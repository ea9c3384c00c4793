"""Quantities that studies ask for: names, units and words, all from what the physics declares."""

from __future__ import annotations

from pathlib import Path

import pytest

import oxyshell
from oxyshell.language.mistakes import Refusal
from oxyshell.studies.engine import quantities
from oxyshell.studies.engine.scenario_quantities import missing_section

SCENARIOS = Path(__file__).parents[3] / "scenarios"


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("stress.first_principal.peak_MPa", "Peak first principal stress (MPa)"),
        ("oxygen.retention", "O₂ kept / generated"),
        ("oxygen.released_umol_per_g", "O₂ released (µmol/g)"),
        (
            "oxygen.fastest_release_umol_per_g_min",
            "oxygen.fastest_release_umol_per_g_min (µmol/(g min))",
        ),
        ("occupancy.least", "occupancy.least"),
    ],
)
def test_figures_name_a_quantity_by_its_words_and_its_unit(path: str, label: str) -> None:
    assert quantities.axis_label(path) == label


def test_a_number_that_only_some_runs_of_a_physics_have_cannot_be_asked_for() -> None:
    with pytest.raises(Refusal) as refused:
        quantities.read("step_layer.jump_at_peak")
    assert refused.value.found == "the unknown quantity 'step_layer.jump_at_peak'"
    with pytest.raises(Refusal) as refused:
        quantities.read("wall_time_s")
    assert refused.value.found == "the unknown quantity 'wall_time_s'"


def test_a_quantity_is_missing_where_its_section_is() -> None:
    without, having = (oxyshell.load(SCENARIOS / name) for name in ("lrmo-ru1.yaml", "lrmo-oxygen-ru1.yaml"))
    for text in ("oxygen.retention", "last of history.sink_filling"):
        interest = quantities.read(text)
        assert interest.needs == "oxygen"
        assert missing_section(interest, without) == "oxygen"
        assert missing_section(interest, having) == ""
    for text in ("steps", "stress.hoop.peak_MPa", "min of history.time_s"):
        assert missing_section(quantities.read(text), without) == ""


def test_the_refusal_of_a_column_names_one_like_it() -> None:
    near = quantities.no_column("history.sink_fillin", "sink_fillin", "max of history.{}")
    assert (near.found, near.expected) == (
        "the unknown column 'history.sink_fillin'",
        "'max of history.sink_filling'",
    )
    far = quantities.no_column("zzz", "zzz")
    names = quantities.history_names()[-3:]
    assert far.expected == f"a column such as '{names[0]}', '{names[1]}' and '{names[2]}'"
