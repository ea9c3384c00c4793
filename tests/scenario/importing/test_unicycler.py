"""Protocols of aurora-unicycler, version 0.4.6, as its own `to_json` writes them."""

# ruff: noqa: E501 (a table reads better with its rows on few lines)

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.scenario.importing.imported import Imported
from oxyshell.scenario.importing.reading import read_protocol
from oxyshell.scenario.loading import loads
from tests.scenario.protocol.written import with_protocol

# What the package writes of a step, whose absent values are null.
REST: dict[str, Any] = {"id": None, "step": "open_circuit_voltage", "until_time_s": 600.0}
CHARGE: dict[str, Any] = {
    "id": None, "step": "constant_current", "rate_C": 0.1, "current_mA": None, "until_time_s": 54000.0,
    "until_voltage_V": 4.8,
}  # fmt: skip
DISCHARGE = {**CHARGE, "rate_C": -1.0, "until_time_s": None, "until_voltage_V": 2.0}
HOLD: dict[str, Any] = {
    "id": None, "step": "constant_voltage", "voltage_V": 4.8, "until_time_s": 3600.0, "until_rate_C": 0.02,
    "until_current_mA": None,
}  # fmt: skip
TAG = {"id": None, "step": "tag", "tag": "ageing"}


def loop(to: str | int, times: int = 3) -> dict[str, Any]:
    return {"id": None, "step": "loop", "loop_to": to, "cycle_count": times}


def written(path: Path, *method: dict[str, Any], capacity: float | None = 2.0, **safety: float) -> Path:
    limits = dict.fromkeys(
        ("max_voltage_V", "min_voltage_V", "max_current_mA", "min_current_mA", "max_capacity_mAh", "delay_s")
    )
    data = {
        "unicycler": {"version": "0.4.6"},
        "sample": {"name": "coin", "capacity_mAh": capacity},
        "record": {"current_mA": None, "voltage_V": 0.1, "time_s": 10.0},
        "safety": {**limits, **safety},
        "method": list(method),
    }
    path = path / "protocol.json"
    path.write_text(json.dumps(data, indent=4))
    return path


def imported(path: Path, *method: dict[str, Any], **more: Any) -> Imported:
    return read_protocol(written(path, *method, **more))


def mistakes(path: Path, *method: dict[str, Any], **more: Any) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        imported(path, *method, **more)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_steps_become_those_of_the_protocol(tmp_path: Path) -> None:
    found = imported(tmp_path, REST, CHARGE, HOLD, DISCHARGE)
    assert found.protocol == [
        {"rest": {"time": "10 min"}},
        {"charge": {"rate": "0.1 C", "until": {"voltage": "4.8 V", "time": "15 h"}}},
        {"hold": {"voltage": "4.8 V", "until": {"rate": "0.02 C", "time": "1 h"}}},
        {"discharge": {"rate": "1 C", "until": {"voltage": "2 V"}}},
    ]


def test_the_imported_part_is_read_as_the_same_steps(tmp_path: Path) -> None:
    found = imported(
        tmp_path, CHARGE, TAG, CHARGE, DISCHARGE, loop("ageing"), max_voltage_V=5, min_voltage_V=1.5
    )
    part = found.to_yaml()
    scenario = with_protocol(
        "charge at 0.1 C until 4.8 V or 15 h",
        "repeat: {times: 3, name: ageing, steps: [charge at 0.1 C until 4.8 V or 15 h, discharge at 1 C until 2 V]}",
        more="limits: {voltage: [1.5 V, 5 V]}\n",
    )
    body = scenario.to_yaml()
    whole = body[: body.index("protocol:")] + part
    assert "# Not taken over: record" in part
    again = loads(whole)
    assert (again.steps, again.limits) == (scenario.steps, scenario.limits)


@pytest.mark.parametrize("to", ["ageing", 2, 3])
def test_a_loop_repeats_the_steps_from_its_tag_or_its_step(to: str | int, tmp_path: Path) -> None:
    found = imported(tmp_path, REST, TAG, CHARGE, DISCHARGE, loop(to), REST)
    first, second, last = found.protocol
    assert first == last == {"rest": {"time": "10 min"}}
    assert second["repeat"]["times"] == 3
    assert [list(step) for step in second["repeat"]["steps"]] == [["charge"], ["discharge"]]


def test_a_loop_inside_of_another_one_is_written_out(tmp_path: Path) -> None:
    (one,) = imported(tmp_path, REST, CHARGE, DISCHARGE, loop(2, 2), loop(1, 5)).protocol
    assert one["repeat"]["times"] == 5
    assert [next(iter(step)) for step in one["repeat"]["steps"]] == ["rest", *["charge", "discharge"] * 2]


def test_loops_that_overlap_are_refused(tmp_path: Path) -> None:
    (found,) = mistakes(tmp_path, REST, CHARGE, loop(1), DISCHARGE, loop(2))
    assert "method.4.loop_to: found 2, expected a step that is not inside of another loop" in found


def test_a_current_is_a_rate_where_the_capacity_is_known(tmp_path: Path) -> None:
    step = {**CHARGE, "rate_C": None, "current_mA": -0.4}
    hold = {**HOLD, "until_rate_C": "", "until_current_mA": 0.1}
    first, second = imported(tmp_path, step, hold).protocol
    assert first == {"discharge": {"rate": "0.2 C", "until": {"voltage": "4.8 V", "time": "15 h"}}}
    assert second["hold"]["until"]["rate"] == "0.05 C"
    (found,) = mistakes(tmp_path, REST, step, capacity=None)
    assert "method.1.current_mA: found the current of a whole cell, -0.4 mA, expected a rate" in found


@pytest.mark.parametrize(
    ("rate", "entry"), [("C/5", "charge"), ("D/5", "discharge"), ("1/5", "charge"), ("-0.2", "discharge")]
)
def test_rates_may_be_fractions(rate: str, entry: str, tmp_path: Path) -> None:
    (found,) = imported(tmp_path, {**CHARGE, "rate_C": rate}).protocol
    assert found[entry]["rate"] == "0.2 C"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"step": "impedance_spectroscopy", "amplitude_V": 0.01}, "method.1.step: found an impedance spectrum"),
        ({"step": "voltage_scan", "start_voltage_V": 3}, "method.1.step: found a scan of the voltage"),
        ({"step": "wait"}, "method.1.step: found the step 'wait'"),
        ({}, "method.1.step: found the step nothing"),
        ({**CHARGE, "rate_C": "fast"}, "method.1.rate_C: found 'fast', expected a number"),
        ({**CHARGE, "rate_C": 0}, "method.1: found no current"),
        ({**CHARGE, "until_time_s": None, "until_voltage_V": 0}, "method.1: found a step without an end"),
        ({**HOLD, "until_time_s": None, "until_rate_C": None}, "method.1: found a step without an end"),
        ({**HOLD, "voltage_V": None}, "method.1: found no voltage"),
        ({**REST, "until_time_s": None}, "method.1: found a rest without an end"),
        (loop("formation"), "method.1.loop_to: found 'formation', expected a tag"),
        (loop(2), "method.1.loop_to: found 2, expected a tag or a step before the loop"),
        (loop(1, 0), "method.1.cycle_count: found 0, expected a whole number"),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_is_refused_at_its_line(
    step: dict[str, Any], words: str, tmp_path: Path
) -> None:
    (found,) = mistakes(tmp_path, REST, step)
    assert words in found
    line = int(found.removeprefix(f"{tmp_path / 'protocol.json'}:").split(":")[0])
    lines = (tmp_path / "protocol.json").read_text().splitlines()
    begin = [number for number, text in enumerate(lines, start=1) if text.startswith("        {")][1]
    assert begin <= line


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, {"step": "voltage_scan"}, REST, {"step": "impedance_spectroscopy"})) == 2


def test_one_limit_of_the_voltage_alone_is_left_out_in_words(tmp_path: Path) -> None:
    found = imported(tmp_path, REST, max_voltage_V=5, max_current_mA=10)
    assert found.limits == {}
    assert [sentence.split(",")[0] for sentence in found.left_out] == [
        "safety: 'max_voltage_V'", "safety: 'max_current_mA'", "record",
    ]  # fmt: skip
