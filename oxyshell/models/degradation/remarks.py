"""Remarks on the losses of a run."""

from __future__ import annotations

from collections.abc import Iterator

from oxyshell.language import marks
from oxyshell.language.parameters import Parameter
from oxyshell.models.base.physics import ScenarioView
from oxyshell.models.degradation.from_scenario import section_of


def about_degradation(scenario: ScenarioView) -> Iterator[str]:
    """All sentences about a run's losses; none without any."""
    section = section_of(scenario)
    if section is None:
        return
    numbers: list[tuple[str, Parameter]] = [
        (path, value)
        for path, value, _ in marks.numbers(section, "degradation")
        if isinstance(value, Parameter) and value.status == "calibrated"
    ]
    told = ", ".join(f"{path} = {_in_six_digits(value.text)}" for path, value in numbers)
    yield (
        f"Losses: calibrated {told}; what else the laws give follows from numbers that were not."
        if told
        else "Losses: none of their numbers is marked as calibrated."
    )
    for _, words, driver in section.drivers():
        yield from driver.remarks(words)
    if section.layer is not None:
        yield from section.layer.growth.remarks()
    if section.voltage is not None:
        yield (
            "The fade of the voltage (degradation.voltage) is reported and not fed back: the voltage of the "
            "electrode is without it."
        )
    if section.redox is not None:
        yield (
            "The loss of the oxygen's redox (degradation.redox) is reported and not fed back: the simulated "
            "particle passes the capacity of a = 1."
        )
        yield from section.redox.loss.remarks()


def _in_six_digits(text: str) -> str:
    """A number with its unit, without the digits that a calibration leaves behind those that count."""
    number, space, unit = text.partition(" ")
    try:
        return f"{float(number):.6g}{space}{unit}"
    except ValueError:
        return text
