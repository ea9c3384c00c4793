"""Output that can be taken back."""

from __future__ import annotations

from oxyshell.outputs import NullFolder
from oxyshell.outputs.records import Column, Row
from oxyshell.running.held_back import HeldBackOutput

COLUMNS = {"time_s": Column("s", "time")}


def row(time: float) -> Row:
    return Row(COLUMNS, {"time_s": time})


def test_what_is_held_back_is_handed_on_in_order_or_forgotten() -> None:
    folder = NullFolder()
    folder.start("")
    output = HeldBackOutput(folder)
    output.step(row(0.0))
    output.hold()
    output.step(row(1.0))
    output.protocol_step(row(1.0))
    assert output.holds
    assert output.place.rows == 1
    output.drop()
    output.hold()
    output.step(row(2.0))
    output.cycle(row(2.0))
    output.step(row(3.0))
    output.release()
    assert not output.holds
    output.step(row(4.0))
    result = output.finish({})
    assert result.history["time_s"].tolist() == [0.0, 2.0, 3.0, 4.0]
    assert (output.place.steps, output.place.cycles) == (0, 1)
