"""`study.html`: a study as one page that needs nothing else."""

from __future__ import annotations

import base64
import io
import math
import statistics
from collections.abc import Iterator
from pathlib import Path

from oxyshell.figure_format import FigureFormat
from oxyshell.outputs import disk
from oxyshell.printable import printable_lines
from oxyshell.studies.engine.point_runner import PENDING
from oxyshell.studies.engine.remarks import MOST, tallied
from oxyshell.studies.engine.study import Study
from oxyshell.studies.engine.tables import Column

NAME = "study.html"
_MOST_ROWS = 500
_MOST_PICTURES = 4
_MOST_NAMES = 40
_TEXTS = ("scenario", "sweep")


def write_page(study: Study, folder: Path, figures: FigureFormat = FigureFormat.PNG) -> None:
    """Write `study.html`, with its pictures in it unless no figures are wanted.

    Raises:
        OutputError: If the disk refuses.
    """
    disk.replace_text(folder / NAME, page(study, figures))


def page(study: Study, figures: FigureFormat = FigureFormat.PNG) -> str:
    """The page's HTML; its pictures are PNG whatever the format of other figures."""
    import jinja2

    remarks = tallied(study.remarks)
    times = [seconds for seconds in study.solve_time_s if math.isfinite(seconds)]
    loader = jinja2.PackageLoader("oxyshell.studies.engine", "")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, finalize=_shown
    )
    return environment.get_template("study.html.j2").render(
        study=study,
        columns=(*study.parameters, *study.quantities),
        failed=study.failed,
        most=_MOST_ROWS,
        remarks=[one.sentence(len(study), "points") for one in remarks[:MOST]],
        more_remarks=max(len(remarks) - MOST, 0),
        completed=study.status.count("completed"),
        pending=study.status.count(PENDING),
        per_point=_seconds(statistics.median(times)) if times else "",
        pictures=(pictures := [one for _ in figures.suffixes for one in _pictures(study)]),
        drawn=bool(figures.suffixes),
        more=len(pictures) == _MOST_PICTURES,
        versions={name: text for name, text in study.provenance.items() if name not in _TEXTS},
    )


def _pictures(study: Study) -> Iterator[tuple[str, str]]:
    """Quantities over the parameters that move them most; few, since drawing takes longer than solving."""
    from oxyshell.studies.engine.study_figures import drawable

    changing = [column for column in study.parameters if len(set(column.values)) > 1]
    # Points with names are read by these.
    over = [column for column in changing if column.name == "name"] or [
        column for column in changing if column.numeric or len(set(column.values)) <= _MOST_NAMES
    ]
    drawn = [
        (rank, position, quantity, parameter)
        for position, quantity in enumerate(study.quantities)
        if len({value for value in quantity.values if value == value}) > 1  # NaN is not
        for rank, parameter in enumerate(sorted(over, key=lambda one: -_effect(one, quantity)))
        if drawable(parameter, quantity)
    ]
    drawn.sort(key=lambda entry: entry[:2])
    for _, _, quantity, parameter in drawn[:_MOST_PICTURES]:
        image = io.BytesIO()
        study.plot(quantity.name, parameter.name).savefig(image, format="png", dpi=120)
        png = base64.b64encode(image.getvalue()).decode("ascii")
        yield f"{quantity.name} over {parameter.name}", png


def _shown(value: object) -> object:
    """A value for the page, without characters that no page may hold; markup stays such."""
    return type(value)(printable_lines(value)) if isinstance(value, str) else value


def _effect(parameter: Column, quantity: Column) -> float:
    """Distance of a quantity's means over equal values of a parameter (of many values: over thirds)."""
    pairs = [
        (key, value)
        for key, value in zip(parameter.values, quantity.values, strict=True)
        if isinstance(value, float) and math.isfinite(value) and key == key
    ]
    if parameter.numeric:
        order = sorted({key for key, _ in pairs}, key=float)
        share = max(1, len(order) // 3)
        bins = {key: index // share for index, key in enumerate(order)}
        pairs = [(str(bins[key]), value) for key, value in pairs]
    groups: dict[float | str, list[float]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    means = [statistics.fmean(values) for values in groups.values()]
    return max(means) - min(means) if means else 0.0


def _seconds(seconds: float) -> str:
    return f"{1e3 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
