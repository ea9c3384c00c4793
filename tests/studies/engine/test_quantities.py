"""Quantities that studies ask for: names, units and words, all from what the physics declares."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import oxyshell
from oxyshell.language.mistakes import Refusal
from oxyshell.studies.engine import quantities
from oxyshell.studies.engine.scenario_quantities import missing_section
from oxyshell.studies.engine.simulation_cache import find_quantity
from tests.runs import result_of

SCENARIOS = Path(__file__).parents[3] / "scenarios"


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("stress.first_principal.peak_MPa", "peak first principal stress (MPa)"),
        ("oxygen.retention", "share of O₂ kept"),
        ("oxygen.released_umol_per_g", "O₂ released (µmol/g)"),
        (
            "oxygen.fastest_release_umol_per_g_min",
            "fastest O₂ release (µmol/(g min))",
        ),
        ("occupancy.least", "smallest occupancy"),
    ],
)
def test_figures_name_a_quantity_by_its_words_and_its_unit(path: str, label: str) -> None:
    assert quantities.axis_label(path) == label


def test_a_number_that_only_some_runs_of_a_physics_have_cannot_be_asked_for() -> None:
    with pytest.raises(Refusal) as refused:
        quantities.read("chemical_potential.cracking.surviving_layer_nm")
    assert refused.value.found == "the unknown quantity 'chemical_potential.cracking.surviving_layer_nm'"
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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("row 1 of steps.duration_s", 10.0),
        ("row  2 of steps.duration_s", 30.0),
        ("max of steps.duration_s", 30.0),
        ("last of cycles.duration_s", 6.0),
        ("row 2 of cycles.duration_s", 5.0),
    ],
)
def test_a_number_of_the_tables_of_steps_and_cycles(text: str, value: float) -> None:
    steps, cycles = {"duration_s": np.array([10.0, 30.0])}, {"duration_s": np.array([4.0, 5.0, 6.0])}
    result = result_of(steps=steps, cycles=cycles)
    interest = quantities.read(text)
    assert (interest.of(result), interest.unit) == (value, "s")
    assert find_quantity(result, text) == value


def test_a_run_with_too_few_rows_has_no_such_number() -> None:
    result = result_of(steps={"duration_s": np.array([10.0, 30.0])}, cycles={})
    for text in ("row 3 of steps.duration_s", "last of cycles.duration_s"):
        with pytest.raises(KeyError):
            quantities.read(text).of(result)
        assert find_quantity(result, text) is None


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("row 0 of steps.duration_s", "the unknown reduction 'row 0'", "such as 'row 2'"),
        ("mean of steps.duration_s", "the unknown reduction 'mean'", "such as 'row 2'"),
        ("row 2 of history.time_s", "'row 2' of the history", "a row of steps or cycles"),
        ("last of steps.duration", "the unknown column 'steps.duration'", "'last of steps.duration_s'"),
        # The reason that ended a step is a text.
        ("last of steps.reason", "the unknown column 'steps.reason'", ""),
        ("last of rows.duration_s", "the unknown column 'rows.duration_s'", ""),
    ],
)
def test_what_no_table_has(text: str, found: str, expected: str) -> None:
    with pytest.raises(Refusal) as refused:
        quantities.read(text)
    assert found in refused.value.found
    assert expected in refused.value.expected


def test_figures_name_a_row_by_its_words() -> None:
    text = "row 2 of cycles.discharge_mAh_g"
    assert quantities.axis_label(text) == "discharge capacity, row 2 of cycles (mA h/g)"
    assert quantities.read(text).needs == "electrode"
    assert quantities.axis_label("last of steps.duration_s") == "duration, last of steps (s)"
    assert quantities.axis_label("max of history.time_step_s") == "time step, max of history (s)"
