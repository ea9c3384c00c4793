"""Sections of files: the choice among alternatives by their keys."""

import difflib

import pytest

import oxyshell
from oxyshell.language.sections import Section, by_keys, tag
from tests.program import SCENARIOS


class Ramp(Section):
    """One alternative."""

    rate: float


class Rest(Section):
    """Another one."""

    time: float


def test_alternatives_are_told_apart_by_their_keys_near_misses_included() -> None:
    choose = by_keys(Ramp, Rest)

    assert choose({"rate": 1}) == tag(Ramp).tag
    assert choose({"tme": 1}) == tag(Rest).tag
    assert choose({"colour": 1}) is None
    assert choose("no mapping") == tag(Ramp).tag


def test_the_second_point_of_a_sweep_looks_for_no_near_misses(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = oxyshell.load(SCENARIOS / "lrmo-ru1.yaml")
    scenario.with_values({"shell.thickness": "4 nm"})
    searched: list[str] = []

    def search(word: str, *_: object, **__: object) -> list[str]:
        searched.append(word)
        return []

    monkeypatch.setattr(difflib, "get_close_matches", search)

    scenario.with_values({"shell.thickness": "5 nm"})

    assert searched == []
