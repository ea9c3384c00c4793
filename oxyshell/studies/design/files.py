"""A design study as files: `design.json`, `front.csv`, `front.png`."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np

from oxyshell.drawing.style import NORMAL, SMALL, matplotlib, new_figure, save, tidy
from oxyshell.drawing.text import shown
from oxyshell.language.mistakes import Refusal
from oxyshell.outputs import csv_text, disk
from oxyshell.studies.design.designs import Designs
from oxyshell.studies.design.verdict import Measure
from oxyshell.studies.engine.plans import written_unit
from oxyshell.studies.engine.remarks import tallied

_MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def write(found: Designs, folder: Path) -> None:
    """Write everything but the study of all designs.

    Raises:
        OutputError: If the disk refuses.
    """
    text = json.dumps(_content(found), indent=2, ensure_ascii=False, allow_nan=False)
    disk.replace_text(folder / "design.json", text + "\n")
    disk.replace_text(folder / "front.csv", _csv(found))
    draw(found, folder / "front.png")


def _content(found: Designs) -> dict[str, Any]:
    name, values, at_reference = found.reference
    return {
        "design": found.name,
        "verdict": found.verdict,
        "objectives": [
            {
                "name": one.name,
                "unit": one.unit,
                "goal": "minimise" if one.sign > 0 else "maximise",
                "resolution": one.resolution,
            }
            for one in found.measures
        ],
        "reference": {"name": name, "values": dict(values), "objectives": list(at_reference)},
        "winner": None if found.winner is None else _design(found, found.winner),
        "best_within_margin": None if found.best is None else _design(found, found.best),
        "check": {
            "values": dict(found.check),
            "runs": [
                {
                    "name": one.name,
                    "before": list(one.before),
                    "after": list(one.after),
                }
                for one in found.checked
            ],
        },
        "front": [_design(found, index) for index in found.front],
        "designs": [_design(found, index) for index in range(len(found.values))],
        "remarks": [one.to_data() for one in tallied(found.remarks)],
        "failed": [{"values": dict(values), "reason": reason} for values, reason in found.failed],
    }


def _design(found: Designs, index: int) -> dict[str, Any]:
    return {"values": dict(found.values[index]), "objectives": found.objectives[index].tolist()}


def _csv(found: Designs) -> str:
    """Names, then units behind a "#", then the front; values as they were written, with their units."""
    lines = [
        csv_text.line([*found.variables, *(one.name for one in found.measures)]),
        csv_text.units(["as written" for _ in found.variables] + [one.unit for one in found.measures]),
    ]
    for index in found.front:
        values = found.values[index]
        written = [f"{values[path]}" for path in found.variables]
        lines.append(csv_text.line([*written, *(float(number) for number in found.objectives[index])]))
    return "".join(lines)


def draw(found: Designs, path: Path) -> None:
    """Draw the front in all pairs of objectives: colour is the first range, the mark the first list.

    Raises:
        OutputError: If the disk refuses.
    """
    pairs = list(itertools.combinations(range(len(found.measures)), 2))
    figure = new_figure(3.6 * len(pairs) + 0.8, 3.9)
    panels = np.ravel(figure.subplots(1, len(pairs), squeeze=False))
    chosen = np.array(found.front)
    colours, label = _colours(found)
    kinds, names = _kinds(found)
    name, _, reference = found.reference
    points: Any = None
    for axes, (first, second) in zip(panels, pairs, strict=True):
        axes.plot(
            found.objectives[:, first], found.objectives[:, second], ".", color="0.8", markersize=3, zorder=0,
            label="all designs",
        )  # fmt: skip
        for kind, told in enumerate(names):
            here = chosen[kinds[chosen] == kind]
            if len(here):
                points = axes.scatter(
                    found.objectives[here, first], found.objectives[here, second], c=colours[here], s=22,
                    marker=_MARKERS[kind % len(_MARKERS)], cmap="viridis", edgecolors="none",
                    norm=matplotlib.colors.Normalize(np.min(colours), np.max(colours)),
                    label=shown(f"front{told}"),
                )  # fmt: skip
        axes.plot(reference[first], reference[second], "*", color="#d55e00", markersize=13, label=shown(name))
        if found.best is not None:
            best = found.objectives[found.best]
            axes.plot(
                best[first], best[second], "o", markerfacecolor="none", markeredgecolor="#d55e00",
                markeredgewidth=1.6, markersize=11, label="named in the verdict",
            )  # fmt: skip
        axes.set_xlabel(_axis(found.measures[first]), fontsize=NORMAL)
        axes.set_ylabel(_axis(found.measures[second]), fontsize=NORMAL)
        tidy(axes)
    if points is not None and label:
        bar = figure.colorbar(points, ax=panels[-1])
        bar.set_label(shown(label), fontsize=NORMAL)
        bar.ax.tick_params(labelsize=SMALL)
    handles, texts = panels[0].get_legend_handles_labels()
    figure.legend(handles, texts, loc="outside lower center", ncols=len(texts), fontsize=SMALL, frameon=False)
    save(figure, path)


def _axis(measure: Measure) -> str:
    unit = "" if measure.unit == "1" else f" ({measure.unit})"
    arrow = "← better" if measure.sign > 0 else "better →"
    return f"{shown(f'{measure.name}{unit}')}, {arrow}"


def _colours(found: Designs) -> tuple[Any, str]:
    """Numbers of the first variable that has some, for every design, and what to call them."""
    for path in found.variables:
        numbers = [_number(values[path]) for values in found.values]
        if all(number is not None for number in numbers):
            unit = written_unit(found.values[0][path])
            return np.array(numbers, dtype=float), f"{path} ({unit})" if unit else path
    return np.zeros(len(found.values)), ""


def _kinds(found: Designs) -> tuple[Any, list[str]]:
    """Which text of the first variable that has no numbers, for every design, and the texts."""
    for path in found.variables:
        texts = [str(values[path]) for values in found.values]
        if any(_number(values[path]) is None for values in found.values):
            names = sorted(set(texts))
            return np.array([names.index(text) for text in texts]), [f", {name}" for name in names]
    return np.zeros(len(found.values), dtype=int), [""]


def _number(value: Any) -> float | None:
    try:
        return float(value if not isinstance(value, str) else value.partition(" ")[0])
    except (TypeError, ValueError, Refusal):
        return None
