from __future__ import annotations

import io
import re

import pytest

from oxyshell.outputs import NullProgress, progress
from oxyshell.outputs.progress import BarProgress, LineProgress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def tell(told):
    with told:
        told.update(0.25, "step 10")
        told.message("output at [0.2] Li")
        told.update(1.0, "done")
        told.message("peak 567 MPa")


@pytest.mark.parametrize(
    ("quiet", "stream", "kind"),
    [
        (True, Terminal(), NullProgress),
        (True, io.StringIO(), NullProgress),
        (False, Terminal(), BarProgress),
        (False, io.StringIO(), LineProgress),
    ],
)
def test_who_is_told_depends_on_where_it_goes(quiet, stream, kind):
    assert type(progress(quiet, stream)) is kind


def test_quiet_says_nothing(capfd):
    tell(progress(quiet=True))
    assert capfd.readouterr() == ("", "")


def test_a_file_gets_one_line_per_message():
    stream = io.StringIO()
    tell(progress(stream=stream))
    assert stream.getvalue() == "[ 25%] output at [0.2] Li\n[100%] peak 567 MPa\n"


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_bar_percentage_and_remaining_time_are_seen_at_the_width_of_a_terminal(columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = Terminal()
    told = progress(stream=stream)
    with told:
        told.update(
            0.25, "t = 1.234e+06 s, -0.123 extracted, and more words than a line of eighty columns holds"
        )
    lines = [line for line in stream.getvalue().splitlines() if "25%" in line]
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", lines[-1]).rstrip()
    assert len(shown) <= columns
    assert re.match(r"^\s*[━╸╺]{20} +25% (-:--:--|\d:\d\d:\d\d) t = 1\.234e\+06 s", shown)
    assert shown.endswith("…") == (columns < 120)


def test_a_terminal_gets_the_messages_and_a_bar_that_ends_full():
    stream = Terminal()
    tell(progress(stream=stream))
    text = stream.getvalue()
    assert "output at [0.2] Li" in text
    assert "peak 567 MPa" in text
    assert "100%" in text
