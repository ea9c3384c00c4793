"""Scenarios whose protocol a test writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxyshell.language.mistakes import Mistake, ScenarioError
from oxyshell.models.base.protocol import Protocol
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests.scenario.wrong_scenarios import BASE
from tests.sized import sized

ELECTRODE = """\
electrode:
  open_circuit: {constant: 4.0 V}
  kinetics: {law: constant, exchange_current: 1 A/m^2}
"""
_HEAD = BASE[: BASE.index("protocol:")]


def with_protocol(
    *entries: str, electrode: bool = True, more: str = "", folder: Path | None = None
) -> Scenario:
    """A scenario with entries of the protocol, each on one line, in the lines from `first_line` on."""
    return loads(_text(entries, electrode, more), "written.yaml", folder)


def with_keys(keys: str, electrode: bool = True, folder: Path | None = None) -> Scenario:
    """A scenario with the key `protocol` and others after it as they stand in a file."""
    return loads(f"{_HEAD}{ELECTRODE if electrode else ''}{keys}", "written.yaml", folder)


def first_line(electrode: bool = True) -> int:
    """Line of the first entry."""
    return _text((), electrode, "").count("\n") + 1


def protocol_of(*entries: str, electrode: bool = True, more: str = "") -> Protocol:
    """The steps that entries give."""
    return sized(with_protocol(*entries, electrode=electrode, more=more)).protocol()


def mistakes_in(
    *entries: str, electrode: bool = True, more: str = "", folder: Path | None = None
) -> tuple[Mistake, ...]:
    """What is wrong with entries."""
    with pytest.raises(ScenarioError) as caught:
        with_protocol(*entries, electrode=electrode, more=more, folder=folder)
    return caught.value.mistakes


def _text(entries: tuple[str, ...], electrode: bool, more: str) -> str:
    written = "".join(f"  - {entry}\n" for entry in entries)
    return f"{_HEAD}{ELECTRODE if electrode else ''}protocol:\n{written}{more}"
