"""Currents that change with time as a file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxyshell.models.base.protocol import EXTRACTED, TIME, Stop
from oxyshell.running.checkpoints import identity_of
from oxyshell.scenario.content_key import content_key
from oxyshell.scenario.loading import loads
from oxyshell.scenario.protocol.current_table import read_current_table
from oxyshell.scenario.protocol.ends import VOLTAGE
from oxyshell.scenario.scenario import Scenario
from tests.scenario.protocol.written import first_line, mistakes_in, with_protocol
from tests.sized import exchange_of, sized

ROWS = "0,0\n10,25\n20,-12.5\n"


def entry(name: str = "drive.csv", time: str = "s", current: str = "mA/g", more: str = "") -> str:
    return f"current: {{file: {name}, columns: {{time: {time}, current: {current}}}{more}}}"


def driven(folder: Path, text: str = ROWS, electrode: bool = False, **units: str) -> Scenario:
    (folder / "drive.csv").write_text(text)
    return with_protocol(entry(**units), electrode=electrode, folder=folder)


def test_a_step_follows_the_file_between_its_rows(tmp_path: Path) -> None:
    (step,) = sized(driven(tmp_path)).protocol().steps
    assert (step.label, step.kind, step.pace) == ("current of drive.csv", "current", 0.0)
    assert step.until == (Stop(TIME, 20.0),)
    assert step.knots == (10.0,)
    flux = sized(with_protocol("charge: {specific_current: 25 mA/g, until: {time: 1 h}}", electrode=False))
    (charge,) = flux.protocol().steps
    full = charge.exchange.set_flux
    assert step.exchange == charge.exchange.at_current(0.0).following(
        (0.0, 10.0, 20.0), (0.0, full, -full / 2)
    )


@pytest.mark.parametrize(
    ("time", "current", "text"),
    [
        ("min", "mA/g", "0,0\n1,25\n2,-12.5\n"),
        ("s", "A/kg", "0,0\n60,25\n120,-12.5\n"),
        ("s", "C", "0,0\n60,0.1\n120,-0.05\n"),
    ],
)
def test_the_units_are_those_of_the_columns(time: str, current: str, text: str, tmp_path: Path) -> None:
    (one,) = sized(driven(tmp_path, text, time=time, current=current)).protocol().steps
    (other,) = sized(driven(tmp_path, "0 0\n60 25\n120 -12.5")).protocol().steps
    assert one.until == other.until == (Stop(TIME, 120.0),)
    one_course, other_course = exchange_of(one).program, exchange_of(other).program
    for moment in (0.0, 30.0, 60.0, 90.0, 120.0):
        # 0.1 C is 25 mA/g but for round-off.
        assert one_course.flux(moment) == pytest.approx(other_course.flux(moment), rel=1e-14)


@pytest.mark.parametrize(
    "text",
    [
        "time,current\n5,0\n15,25\n25,-12.5\n",
        "# a comment\n\nCurrent;voltage;Time\n0;3;100\n25;3;110\n-12.5;3;120\n",
        '"time"\t"current"\n0\t0\n10\t25\n20\t-12.5',
        "\ufeff0 0\n10    25\n20 -12.5",
    ],
)
def test_rows_are_read_whatever_divides_them_and_times_count_from_the_first(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "drive.csv"
    path.write_text(text, "utf-8")
    course = read_current_table(path)
    assert course.times == (0.0, 10.0, 20.0)
    assert course.currents == (0.0, 25.0, -12.5)


def test_a_file_may_end_before_its_last_row(tmp_path: Path) -> None:
    (tmp_path / "drive.csv").write_text(ROWS)
    more = ", until: {voltage: 2.5 V, extracted: 0.5}"
    scenario = with_protocol(entry(more=more), folder=tmp_path)
    (step,) = sized(scenario).protocol().steps
    # From whichever side it comes: the sign of the current may change.
    assert step.until == (Stop(VOLTAGE, 2.5, "voltage"), Stop(EXTRACTED, 0.5), Stop(TIME, 20.0))
    assert loads(scenario.to_yaml()) == scenario


def test_the_content_of_the_file_is_part_of_what_is_computed(tmp_path: Path) -> None:
    one = driven(tmp_path)
    path = tmp_path / "drive.csv"
    assert one.files() == (path.resolve(),)
    key, identity = content_key(one), identity_of("", one.files())
    again = driven(tmp_path)
    assert again == one
    assert content_key(again) == key
    other = driven(tmp_path, ROWS.replace("25", "26"))
    assert other != one
    assert content_key(other) != key
    assert identity_of("", other.files()) != identity


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "drive.csv without a row, expected rows of a time and a current"),
        ("0,0\n", "drive.csv with 1 rows, expected from 2 to"),
        ("0,0\n10,25\n10,30\n", "the time 10 after 10 in drive.csv, line 3, expected times that increase"),
        (
            "0,0\n# back\n10,25\n5,30\n",
            "the time 5 after 10 in drive.csv, line 4, expected times that increase",
        ),
        ("0,0\n10,much\n", "'much' in drive.csv, line 2, expected a number as its current"),
        ("0,0\n10\n", "nothing in drive.csv, line 2, expected a number as its current"),
        ("0,0\n10,nan\n", "'nan' in drive.csv, line 2, expected a number as its current"),
        ("t,I\n0,0\n10,1\n", "the columns 't' and 'I' in drive.csv, line 1, expected one column for each of"),
        ("time,current,current\n0,0,0\n", "expected one column for each of 'time' and 'current'"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "drive.csv").write_text(text)
    (mistake,) = mistakes_in(entry(), electrode=False, folder=tmp_path)
    assert (mistake.line, mistake.path) == (first_line(False), "protocol.0.current.file")
    assert words in str(mistake)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "drive.csv").write_bytes(b"\xff\xfe\x00")
    (mistake,) = mistakes_in(entry(), electrode=False, folder=tmp_path)
    assert "expected a text file in UTF-8" in str(mistake)


@pytest.mark.parametrize(
    ("written", "path", "words"),
    [
        (entry("none.csv"), "current.file", "a file of times and currents that exists"),
        (entry(time="m"), "current.columns.time", "a unit of time"),
        (entry(current="A"), "current.columns.current", "C, mA/g or A/m^2"),
        (entry(current="V"), "current.columns.current", "C, mA/g or A/m^2"),
        (entry(more=", until: {time: 1 s}"), "current.until.time", "unknown key"),
        (entry(more=", until: {voltage: 3 V}"), "current.until.voltage", "the key 'electrode'"),
        ("current: {file: drive.csv}", "current.columns", "the key 'columns'"),
    ],
)
def test_a_wrong_entry_is_refused_where_it_is_wrong(
    written: str, path: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "drive.csv").write_text(ROWS)
    (mistake,) = mistakes_in(written, electrode=False, folder=tmp_path)
    assert mistake.path == f"protocol.0.{path}"
    assert words in str(mistake)


def test_rates_in_a_file_need_the_current_of_1_c(tmp_path: Path) -> None:
    text = driven(tmp_path, current="C").to_yaml().replace("cell: {one_c: 250 mA/g}", "cell: null")
    with pytest.raises(
        Exception, match=r"columns\.current: found 'C' without it, expected the key cell\.one_c"
    ):
        loads(text)
