from __future__ import annotations

import numpy as np
import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.language.tables import ACCURACY, KEPT, MOST_LINES, simplified
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.properties import Table
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests.scenario.wrong_scenarios import BASE
from tests.sized import sized

D = "1.568e-19 m^2/s"
RANDOM = np.random.default_rng(7)
LONG = np.linspace(0.0, 1.0, 10_000)


def with_table(occupancy: np.ndarray, values: np.ndarray) -> Scenario:
    lists = [", ".join(f"{entry:.10g}" for entry in entries) for entries in (occupancy, values)]
    table = f"{{table: {{occupancy: [{lists[0]}], values: [{lists[1]}]}}, unit: m^2/s}}"
    return loads(BASE.replace(D, table))


def used(scenario: Scenario) -> Table:
    function = scenario.material.diffusivity.function
    assert isinstance(function, Table)
    return function


def test_a_table_of_a_hundred_values_is_used_as_it_is() -> None:
    occupancy = np.sort(RANDOM.random(KEPT))
    values = 1e-19 * (1 + RANDOM.random(KEPT))
    result = simplified(tuple(occupancy), tuple(values))
    assert result.table == Table(tuple(occupancy), tuple(values))
    assert result.error == 0.0


@pytest.mark.parametrize("sign", [1, -1])
def test_straight_parts_of_a_long_table_become_lines(sign: int) -> None:
    values = np.interp(LONG, (0.0, 0.25, 0.7, 1.0), (1.0, 3.0, 2.0, 2.5))
    result = simplified(tuple(LONG[::sign]), tuple(values[::sign]))
    assert result.error <= ACCURACY
    # The corners lie between given occupancies; each takes two of them.
    assert len(result.table.values) <= 8
    assert (result.table.occupancy[0], result.table.occupancy[-1]) == (0.0, 1.0)
    np.testing.assert_allclose(result.table.value(LONG, NUMPY), values, rtol=2 * ACCURACY)


@pytest.mark.parametrize(
    "values",
    [
        np.exp(-6 * LONG) * (1.2 + np.sin(20 * LONG)),
        1 + 0.02 * RANDOM.standard_normal(LONG.size),
        np.sin(7 * LONG),
        np.where(LONG < 0.3, 1e-3, 1.0),
    ],
    ids=["decades", "noise", "through zero", "edge"],
)
def test_the_error_of_a_long_table_is_what_it_says(values: np.ndarray) -> None:
    result = simplified(tuple(LONG), tuple(values))
    assert len(result.table.values) <= MOST_LINES + 1
    assert set(result.table.occupancy) <= set(LONG)
    scale = np.maximum(np.abs(values), 1e-2 * np.abs(values).max())
    error = np.abs(result.table.value(LONG, NUMPY) - values) / scale
    assert error.max() == pytest.approx(result.error, rel=1e-6, abs=1e-12)
    # Lines through n of the points of a smooth curve err by (h/n)² f''/8; noise by its own size.
    assert result.error < 0.2


def test_a_long_table_is_read_said_and_written_back() -> None:
    values = 1e-19 * np.exp(-3 * LONG) * (1.2 + np.sin(20 * LONG))
    scenario = with_table(LONG[::10], values[::10])
    property_ = scenario.material.diffusivity
    assert property_.text == "a table of 1000 values"
    assert scenario.material.diffusivity.at(0.5) == pytest.approx(np.interp(0.5, LONG, values), rel=1e-3)
    (remark,) = sized(scenario).remarks()
    assert f"{100 * property_.error:.2g} %" in remark
    assert "material.diffusivity is a table of 1000 values" in remark
    written = scenario.to_data()["material"]["diffusivity"]["table"]
    assert len(written["occupancy"]) == len(written["values"]) == 1000
    assert written["values"][1] == pytest.approx(values[10], rel=1e-9)


def test_nothing_is_said_of_a_table_that_is_used_as_given() -> None:
    values = np.interp(LONG[::20], (0.0, 0.4, 1.0), (1e-19, 5e-19, 2e-19))
    assert sized(with_table(LONG[::20], values)).remarks() == []


def test_a_descending_table_is_turned_around() -> None:
    rising = with_table(np.array([0.1, 0.4, 1.0]), np.array([1e-19, 2e-19, 4e-19]))
    falling = with_table(np.array([1.0, 0.4, 0.1]), np.array([4e-19, 2e-19, 1e-19]))
    assert used(falling) == used(rising)
    assert used(falling).domain == (0.1, 1.0)
    written = falling.to_data()["material"]["diffusivity"]["table"]
    assert written["occupancy"] == [1, 0.4, 0.1]
    assert loads(falling.to_yaml()) == falling


@pytest.mark.parametrize(
    ("occupancy", "words"),
    [
        ([0.1, 0.4, 0.4], "0.4 again"),
        ([0.9, 0.4, 0.4], "0.4 again"),
        ([0.5, 0.5, 0.7], "0.5 again"),
        ([0.1, 0.4, 0.3], "0.3 after 0.4"),
        ([0.9, 0.4, 0.5], "0.5 after 0.4"),
        ([1.2, 0.4, 0.3], "from 0.3 to 1.2"),
        ([0.5, 0.4, -0.3], "from -0.3 to 0.5"),
    ],
)
def test_a_table_that_jumps_or_turns_back_is_refused(occupancy: list[float], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        with_table(np.array(occupancy), np.array([1e-19, 2e-19, 3e-19]))


def test_a_table_of_more_than_ten_thousand_values_is_refused() -> None:
    body = {"table": {"occupancy": list(np.linspace(0, 1, 10_001)), "values": [1e-19] * 10_001}}
    with pytest.raises(ScenarioError, match="10001 values, expected from 2 to 10000 values"):
        loads(BASE).with_values({"material.diffusivity": body})
