"""Results that a reader is told first, and the table of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oxyshell.presentation.numbers import directed, duration, length
from oxyshell.presentation.table import RIGHT, Table

# A depth below, nm, is one at the surface: no mesh resolves it.
_SURFACE = 0.05


@dataclass(frozen=True)
class Finding:
    """One line of the table of results of a run.

    Attributes:
        quantity: Words for it, without a unit: "peak first principal stress".
        value: The number with its unit, of the digits that are certain: "402.9 MPa".
        circumstances: Place, time and content that belong to it: "4.5 nm deep, after 9.8 h"; may be empty.
    """

    quantity: str
    value: str
    circumstances: str = ""


def findings_table(title: str, findings: Iterable[Finding]) -> Table:
    """A table with a row for each finding."""
    rows = [(one.quantity, one.value, one.circumstances) for one in findings]
    return Table(title, ("quantity", f"{RIGHT}value", "where and when"), rows)


def depth_in_words(nanometres: float) -> str:
    """The place of a value by its depth below the surface: "4.5 nm deep"."""
    return "at the surface" if nanometres < _SURFACE else f"{length(nanometres * 1e-9)} deep"


def moment_in_words(extracted: float, seconds: float) -> str:
    """The moment of a value: "0.312 per formula unit extracted, after 9.8 h".

    Args:
        extracted: Ions taken out by then, per formula unit.
        seconds: Since the start of the protocol.
    """
    when = "at the start" if seconds == 0 else f"after {duration(seconds)}"
    return f"{directed(extracted, 3, 'per formula unit')}, {when}"
