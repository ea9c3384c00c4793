from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from oxyshell.meshes.ball import half_disc, octant
from oxyshell.meshes.particle import ParticleMesh
from oxyshell.meshes.resolution import Resolution
from oxyshell.models.base.properties import FormulaProperty, Property
from oxyshell.models.oxygen.model import OverOxidation, OxygenModel
from oxyshell.solver.cellwise import algebra
from oxyshell.solver.cellwise.algebra import CellwiseAlgebra
from oxyshell.solver.petsc_algebra import PetscAlgebra
from tests.oxygen import FULL, SECONDS, Vessel, oxygen
from tests.surface_laws import closed_sink, fixed_surface

SOURCE = OverOxidation(onset=0.1, rate=2e-3)
COARSE = Resolution(bulk_elements=4, layer_elements=2, tangential=3)
# Sums of some hundred terms in another order, and solves of matrices whose condition is below 1e4.
ROUND_OFF = 1e-11
AHEAD = 1e-2


def vessels(
    model: OxygenModel, particle: ParticleMesh, monkeypatch: pytest.MonkeyPatch
) -> tuple[Vessel, Vessel]:
    """The same oxygen, solved for cell by cell and as one system."""
    apart = Vessel(model, particle, degree=2)
    with monkeypatch.context() as patch:
        patch.setattr(algebra, "separated", lambda _equations: None)
        whole = Vessel(model, particle, degree=2)
    assert isinstance(whole.system._algebra, PetscAlgebra)
    return apart, whole


def diffusing(model: OxygenModel, diffusivity: Property) -> OxygenModel:
    return replace(model, transport=replace(model.transport, bulk=diffusivity))


MODELS = {
    "a sink": oxygen(closed_sink(layers=1.0, transfer=1e-9), source=SOURCE),
    "held": oxygen(fixed_surface(100.0), source=SOURCE),
    "a diffusivity that the ions change": diffusing(
        oxygen(closed_sink(layers=1.0, transfer=1e-9), source=SOURCE),
        FormulaProperty.parse("1 + theta**2", 1e-18),
    ),
}


@pytest.mark.parametrize("law", MODELS)
@pytest.mark.parametrize("shape", [half_disc, octant], ids=["disc", "solid"])
def test_it_is_the_system_as_one(
    shape: Callable[[float, Resolution], ParticleMesh], law: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(vessels(MODELS[law], shape(0.1, COARSE), monkeypatch))


def agree(pair: tuple[Vessel, Vessel]) -> None:
    assert isinstance(pair[0].system._algebra, CellwiseAlgebra)
    random = np.random.default_rng(7)
    y, b = random.random((2, pair[0].system.size))
    # The source begins in some cells: a kink within them.
    theta = FULL * (1 - 0.3 * random.random(pair[0].points))
    found: list[list[np.ndarray]] = []
    for vessel in pair:
        system = vessel.system
        system.drive(vessel.drive(0.0), vessel.drive(SECONDS, theta, 0.2))
        system.set_time(0.7 * SECONDS)
        system.prepare(y, 1e4)
        slope, _ = system.time_slope(y, AHEAD)
        at_y = [system.rate(y), system.solve(b), system.mass(y), system.amounts(y)]
        found.append([*at_y, np.array([system.outflow(y), system.outflow_change(b)]), np.asarray(slope)])
    sizes = [np.abs(one).max() for one in found[1]]
    assert min(sizes[:4]) > 0
    # A difference of rates over `AHEAD`.
    sizes[-1] += sizes[0] / AHEAD
    for ours, theirs, size in zip(*found, sizes, strict=True):
        assert ours == pytest.approx(theirs, rel=0, abs=ROUND_OFF * size)


def test_new_numbers_are_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = vessels(MODELS["a sink"], half_disc(0.1, COARSE), monkeypatch)
    agree(pair)
    before = pair[0].system.rate(np.ones(pair[0].system.size))
    quicker = oxygen(
        closed_sink(layers=1.0, transfer=3e-9), source=replace(SOURCE, rate=5e-3), layer_factor=3.0
    )
    for vessel in pair:
        vessel.system.update(quicker)
    agree(pair)
    assert not np.allclose(before, pair[0].system.rate(np.ones(pair[0].system.size)), rtol=1e-3)


def test_on_a_line_and_where_nothing_is_released_there_is_one_system() -> None:
    assert not isinstance(Vessel(MODELS["held"]).system._algebra, CellwiseAlgebra)
    idle = Vessel(oxygen(), half_disc(0.1, COARSE), degree=2)
    assert isinstance(idle.system._algebra, PetscAlgebra)


def test_what_begins_within_a_cell_falls_at_its_other_corners_but_not_in_the_mean() -> None:
    vessel = Vessel(MODELS["a sink"], half_disc(0.1, COARSE), degree=2)
    system = vessel.system
    start = system.initial_state()
    # The source begins within cells.
    theta = FULL * (1 - 0.4 * vessel.radii)
    system.drive(vessel.drive(0.0, theta, 0.1), vessel.drive(1.0, theta, 0.1))
    system.prepare(start.unknowns, 1e6)
    change = system.solve(system.rate(start.unknowns))
    released = system.part(change, "released")
    assert released.min() < -0.01 * released.max()
    after = replace(start, unknowns=start.unknowns + change)
    # The mean of each cell only rises, to round-off.
    assert system.falls(start, after) <= 1e-14 * released.max()
    assert system.falls(after, start) > 0.1 * released.max()
