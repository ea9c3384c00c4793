"""The page on the Python interface has every public function and the classes of what they return."""

from __future__ import annotations

import inspect
import re

import pytest

import oxyshell
from tests.pages.blocks import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text()
FUNCTIONS = [name for name in oxyshell.__all__ if callable(getattr(oxyshell, name))]
# Of pandas and Matplotlib, whose own documentation has them, and types that have no class of their own.
ELSEWHERE = {"Figure", "Any", "Path", "None"}


def test_the_page_has_all_members_of_the_package() -> None:
    assert ".. automodule:: oxyshell\n   :members:" in PAGE
    assert len(FUNCTIONS) > 20


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_takes_and_gives(name: str) -> None:
    function = getattr(oxyshell, name)
    text = inspect.getdoc(function) or ""
    _, _, arguments = text.partition("Args:")
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"^    {parameter}: ", arguments, re.MULTILINE), parameter
    assert "Returns:" in text


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_class_of_what_it_returns_is_on_the_page(name: str) -> None:
    returned = str(inspect.signature(getattr(oxyshell, name)).return_annotation)
    for word in set(re.findall(r"\b[A-Z]\w+", returned)) - ELSEWHERE:
        assert re.search(rf"autoclass:: oxyshell[\w.]*\.{word}$", PAGE, re.MULTILINE), word
