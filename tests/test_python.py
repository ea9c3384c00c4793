"""The sentence that a person reads whose Python is too old."""

from __future__ import annotations

import ast
from importlib import metadata
from pathlib import Path

import pytest

import oxyshell
from oxyshell import _python

FACE = Path(oxyshell.__file__)


def test_an_older_python_is_refused_with_what_to_do() -> None:
    with pytest.raises(ImportError, match=r"needs Python 3\.12 or later, and this is Python 3\.11.*uv venv"):
        _python.check((3, 11))
    _python.check((3, 12))
    _python.check((3, 14))


def test_an_older_python_gets_as_far_as_that() -> None:
    """The face and what it imports before can be read by Python 3.11."""
    for file in (FACE, FACE.parent / "_python.py"):
        ast.parse(file.read_text(), feature_version=(3, 11))
    imports = [node for node in ast.parse(FACE.read_text()).body if isinstance(node, ast.ImportFrom)]
    ours = [ast.unparse(node) for node in imports if str(node.module).startswith("oxyshell")]
    assert ours[0] == "from oxyshell import _python"


def test_the_bound_is_that_of_the_metadata() -> None:
    assert f">={_python.OLDEST[0]}.{_python.OLDEST[1]}" in metadata.metadata("oxyshell")["Requires-Python"]
