"""The page of a study of any kind."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oxyshell.figure_format import FigureFormat
from oxyshell.presentation.numbers import duration
from oxyshell.presentation.table import Table
from oxyshell.reports import provenance
from oxyshell.reports.drawings import drawn
from oxyshell.reports.page import MOST_ROWS, Page, Parts, Section, Text
from oxyshell.running.overwrite_protection import holds_run
from oxyshell.scenario.loading import loads
from oxyshell.scenario.scenario import Scenario
from oxyshell.studies.engine import study_store
from oxyshell.studies.engine.point_runner import PENDING
from oxyshell.studies.engine.provenance import versions
from oxyshell.studies.engine.study import Study
from oxyshell.studies.engine.study_kind import StudyKind
from oxyshell.studies.engine.tables import heading
from oxyshell.studies.registry import load_scenario

_FILES = ("sweep", "scenario")
"""Texts that a study of points keeps beside the versions."""


def page(folder: Path, kind: StudyKind[Any]) -> Page:
    """The page of the finished study in a folder.

    Args:
        folder: The folder.
        kind: Kind of the study.

    Raises:
        OutputError: If a file cannot be read.
    """
    result = kind.stored(folder)
    parts = Parts.of(kind.report(result))
    points = [study_store.read(folder)] if (folder / study_store.H5).is_file() else []
    return Page(
        title=result.name,
        kind=kind.file.article.partition(" ")[2],
        about=points[0].about if points else "",
        facts=[fact for study in points for fact in _facts(study)],
        sections=[
            Section("Results", tables=parts.tables, sentences=parts.sentences),
            Section("Remarks", points=parts.remarks),
            Section(
                "Figures",
                drawings=drawn(lambda scratch: kind.draw(result, FigureFormat.SVG, into=scratch)),
            ),
            Section("Failures", tables=[_failures(study) for study in points if study.failed]),
            *(Section("Points", folded=[_points(study)], whole="study.csv") for study in points),
            provenance.section(_scenarios(folder, points)),
            _made(kind, points),
        ],
    )


def _facts(study: Study) -> Iterator[tuple[str, str]]:
    times = [seconds for seconds in study.solve_time_s if math.isfinite(seconds)]
    yield f"{len(study)}", "points"
    yield f"{study.status.count('completed')}", "completed"
    if study.failed:
        yield f"{len(study.failed)}", "failed"
    if pending := study.status.count(PENDING):
        yield f"{pending}", "still to be run"
    if times:
        yield duration(statistics.median(times), 2), "median time of a run"


def _failures(study: Study) -> Table:
    rows = [
        (f"{index}", *(one.text(index) for one in study.parameters), study.status[index], study.reason[index])
        for index in study.failed
    ]
    headings = (">point", *map(heading, study.parameters), "status", "reason")
    return Table("Points without a result; --retry tries them again", headings, rows)


def _points(study: Study) -> Table:
    columns = (*study.parameters, *study.quantities)
    rows = [
        (f"{index}", *(one.text(index) for one in columns), status)
        for index, status in enumerate(study.status)
    ]
    shown = f"the first {MOST_ROWS} of {len(study)}" if len(study) > MOST_ROWS else f"all {len(study)}"
    return Table(f"Points, {shown}", (">point", *map(heading, columns), "status"), rows)


def _scenarios(folder: Path, points: list[Study]) -> Mapping[str, Scenario]:
    """The scenarios of the systems that have a run each, else the one that all points start from."""
    if points:
        return {"": loads(points[0].provenance["scenario"], "the scenario of the study", folder)}
    runs = sorted(path for path in folder.iterdir() if path.is_dir() and holds_run(path))
    return {path.name: load_scenario(path / "scenario.yaml") for path in runs}


def _made(kind: StudyKind[Any], points: list[Study]) -> Section:
    """Software, the command, and the files where the study keeps them."""
    kept = points[0].provenance if points else {}
    used = [(name, text) for name, text in kept.items() if name not in _FILES]
    rows = used or [(f"page: {name}", text) for name, text in versions().items()]
    titles = {"sweep": "The study's file", "scenario": "The scenario that it starts from, with all sources"}
    return Section(
        "To reproduce",
        sentences=[f"oxyshell {kind.file.command} FILE --out NEW_FOLDER"],
        tables=[Table("Versions", ("software", "version"), rows)],
        texts=[Text(title, kept[name]) for name, title in titles.items() if name in kept],
    )
