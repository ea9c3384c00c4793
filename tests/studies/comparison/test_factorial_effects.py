from __future__ import annotations

from collections.abc import Mapping

import pytest

from oxyshell.outputs import Result
from oxyshell.outputs.result import Profiles
from oxyshell.outputs.table import Table
from oxyshell.studies.comparison.factorial_effects import Effect, effects
from oxyshell.studies.engine.simulation_cache import find_quantity

CELLS = {
    f"{layer}, {shell}": {"layer": layer, "RuO2": shell}
    for layer in ("bare", "layered")
    for shell in ("none", "islands", "closed")
}
# Retention: the layer adds 0.1 except under the closed coating, which adds 0.7 alone and 0.5 with the layer.
RETENTION = dict(zip(CELLS, (0.1, 0.1, 0.8, 0.2, 0.2, 0.7), strict=True))


def result(**oxygen: float | None) -> Result:
    return Result({"oxygen": oxygen}, Table(), Profiles.stack(()), (), "", None)


def results(values: Mapping[str, float | None]) -> dict[str, Result]:
    return {name: result(retention=value, filling=0.5) for name, value in values.items()}


def test_an_effect_is_a_change_averaged_over_the_other_factors() -> None:
    found = effects(CELLS, ["oxygen.retention"], results(RETENTION))
    named = {(one.factor, one.level): one for one in found}
    assert list(named) == [("layer", "layered"), ("RuO2", "islands"), ("RuO2", "closed")]
    assert {one.quantity for one in found} == {"oxygen.retention"}
    expected = {
        ("layer", "layered"): ("bare", 0.1 / 3, -0.1, 0.1),
        ("RuO2", "islands"): ("none", 0.0, 0.0, 0.0),
        ("RuO2", "closed"): ("none", 0.6, 0.5, 0.7),
    }
    for key, (against, *numbers) in expected.items():
        one = named[key]
        assert one.against == against
        assert [one.mean, one.least, one.largest] == pytest.approx(numbers, abs=1e-15)


def test_every_reported_quantity_has_its_effects_in_the_order_asked_for() -> None:
    found = effects(CELLS, ["oxygen.filling", "oxygen.retention"], results(RETENTION))
    assert [one.quantity for one in found] == ["oxygen.filling"] * 3 + ["oxygen.retention"] * 3
    assert {one.mean for one in found[:3]} == {0.0}


def test_what_means_nothing_in_some_run_has_no_effect() -> None:
    found = results(RETENTION | {"bare, none": None})
    assert effects(CELLS, ["oxygen.retention"], found) == ()
    assert len(effects(CELLS, ["oxygen.retention", "oxygen.filling"], found)) == 3
    assert find_quantity(found["bare, none"], "oxygen.retention") is None
    assert find_quantity(found["bare, closed"], "oxygen.retention") is not None


def test_what_no_run_has_has_no_effect() -> None:
    assert effects(CELLS, ["oxygen.retentive"], results(RETENTION)) == ()


def test_one_level_contributes_nothing_and_nothing_has_no_effects() -> None:
    cells = {"bare": {"layer": "bare"}}
    assert effects(cells, ["oxygen.retention"], {"bare": result(retention=0.3)}) == ()
    assert effects({}, ["oxygen.retention"], {"bare": result(retention=0.3)}) == ()


def test_further_systems_beside_the_factorial_take_no_part() -> None:
    beside = results(RETENTION) | {"reference": result(retention=99.0)}
    assert effects(CELLS, ["oxygen.retention"], beside) == effects(
        CELLS, ["oxygen.retention"], results(RETENTION)
    )


def test_three_factors() -> None:
    cells = {
        f"{a}{b}{c}": {"a": a, "b": b, "c": c} for a in ("0", "1") for b in ("0", "1") for c in ("0", "1")
    }
    found = effects(
        cells,
        ["oxygen.retention"],
        {name: result(retention=100.0 * int(name[0]) + 10 * int(name[1]) + int(name[2])) for name in cells},
    )
    assert found == tuple(
        Effect("oxygen.retention", factor, "1", "0", size, size, size)
        for factor, size in (("a", 100.0), ("b", 10.0), ("c", 1.0))
    )
