"""Temperature of a step."""

from __future__ import annotations

from typing import Annotated

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section


class AtTemperature(Section):
    """A step that may have a temperature of its own."""

    temperature: Annotated[Parameter, Quantity("K", POSITIVE, scales.TEMPERATURE)] | None = None
    """Temperature during the step; null: that of the scenario."""
