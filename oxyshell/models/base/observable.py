"""Quantities that a run reports, each declared once: name, unit, meaning, and where it is reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
        former: Names that it had: files with them are read, and studies may ask for it by them.
    """

    name: str
    unit: str
    description: str
    where: Where = Where.HISTORY
    label: str = ""
    told: bool = False
    ends_steps: bool = False
    conditional: bool = False
    former: tuple[str, ...] = ()


type FormerNames = Mapping[Where, Mapping[str, str]]
"""Present names of observables by where they are reported and by their former names."""


def formerly(observables: Iterable[Observable], names: Mapping[str, str]) -> tuple[Observable, ...]:
    """Observables, some of which had other names.

    Args:
        observables: All of them.
        names: Former name by present name, wherever they are reported.
    """
    return tuple(
        replace(one, former=(*one.former, names[one.name])) if one.name in names else one
        for one in observables
    )


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


def with_present_names(summary: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    """A summary with present names.

    Args:
        summary: Entries, and sections with entries.
        names: Present paths by former paths, in one section each.
    """
    found = {**summary}
    for former, present in names.items():
        section, _, key = former.rpartition(".")
        entries = found.get(section)
        if isinstance(entries, Mapping) and key in entries:
            new = present.rpartition(".")[2]
            found[section] = {new if one == key else one: value for one, value in entries.items()}
    return found


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


def find(summary: Mapping[str, object], path: str) -> object:
    """The entry of a summary at a path; None where there is none."""
    try:
        return nested(summary, path)
    except KeyError:
        return None
