"""A sensitivity analysis, end to end: one sweep, and what its results say about each parameter."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from oxyshell.errors import OxyshellError
from oxyshell.outputs import Progress, csv_text, disk
from oxyshell.running import holdings
from oxyshell.running.holdings import claim_for_study
from oxyshell.studies.engine.point_runner import Job
from oxyshell.studies.engine.remarks import tallied
from oxyshell.studies.engine.study import Study
from oxyshell.studies.engine.workers import Executor
from oxyshell.studies.sensitivity.file import Sensitivity
from oxyshell.studies.sensitivity.indices import CONFIDENCE, Index, indices, sample
from oxyshell.studies.sweep import run as sweeping
from oxyshell.studies.sweep.file import sweep_of

_NO_INDEX = Index(float("nan"), float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class Reaction:
    """What one parameter does to a result.

    Attributes:
        parameter: Path in the scenario.
        low: One end of its range, as written.
        high: The other end.
        at_low: The result there, all other parameters as in the scenario.
        at_high: The result at the other end.
        index: What it makes of the result's variance over all ranges; NaN if that was not asked for.
    """

    parameter: str
    low: str
    high: str
    at_low: float
    at_high: float
    index: Index

    @property
    def span(self) -> float:
        """By how much the result differs between the ends."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Reactions:
    """How one result reacts.

    Attributes:
        quantity: The result.
        unit: Its unit, "1" without.
        base: The result of the scenario as it is.
        mean: Over the sample; NaN without.
        standard_deviation: Over the sample; NaN without.
        of: The parameters, the one with the largest span first.
    """

    quantity: str
    unit: str
    base: float
    mean: float
    standard_deviation: float
    of: tuple[Reaction, ...]


@dataclass(frozen=True)
class Analysis:
    """What a sensitivity analysis found.

    Attributes:
        name: What it is called.
        reactions: One entry for each result.
        samples: How many points the indices come from; 0 without.
        study: All runs.
        path: The folder, or None.
    """

    name: str
    reactions: tuple[Reactions, ...]
    samples: int
    study: Study
    path: Path | None

    def to_json(self) -> str:
        """The content of `sensitivity.json`."""
        content = {
            "sensitivity": self.name,
            "samples": self.samples,
            "confidence": CONFIDENCE,
            "reactions": [asdict(one) for one in self.reactions],
            "remarks": [one.to_data() for one in tallied(self.study.remarks)],
        }
        return json.dumps(_finite(content), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def analyse(
    sensitivity: Sensitivity,
    out: str | Path | None,
    executor: Callable[[Job], Executor],
    progress: Progress | None = None,
    retry: bool = False,
    overwrite: bool = False,
) -> Analysis:
    """Run a sensitivity analysis, or what is left of it.

    Args:
        sensitivity: Ranges and results.
        out: Folder for `sensitivity.json`, `sensitivity.csv`, two pictures and the study of all runs; in
            memory without.
        executor: What runs the points, as `sweeping.run.on` gives it.
        progress: Who is told; nobody by default.
        retry: Whether points that failed before are tried again.
        overwrite: Whether the results of another study in the folder are replaced.

    Raises:
        InputError: If the folder holds other results, and they are not to be replaced.
        OxyshellError: If SALib is needed and not installed, a run fails, the workers do not start, or the
            writing fails.
    """
    folder = None if out is None else Path(out)
    if folder is not None:
        claim_for_study(folder, holdings.Study("sensitivity", sensitivity.sensitivity), overwrite)
    shares = _shares(sensitivity)
    entries = {
        "sweep": sensitivity.sensitivity,
        "about": sensitivity.about,
        "plan": {"points": _points(sensitivity, shares)},
        "quantities": [one.text for one in sensitivity.interests],
        "keep": "summary",
    }
    study = sweeping.carry_out(
        sweep_of(sensitivity.base, entries), folder, executor, retry=retry, progress=progress
    )
    if study.failed:
        first = study.failed[0]
        raise OxyshellError(
            f"{len(study.failed)} of {len(study)} runs failed, and all are needed; the first, point {first}: "
            f"{study.reason[first]}. Narrow the ranges, or try again with --retry"
        )
    reactions = tuple(
        _reactions(sensitivity, one.text, one.unit, np.array(study.column(one.text).values), len(shares))
        for one in sensitivity.interests
    )
    analysis = Analysis(sensitivity.sensitivity, reactions, len(shares), study, folder)
    if folder is not None:
        from oxyshell.studies.sensitivity.figures import draw_indices, draw_tornado

        disk.replace_text(folder / "sensitivity.json", analysis.to_json())
        disk.replace_text(folder / "sensitivity.csv", _csv(analysis))
        draw_tornado(analysis, folder / "tornado.png")
        if analysis.samples:
            draw_indices(analysis, folder / "indices.png")
    return analysis


def _shares(sensitivity: Sensitivity) -> Any:
    if sensitivity.sobol is None:
        return np.empty((0, len(sensitivity.ranges)))
    return sample(len(sensitivity.ranges), sensitivity.sobol.points, sensitivity.sobol.seed)


def _points(sensitivity: Sensitivity, shares: Any) -> list[dict[str, Any]]:
    """The scenario as it is, both ends of each range, then the sample."""
    scenario, ranges = sensitivity.base, sensitivity.ranges
    points: list[dict[str, Any]] = [{}]
    for path, values in ranges.items():
        points += [{path: end} for end in values.at((0.0, 1.0), scenario.unit(path))]
    columns = [values.at(shares[:, index].tolist(), scenario.unit(path)) for index, (path, values) in
               enumerate(ranges.items())]  # fmt: skip
    points += [dict(zip(ranges, row, strict=True)) for row in zip(*columns, strict=True)]
    return points


def _reactions(sensitivity: Sensitivity, quantity: str, unit: str, results: Any, samples: int) -> Reactions:
    ranges = sensitivity.ranges
    ends = results[1 : 1 + 2 * len(ranges)].reshape(-1, 2)
    sampled = results[1 + 2 * len(ranges) :]
    found = (
        indices(sampled, len(ranges), sensitivity.sobol.seed)
        if sensitivity.sobol is not None
        else [_NO_INDEX] * len(ranges)
    )
    told = [
        Reaction(path, f"{written[0]}", f"{written[1]}", float(low), float(high), index)
        for (path, values), (low, high), index in zip(ranges.items(), ends, found, strict=True)
        for written in [values.at((0.0, 1.0), sensitivity.base.unit(path))]
    ]
    mean, deviation = (
        (float(np.mean(sampled)), float(np.std(sampled))) if samples else (float("nan"), float("nan"))
    )
    ordered = tuple(sorted(told, key=lambda one: -one.span))
    return Reactions(quantity, unit, float(results[0]), mean, deviation, ordered)


def _csv(analysis: Analysis) -> str:
    """Names, then units behind a "#", then a line for each result and parameter."""
    names = ["quantity", "parameter", "low", "high", "at_low", "at_base", "at_high", *asdict(_NO_INDEX)]
    units = ["", "", *["as written"] * 2, *["of the quantity"] * 3, *["1"] * 4]
    lines = [csv_text.line(names), csv_text.units(units)]
    for result in analysis.reactions:
        for one in result.of:
            numbers = [one.at_low, result.base, one.at_high, *asdict(one.index).values()]
            texts = [result.quantity, one.parameter, one.low, one.high]
            lines.append(csv_text.line([*texts, *(float(number) for number in numbers)]))
    return "".join(lines)


def _finite(value: Any) -> Any:
    """NaN as null."""
    match value:
        case dict():
            return {key: _finite(entry) for key, entry in value.items()}
        case list() | tuple():
            return [_finite(entry) for entry in value]
        case float():
            return None if np.isnan(value) else value
    return value
