"""The section `oxygen` of layers: read, written, and the models of its particle."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.host.lattice import NoVacancies, OxygenVacancies
from oxyshell.models.oxygen.from_scenario import oxygen_model, sections_of, with_vacancies
from oxyshell.models.oxygen.layer_section import LayerOxygen
from oxyshell.models.oxygen.model import LayeredOxygenTransport, NoSource, OxygenModel, OxygenTransport
from oxyshell.models.particle.model import ParticleModel
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.scenario.shell import Shell
from tests.scenario.wrong_scenarios import WITH_OXYGEN
from tests.sized import sized

OWN = {
    "diffusivity": {"value": "2e-19 m^2/s", "status": "chosen", "source": "a tenth"},
    "source": {"onset": 0.2, "generation_rate": "1e-5 1/s"},
    "vacancies": {"sites_lost": 2.0, "partial_molar_volume": "-3 cm^3/mol"},
}
PLAIN = loads(WITH_OXYGEN).with_values({"oxygen.layer_diffusivity": None})
PARTED = PLAIN.with_values({"shell.oxygen": OWN})


def shell_of(scenario: Scenario) -> Shell:
    assert scenario.shell is not None
    return scenario.shell


def own_of(scenario: Scenario) -> Any:
    return shell_of(scenario).section("oxygen")


def of(scenario: Scenario) -> OxygenModel:
    model = oxygen_model(scenario, scenario.geometry())
    assert model is not None
    return model


def test_it_is_written_as_it_was_read() -> None:
    assert isinstance(own_of(PARTED), LayerOxygen)
    for same in (loads(PARTED.to_yaml()), pickle.loads(pickle.dumps(PARTED)), copy.deepcopy(PARTED)):
        assert same == PARTED
        assert hash(same) == hash(PARTED)
    assert PARTED != PLAIN
    assert PARTED.shell != PLAIN.shell
    assert "oxygen" not in shell_of(PLAIN).to_data()


def test_its_values_have_paths_units_and_sources() -> None:
    assert PARTED.get("shell.oxygen.source.onset") == 0.2
    assert PARTED.unit("shell.oxygen.diffusivity") == "m^2/s"
    (fact,) = [fact for fact in PARTED.provenance() if fact.path == "shell.oxygen.diffusivity"]
    assert (fact.text, fact.status, fact.source) == ("2e-19 m^2/s", "chosen", "a tenth")
    faster = PARTED.with_values({"shell.oxygen.diffusivity": "2e-18 m^2/s"})
    assert of(faster).regions[0].transport.bulk.value(0.5) == 2e-18


def test_layers_by_name_have_it_too() -> None:
    regions = {"inner": {"thickness": "10 nm", "oxygen": OWN}, "outer": {"thickness": "5 nm"}}
    scenario = PLAIN.with_values({"shell": None, "regions": regions})
    model = of(scenario)
    assert [region.name for region in model.regions] == ["inner", "outer"]
    # The outer one has nothing of its own, but does not touch the core.
    assert model.regions[0].source != model.source
    assert model.regions[1].source == model.source
    assert pickle.loads(pickle.dumps(scenario)) == scenario == loads(scenario.to_yaml())


def test_a_layer_with_oxygen_of_its_own_is_a_region() -> None:
    assert of(PLAIN).regions == ()
    model, core = of(PARTED), of(PLAIN)
    (region,) = model.regions
    assert (model.transport, model.source) == (core.transport, core.source)
    assert model.host == PARTED.model().host
    assert region.host == PARTED.model().regions[0].host
    assert (model.host.layer.deficiency, region.host.layer.deficiency) == (0.0, 0.22)
    assert region.transport.diffusivity(0.5, _anywhere()) == pytest.approx(2e-19)
    assert float(region.source.onset) == 0.2  # type: ignore[attr-defined]


def _anywhere() -> Any:
    from oxyshell.models.base.domain import Position

    return Position(depth=0.0, in_layer=1.0)


def test_what_is_left_out_is_that_of_the_particle() -> None:
    (region,) = of(PLAIN.with_values({"shell.oxygen": {"diffusivity": "2e-19 m^2/s"}})).regions
    assert region.source == of(PLAIN).source
    none = PLAIN.with_values({"shell.oxygen": {"source": "none"}})
    assert of(none).regions[0].source == NoSource()
    assert of(none).releases
    vacancies = [section.vacancies for section in sections_of(none)]
    assert vacancies == [PLAIN.oxygen.vacancies, None]


def test_a_layer_with_a_diffusivity_has_it_in_all_directions() -> None:
    layered = PLAIN.with_values(
        {"particle.dimension": 2, "oxygen.diffusivity_c": "1e-20 m^2/s", "shell.oxygen": {"source": "none"}}
    )
    assert type(of(layered).regions[0].transport) is LayeredOxygenTransport
    own = {"shell.oxygen.diffusivity": "2e-19 m^2/s"}
    assert type(of(layered.with_values(own)).regions[0].transport) is OxygenTransport
    both = {**own, "shell.oxygen.diffusivity_c": "3e-20 m^2/s"}
    transport = of(layered.with_values(both)).regions[0].transport
    assert transport.in_bulk[1].value(0.5) == 3e-20


def test_the_diffusivity_of_the_surface_layer_is_that_of_a_region() -> None:
    layer = loads(WITH_OXYGEN).with_values({"shell.profile": "step"})
    (region,) = of(layer).regions
    assert region.transport.diffusivity(0.5, _anywhere()) == pytest.approx(1e-19)


def test_every_host_has_its_vacancies() -> None:
    bare = PLAIN.with_values({"oxygen.vacancies": None})

    def hosts(scenario: Scenario) -> list[Any]:
        model: ParticleModel = scenario.model()
        return [part.host.vacancies for _, part in model.parts]

    own = OxygenVacancies(sites_lost=2.0, partial_molar_volume=-3e-6)
    assert hosts(PARTED) == [OxygenVacancies(sites_lost=1.0, partial_molar_volume=2e-6), own]
    assert hosts(bare.with_values({"shell.oxygen": OWN})) == [NoVacancies(), own]
    assert with_vacancies(bare.model(), bare) is not None
    assert hosts(bare) == [NoVacancies()]


def test_a_layer_takes_oxygen_of_its_material() -> None:
    shell = {"from": "LRMO-pristine", "thickness": "10 nm"}
    taken = PLAIN.with_values({"shell": shell})
    assert taken.get("shell.oxygen.diffusivity") == 1.40625e-18
    assert own_of(taken).source.onset.value == 0.396
    own = PLAIN.with_values({"shell": {**shell, "oxygen": {"source": "none"}}})
    assert own_of(own).source == "none"
    assert own.get("shell.oxygen.diffusivity") == 1.40625e-18
    # What it has under null is that of the particle, and without oxygen there is none.
    assert own_of(PLAIN.with_values({"shell": {**shell, "oxygen": None}})) is None
    assert own_of(PLAIN.with_values({"shell": shell, "oxygen": None})) is None


def test_what_is_said_about_layers() -> None:
    said = " ".join(sized(PARTED).remarks())
    assert "the same content on both sides of an interface" in said
    assert "The layer shell" not in said
    assert "the same content" not in " ".join(sized(PLAIN).remarks())
    silent = PLAIN.with_values({"shell.oxygen": {"source": "none"}, "oxygen.vacancies": None})
    assert "The layer shell generates no O2." in sized(silent).remarks()
    other = PLAIN.with_values({"shell.formula": "LiNi0.33Mn0.33Co0.34O2"})
    said = " ".join(sized(other).remarks())
    assert (
        "LiNi0.33Mn0.33Co0.34O2 generates O2 as the particle's material does, where more than 0.396 Li"
        in said
    )
    assert "D_O of the layer shell is that of the particle's material" in said


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"shell.oxygen": OWN, "oxygen": None},
            r"shell\.oxygen: found oxygen of a layer without that of the particle, expected the key 'oxygen'",
        ),
        (
            {"shell.oxygen": OWN, "oxygen.layer_diffusivity": "1e-19 m^2/s"},
            r"oxygen\.layer_diffusivity: found .* one of both: shell\.oxygen\.diffusivity, or null",
        ),
        (
            {
                "shell": None,
                "regions": {"outer": {"thickness": "5 nm", "profile": "step"}},
                "oxygen.layer_diffusivity": "1e-19 m^2/s",
            },
            r"oxygen\.layer_diffusivity: found .* expected null beside regions",
        ),
        (
            {"shell.formula": "LiAlF4", "shell.molar_volume": "30 cm^3/mol"},
            r"shell: found a source, expected 'none' for shell\.oxygen\.source, since LiAlF4 holds no oxygen",
        ),
        (
            {"shell.oxygen": {"source": "none", "vacancies": OWN["vacancies"]}},
            r"shell\.oxygen\.vacancies: found vacancies, expected null without a source",
        ),
        (
            {"shell.oxygen": {"vacancies": {"sites_lost": 5, "partial_molar_volume": "0 m^3/mol"}}},
            r"shell\.oxygen\.vacancies\.sites_lost: found .* at most 4",
        ),
        (
            {"shell.oxygen": {"source": {"onset": -1, "generation_rate": "1e-5 1/s"}}},
            r"shell\.oxygen\.source\.onset: found -1, expected .* at least 0",
        ),
        (
            {"shell.oxygen": {"source": "non"}},
            r"shell\.oxygen\.source: found 'non', expected 'none', or a mapping with 'onset'",
        ),
        (
            {"shell.oxygen": {"diffusivity_c": "1e-20 m^2/s"}},
            r"particle\.dimension: found 1, expected .* oxygen\.diffusivity_c differs",
        ),
        (
            {"shell.oxygen": OWN, "oxygen.initial": "40000 mol/m^3", "shell.molar_volume": "30 cm^3/mol"},
            r"oxygen\.initial: found .* at most 33333\.3 mol/m\^3 of O2",
        ),
    ],
)
def test_what_contradicts_it_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        PLAIN.with_values(values)


def test_a_layer_without_oxygen_has_no_source() -> None:
    coated = {
        "shell.formula": "LiAlF4",
        "shell.molar_volume": "30 cm^3/mol",
        "shell.oxygen": {"source": "none"},
    }
    assert not of(PLAIN.with_values(coated)).regions[0].source.releases
