"""A sensitivity analysis, end to end: one ensemble, and what its results say about each parameter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from oxyshell.errors import OxyshellError
from oxyshell.figure_format import FigureFormat
from oxyshell.outputs import Progress, disk
from oxyshell.studies import held_results
from oxyshell.studies.engine.ensemble import Ensemble
from oxyshell.studies.engine.ensemble_runner import run_ensemble
from oxyshell.studies.engine.executors import ExecutorFor
from oxyshell.studies.engine.points import resolve
from oxyshell.studies.sensitivity import SENSITIVITY
from oxyshell.studies.sensitivity.file import Sensitivity, SensitivityFile
from oxyshell.studies.sensitivity.indices import Index, indices, sample
from oxyshell.studies.sensitivity.reactions import Analysis, Reaction, Reactions

_NO_INDEX = Index(float("nan"), float("nan"), float("nan"), float("nan"))


def run(
    sensitivity: Sensitivity,
    out: str | Path | None,
    executor_for: ExecutorFor,
    progress: Progress | None = None,
    retry: bool = False,
    overwrite: bool = False,
    figures: FigureFormat = FigureFormat.PNG,
) -> Analysis:
    """Run a sensitivity analysis, or what is left of it.

    Args:
        sensitivity: Ranges and results.
        out: Folder for `sensitivity.json`, `sensitivity.csv`, two pictures and the study of all runs; in
            memory without.
        executor_for: Makes what runs the points.
        progress: Progress reporter; none by default.
        retry: Whether points that failed before are tried again.
        overwrite: Whether the results of another study in the folder are replaced.
        figures: Format of the figures in the folder.

    Raises:
        InputError: If the folder holds other results, and they are not to be replaced.
        OxyshellError: If SALib is needed and not installed, a run fails, the workers do not start, or the
            writing fails.
    """
    file = sensitivity.file
    folder = held_results.claim(out, SENSITIVITY, file.sensitivity, overwrite)
    shares = _shares(file)
    ensemble = Ensemble(
        name=file.sensitivity,
        about=file.about,
        base=sensitivity.base,
        points=resolve(sensitivity.base, _points(sensitivity, shares)),
        interests=sensitivity.interests,
        content=file.to_data(),
    )
    study = run_ensemble(ensemble, folder, executor_for, retry=retry, progress=progress)
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
    analysis = Analysis(file.sensitivity, reactions, len(shares), study, folder)
    if folder is not None:
        disk.replace_text(folder / "sensitivity.json", analysis.to_json())
        disk.replace_text(folder / "sensitivity.csv", analysis.to_csv())
        SENSITIVITY.draw(analysis, figures)
    return analysis


def _shares(sensitivity: SensitivityFile) -> Any:
    if sensitivity.sobol is None:
        return np.empty((0, len(sensitivity.ranges)))
    return sample(len(sensitivity.ranges), sensitivity.sobol.points, sensitivity.sobol.seed)


def _points(sensitivity: Sensitivity, shares: Any) -> list[dict[str, Any]]:
    """The scenario as it is, both ends of each range, then the sample."""
    scenario, ranges = sensitivity.base, sensitivity.file.ranges
    points: list[dict[str, Any]] = [
        {},
        *({path: end} for path, ends in sensitivity.ends.items() for end in ends),
    ]
    columns = [values.at(shares[:, index].tolist(), scenario.unit(path)) for index, (path, values) in
               enumerate(ranges.items())]  # fmt: skip
    points += [dict(zip(ranges, row, strict=True)) for row in zip(*columns, strict=True)]
    return points


def _reactions(sensitivity: Sensitivity, quantity: str, unit: str, results: Any, samples: int) -> Reactions:
    ranges, sobol = sensitivity.file.ranges, sensitivity.file.sobol
    ends = results[1 : 1 + 2 * len(ranges)].reshape(-1, 2)
    sampled = results[1 + 2 * len(ranges) :]
    found = indices(sampled, len(ranges), sobol.seed) if sobol is not None else [_NO_INDEX] * len(ranges)
    told = [
        Reaction(path, f"{written[0]}", f"{written[1]}", float(low), float(high), index)
        for (path, written), (low, high), index in zip(sensitivity.ends.items(), ends, found, strict=True)
    ]
    mean, deviation = (
        (float(np.mean(sampled)), float(np.std(sampled))) if samples else (float("nan"), float("nan"))
    )
    ordered = tuple(sorted(told, key=lambda one: -one.span))
    return Reactions(quantity, unit, float(results[0]), mean, deviation, ordered)
