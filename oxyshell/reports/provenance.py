"""Numbers of scenarios with their sources, grouped by the kind of source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from oxyshell.language.parameters import Status
from oxyshell.presentation.table import Table
from oxyshell.reports.page import Section
from oxyshell.scenario.scenario import Provenance, Scenario

_LONG = re.compile(r"\d+\.\d{9,}(e[+-]?\d+)?")

_MEANINGS: Mapping[Status, str] = {
    "calibrated": "Calibrated: adjusted so that a result has a given value",
    "chosen": "Chosen: neither measured nor calculated by anybody for this material",
    "unstated": "Without a stated source",
    "calculated": "Calculated, for example by density-functional theory",
    "literature": "From the literature, for this or for a similar material",
    "measured": "Measured on this material",
}


def section(scenarios: Mapping[str, Scenario]) -> Section:
    """The section on the numbers behind results.

    Args:
        scenarios: The scenarios by the names of their systems; one scenario needs no name.
    """
    by_status: dict[Status, dict[Provenance, list[str]]] = {}
    for name, scenario in scenarios.items():
        for fact in scenario.provenance():
            hashable = fact._replace(under=tuple((path, f"{value}") for path, value in fact.under))
            by_status.setdefault(fact.status, {}).setdefault(hashable, []).append(name)
    counts = [f"{len(by_status[one])} {one}" for one in _MEANINGS if one in by_status]
    return Section(
        "Where the numbers come from",
        lead=[f"Parameters: {', '.join(counts)}."] if counts else [],
        tables=[
            _table(f"{meaning} ({len(by_status[status])})", by_status[status], len(scenarios))
            for status, meaning in _MEANINGS.items()
            if status in by_status
        ],
        whole="scenario.yaml",
    )


def _table(title: str, facts: Mapping[Provenance, Sequence[str]], systems: int) -> Table:
    several = systems > 1
    headings = ("parameter", ">value", *(["system"] if several else []), "source")
    rows = [
        (
            fact.path,
            _shorter(fact.text),
            *(["all" if len(names) == systems else ", ".join(names)] if several else []),
            _source(fact),
        )
        for fact, names in facts.items()
    ]
    return Table(title, headings, rows)


def _shorter(text: str) -> str:
    """A value with at most six digits where it has more than a person writes."""
    return _LONG.sub(lambda found: f"{float(found.group()):.6g}", text)


def _source(fact: Provenance) -> str:
    under = "; ".join(f"{path} = {value}" for path, value in fact.under)
    return ", at ".join(text for text in (fact.source, under) if text)
