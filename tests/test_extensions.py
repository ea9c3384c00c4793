"""Extensions that installed packages name."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest

from oxyshell.errors import OxyshellError
from oxyshell.extensions import Installed
from oxyshell.models import registry
from tests.extending.examples import Tracer
from tests.program import SCENARIOS, program


def name(monkeypatch: pytest.MonkeyPatch, kind: str, **places: str) -> None:
    """Pretend that installed packages name these extensions."""
    entries = EntryPoints([EntryPoint(key, place, f"oxyshell.{kind}") for key, place in places.items()])
    monkeypatch.setattr("oxyshell.extensions.entry_points", lambda group: entries.select(group=group))


def test_each_is_registered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    name(monkeypatch, "numbers", pi="math:pi", e="math:e")
    found: list[Any] = []
    extensions = Installed("numbers", found.append)
    extensions.complete()
    extensions.complete()
    assert found == [pytest.approx(3.14159265), pytest.approx(2.71828183)]


def test_one_that_cannot_be_loaded_is_named_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    name(monkeypatch, "numbers", pi="math:pi", tau="maths:tau", e="math:e")
    found: list[Any] = []
    extensions = Installed("numbers", found.append)
    for _ in range(2):
        with pytest.raises(OxyshellError, match=r"the extension 'tau' cannot be loaded \(ModuleNotFound"):
            extensions.complete()
        assert found == [pytest.approx(3.14159265)]


def test_one_may_ask_for_the_others_while_it_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    name(monkeypatch, "numbers", pi="math:pi", e="math:e")
    found: list[Any] = []

    def register(number: float) -> None:
        extensions.complete()
        found.append(number)

    extensions = Installed("numbers", register)
    extensions.complete()
    assert sorted(found) == [pytest.approx(2.71828183), pytest.approx(3.14159265)]


def test_an_installed_package_brings_its_physics_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_PHYSICS", list(registry.physics()))
    name(monkeypatch, "physics", tracer="tracer.physics:Tracer")
    monkeypatch.setattr(registry, "_INSTALLED", Installed("physics", lambda kind: registry.register(kind())))
    assert [type(one) for one in registry.physics()][-1] is Tracer


def test_a_physics_with_a_name_that_is_taken_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "second-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: second\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(
        "[oxyshell.physics]\nions = oxyshell.models.ions.physics:Ions\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    finished = program("validate", SCENARIOS / "lrmo-ru1.yaml")
    assert finished.returncode == 1
    assert finished.stderr == (
        "oxyshell: the extension 'ions' of the package second cannot be loaded (ValueError: there is a "
        "physics 'ions' already; give the new one another name); mend or uninstall that package\n"
    )
