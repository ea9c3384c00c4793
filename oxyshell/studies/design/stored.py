"""A design study, read back from its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from oxyshell.studies.design import DESIGN
from oxyshell.studies.design.designs import Checked, Designs
from oxyshell.studies.design.verdict import Measure
from oxyshell.studies.engine.json_text import content_of
from oxyshell.studies.engine.remarks import Remark


def read(folder: Path) -> Designs:
    """The design study in a folder.

    Raises:
        OutputError: If its file cannot be read.
    """
    path, kind = folder / DESIGN.results[0], "a design study with all that its figures show"
    with content_of(path, kind) as found:
        designs, reference, check = found["designs"], found["reference"], found["check"]
        positions = {json.dumps(one["values"]): index for index, one in enumerate(designs)}

        def position(one: Mapping[str, Any] | None) -> int | None:
            return None if one is None else positions[json.dumps(one["values"])]

        return Designs(
            name=found["design"],
            measures=tuple(_measure(one) for one in found["objectives"]),
            variables=tuple(found["variables"]),
            values=tuple(one["values"] for one in designs),
            objectives=np.array([one["objectives"] for one in designs]),
            front=tuple(positions[json.dumps(one["values"])] for one in found["front"]),
            reference=(reference["name"], reference["values"], tuple(reference["objectives"])),
            winner=position(found["winner"]),
            best=position(found["best_within_margin"]),
            verdict=found["verdict"],
            checked=tuple(
                Checked(one["name"], tuple(one["before"]), tuple(one["after"])) for one in check["runs"]
            ),
            check=check["values"],
            failed=tuple((one["values"], one["reason"]) for one in found["failed"]),
            remarks=tuple(Remark.from_data(one) for one in found["remarks"]),
            # Of earlier versions: every design and the reference.
            runs=found.get("runs", len(designs) + 1),
            path=folder,
        )


def _measure(found: Mapping[str, Any]) -> Measure:
    sign = 1.0 if found["goal"] == "minimise" else -1.0
    return Measure(found["name"], found["unit"], sign, found["resolution"])
