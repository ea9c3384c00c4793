"""The kinds of files: which keys tell them, and which command runs each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

type Kind = Literal["scenario", "comparison", "sweep", "calibration", "sensitivity", "design"]

ARTICLES: Mapping[Kind, str] = {
    "scenario": "a scenario",
    "comparison": "a comparison",
    "sweep": "a sweep",
    "calibration": "a calibration",
    "sensitivity": "a sensitivity analysis",
    "design": "a design study",
}
COMMANDS: Mapping[Kind, str] = {
    "scenario": "run",
    "comparison": "compare",
    "sweep": "sweep",
    "calibration": "calibrate",
    "sensitivity": "sensitivity",
    "design": "optimise",
}
# The keys that tell the kind of a file, the first kind that has one of them. "calibrate" and "sensitivity"
# also stand in a comparison.
_MARKS: Mapping[Kind, frozenset[str]] = {
    "comparison": frozenset({"comparison"}),
    "calibration": frozenset({"targets", "parameters"}),
    "sensitivity": frozenset({"ranges"}),
    "design": frozenset({"design", "objectives"}),
    "sweep": frozenset({"sweep", "over"}),
}
_LESS_CERTAIN: Mapping[Kind, frozenset[str]] = {
    "comparison": frozenset({"systems", "factorial"}),
    "design": frozenset({"variables", "reference"}),
    "sweep": frozenset({"plan"}),
    "scenario": frozenset({"particle", "material", "protocol"}),
}
_ENOUGH = 2
"""So many keys of a scenario make a file one, whatever else stands in it."""


def kind_of(data: object) -> Kind | None:
    """The kind of a file by its keys; None if they tell nothing."""
    keys = set(data) if isinstance(data, Mapping) else set()
    if len(_LESS_CERTAIN["scenario"] & keys) >= _ENOUGH:
        return "scenario"
    for marks in (_MARKS, _LESS_CERTAIN):
        for kind, own in marks.items():
            if own & keys:
                return kind
    return None


def belonging_to(key: str) -> Kind | None:
    """The kind of file that a key at the top of a file tells; None for a key that tells nothing."""
    return next(
        (kind for marks in (_MARKS, _LESS_CERTAIN) for kind, own in marks.items() if key in own), None
    )


def told(kind: Kind, name: str) -> str:
    """A file of another kind than expected, with the command that runs it."""
    return f"{ARTICLES[kind]}, which 'oxyshell {COMMANDS[kind]} {name}' runs"
