"""A calibration in its folder, which holds less than its figures show."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from oxyshell.errors import InputError


def read(folder: Path) -> NoReturn:
    """Refuse, with the remedy.

    Raises:
        InputError: Always.
    """
    raise InputError(
        f"found a calibration in {folder}, expected a run, comparison, sweep, sensitivity analysis or "
        "design study: the figures of a calibration are drawn where it is run, by 'oxyshell calibrate', "
        "and its tables are in calibration.json"
    )
