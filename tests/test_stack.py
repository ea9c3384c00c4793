from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

import pytest

from oxyshell import _stack
from oxyshell.errors import OxyshellError


def installed(monkeypatch: pytest.MonkeyPatch, *names: str) -> list[str]:
    """Pretend that only these are installed; returns what gets imported, in order."""
    imported: list[str] = []

    def find(name: str) -> object | None:
        return object() if name in names else None

    def load(name: str) -> ModuleType:
        if name not in names:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        imported.append(name)
        module = ModuleType(name)
        module.init = lambda options: imported.append(options[-1])  # type: ignore[attr-defined]
        return module

    monkeypatch.setattr(importlib.util, "find_spec", find)
    monkeypatch.setattr(importlib, "import_module", load)
    return imported


def test_the_wheel_s_loader_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = installed(monkeypatch, "dolfinx", "dolfinx_solver", "petsc4py")
    _stack.load()
    assert imported == ["dolfinx_solver", "petsc4py", "-no_signal_handler", "dolfinx"]


def test_conda_s_fenicsx_needs_no_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = installed(monkeypatch, "dolfinx", "petsc4py")
    _stack.load()
    assert imported == ["petsc4py", "-no_signal_handler", "dolfinx"]


def test_without_fenicsx_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch)
    with pytest.raises(OxyshellError, match=r"oxyshell\[fenicsx\].*conda-forge"):
        _stack.load()
