"""Quantities that a run reports, each declared once: name, unit, meaning, and where it is reported."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Where(Enum):
    """Where an observable is reported."""

    HISTORY = "history"
    """One number after every accepted step: a column of the history."""
    PROFILE = "profile"
    """Values along the radius and over the body at output times: in profiles and fields."""
    SUMMARY = "summary"
    """One number of the whole run: an entry of `summary.json`, the name being its path."""


@dataclass(frozen=True)
class Observable:
    """A quantity that a run reports.

    Attributes:
        name: Column, array or path in the summary; part of the file formats.
        unit: Unit of the reported number, "1" where it has none.
        description: Meaning, in a few words, with the symbol.
        where: Where it is reported.
    """

    name: str
    unit: str
    description: str
    where: Where = Where.HISTORY
