"""Repetitions that are over because the capacity has fallen: what a run then says and leaves."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest

from oxyshell.outputs import Result, read_run
from oxyshell.running import simulation
from tests.cycling import half_cell, repeated
from tests.program import call

pytestmark = pytest.mark.slow
# Faster than ions come back from the middle: a little less goes in from cycle to cycle.
FAST = """["discharge at 4 C until 3.4 V", "rest 2 min", "charge at 2 C until 4.2 V",
    "hold at 4.2 V until C/5 or 2 min"]"""
BEFORE = '"charge at 0.5 C until 4.2 V", "hold at 4.2 V until C/50"'
PROTOCOL = f'[{BEFORE}, {repeated(6, FAST, "capacity_below: 97 %")}, "rest 1 h"]'
ROUGH = "time_tolerance: 1e-3"


@pytest.fixture(scope="module")
def faded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, str]:
    """The run of a file, and what it has said."""
    folder = tmp_path_factory.mktemp("faded")
    file = folder / "fading.yaml"
    file.write_text(half_cell(PROTOCOL, ROUGH, "every_cycle: 100").to_yaml())
    written = io.BytesIO()
    screen = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(screen):
        patch.setattr(simulation, "draw", lambda *_: None)  # this is about numbers and words
        assert call(patch, "run", file, "--out", folder / "run") == 0
    return read_run(folder / "run"), written.getvalue().decode()


def test_it_is_over_once_the_capacity_is_below_the_share_of_the_second_cycle(
    faded: tuple[Result, str],
) -> None:
    result, _ = faded
    capacity = np.asarray(result.cycle_table["discharge_mAh_g"])
    assert len(capacity) == 3
    assert capacity[2] < 0.97 * capacity[1] < capacity[1] < capacity[0]
    # The steps after the repetition are run.
    assert result.step_table["verb"].tolist()[-1] == "rest"
    assert result.step_table["cycle"].tolist() == [0, 0, *[1] * 4, *[2] * 4, *[3] * 4, 0]


def test_summary_and_screen_say_so(faded: tuple[Result, str]) -> None:
    result, said = faded
    capacity = np.asarray(result.cycle_table["discharge_mAh_g"])
    (over,) = [end["repeat_over"] for end in result.summary["protocol"] if "repeat_over" in end]
    assert (over["name"], over["cycle"]) == ("ageing", 3)
    assert over["capacity_share"] == pytest.approx(capacity[2] / capacity[1], rel=1e-9)
    words = "The repetition 'ageing' was over after its cycle 3: its discharge capacity was "
    (remark,) = [one for one in result.summary["remarks"] if one.startswith(words)]
    assert f"{100 * over['capacity_share']:.4g} %" in remark
    assert words.split(":")[0] in " ".join(said.split())


def test_the_end_of_its_last_cycle_is_written_though_cycles_like_it_are_not(
    faded: tuple[Result, str],
) -> None:
    result, _ = faded
    steps = result.step_table
    over = steps["start_s"][-2] + steps["duration_s"][-2]
    for times in (result.profiles.times, result.history["time_s"]):
        assert np.min(np.abs(times - over)) <= 1e-9 * over
    # Of the second cycle nothing is.
    second = steps["start_s"][6:10]
    assert not any(second[1] <= time <= second[3] for time in result.profiles.times)
