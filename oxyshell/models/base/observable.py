"""Quantities that a run reports, each declared once: name, unit, meaning, and where it is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

type Cell = float | str
"""A value in a table of a run: a number, whole ones being counts, or a text."""


class Where(Enum):
    """Where an observable is reported."""

    HISTORY = "history"
    """One number after every accepted step: a column of the history."""
    PROFILE = "profile"
    """Values along the radius at output times: an array of the profiles."""
    FIELD = "field"
    """Values over the body at output times: an array of the fields."""
    STEP = "table of steps"
    """One value of every step of the protocol that has ended: a column of `steps.csv`."""
    CYCLE = "table of cycles"
    """One value of every cycle that has ended: a column of `cycles.csv`."""
    SUMMARY = "summary"
    """One number of the whole run: an entry of `summary.json`, the name being its path."""


@dataclass(frozen=True)
class Observable:
    """A quantity that a run reports.

    Attributes:
        name: Column, array or path in the summary; part of the file formats.
        unit: Unit of the reported number, "1" where it has none; empty for a text.
        description: Meaning, in a few words, with the symbol.
        where: Where it is reported.
        label: Words for it in tables and along the axes of figures, without its unit, in lower case unless it
            begins with a symbol or a name.
        told: Whether the terminal shows it, a column of the table of cycles, at the end of a run.
        ends_steps: Whether a step of the protocol may end at a value of it; `Recorder.present` then has it.
        conditional: Whether an entry of the summary may be missing from runs with its physics, so that no
            study can ask for it. A column of the history is there after every step.
    """

    name: str
    unit: str
    description: str
    where: Where = Where.HISTORY
    label: str = ""
    told: bool = False
    ends_steps: bool = False
    conditional: bool = False


def entries(section: str, *rows: tuple[str, ...], conditional: bool = False) -> tuple[Observable, ...]:
    """Entries of one section of the summary.

    Args:
        section: Name of the section.
        rows: Key, unit and description of each, and its label in figures if it has one.
        conditional: See `Observable`.
    """
    return tuple(
        Observable(f"{section}.{key}", unit, words, Where.SUMMARY, "".join(label), conditional=conditional)
        for key, unit, words, *label in rows
    )


def at_points(*rows: tuple[str, ...]) -> tuple[Observable, ...]:
    """Quantities that are in the profiles and in the fields: name, unit, description and label."""
    return tuple(
        Observable(name, unit, words, where, "".join(label))
        for where in (Where.PROFILE, Where.FIELD)
        for name, unit, words, *label in rows
    )


def of_steps_and_cycles(*rows: tuple[str, ...], told: bool = False) -> tuple[Observable, ...]:
    """Columns of the tables of steps and of cycles: name, unit, description and label; see `Observable`."""
    return tuple(
        Observable(name, unit, words, where, "".join(label), told)
        for where in (Where.STEP, Where.CYCLE)
        for name, unit, words, *label in rows
    )


@dataclass(frozen=True)
class SectionArrays:
    """Arrays of a radial profile, by the kind of field that they make in a section of the particle.

    Attributes:
        scalars: Names of arrays that are drawn as they are.
        vectors: Names of arrays that are components along the radius.
        tensors: By the field's name, the arrays of a tensor's component along the radius, of that along the
            circumference, and of a third of its trace.
    """

    scalars: tuple[str, ...] = ()
    vectors: tuple[str, ...] = ()
    tensors: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)


def nested(summary: Mapping[str, object], path: str) -> object:
    """The entry of a summary at a path such as `stress.hoop.peak_MPa`.

    Raises:
        KeyError: If there is none.
    """
    value: Any = summary
    try:
        for key in path.split("."):
            value = value[key]
    except (KeyError, TypeError):
        raise KeyError(path) from None
    return value
