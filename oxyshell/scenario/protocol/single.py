"""The list of entries that are one step: one line for each."""

from __future__ import annotations

from oxyshell.scenario.protocol.at_current import Charge, Discharge
from oxyshell.scenario.protocol.entry import SingleEntry
from oxyshell.scenario.protocol.from_file import FromFile
from oxyshell.scenario.protocol.hold import Hold
from oxyshell.scenario.protocol.rest import Rest

SINGLE: tuple[type[SingleEntry], ...] = (
    Charge,
    Discharge,
    Rest,
    Hold,
    FromFile,
)
