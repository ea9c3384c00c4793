"""A surface law from outside the package: what a user writes, in one file."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pytest

import oxyshell
from oxyshell.language.mistakes import ScenarioError
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.models.base.dimension import quantity
from oxyshell.models.base.expression import Scalar
from oxyshell.models.oxygen.surface import SurfaceExchange, SurfaceModel
from oxyshell.models.oxygen.surface_laws import LAWS, register
from oxyshell.models.oxygen.surface_laws.law import Carrier, RunFacts, SurfaceLaw
from oxyshell.outputs import read_run
from oxyshell.studies.loading import json_schema
from tests.sized import sized
from tests.surface_laws import surface

SCENARIO = Path(__file__).parents[3] / "scenarios" / "lrmo-oxygen-pristine.yaml"


@dataclass(frozen=True, kw_only=True)
class SecondOrder(SurfaceExchange):
    """Two adsorbed species meet and leave together: N·n = k c²."""

    rate: Scalar = quantity("m^4/(mol s)")

    def lost(self, content: Scalar, held: Scalar) -> Scalar:
        return self.rate * content**2


class Recombination(SurfaceLaw):
    """Associative desorption."""

    law: Literal["recombination"]
    rate: Annotated[Parameter, Quantity("m^4/(mol s)", POSITIVE)]
    """Rate constant of the second order."""
    start: Annotated[Parameter, Quantity("mol/m^3", POSITIVE)] | None = None
    """A content, to see it refused."""

    def model(self, carrier: Carrier) -> SurfaceModel:
        return SurfaceModel(exchange=SecondOrder(rate=self.rate.value))

    def contents(self) -> Mapping[str, Parameter]:
        return {} if self.start is None else {"start": self.start}

    def remarks(self, facts: RunFacts) -> Iterator[str]:
        yield f"At the start O2 leaves {facts.body} at {self.rate.value * facts.initial:.2e} m/s."


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LAWS, "kinds", {**LAWS.kinds})
    register(Recombination)


# k c₀ t A/V = 3 at the end of 2400 s, of c₀ = 7500 mol/m³ and A/V = 3/R.
C0, AREA_TO_VOLUME, RATE = 7500.0, 3 / 150e-9, 3 / (7500.0 * 2400.0 * 3 / 150e-9)
SURFACE = f"law: recombination\n    rate: {RATE} m^4/(mol s)\n"


def scenario_file(folder: Path, written: str = SURFACE) -> Path:
    shipped = SCENARIO.read_text()
    begin, end = shipped.index("law: open"), shipped.index("\nprotocol:")
    (folder / "own.yaml").write_text(shipped[:begin] + written + shipped[end:])
    return folder / "own.yaml"


def test_it_empties_a_well_mixed_particle_as_its_rate_law_says(tmp_path: Path) -> None:
    """With dc/dt = −(A/V) k c², c = c₀/(1 + c₀ k t A/V)."""
    scenario = oxyshell.load(scenario_file(tmp_path)).with_values(
        {"oxygen.diffusivity": "1e-12 m^2/s", "numerics.oxygen_tolerance": 1e-6}
    )
    result = oxyshell.run(scenario, tmp_path / "out")
    time, lattice = result.history["time_s"], result.history["oxygen_in_lattice_mol"]
    exact = 1 / (1 + C0 * RATE * np.asarray(time) * AREA_TO_VOLUME)
    assert exact[-1] == pytest.approx(0.25, rel=1e-12)
    # The surface lacks k c₀ R/5D < 2e-6 against the mean; the tolerance adds 1e-6.
    np.testing.assert_allclose(np.asarray(lattice) / lattice[0], exact, rtol=0, atol=3e-6)
    # All that is gone has escaped.
    assert max(np.abs(result.history["oxygen_balance_error"])) < 1e-12
    assert result.history["oxygen_escaped_mol"][-1] == pytest.approx(0.75 * lattice[0], rel=4e-6)
    assert read_run(tmp_path / "out").summary == result.summary


def test_it_is_told_of_in_the_remarks_and_written_as_it_was_read(tmp_path: Path) -> None:
    scenario = oxyshell.load(scenario_file(tmp_path))
    told = f"At the start O2 leaves a sphere of R = 150 nm at {RATE * C0:.2e} m/s."
    assert told in sized(scenario).remarks()
    (tmp_path / "own.yaml").write_text(scenario.to_yaml())
    assert oxyshell.load(tmp_path / "own.yaml") == scenario
    assert scenario.get("oxygen.surface.rate") == pytest.approx(RATE, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("written", "path", "expected"),
    [
        (SURFACE.replace("rate", "rat"), "oxygen.surface.rat", "'rate'"),
        (
            SURFACE.replace("m^4", "m^3"),
            "oxygen.surface.rate",
            "in m^4/(mol s) or a unit that converts to it, above 0",
        ),
        (SURFACE.replace("recombination", "recombinatoin"), "oxygen.surface.law", "'recombination'"),
        (f"{SURFACE}    start: 1e6 mol/m^3\n", "oxygen.surface.start", "all oxygen of Li1.20"),
    ],
)
def test_its_mistakes_are_reported_as_those_of_any_law(
    tmp_path: Path, written: str, path: str, expected: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        oxyshell.load(scenario_file(tmp_path, written))
    mistake = next(one for one in caught.value.mistakes if one.path == path)
    assert expected in mistake.expected
    assert mistake.line is not None


def test_the_one_of_the_documentation_is_as_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (SCENARIO.parents[1] / "docs" / "oxygen.md").read_text()
    (text,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    kinds = {name: law for name, law in LAWS.kinds.items() if name != "recombination"}
    monkeypatch.setattr(LAWS, "kinds", kinds)
    (tmp_path / "recombination.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("recombination")
    law = surface("recombination", rate=f"{RATE} m^4/(mol s)").exchange
    assert law.lost(C0, 0.0) == pytest.approx(RATE * C0**2, rel=1e-14, abs=0)


def test_its_keys_are_in_the_schema_for_editors() -> None:
    assert json_schema()["$defs"]["Recombination"]["properties"]["law"]["const"] == "recombination"


def test_a_law_needs_a_name_of_its_own() -> None:
    class Other(SurfaceLaw):
        law: Literal["open"]

    class Nameless(SurfaceLaw):
        pass

    with pytest.raises(ValueError, match="there is a law 'open' already"):
        register(Other)
    with pytest.raises(ValueError, match="Nameless: expected 'law: Literal"):
        register(Nameless)
