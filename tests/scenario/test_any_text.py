"""Whatever a file holds, it is either read or refused with a place and words."""

# ruff: noqa: E501, PT017 (tables; and here an error is one of two good ends)

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oxyshell.language.documents import decode
from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.base.geometry import Geometry
from oxyshell.scenario.loading import loads
from oxyshell.scenario.overrides import parse_assignment
from oxyshell.scenario.scenario import Scenario
from tests.scenario.wrong_scenarios import WITH_OXYGEN

FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PATHS = [
    "name", "temperature", "particle", "particle.shape", "particle.radius", "particle.dimension", "material.formula",
    "material.ion", "material.ion.species", "material.ion.charge_number", "material.diffusivity",
    "material.diffusivity.table", "material.diffusivity.expression", "material.chemical_strain", "material.elasticity",
    "shell", "surface", "cell", "protocol", "protocol.0", "protocol.0.charge", "protocol.0.charge.until",
    "oxygen", "oxygen.initial", "oxygen.diffusivity", "oxygen.source", "oxygen.source.li_o_li.deficient", "oxygen.surface",
    "oxygen.surface.law", "oxygen.surface.transfer", "oxygen.surface.adsorption.energy", "oxygen.surface.monolayers",
    "oxygen.surface.loading", "oxygen.surface.loading.mass_fraction", "oxygen.reuse", "oxygen.vacancies",
    "protocol.3.hold", "protocol.1.rest", "limits", "limits.voltage", "output.at", "output.at.extracted", "numerics.elements", "numerics.time_tolerance",
]  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(
        ["1 nm", "0.1 C", "-1 eV", "open", "theta", "1e-19*(1-theta)", "1/0", "lattice", "table", "imported"]
    )
    | st.sampled_from(
        [
            "4.8 V",
            "charge at 0.1 C until 4.8 V",
            "hold at 4 V for 1 h",
            "rest 1 h",
            "gitt",
            "discharge at 1 C for",
        ]
    )
)
KEYS = st.text(max_size=6) | st.sampled_from(
    [
        "value",
        "status",
        "source",
        "unit",
        "table",
        "expression",
        "occupancy",
        "values",
        "charge",
        "rest",
        "time",
        "shape",
        "repeat",
        "times",
        "steps",
        "gitt",
        "current",
        "until",
        "voltage",
    ]
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)
YAML_LIKE = st.text(alphabet="ab: -\n[]{},&*!|>'\"%#?~\t0.1e\\x<@", max_size=60)


def _refused_or_read(text: str) -> None:
    try:
        scenario = loads(text, "any.yaml")
    except ScenarioError as error:
        assert error.mistakes
        lines = (
            text.count("\n")
            + text.count("\r")
            + text.count("\x85")
            + text.count("\u2028")
            + text.count("\u2029")
        )
        for mistake in error.mistakes:
            assert 1 <= (mistake.line or 0) <= lines + 2
            assert (mistake.column or 0) >= 1
            assert str(mistake).isprintable()
    else:
        assert loads(scenario.to_yaml()) == scenario


@FEW
@given(st.binary(max_size=80))
def test_any_bytes(content: bytes) -> None:
    with contextlib.suppress(ScenarioError):
        _refused_or_read(decode(content, "any.yaml"))


@FEW
@given(st.text(max_size=80) | YAML_LIKE)
def test_any_text(text: str) -> None:
    _refused_or_read(text)


@FEW
@given(st.integers(0, len(WITH_OXYGEN) - 1), st.integers(0, 12), st.text(max_size=4) | YAML_LIKE)
def test_any_damage_to_a_scenario(start: int, length: int, new: str) -> None:
    _refused_or_read(WITH_OXYGEN[:start] + new + WITH_OXYGEN[start + length :])


@pytest.fixture(scope="module")
def base() -> Scenario:
    return loads(WITH_OXYGEN)


@FEW
@given(path=st.sampled_from(PATHS), value=VALUES)
def test_any_value_at_any_path(base: Scenario, path: str, value: Any) -> None:
    try:
        changed = base.with_values({path: value})
    except ScenarioError as error:
        assert str(error).startswith("override ")
    else:
        assert loads(changed.to_yaml()) == changed
        changed.model()
        sized = changed.on(Geometry.of(changed.particle.radius.value, volume=2.0, area=3.0))
        sized.protocol()
        sized.followers()
        assert all(remark.endswith(".") for remark in sized.remarks())


@FEW
@given(st.text(max_size=30) | YAML_LIKE.map(lambda text: f"a={text}"))
def test_any_assignment(text: str) -> None:
    with contextlib.suppress(ScenarioError):
        parse_assignment(text)
