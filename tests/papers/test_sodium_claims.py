"""Numbers that docs/sodium.md derives from those of two papers on Na oxides, by arithmetic and closed forms.

Zhou et al., Chem. Sci. 16 (2025) 15404: hexagonal plates of NLMO and NLMRO; Hu, Liu, Cheng et al.: Na3RuO4. A
tolerance is half of the last digit that the page prints.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq

from oxyshell.language.chemistry import molar_mass
from oxyshell.models.base.constants import FARADAY_CONSTANT
from tests.verification.closed_forms import CYLINDER
from tests.verification.test_capacities import exact_capacity

PAGE = (Path(__file__).parents[2] / "docs" / "sodium.md").read_text()
NLMO, NLMRO, NA3RUO4 = "Na0.6Li0.2Mn0.8O2", "Na0.6Li0.2Mn0.7Ru0.1O2", "Na3RuO4"
CURRENTS = (34.0, 85.0, 170.0, 340.0, 850.0)
MEASURED = (150.8, 104.7, 101.6, 86.7, 68.5)
# Radius of the round plate whose area is that of a regular hexagon of 2.5 µm from corner to corner.
RADIUS = 1.25e-6 * math.sqrt(3 * math.sqrt(3) / (2 * math.pi))


def per_ion(formula: str) -> float:
    """One ion per formula unit, mA h/g."""
    return FARADAY_CONSTANT / 3.6 / molar_mass(formula)


@pytest.mark.parametrize(
    ("formula", "mass", "capacity"),
    [(NLMO, 91.13, 294.1), (NLMRO, 95.74, 279.9), (NA3RUO4, 234.04, 114.52)],
)
def test_one_ion_per_formula_unit(formula: str, mass: float, capacity: float) -> None:
    assert molar_mass(formula) == pytest.approx(mass, abs=0.005)
    assert per_ion(formula) == pytest.approx(capacity, abs=0.05 if capacity > 200 else 0.005)


@pytest.mark.parametrize(
    ("capacity", "formula", "ions"),
    [
        (153.4, NLMRO, 0.548),
        (97.7, NLMO, 0.332),
        (170.0, NLMO, 0.578),
        (170.0, NLMRO, 0.607),
        (115.0, NA3RUO4, 1.004),
        (115.7, NA3RUO4, 1.010),
        (92.0, NA3RUO4, 0.803),
    ],
)
def test_counts_of_sodium(capacity: float, formula: str, ions: float) -> None:
    assert capacity / per_ion(formula) == pytest.approx(ions, abs=5e-4)


def test_the_formula_of_na3ruo4_does_not_give_the_theoretical_capacity() -> None:
    published = 118.8
    assert 115 / published == pytest.approx(0.97, abs=5e-3)
    assert published > 115.7 > per_ion(NA3RUO4)
    needed = FARADAY_CONSTANT / 3.6 / published
    assert needed == pytest.approx(225.6, abs=0.05)


def test_the_spacings_of_images_and_of_diffraction() -> None:
    images, diffraction = np.array([5.39, 5.67]), np.array([11.11, 11.16]) / 2
    assert 100 * np.diff(images) / images[0] == pytest.approx([5.2], abs=0.05)
    assert 100 * np.diff(diffraction) / diffraction[0] == pytest.approx([0.45], abs=5e-3)
    assert 100 * (images / diffraction - 1) == pytest.approx([-3.0, 1.6], abs=0.05)
    z_phase = 1.540593 / 2 / math.sin(math.radians(16.7 / 2))
    assert z_phase == pytest.approx(5.304, abs=5e-4)
    assert 100 * (1 - z_phase / np.array([diffraction[0], images[0]])) == pytest.approx([4.5, 1.6], abs=0.05)
    # Of the slabs, what the layers of Na leave.
    assert diffraction - np.array([3.71, 3.87]) == pytest.approx([1.845, 1.71], abs=1e-9)


def test_retentions_as_one_constant_each() -> None:
    constants = -np.log([0.812, 0.455]) / 200
    assert 1e3 * constants == pytest.approx([1.041, 3.937], abs=5e-4)
    assert constants[0] / constants[1] == pytest.approx(0.264, abs=5e-4)
    assert 100 * np.exp(-100 * constants) == pytest.approx([90.1, 67.5], abs=0.05)


def test_the_oxygen_redox_of_na3ruo4_by_two_laws() -> None:
    second, tenth, thirtieth = 0.763, 0.729, 0.361
    rate = -math.log(thirtieth) / 29
    assert 100 * np.exp(-rate * np.array([1, 9])) == pytest.approx([96.5, tenth * 100], abs=0.06)
    for origin, expected in ((2, 71.8), (1, 71.1), (0, 70.4)):
        growth = (8 * (12 - 2 * origin)) / (28 * (32 - 2 * origin))
        assert 100 * second * (thirtieth / second) ** growth == pytest.approx(expected, abs=0.05)
    assert 100 * second * (thirtieth / second) ** (8 / 28) == pytest.approx(61.6, abs=0.05)
    shares = np.array([0.5, 0.7])
    assert 100 * (1 - shares + shares * thirtieth / second) == pytest.approx([74, 63], abs=0.5)


def whole_capacity(capacity: float, current: float, time: float) -> float:
    """Whole capacity of which so much enters before the rim is full, mA h/g."""
    found = brentq(lambda one: exact_capacity(CYLINDER, one, current, time) - capacity, capacity + 1e-4, 168)
    return float(found)


def capacities(whole: float, time: float) -> list[float]:
    return [exact_capacity(CYLINDER, whole, current, time) for current in CURRENTS]


@pytest.mark.parametrize(
    ("diffusivity", "expected"),
    [(1e-13, (150.8, 150.8, 150.7, 150.7, 150.4)), (1e-14, (150.8, 150.6, 150.2, 149.4, 147.1))],
)
def test_the_measured_diffusivity_loses_hardly_any_capacity(
    diffusivity: float, expected: tuple[float, ...]
) -> None:
    time = RADIUS**2 / diffusivity
    found = capacities(whole_capacity(MEASURED[0], CURRENTS[0], time), time)
    assert found == pytest.approx(expected, abs=0.05)


def test_the_diffusivities_that_the_rates_ask_for() -> None:
    # From 0.5C and 5C, and from 0.2C and 5C.
    for first, diffusivity, expected in (
        (1, 9.2e-16, (107.2, 104.7, 100.6, 92.3, 68.5)),
        (0, 3.7e-16, (150.8, 144.6, 134.2, 113.7, 68.5)),
    ):

        def missing(one: float, first: int = first) -> float:
            time = RADIUS**2 / 10**one
            return capacities(whole_capacity(MEASURED[first], CURRENTS[first], time), time)[-1] - MEASURED[-1]

        found = 10 ** brentq(missing, -15.5, -14.8, xtol=1e-6)
        assert found == pytest.approx(diffusivity, rel=0.01)
        time = RADIUS**2 / found
        whole = whole_capacity(MEASURED[first], CURRENTS[first], time)
        assert capacities(whole, time) == pytest.approx(expected, abs=0.05)


def test_no_smooth_loss_has_the_step_between_the_lowest_rates() -> None:
    # Loss from 0.5C to 1C over that from 0.2C to 0.5C, where the loss is proportional to an overpotential.
    measured = (MEASURED[1] - MEASURED[2]) / (MEASURED[0] - MEASURED[1])
    assert measured == pytest.approx(0.067, abs=5e-4)
    linear = (1 - 0.5) / (0.5 - 0.2)  # diffusion, a film, small overpotentials
    tafel = math.log(1 / 0.5) / math.log(0.5 / 0.2)
    for exchange in np.logspace(-4, 2, 25):
        slow, middle, fast = np.arcsinh(np.array([0.2, 0.5, 1.0]) / exchange)
        assert tafel - 1e-3 < (fast - middle) / (middle - slow) < linear + 1e-3
    assert (round(tafel, 2), round(linear, 2)) == (0.76, 1.67)


def test_every_claim_is_listed() -> None:
    section = PAGE.split("## Every number of the papers")[1]
    zhou, hu = (
        re.findall(r"^\| (?!quantity|-)", part, re.MULTILINE) for part in section.split("### Na3RuO4")
    )
    assert (len(zhou), len(hu)) == (27, 12)
