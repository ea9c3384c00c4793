"""A study's file with one mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.studies.registry import load_any


def refusal(file: Path, text: str, old: str, new: str) -> tuple[ScenarioError, int]:
    """Write a text with one place changed into a file, and read it.

    Returns:
        The error, with mistakes in this file only, and the line at which the changed place begins.
    """
    assert text.count(old) == 1
    wrong = text.replace(old, new)
    file.write_text(wrong)
    with pytest.raises(ScenarioError) as caught:
        load_any(file)
    assert {mistake.file for mistake in caught.value.mistakes} == {str(file)}
    return caught.value, wrong[: wrong.index(new)].count("\n") + 1
