"""The registry of observables: names, units, and who reports what."""

from __future__ import annotations

import subprocess
import sys

import pytest

from oxyshell.models import registry
from oxyshell.models.base.observable import Observable, Where
from oxyshell.models.base.physics import Physics

SUFFIXES = {
    "_s": "s",
    "_mol": "mol",
    "_MPa": "MPa",
    "_Pa": "Pa",
    "_GPa": "GPa",
    "_J": "J",
    "_J_m": "J/m",
    "_J_m2": "J/m^2",
    "_nm": "nm",
    "_m": "m",
    "_mol_m3": "mol/m^3",
    "_V": "V",
    "_mV": "mV",
    "_A_m2": "A/m^2",
    "_mA_g": "mA/g",
    "_mAh_g": "mA h/g",
    "_Wh_kg": "W h/kg",
    "_umol_g": "umol/g",
    "_umol_g_min": "umol/g/min",
    "_umol_per_g": "umol/g",
    "_MPa_sqrt_m": "MPa m^0.5",
    "_Pa_sqrt_m": "Pa m^0.5",
    "_umol_per_g_min": "umol/g/min",
}
TEXTS = ("block", "verb", "label", "reason", "between", "region")
ALL = [one for where in Where for one in registry.observables(where).values()]


@pytest.mark.parametrize("observable", ALL, ids=lambda one: f"{one.where.value} {one.name}")
def test_the_unit_in_a_name_is_the_unit_of_its_observable(observable: Observable) -> None:
    suffix = next(
        (one for one in sorted(SUFFIXES, key=len, reverse=True) if observable.name.endswith(one)), ""
    )
    # A text has none.
    of_text = observable.name.rpartition(".")[2] in TEXTS
    assert observable.unit == ("" if of_text else SUFFIXES.get(suffix, "1"))
    assert observable.description


# A label begins with a lower-case letter unless that is one of these.
SYMBOLS = ("O₂ ", "Coulombic ")


@pytest.mark.parametrize(
    "observable", [one for one in ALL if one.unit], ids=lambda one: f"{one.where.value} {one.name}"
)
def test_every_number_has_words_without_its_unit(observable: Observable) -> None:
    label = observable.label
    assert label
    assert label[0].islower() or label.startswith(SYMBOLS)
    assert "_" not in label
    assert observable.unit == "1" or observable.unit not in label.replace("(", " ").split()


def test_nothing_that_is_declared_is_lost() -> None:
    for physics in registry.physics():
        for one in physics.observables:
            assert registry.observables(one.where)[one.name] is one
            assert registry.physics_of(one.where, one.name) is physics
    assert registry.physics_of(Where.HISTORY, "time_s") is None


def test_columns_that_only_some_runs_have_come_last() -> None:
    every = [one for one in registry.physics() if one.in_every_run]
    columns, more = (list(registry.observables(Where.HISTORY, among)) for among in (every, None))
    assert more[: len(columns)] == columns
    assert (columns[0], columns[-1]) == ("time_s", "rejected_steps")
    some = {one.name for physics in registry.physics() if physics not in every for one in physics.observables}
    assert some.issuperset(more[len(columns) :])


class Named(Physics):
    name = "named"
    observables = (Observable("sink_filling", "1", "taken"),)


def test_names_are_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"'sink_filling' of the physics 'named' is in the history of a run"):
        registry.register(Named())
    monkeypatch.setattr(Named, "observables", (Observable("sink_filling", "1", "elsewhere", Where.SUMMARY),))
    with registry.registered(Named()), pytest.raises(ValueError, match="there is a physics 'named' already"):
        registry.register(Named())


def test_the_registry_loads_nothing_heavy() -> None:
    code = (
        "import sys; from oxyshell.models import registry; "
        "print([one for one in ('numpy', 'ufl', 'dolfinx', 'matplotlib', 'pydantic') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
