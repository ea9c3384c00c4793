"""The page of a run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oxyshell.figure_format import FigureFormat
from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.outputs import Result
from oxyshell.outputs.folder import LOG
from oxyshell.presentation.numbers import duration, with_unit
from oxyshell.presentation.table import Table
from oxyshell.reports import provenance
from oxyshell.reports.drawings import drawn
from oxyshell.reports.page import Page, Parts, Section, Text, without_empty_columns
from oxyshell.reports.scenes import views_of
from oxyshell.running import figures, report
from oxyshell.running.reading import read_run
from oxyshell.studies.engine.provenance import versions
from oxyshell.studies.registry import load_scenario

_SHORTFALLS, _TABLES_LEFT = ("current", "shortfalls"), ("occupancy", "tables_left")
"""Lists of the summary that tell where a run did not do what its scenario asks for."""


def page(folder: Path) -> Page:
    """The page of the finished run in a folder.

    Raises:
        OutputError: If a file cannot be read.
    """
    result, scenario = read_run(folder), load_scenario(folder / "scenario.yaml")
    parts = Parts.of(report.without_chosen(result, scenario))
    return Page(
        title=scenario.name,
        kind="run",
        about=scenario.about,
        sections=[
            Section("Results", tables=parts.tables, sentences=parts.sentences),
            Section("Remarks", points=parts.remarks),
            Section("Steps of the protocol", tables=list(_steps(result.summary))),
            Section("Set and reached", tables=list(_deviations(result.summary)), lead=_lead(result.summary)),
            Section("Interactive view", **views_of(result)),
            Section(
                "Figures",
                drawings=drawn(
                    lambda scratch: figures.draw_into(scratch, result, scenario, FigureFormat.SVG)
                ),
            ),
            provenance.section({"": scenario}),
            Section("All numbers", folded=[_numbers(result.summary)], whole="summary.json"),
            _made(folder, result),
        ],
    )


def _steps(summary: Mapping[str, Any]) -> Iterator[Table]:
    """The steps, the end that each of them came to, and the asked and the reached value where it is one."""
    steps = summary.get("protocol", ())
    if not steps:
        return
    known = registry.observables(Where.HISTORY)

    def value(one: Mapping[str, Any], key: str) -> str:
        column = known.get(one.get("column", ""))
        return _number(one.get(key)) if column is None else with_unit(one[key], column.unit)

    def measure(one: Mapping[str, Any]) -> str:
        column = known.get(one.get("column", ""))
        return one.get("column", "") if column is None else column.label

    rows = [
        (
            f"{number}",
            one["step"],
            one["ended_by"],
            duration(one["time_s"]),
            f"{one['extracted_per_formula']:.4f}",
            measure(one),
            value(one, "asked"),
            value(one, "reached"),
        )
        for number, one in enumerate(steps, start=1)
    ]
    headings = (
        ">",
        "step",
        "ended by",
        ">after",
        ">extracted per formula unit",
        "measured by",
        ">asked",
        ">reached",
    )
    yield without_empty_columns(Table("Ends of the steps", headings, rows))


def _deviations(summary: Mapping[str, Any]) -> Iterator[Table]:
    """Steps in which the current fell short, and tables whose range was left."""
    for title, entries in _lists(summary):
        headings = list(dict.fromkeys(key for one in entries for key in one))
        cells = [[_entry(key, one.get(key)) for key in headings] for one in entries]
        yield Table(title, [key.removesuffix("_s").replace("_", " ") for key in headings], cells)


def _entry(key: str, value: Any) -> str:
    """A number of a list of the summary: steps count from 1, and times have their unit."""
    if key == "protocol_step":
        return f"{value + 1}"
    return duration(value) if key.endswith("_s") else _number(value)


def _lists(summary: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    told = {
        _SHORTFALLS: "Current below the set one",
        _TABLES_LEFT: "Tables that were left, and the value used instead",
    }
    for (section, name), title in told.items():
        if found := summary.get(section, {}).get(name):
            yield title, found


def _lead(summary: Mapping[str, Any]) -> list[str]:
    """Sentence above the tables of `_deviations`: a table that was left keeps nothing from being done."""
    short, left = (bool(summary.get(section, {}).get(name)) for section, name in (_SHORTFALLS, _TABLES_LEFT))
    if short:
        also = ", and a table over the occupancy was left" if left else ""
        return [f"The run could not do all that its scenario asks for{also}:"]
    if left:
        return ["A table over the occupancy was left:"]
    return ["No step had less than 99 % of its set current, and no table over the occupancy was left."]


def _numbers(summary: Mapping[str, Any]) -> Table:
    known = registry.observables(Where.SUMMARY)
    rows = [
        (path, f"{value}", *((known[path].unit, known[path].description) if path in known else ("", "")))
        for path, value in _flat(summary)
    ]
    return Table("Every number of summary.json", ("number", ">value", "unit", "meaning"), rows)


def _flat(entries: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Single numbers and words by their path; lists are left out."""
    for key, value in entries.items():
        match value:
            case Mapping():
                yield from _flat(value, f"{before}{key}.")
            case list():
                continue
            case _:
                yield f"{before}{key}", value


def _number(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else "" if value is None else f"{value}"


def _made(folder: Path, result: Result) -> Section:
    """Software, the command that gives the same, and the scenario."""
    scenario = shlex.quote(f"{folder / 'scenario.yaml'}")
    rows = [
        ("run with", _version_in(folder / LOG)),
        *((f"page: {name}", one) for name, one in versions().items()),
    ]
    return Section(
        "To reproduce",
        sentences=[f"oxyshell run {scenario} --out NEW_FOLDER"],
        tables=[Table("Versions", ("software", "version"), rows)],
        texts=[Text("The scenario, with the source of every number", result.scenario)],
    )


def _version_in(log: Path) -> str:
    """The program's version, which a run writes at the beginning of its log."""
    if not log.is_file():
        return "unknown"
    with log.open(encoding="utf-8", errors="replace") as lines:
        found = next((line for line in lines if " oxyshell " in line), "")
    return found.partition(" oxyshell ")[2].strip() or "unknown"
