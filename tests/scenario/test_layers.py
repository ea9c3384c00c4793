"""Layers of a particle: what they take from its material, which are regions, and what they make together."""

from __future__ import annotations

import math
import pickle
from typing import Any

import pytest

from oxyshell.language.mistakes import ScenarioError
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.host.lattice import LinearLayer, NoLayer, UniformLayer
from oxyshell.models.ions.standard import PotentialOffset
from oxyshell.models.ions.transport import DiluteDrift, LatticeDrift
from oxyshell.models.particle.region import Interface
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from tests.scenario.wrong_scenarios import BASE
from tests.sized import sized

OTHER: dict[str, Any] = {
    "formula": "LiNi0.8Mn0.1Co0.1O2",
    "molar_volume": "20.3 cm^3/mol",
    "ion": {"species": "Li", "sites_per_formula": 1.0, "occupancy": 0.9},
    "diffusivity": "1e-17 m^2/s",
    "chemical_strain": {"partial_molar_volume": "1 cm^3/mol"},
    "elasticity": {"young_modulus": "80 GPa", "poisson_ratio": 0.25},
}


@pytest.fixture(scope="module")
def base() -> Scenario:
    return loads(BASE)


def shell(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with keys of its shell replaced or added."""
    return scenario.with_values({f"shell.{key}": value for key, value in changes.items()})


def layers(scenario: Scenario, **regions: Any) -> Scenario:
    return scenario.with_values({"shell": None, "regions": regions})


# Regions, and what is none.


def test_a_layer_without_properties_of_its_own_is_the_host_of_the_core(base: Scenario) -> None:
    assert not base.model().regions
    assert base.model().host.layer == LinearLayer(4.5e-9, 0.22)
    assert [layer.name for layer in base.layers] == ["layer"]
    assert [part.name for part in base.parts] == ["bulk"]


@pytest.mark.parametrize(
    "own",
    [
        {"diffusivity": "1e-18 m^2/s"},
        {"elasticity": {"young_modulus": "100 GPa", "poisson_ratio": 0.3}},
        {"potential_offset": "0 RT"},
        {"interface": {"resistance": "1e6 s/m"}},
        {"profile": "step"},
        {"drift": "lattice"},
    ],
)
def test_any_property_of_its_own_makes_a_layer_a_region(base: Scenario, own: dict[str, Any]) -> None:
    scenario = shell(base, **own)
    (region,) = scenario.model().regions
    assert region.name == "layer"
    assert scenario.model().host.layer == NoLayer()
    step = own.get("profile") == "step"
    assert region.host.layer == (UniformLayer if step else LinearLayer)(4.5e-9, 0.22)
    assert region.host.site_density == base.model().host.site_density


def test_what_a_layer_leaves_out_is_that_of_the_material(base: Scenario) -> None:
    model = shell(base, elasticity={"young_modulus": "100 GPa", "poisson_ratio": 0.3}).model()
    (region,) = model.regions
    assert region.elasticity.young_modulus.value(0.5) == 100e9  # type: ignore[attr-defined]
    assert region.transport == model.transport
    assert region.chemical_strain == model.chemical_strain
    assert region.standard == PotentialOffset(0.0)
    assert region.interface == Interface(0.0)


def test_a_layer_with_all_of_a_material_takes_nothing_from_that_of_the_particle(base: Scenario) -> None:
    activated = base.with_values(
        {
            "material.drift": "dilute",
            "material.diffusivity_activation": {"energy": "30 kJ/mol"},
            "temperature": "320 K",
        }
    )
    (partly,) = shell(activated, diffusivity="1e-17 m^2/s").model().regions
    assert isinstance(partly.transport.drift, DiluteDrift)
    assert partly.transport.diffusivity.value(0.5) > 1e-17
    (whole,) = shell(activated, **OTHER).model().regions
    assert isinstance(whole.transport.drift, LatticeDrift)
    assert whole.transport.diffusivity.value(0.5) == 1e-17


def test_a_diffusivity_along_c_goes_with_that_within_the_layers(base: Scenario) -> None:
    layered = base.with_values({"particle.dimension": 2, "material.diffusivity_c": "1e-20 m^2/s"})
    core, shell_alone = shell(layered, diffusivity="1e-17 m^2/s").parts
    assert core.material.diffusivity_c is not None
    assert shell_alone.material.diffusivity_c is None
    _, alike = shell(layered, drift="lattice").parts
    assert alike.material.diffusivity_c == core.material.diffusivity_c


def test_the_mass_of_a_layer_is_that_of_its_own_formula(base: Scenario) -> None:
    _, own = shell(base, formula="LiCoO2").parts
    assert own.material.molar_mass.value == pytest.approx(97.87e-3, abs=1e-5)
    _, other = shell(base, drift="lattice").parts
    assert other.material.molar_mass == base.material.molar_mass


def test_a_potential_offset_counts_in_rt_of_the_scenario(base: Scenario) -> None:
    for given, offset in (("1.5 RT", 1.5), ("30 meV", 30 / 25.6926), ("3 kJ/mol", 3 / 2.478957)):
        (region,) = shell(base, potential_offset=given).model().regions
        assert isinstance(region.standard, PotentialOffset)
        assert region.standard.offset == pytest.approx(offset, rel=1e-5)


def test_layers_within_the_first_region_belong_to_the_core_and_those_around_it_do_not(
    base: Scenario,
) -> None:
    scenario = layers(
        base,
        inner={"thickness": "20 nm"},
        middle={"thickness": "10 nm", "interface": {"resistance": "1e6 s/m"}},
        outer={"thickness": "5 nm", "deficiency": 0.2},
    )
    assert [layer.name for layer in scenario.layers] == ["inner", "middle", "outer"]
    assert [part.name for part in scenario.parts] == ["bulk", "middle", "outer"]
    middle, outer = scenario.model().regions
    assert middle.interface.resistance == 1e6
    assert middle.host == scenario.model().host
    assert outer.host.layer == LinearLayer(5e-9, 0.2)


def test_layers_without_any_property_are_the_core_alone(base: Scenario) -> None:
    scenario = layers(base, inner={"thickness": "20 nm"}, outer={"thickness": "4.5 nm", "deficiency": 0.22})
    assert scenario.model() == base.model()


# Written files.


@pytest.mark.parametrize("several", [False, True])
def test_a_resolved_file_reads_as_the_same(base: Scenario, several: bool) -> None:
    one = {"thickness": "10 nm", "potential_offset": "1.5 RT", **OTHER}
    changed = (
        layers(base, a=one, b={"thickness": "5 nm", "profile": "step"}) if several else shell(base, **one)
    )
    again = loads(changed.to_yaml())
    assert again == changed
    assert hash(again) == hash(changed)
    assert again.to_yaml() == changed.to_yaml()
    assert pickle.loads(pickle.dumps(changed)) == changed
    assert again.model() == changed.model()


def test_what_a_layer_leaves_out_stays_out_of_a_written_file(base: Scenario) -> None:
    assert base.to_data()["shell"] == {"thickness": "4.5 nm", "deficiency": 0.22, "profile": "linear"}


def test_paths_lead_into_regions(base: Scenario) -> None:
    scenario = layers(base, outer={"thickness": "5 nm", "profile": "step"})
    thicker = scenario.with_values({"regions.outer.thickness": "8 nm"})
    assert thicker.get("regions.outer.thickness") == 8e-9
    assert thicker.unit("regions.outer.thickness") == "m"
    with pytest.raises(ScenarioError, match="thickness"):
        scenario.with_values({"regions.outer.thickness": "80 %"})


# Amounts.


def test_the_amounts_of_one_material_are_its_own_to_the_last_bit(base: Scenario) -> None:
    found, material = base.amounts(base.geometry()), base.material
    assert (found.density, found.molar_volume) == (material.density, material.molar_volume.value)
    assert found.sites == material.ion.sites_per_formula.value
    assert found.filled == material.ion.sites_per_formula.value * material.ion.occupancy.value


@pytest.mark.parametrize(("shape", "power"), [("sphere", 3), ("cylinder", 2), ("plate", 1)])
def test_shares_of_layers_are_those_of_bodies_within_each_other(
    base: Scenario, shape: str, power: int
) -> None:
    particle = {"shape": shape, "radius": "100 nm"}
    several = {"inner": {"thickness": "20 nm"}, "outer": {"thickness": "10 nm", **OTHER}}
    shares = base.with_values({"particle": particle, "shell": None, "regions": several}).geometry().shares
    assert shares["outer"] == pytest.approx(1 - 0.9**power, rel=1e-12)
    assert shares["inner"] == pytest.approx(0.9**power - 0.7**power, rel=1e-12)


def test_amounts_of_two_materials_are_means_over_the_volume(base: Scenario) -> None:
    scenario = shell(base, thickness="15 nm", **OTHER)
    share = 1 - 0.9**3
    found = scenario.amounts(scenario.geometry())
    core, other = (part.material for part in scenario.parts)
    assert found.density == pytest.approx((1 - share) * core.density + share * other.density, rel=1e-12)
    units = (1 - share) / 20.11e-6, share / 20.3e-6
    assert found.molar_volume == pytest.approx(1 / sum(units), rel=1e-12)
    assert found.sites == pytest.approx((1.2 * units[0] + 1.0 * units[1]) / sum(units), rel=1e-12)
    assert found.filled == pytest.approx((1.2 * 0.999 * units[0] + 0.9 * units[1]) / sum(units), rel=1e-12)


def test_a_rate_is_counted_in_the_mass_of_all_parts(base: Scenario) -> None:
    scenario = shell(base, thickness="15 nm", **OTHER)
    geometry = scenario.geometry()
    density = scenario.amounts(geometry).density
    flux = sized(scenario).protocol().steps[0].exchange.set_flux
    assert flux == pytest.approx(0.1 * 250 * density * geometry.volume_to_surface / 96485.33212, rel=1e-9)
    assert density > scenario.material.density * 1.01


def test_a_particle_of_a_mesh_has_the_shares_that_its_mesh_gives(base: Scenario) -> None:
    scenario = shell(base, **OTHER)
    found = scenario.amounts(Geometry(1.0, 1.0, 1.0, {"layer": 0.5}))
    core, other = (part.material for part in scenario.parts)
    assert found.density == pytest.approx((core.density + other.density) / 2, rel=1e-12)


def test_sites_that_a_step_lacks_cannot_be_filled_or_emptied(base: Scenario) -> None:
    whole = {"protocol": [{"charge": {"rate": "0.1 C", "until": {"extracted": 1.0}}}], "output": {}}
    assert shell(base.with_values(whole), thickness="75 nm", deficiency=0.1, profile="step").model().regions
    with pytest.raises(ScenarioError, match="where the particle is empty"):
        shell(base.with_values(whole), thickness="75 nm", deficiency=0.5, profile="step")


def test_a_layer_of_another_material_says_what_it_lacks(base: Scenario) -> None:
    for own, lacks in (
        (OTHER, None),
        ({"formula": "Li2MnO3"}, "'molar_volume', 'ion', 'diffusivity'"),
        ({key: OTHER[key] for key in OTHER if key != "elasticity"}, "'elasticity' of its own"),
        ({"molar_volume": "20 cm^3/mol"}, "'formula', 'ion', 'diffusivity'"),
        ({"diffusivity": "1e-17 m^2/s"}, None),
    ):
        told = [one for one in sized(shell(base, **own)).remarks() if "of its own: those of" in one]
        assert len(told) == (lacks is not None)
        assert all(lacks is not None and lacks in one for one in told)


def test_layers_of_another_drift_law_say_which_holds_at_the_interface(base: Scenario) -> None:
    dilute = base.with_values({"material.drift": "dilute", "material.ion.occupancy": 0.9})
    mixed = sized(shell(dilute, drift="lattice", potential_offset="1 RT")).remarks()
    assert any("are those of 'dilute'" in one for one in mixed)
    # By the law of the core, ln θ is the same on both sides.
    assert any("is 1 RT higher in the shell" in one for one in mixed)
    alike = sized(shell(dilute, drift="dilute", potential_offset="1 RT")).remarks()
    assert not any("drift law" in one for one in alike)


@pytest.mark.parametrize("offset", [-2.0, 1.5])
def test_the_occupancy_of_a_layer_in_equilibrium_is_told(base: Scenario, offset: float) -> None:
    filled = base.with_values({"material.ion.occupancy": 0.9})
    (told,) = [
        one for one in sized(shell(filled, potential_offset=f"{offset} RT")).remarks() if "As made" in one
    ]
    # ln(θ/(1−θ)) + μ⁰/RT is the same on both sides; six digits are told.
    ratio = 9 * math.exp(-offset)
    suits = float(told.split("shell.ion.occupancy: ")[1].split(" ")[0])
    assert suits == pytest.approx(ratio / (1 + ratio), abs=1e-6)
    own = {"species": "Li", "sites_per_formula": 1.2, "occupancy": suits}
    settled = sized(shell(filled, potential_offset=f"{offset} RT", ion=own)).remarks()
    assert not any("As made" in one for one in settled)


def test_no_occupancy_is_told_where_none_is_in_equilibrium(base: Scenario) -> None:
    dilute = base.with_values({"material.drift": "dilute", "material.ion.occupancy": 0.9})
    (told,) = [
        one
        for one in sized(shell(dilute, drift="dilute", potential_offset="-1 RT")).remarks()
        if "As made" in one
    ]
    # θ would have to be 0.9 e, more than there are sites.
    assert told.endswith("also without a current.")
