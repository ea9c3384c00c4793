"""A surface law from outside the package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pytest

import oxyshell
from oxyshell.language.mistakes import ScenarioError
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.variants import Variants
from oxyshell.models.oxygen.surface_laws import LAWS, register
from oxyshell.models.oxygen.surface_laws.law import SurfaceLaw
from oxyshell.models.oxygen.surface_laws.open import Open
from oxyshell.outputs import read_run
from oxyshell.studies.registry import json_schema
from tests.extending.examples import Recombination
from tests.sized import sized

SCENARIO = Path(__file__).parents[2] / "scenarios" / "lrmo-oxygen-pristine.yaml"


@pytest.fixture
def registered() -> Iterator[None]:
    with LAWS.registered(Recombination):
        yield


# k c₀ t A/V = 3 at the end of 2400 s, of c₀ = 7500 mol/m³ and A/V = 3/R.
C0, AREA_TO_VOLUME, RATE = 7500.0, 3 / 150e-9, 3 / (7500.0 * 2400.0 * 3 / 150e-9)
SURFACE = f"law: recombination\n    rate: {RATE} m^4/(mol s)\n"


def scenario_file(folder: Path, written: str = SURFACE) -> Path:
    shipped = SCENARIO.read_text()
    begin, end = shipped.index("law: open"), shipped.index("\nprotocol:")
    (folder / "own.yaml").write_text(shipped[:begin] + written + shipped[end:])
    return folder / "own.yaml"


@pytest.mark.usefixtures("registered")
def test_it_empties_a_well_mixed_particle_as_its_rate_law_says(tmp_path: Path) -> None:
    """With dc/dt = −(A/V) k c², c = c₀/(1 + c₀ k t A/V)."""
    scenario = oxyshell.load(scenario_file(tmp_path)).with_values(
        {"oxygen.diffusivity": "1e-12 m^2/s", "numerics.oxygen_tolerance": 1e-6}
    )
    result = oxyshell.run(scenario, tmp_path / "out")
    time, lattice = (np.asarray(result.history[name]) for name in ("time_s", "oxygen_in_lattice_mol"))
    exact = 1 / (1 + C0 * RATE * time * AREA_TO_VOLUME)
    assert exact[-1] == pytest.approx(0.25, rel=1e-12)
    # The surface lacks k c₀ R/5D < 2e-6 against the mean; the tolerance adds 1e-6.
    np.testing.assert_allclose(lattice / lattice[0], exact, rtol=0, atol=3e-6)
    # All that is gone has escaped.
    assert max(np.abs(result.history["oxygen_balance_error"])) < 1e-12
    assert result.history["oxygen_released_mol"][-1] == pytest.approx(0.75 * lattice[0], rel=4e-6)
    assert read_run(tmp_path / "out").summary == result.summary


@pytest.mark.usefixtures("registered")
def test_it_has_its_remarks_and_is_written_as_it_was_read(tmp_path: Path) -> None:
    scenario = oxyshell.load(scenario_file(tmp_path))
    remark = f"leaves a sphere of R = 150 nm as with a transfer velocity of {RATE * C0:.2e} m/s."
    assert [one for one in sized(scenario).remarks() if remark in one]
    (tmp_path / "own.yaml").write_text(scenario.to_yaml())
    assert oxyshell.load(tmp_path / "own.yaml") == scenario
    assert scenario.get("oxygen.surface.rate") == pytest.approx(RATE, rel=1e-15, abs=0)


@pytest.mark.usefixtures("registered")
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


class Prescribed(SurfaceLaw):
    """Prescribes a content."""

    law: Literal["prescribed"]
    start: Annotated[Parameter, Quantity("mol/m^3", POSITIVE)]

    def contents(self) -> Mapping[str, Parameter]:
        return {"start": self.start}


def test_a_content_beyond_all_oxygen_is_refused_in_any_law(tmp_path: Path) -> None:
    file = scenario_file(tmp_path, "law: prescribed\n    start: 1e6 mol/m^3\n")
    with LAWS.registered(Prescribed), pytest.raises(ScenarioError) as caught:
        oxyshell.load(file)
    (mistake,) = caught.value.mistakes
    assert (mistake.path, "all oxygen of Li1.20" in mistake.expected) == ("oxygen.surface.start", True)


def test_its_keys_are_in_the_schema_for_editors_as_long_as_it_is_registered() -> None:
    with LAWS.registered(Recombination):
        assert json_schema()["$defs"]["Recombination"]["properties"]["law"]["const"] == "recombination"
    assert "Recombination" not in json_schema()["$defs"]


def test_an_installed_package_brings_its_law_along(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = EntryPoints([EntryPoint("own", "recombination:Recombination", "oxyshell.surface_laws")])
    monkeypatch.setattr("oxyshell.extensions.entry_points", lambda group: entries.select(group=group))
    found: Variants[SurfaceLaw] = Variants("law", Open, extensions="surface_laws")
    assert dict(found.kinds) == {"open": Open, "recombination": Recombination}


def test_a_law_needs_a_name_of_its_own() -> None:
    class Other(SurfaceLaw):
        law: Literal["open"]

    class Nameless(SurfaceLaw):
        pass

    with pytest.raises(ValueError, match="there is a law 'open' already"):
        register(Other)
    with pytest.raises(ValueError, match="Nameless: expected 'law: Literal"):
        register(Nameless)
