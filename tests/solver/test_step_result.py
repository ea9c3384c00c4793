"""Tests of what a march hands on from step to step."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from oxyshell.solver.step_result import Continuation


def test_a_time_step_changes_what_it_says_and_keeps_all_else() -> None:
    # Fields that are added later count too.
    before: dict[str, Any] = {field.name: object() for field in fields(Continuation)}
    changed: dict[str, Any] = {"wanted": 0.5, "pending": (), "before": (1.0, 2.0)}
    after = Continuation(**before).followed_by(**changed)
    assert {name: getattr(after, name) for name in before} == before | changed
