"""File of a calibration: parameters of one or several systems, targets with uncertainties."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from oxyshell.language.sections import Entries, Section, SomeEntries, Text, tag, told_by_keys
from oxyshell.studies.engine.plans import Written
from oxyshell.studies.engine.system import System


class ParameterEntry(Section):
    """A parameter that is adjusted; systems that share it have one value."""

    parameter: Text
    """Path in the scenario: material.diffusivity."""
    systems: Entries[str] = ()
    """The systems that get it. Default: all."""
    bounds: SomeEntries[Written]
    """Smallest and largest value, with their units; the fit starts from what the scenario says."""
    name: str = ""
    """Its name in the report. Default: the path and the systems."""


class RatioEntry(Section):
    """The ratio of a parameter of one system to that of another one."""

    ratio: Text
    """Path in both scenarios: material.diffusivity."""
    of: Text
    """The system whose value is the ratio times that of the other one."""
    to: Text
    """The other one."""
    bounds: SomeEntries[Written]
    """Smallest and largest ratio; the fit starts from that of the scenarios."""
    name: str = ""
    """Its name in the report. Default: the path and the systems."""


type Unknown = Annotated[
    Annotated[ParameterEntry, tag(ParameterEntry)] | Annotated[RatioEntry, tag(RatioEntry)],
    told_by_keys("a mapping with 'parameter', or with 'ratio', 'of' and 'to'", ParameterEntry, RatioEntry),
]


class TargetEntry(Section):
    """A value that a result should have."""

    quantity: Text
    """A number of the summary (stress.first_principal.peak_MPa), a reduction of the history (max of
    history.surface_hoop_MPa), a column of it at a moment (history.surface_hoop_MPa at 0.4 extracted), or the
    path of a parameter that was measured."""
    system: Text
    """Of which system."""
    value: Written
    """The value, in the unit that the quantity's name ends in, or with the unit of the parameter."""
    uncertainty: Written
    """Its standard uncertainty, likewise."""
    source: str = ""
    """Where both come from."""


class Starts(Section):
    """Values that fits start from, besides those of the scenarios."""

    points: Annotated[int, Field(ge=0)]
    """At how many values between the bounds the targets are computed; fits go on from the best of them. 0:
    only from the scenarios' values."""
    seed: Annotated[int, Field(ge=0)] = 0
    """Another seed takes others; the same seed the same ones. Default 0."""


class CalibrationFile(Section):
    """Parameters that are adjusted to targets."""

    calibrate: Text
    """Title of the calibration."""
    about: str = ""
    """Its subject, in a sentence."""
    systems: Annotated[dict[str, System], Field(min_length=1)]
    """The systems by name."""
    parameters: SomeEntries[Unknown]
    """The parameters that are adjusted."""
    targets: SomeEntries[TargetEntry]
    """The values that results should have."""
    starts: Starts | None = None
    """From how many values fits start: {points, seed}. Default null: 16 for each parameter, and only if a fit
    from the scenarios' values does not meet the targets."""
