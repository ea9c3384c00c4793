"""A BPX file as a scenario, and the report of their differences."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oxyshell.errors import InputError
from oxyshell.language import writing
from oxyshell.language.mistakes import Refusal, ScenarioError
from oxyshell.scenario.importing.bpx import file, sections
from oxyshell.scenario.importing.bpx.values import Values
from oxyshell.scenario.loading import loads

_WIDTH = 110


@dataclass(frozen=True)
class BpxScenario:
    """A scenario from a BPX file, and the differences between the two.

    Attributes:
        data: The scenario, as plain data.
        title: The file, and its electrode.
        chosen: Sentences about values that BPX does not have.
        changed: Sentences about values that are not taken over as they are.
        left_out: Keys of the file that have no counterpart, section by section.
    """

    data: Mapping[str, Any]
    title: str
    chosen: Sequence[str]
    changed: Sequence[str]
    left_out: Sequence[str]

    def report(self) -> Iterator[str]:
        """The differences, a sentence each."""
        yield f"Imported from {self.title}."
        yield from (f"Chosen: {sentence}" for sentence in self.chosen)
        yield from (f"Changed: {sentence}" for sentence in self.changed)
        yield from (f"Not taken over: {sentence}" for sentence in self.left_out)

    def to_yaml(self) -> str:
        """The text of the scenario, with the report as comments."""
        comments = (
            textwrap.fill(sentence, _WIDTH, initial_indent="# ", subsequent_indent="#   ")
            for sentence in self.report()
        )
        return "\n".join(comments) + "\n\n" + writing.to_yaml(self.data)


def read_bpx(
    path: Path, electrode: str = "positive", particle: str = "", material: str | None = None
) -> BpxScenario:
    """Read the particle of an electrode.

    Args:
        path: A BPX file, JSON or YAML.
        electrode: "positive" or "negative".
        particle: Of a blended electrode, the name of the particle.
        material: A material of the library that has what BPX has not: formula, chemical strain, elasticity.

    Raises:
        InputError: With every mistake in the file, or if no scenario can be made of it.
        OxyshellError: If the package `bpx` is not installed, or the file cannot be read.
    """
    read = file.read(path)
    values = Values(read, file.particle(read, electrode, particle), electrode, changed=list(read.remarks))
    made = _scenario(values, _host(electrode, material))
    try:
        loads(made.to_yaml(), str(path))
    except ScenarioError as error:
        told = (f"{path}: {one.path}: found {one.found}, expected {one.expected}" for one in error.mistakes)
        raise InputError("\n".join(told)) from None
    return made


def _host(electrode: str, material: str | None) -> sections.Host:
    if material is None:
        return sections.assumed(electrode)
    try:
        return sections.of_the_library(material)
    except Refusal as refusal:
        raise InputError(f"found {refusal.found}, expected {refusal.expected}") from None


def _scenario(values: Values, host: sections.Host) -> BpxScenario:
    header, particle = values.file.model.header, values.particle
    title = header.title or values.file.path.stem
    about = [f"{particle.section} of {title}.", header.description, header.references]
    data = {
        "name": title,
        "about": " ".join(text for text in about if text),
        "temperature": values.temperature(),
        "particle": {"shape": "sphere", "radius": values.quantity("particle_radius", "m"), "dimension": 1},
        "material": sections.material(values, host),
        "cell": sections.cell(values, host),
        "electrode": sections.electrode(values),
        "protocol": sections.protocol(values, host),
    }
    named = f"the BPX file {values.file.path.name}, {particle.section}"
    return BpxScenario(data, named, values.chosen, values.changed, list(_left_out(values)))


def _left_out(values: Values) -> Iterator[str]:
    raw = values.file.raw
    besides = {name: raw[name] for name in ("State", "Validation") if name in raw}
    for section, entry in {**raw["Parameterisation"], **besides}.items():
        if section in file.ELECTRODES and section != values.section:
            yield f"{section} (--electrode {section.partition(' ')[0].lower()} reads it)."
        elif keys := [key for key in _keys(entry) if (section, key) not in values.used]:
            yield f"{section}: {', '.join(keys)}."


def _keys(entry: Mapping[str, Any]) -> Iterator[str]:
    """The keys of a section, those of its parts as well; a table is one key."""
    for key, value in entry.items():
        if isinstance(value, Mapping) and not {"x", "y"} <= value.keys():
            yield from _keys(value)
        else:
            yield key
