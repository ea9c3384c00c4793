from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import dolfinx.jit
import pytest
from dolfinx import fem

from oxyshell.meshes.particle import ParticleMesh
from oxyshell.models.base.dimension import in_units, map_numbers
from oxyshell.models.base.formula import NUMPY
from oxyshell.models.base.properties import Constant, FormulaProperty
from oxyshell.models.host.lattice import LinearLayer
from oxyshell.models.particle.units import natural_units
from oxyshell.solver.constants import ModelConstants
from oxyshell.solver.settings import StrategyChoice
from tests.lrmo import LRMO
from tests.models.particle.charging import MONOLITHIC, SPLIT, charged, discretised

FASTER = replace(
    LRMO,
    radius=100e-9,
    transport=replace(LRMO.transport, diffusivity=Constant(3e-19)),
    host=replace(LRMO.host, occupancy=0.9),
)


def values(model: object) -> list[float]:
    found: list[float] = []
    map_numbers(model, lambda _path, value, _dimension: found.append(float(getattr(value, "value", value))))
    return found


def test_radius_sites_and_diffusion_time_are_the_units() -> None:
    units = natural_units(LRMO)
    scaled = in_units(LRMO, units)
    assert scaled.radius == 1.0
    assert scaled.host.site_density == pytest.approx(1.0, rel=1e-14)
    assert float(scaled.transport.diffusivity.value(0.999, NUMPY)) == pytest.approx(1.0, rel=1e-14)
    assert units.time == pytest.approx(150e-9**2 / 1.568e-19)


def test_the_diffusion_time_is_the_shortest_that_an_occupancy_has() -> None:
    changing = replace(
        LRMO, transport=replace(LRMO.transport, diffusivity=FormulaProperty.parse("2 - theta", 1e-19))
    )
    assert natural_units(changing).time == pytest.approx(150e-9**2 / 2e-19)


def test_every_number_becomes_a_symbol_with_its_value(line: ParticleMesh) -> None:
    constants = ModelConstants(line.mesh, LRMO, natural_units)
    diffusivity: Any = constants.model.transport.diffusivity
    assert isinstance(constants.model.radius, fem.Constant)
    assert isinstance(diffusivity.number, fem.Constant)
    assert values(constants.model) == pytest.approx(values(in_units(LRMO, natural_units(LRMO))), rel=1e-14)


def test_a_part_that_has_changed_is_put_back_with_the_model(line: ParticleMesh) -> None:
    constants = ModelConstants(line.mesh, LRMO, natural_units)
    before = values(constants.model)
    constants.update_part("exchange", LRMO.exchange.at_current(1e-7))
    assert values(constants.model) != before
    # The same model as before; its numbers are not all in force.
    constants.update(LRMO)
    assert values(constants.model) == before
    assert values(constants.numbers) == before


def test_new_numbers_go_into_the_same_symbols(line: ParticleMesh) -> None:
    constants = ModelConstants(line.mesh, LRMO, natural_units)
    before = constants.model
    constants.update(FASTER)
    assert constants.model is before
    assert values(before) == pytest.approx(values(in_units(FASTER, natural_units(FASTER))), rel=1e-14)
    assert constants.units == natural_units(FASTER)


def test_another_kind_of_model_does_not_fit(line: ParticleMesh) -> None:
    constants = ModelConstants(line.mesh, LRMO, natural_units)
    assert constants.fits(FASTER)
    assert not constants.fits(replace(LRMO, host=replace(LRMO.host, layer=LinearLayer(4.5e-9, 0.2))))
    formula = FormulaProperty.parse("2 - theta", 1e-19)
    assert not constants.fits(replace(LRMO, transport=replace(LRMO.transport, diffusivity=formula)))


@pytest.mark.parametrize("kind", [MONOLITHIC, SPLIT])
def test_new_numbers_compile_nothing(
    kind: StrategyChoice, line: ParticleMesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    strategy = discretised(line, LRMO, kind)
    first = charged(strategy, LRMO, seconds=100.0)

    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a form was compiled, or loaded from the cache")

    monkeypatch.setattr(dolfinx.jit, "ffcx_jit", refuse)
    with pytest.raises(AssertionError, match="a form was compiled"):
        fem.form(1.0 * strategy.system.domain.volume(fem.Constant(line.mesh, 1.0)))
    again = charged(strategy, FASTER, seconds=100.0, evaluation=first.evaluation)
    assert again.surface_occupancy < 0.9


def test_the_model_has_no_number_that_is_not_visited() -> None:
    # A field with a number that `quantity` does not mark would be compiled into the forms.
    def unmarked(model: object) -> list[str]:
        found = []
        for entry in fields(model):  # type: ignore[arg-type]
            value = getattr(model, entry.name)
            if isinstance(value, float) and "dimension" not in entry.metadata:
                found.append(entry.name)
            if hasattr(value, "__dataclass_fields__"):
                found += unmarked(value)
        return found

    assert unmarked(LRMO) == []
