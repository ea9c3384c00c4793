"""Energies that may be multiples of RT."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from oxyshell.language import scales
from oxyshell.language.parameters import ANY, Parameter
from oxyshell.language.sections import Section
from oxyshell.language.thermal import ThermalEnergy, over_thermal_energy


class Offset(Section):
    """A section with such an energy."""

    energy: Annotated[Parameter, ThermalEnergy("eV", ANY, scales.POTENTIAL_OFFSET)]
    """The energy."""


def read(raw: Any) -> Parameter:
    return Offset.from_data({"energy": raw}).energy


@pytest.mark.parametrize(
    ("raw", "unit", "over"),
    [
        ("1.5 RT", "RT", 1.5),
        ("-2RT", "RT", -2.0),
        ({"value": "0.5 RT", "status": "chosen"}, "RT", 0.5),
        # k_B T = 25.6926 meV at 298.15 K, RT = 2.478957 kJ/mol.
        ("30 meV", "eV", 30 / 25.6926),
        ("3 kJ/mol", "eV", 3 / 2.478957),
    ],
)
def test_an_energy_over_rt(raw: Any, unit: str, over: float) -> None:
    energy = read(raw)
    assert energy.unit == unit
    assert over_thermal_energy(energy, 298.15) == pytest.approx(over, rel=1e-5)


def test_a_multiple_stays_one_at_another_temperature() -> None:
    assert over_thermal_energy(read("1.5 RT"), 333.0) == 1.5
    assert over_thermal_energy(read("30 meV"), 596.3) == pytest.approx(15 / 25.6926, rel=1e-5)


def test_it_is_written_as_it_was_read() -> None:
    for raw in ("1.5 RT", "30 meV"):
        assert read(raw).to_data() == raw
        assert read(read(raw).to_data()) == read(raw)


@pytest.mark.parametrize("raw", ["RT", "1.5 kT", "3 nm", "x RT", None, {"status": "chosen"}])
def test_what_is_no_energy_is_refused(raw: Any) -> None:
    with pytest.raises(ValidationError):
        read(raw)


@pytest.mark.parametrize("raw", [1.5, -3, "1.5", {"value": 30}])
def test_a_bare_number_is_no_energy(raw: Any) -> None:
    with pytest.raises(ValidationError, match="RT', or a difference of chemical potentials with its unit"):
        read(raw)
    assert read(0).value == 0


@pytest.mark.parametrize("raw", ["1e9 RT", "-401 RT", "11 eV", "-2000 kJ/mol"])
def test_what_no_two_hosts_differ_by_is_refused(raw: str) -> None:
    with pytest.raises(ValidationError):
        read(raw)
