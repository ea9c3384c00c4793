"""A sensitivity analysis, read back from its folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.json_text import content_of, number
from oxyshell.studies.sensitivity import SENSITIVITY
from oxyshell.studies.sensitivity.indices import Index
from oxyshell.studies.sensitivity.reactions import Analysis, Reaction, Reactions


def read(folder: Path) -> Analysis:
    """The sensitivity analysis in a folder.

    Raises:
        OutputError: If its file or the study of its runs cannot be read.
    """
    with content_of(folder / SENSITIVITY.results[0], "a sensitivity analysis") as found:
        reactions = tuple(_reactions(one) for one in found["reactions"])
        return Analysis(found["sensitivity"], reactions, found["samples"], study_store.read(folder), folder)


def _reactions(found: Mapping[str, Any]) -> Reactions:
    numbers = _numbers({key: value for key, value in found.items() if key != "of"})
    parameters = [
        Reaction(**{**_numbers(one), "index": Index(**_numbers(one["index"]))}) for one in found["of"]
    ]
    return Reactions(**numbers, parameters=tuple(parameters))


def _numbers(found: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of a mapping in the file; all of them are numbers or words."""
    return {key: number(value) for key, value in found.items()}
