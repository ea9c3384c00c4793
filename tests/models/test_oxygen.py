from __future__ import annotations

import pytest

from oxyshell.models.base.domain import Position
from oxyshell.models.base.properties import Constant, FormulaProperty
from oxyshell.models.host.lattice import LinearLayer
from oxyshell.models.oxygen.model import (
    LiOLiContent,
    NoSource,
    OverOxidation,
    OxygenModel,
    OxygenTransport,
    Reuse,
)
from oxyshell.models.oxygen.surface import SurfaceExchange
from tests import lrmo
from tests.models.ufl_values import number

MOLAR_VOLUME = 20.11e-6
SITES = 1.2 / MOLAR_VOLUME
FULL = 0.999
THICKNESS = 4.5e-9
HOST = lrmo.host(site_density=SITES)
GRADED = lrmo.host(site_density=SITES, layer=LinearLayer(THICKNESS, 0.22))
BULK = Position(1e-7, 0.0)
SURFACE = Position(0.0, 1.0)
# The brief, section 3: share of O near the Fermi level, 84.2 % in the bulk and 75.5 % where 0.22 is missing.
CONTENT = LiOLiContent(bulk=0.842, deficient=0.755, deficiency=0.22)
SOURCE = OverOxidation(onset=0.396, rate=1e-4, content=CONTENT)


def theta(extracted: float) -> float:
    """Occupancy once this many ions per formula unit have left the bulk."""
    return FULL - extracted / 1.2


# The source.


@pytest.mark.parametrize(
    ("deficit", "share"), [(0.0, 1.0), (0.22, 75.5 / 84.2), (0.11, (1 + 75.5 / 84.2) / 2)]
)
def test_oxygen_takes_part_as_much_as_it_is_in_li_o_li(deficit: float, share: float) -> None:
    assert CONTENT.relative(deficit) == pytest.approx(share, rel=1e-14)
    assert LiOLiContent().relative(deficit) == 1.0


@pytest.mark.parametrize(
    ("extracted", "per_formula"),
    # Nothing before the onset, then a quarter of an O2 per ion.
    [(-0.2, 0.0), (0.0, 0.0), (0.396, 0.0), (0.496, 0.025), (1.0, 0.151)],
)
def test_what_can_leave_begins_at_the_onset(extracted: float, per_formula: float) -> None:
    found = number(SOURCE.releasable(HOST, BULK, theta(extracted)))
    # Round-off of an occupancy, against one ion.
    assert found * MOLAR_VOLUME == pytest.approx(per_formula, rel=1e-12, abs=1e-15)


def test_the_brief_s_7530_mol_per_m3() -> None:
    # Given to three digits, from 0.605 electrons.
    assert number(SOURCE.releasable(HOST, BULK, theta(1.0))) == pytest.approx(7530, rel=0.005)


def test_the_layer_releases_less_by_its_li_o_li_content_and_by_the_ions_that_it_lacks() -> None:
    # At the same occupancy the layer's surface has lost 0.78 of the bulk's ions.
    bulk, surface = (number(SOURCE.releasable(GRADED, one, theta(1.0))) for one in (BULK, SURFACE))
    assert surface / bulk == pytest.approx(75.5 / 84.2 * (0.78 - 0.396) / (1 - 0.396), rel=1e-12)


def test_an_ion_of_two_charges_oxidises_twice_as_much() -> None:
    double = OverOxidation(onset=0.396, rate=1e-4, electrons=0.5, content=CONTENT)
    found = [number(source.releasable(HOST, BULK, theta(0.8))) for source in (SOURCE, double)]
    assert found[1] == pytest.approx(2 * found[0], rel=1e-14)


@pytest.mark.parametrize(("released", "share"), [(0.0, 1.0), (0.25, 0.75), (1.0, 0.0), (1.5, 0.0)])
def test_what_has_left_does_not_leave_again_and_does_not_come_back(released: float, share: float) -> None:
    most = number(SOURCE.releasable(HOST, BULK, theta(0.9)))
    found = number(SOURCE.release(HOST, BULK, theta(0.9), released * most))
    assert found == pytest.approx(SOURCE.rate * share * most, rel=1e-14)


def test_a_source_of_nothing() -> None:
    assert number(NoSource().release(HOST, BULK, 0.0, 5.0)) == 0.0
    assert NoSource().most(HOST) == 0.0


@pytest.mark.parametrize(("onset", "most"), [(0.396, (1.2 * FULL - 0.396) / 4 / MOLAR_VOLUME), (1.3, 0.0)])
def test_the_most_that_can_leave_is_what_an_empty_bulk_releases(onset: float, most: float) -> None:
    source = OverOxidation(onset=onset, rate=1.0, content=CONTENT)
    assert source.most(HOST) == pytest.approx(most, rel=1e-14)
    assert source.most(HOST) == pytest.approx(number(source.releasable(HOST, BULK, 0.0)), rel=1e-14)


# Reuse.

REUSE = Reuse(rate=2e-3, below=0.4, width=0.1)


@pytest.mark.parametrize(
    ("extracted", "share"),
    # Off above the threshold, half at half of the width, smooth at both ends.
    [(0.9, 0), (0.4, 0), (0.375, 0.15625), (0.35, 0.5), (0.325, 0.84375), (0.3, 1), (-0.1, 1)],
)
def test_captured_oxygen_goes_back_below_a_threshold(extracted: float, share: float) -> None:
    assert number(REUSE.present_rate(extracted)) == pytest.approx(2e-3 * share, rel=1e-12, abs=1e-18)


def test_the_ramp_has_no_kinks() -> None:
    h = 1e-5
    for end in (0.3, 0.4):
        low, here, high = (number(REUSE.present_rate(end + s * h)) / REUSE.rate for s in (-1, 0, 1))
        # 3 s², s = h/width, on one side and nothing on the other.
        assert abs(high - here) + abs(here - low) < 3.1 * (h / 0.1) ** 2


def test_by_default_nothing_goes_back() -> None:
    assert number(Reuse().present_rate(-1.0)) == 0.0


# Transport and scales.


@pytest.mark.parametrize(("position", "expected"), [(BULK, 1e-18 * (1 - 0.5 * 0.4)), (SURFACE, 3e-20)])
def test_every_region_has_its_diffusivity(position: Position, expected: float) -> None:
    transport = OxygenTransport(bulk=FormulaProperty.parse("1 - 0.5*theta", 1e-18), layer=Constant(3e-20))
    assert number(transport.diffusivity(0.4, position)) == pytest.approx(expected, rel=1e-14, abs=0)


@pytest.mark.parametrize(
    ("initial", "onset", "outside", "reference"),
    [
        (7500.0, 1.3, 0.0, 7500.0),
        (7500.0, 0.396, 0.0, SOURCE.most(HOST)),
        (2e4, 0.396, 0.0, 2e4),
        (0.0, 1.3, 4e3, 4e3),
        (0.0, 1.3, 0.0, 1.0),
    ],
)
def test_contents_are_measured_by_what_there_can_be(
    initial: float, onset: float, outside: float, reference: float
) -> None:
    model = OxygenModel(
        radius=150e-9,
        initial=initial,
        host=HOST,
        transport=OxygenTransport(bulk=Constant(1e-18), layer=Constant(1e-18)),
        source=OverOxidation(onset=onset, rate=1.0),
        surface=SurfaceExchange(outside=outside),
    )
    assert model.reference_content == reference
