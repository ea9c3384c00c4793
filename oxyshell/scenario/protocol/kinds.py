"""The list of entries that a protocol may have: one line for each that stands for many steps."""

from __future__ import annotations

from typing import Annotated

from oxyshell.language.sections import SomeEntries
from oxyshell.scenario.protocol.entry import ProtocolEntry
from oxyshell.scenario.protocol.gitt import Gitt
from oxyshell.scenario.protocol.one_of import OneOf
from oxyshell.scenario.protocol.rate_test import RateTest
from oxyshell.scenario.protocol.repetition import Repetition
from oxyshell.scenario.protocol.single import SINGLE

KINDS: tuple[type[ProtocolEntry], ...] = (
    *SINGLE,
    Repetition,
    Gitt,
    RateTest,
)

type Step = Annotated[ProtocolEntry, OneOf(*KINDS)]

type Steps = SomeEntries[Step]
