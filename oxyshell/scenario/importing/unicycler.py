"""Protocols of the package aurora-unicycler: JSON with typed steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from oxyshell.language.documents import Document
from oxyshell.language.mistakes import Mistake, Refusal, describe, listed
from oxyshell.language.reporting import located
from oxyshell.scenario.importing.imported import Imported, duration, refuse_all, repeated
from oxyshell.scenario.protocol.series import MOST_CYCLES

METHOD = "method"
"""Key by which a file of this kind is recognised."""

_KEYS = ("unicycler", "sample", "record", "safety", METHOD)
_VOLTAGES = ("min_voltage_V", "max_voltage_V")
_NO_COUNTERPART = {
    "impedance_spectroscopy": "an impedance spectrum",
    "voltage_scan": "a scan of the voltage",
}
_EXPECTED = "steps of a current, a voltage, a rest or a loop: nothing else has a counterpart here"
# Steps inside a loop that is inside of another one are written out.
_MOST_WRITTEN_OUT = 1000


def read_unicycler(document: Document) -> Imported:
    """The protocol of a file.

    Args:
        document: A mapping with the key `method`.

    Raises:
        ScenarioError: With every step that has no counterpart, at its line.
    """
    reading = _Reading(document, _capacity(document.data))
    method = document.data[METHOD]
    if not isinstance(method, list) or not method:
        refuse_all([located(document, describe(method), "a list of steps", METHOD)])
    for index, step in enumerate(method):
        reading.step(index, step)
    unknown = [key for key in document.data if key not in _KEYS]
    reading.mistakes += [
        located(document, f"the unknown key {describe(key)}", f"one of {listed(_KEYS)}", key, key=True)
        for key in unknown
    ]
    limits, left_out = _safety(document.data.get("safety"))
    refuse_all(reading.mistakes)
    if document.data.get("record"):
        left_out.append("record, since a run records every time step.")
    return Imported([read.entry for read in reading.entries], limits, left_out)


def _capacity(data: Mapping[str, Any]) -> float | None:
    """Capacity of the cell in mAh, if the file says it."""
    sample = data.get("sample")
    capacity = sample.get("capacity_mAh") if isinstance(sample, Mapping) else None
    return float(capacity) if isinstance(capacity, int | float) and capacity > 0 else None


def _safety(safety: Any) -> tuple[dict[str, Any], list[str]]:
    """The limits that both voltages make, and words about others."""
    items = safety.items() if isinstance(safety, Mapping) else ()
    given = {key: value for key, value in items if value is not None}
    voltages = [given.get(key) for key in _VOLTAGES]
    limits = {}
    if all(isinstance(one, int | float) for one in voltages):
        limits = {"voltage": [f"{one:.12g} V" for one in voltages]}
        given = {key: value for key, value in given.items() if key not in _VOLTAGES}
    return limits, [f"safety: {describe(key)}, which limits nothing here." for key in given]


class _Read(NamedTuple):
    """An entry of the protocol, and the indices of the first and the last step that it stands for."""

    first: int
    last: int
    entry: dict[str, Any]


@dataclass
class _Reading:
    """A method as far as it is read.

    Attributes:
        document: The file.
        capacity: Of the cell, mAh; None if the file does not say it.
        entries: Of the protocol.
        tags: Index of the step at each tag.
        mistakes: What is wrong.
    """

    document: Document
    capacity: float | None
    entries: list[_Read] = field(default_factory=list)
    tags: dict[str, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def step(self, index: int, step: Any) -> None:
        """Read one step."""
        name = step.get("step") if isinstance(step, Mapping) else None
        kinds: dict[Any, Callable[[int, Mapping[str, Any]], None]] = {
            "open_circuit_voltage": self._rest,
            "constant_current": self._current,
            "constant_voltage": self._voltage,
            "loop": self._loop,
            "tag": self._tag,
        }
        try:
            if name not in kinds:
                found = _NO_COUNTERPART.get(f"{name}", f"the step {describe(name)}")
                raise _WrongStep(found, _EXPECTED, "step")
            kinds[name](index, step)
        except _WrongStep as wrong:
            where = (METHOD, index, wrong.key) if wrong.key else (METHOD, index)
            self.mistakes.append(located(self.document, wrong.found, wrong.expected, *where))

    def _add(self, index: int, entry: dict[str, Any]) -> None:
        self.entries.append(_Read(index, index, entry))

    def _rest(self, index: int, step: Mapping[str, Any]) -> None:
        time = _number(step, "until_time_s")
        if time is None:
            raise _WrongStep("a rest without an end", "until_time_s", "")
        self._add(index, {"rest": {"time": duration(time)}})

    def _current(self, index: int, step: Mapping[str, Any]) -> None:
        rate = self._rate(step, "rate_C", "current_mA")
        voltage, time = _number(step, "until_voltage_V"), _number(step, "until_time_s")
        if rate is None:
            raise _WrongStep("no current", "rate_C, or current_mA", "")
        until = {} if voltage is None else {"voltage": f"{voltage:.12g} V"}
        until |= {} if time is None else {"time": duration(time)}
        if not until:
            raise _WrongStep("a step without an end", "until_voltage_V or until_time_s", "")
        verb = "charge" if rate > 0 else "discharge"
        self._add(index, {verb: {"rate": f"{abs(rate):.12g} C", "until": until}})

    def _voltage(self, index: int, step: Mapping[str, Any]) -> None:
        voltage = _number(step, "voltage_V")
        if voltage is None:
            raise _WrongStep("no voltage", "voltage_V", "")
        rate, time = self._rate(step, "until_rate_C", "until_current_mA"), _number(step, "until_time_s")
        until = {} if rate is None else {"rate": f"{abs(rate):.12g} C"}
        until |= {} if time is None else {"time": duration(time)}
        if not until:
            raise _WrongStep("a step without an end", "until_rate_C, until_current_mA or until_time_s", "")
        self._add(index, {"hold": {"voltage": f"{voltage:.12g} V", "until": until}})

    def _rate(self, step: Mapping[str, Any], rate_key: str, current_key: str) -> float | None:
        """A current as a rate; one in mA by the capacity of the cell."""
        rate, current = _number(step, rate_key), _number(step, current_key)
        if rate is not None or current is None:
            return rate
        if self.capacity is None:
            expected = "a rate, or sample.capacity_mAh, which makes one of it"
            raise _WrongStep(f"the current of a whole cell, {current:g} mA", expected, current_key)
        return current / self.capacity

    def _tag(self, index: int, step: Mapping[str, Any]) -> None:
        self.tags[f"{step.get('tag')}"] = index

    def _loop(self, index: int, step: Mapping[str, Any]) -> None:
        to, times = step.get("loop_to", 1), step.get("cycle_count")
        if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MOST_CYCLES:
            raise _WrongStep(describe(times), f"a whole number from 1 to {MOST_CYCLES}", "cycle_count")
        first = self.tags.get(to, index) if isinstance(to, str) else to - 1 if isinstance(to, int) else index
        inside = [read for read in self.entries if read.first >= first]
        if not 0 <= first < index or not inside:
            raise _WrongStep(describe(to), "a tag or a step before the loop", "loop_to")
        before = [read for read in self.entries if read.first < first]
        if any(read.last >= first for read in before):
            raise _WrongStep(describe(to), "a step that is not inside of another loop", "loop_to")
        steps = [step for read in inside for step in _written_out(read.entry)]
        name = to if isinstance(to, str) else ""
        self.entries = [*before, _Read(first, index, repeated(times, steps, name))]


class _WrongStep(Refusal):
    """A step without a counterpart; says under which of its keys the reason stands."""

    def __init__(self, found: str, expected: str, key: str) -> None:
        super().__init__(found, expected)
        self.key = key


def _written_out(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps of an entry; those of a loop as often as they are run."""
    if "repeat" not in entry:
        return [entry]
    steps: list[dict[str, Any]] = entry["repeat"]["steps"] * entry["repeat"]["times"]
    if len(steps) > _MOST_WRITTEN_OUT:
        raise _WrongStep(
            "a long loop inside of another loop", f"at most {_MOST_WRITTEN_OUT} steps in it", "loop_to"
        )
    return steps


def _number(step: Mapping[str, Any], key: str) -> float | None:
    """A number; None where there is none, or where it is 0, which means the same in these files."""
    raw = step.get(key)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    try:
        value = _fraction(raw) if isinstance(raw, str) else float(raw)
    except (TypeError, ValueError, ZeroDivisionError):
        raise _WrongStep(describe(raw), "a number", key) from None
    return value or None


def _fraction(text: str) -> float:
    """A number, or a rate as a fraction: "C/10", and "D/10" of a discharge."""
    above, slash, below = text.replace(" ", "").partition("/")
    if not slash:
        return float(above)
    sign = -1.0 if "D" in above else 1.0
    digits = above.replace("C", "", 1).replace("D", "", 1)
    return sign * (float(digits) if digits else 1.0) / float(below)
