"""Drivers of losses, relative to a reference sample, a file for each kind.

A kind from outside the package is a subclass of `Driver` that is handed to `register`; scenarios then name it
in `kind`.
"""

from __future__ import annotations

from typing import Annotated

from oxyshell.language.variants import Variants
from oxyshell.models.degradation.drivers.column import ColumnDriver
from oxyshell.models.degradation.drivers.driver import Driver
from oxyshell.models.degradation.drivers.number import NumberDriver

DRIVERS: Variants[Driver] = Variants("kind", NumberDriver, ColumnDriver, extensions="degradation_drivers")

register = DRIVERS.register

type LossDriver = Annotated[Driver, DRIVERS]
"""The section `driver` of a loss."""
