"""A result that a reader is told first."""

from __future__ import annotations

from dataclasses import dataclass


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
