"""Ratios by commit: `--record` keeps those of a run, `--compare-last` says which have become worse since."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.table import Row

FILE = Path(__file__).resolve().parent / "history.jsonl"
# The noise of a ratio that was measured once, and the least that one of repetitions is believed to have.
_ONCE, _LEAST = 0.15, 0.03
_KEPT = ("ratio", "target", "at_least", "noise", "unmeasured")


def commit_of(folder: Path) -> str:
    """The commit of a checkout, with "+" where files were changed; "unknown" without git."""

    def told(*arguments: str) -> str:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    changed = told("status", "--porcelain", "--untracked-files=no")
    return (told("rev-parse", "--short=12", "HEAD") or "unknown") + ("+" if changed else "")


def entry(facts: Mapping[str, Any], rows: Iterable[Row]) -> dict[str, Any]:
    """A run as one line of the history: the facts about it, and ratio, target and noise of each row."""
    every = {row.name: row.as_json() for row in rows}
    kept = {name: {key: found[key] for key in _KEPT if key in found} for name, found in every.items()}
    return {**facts, "rows": kept}


def append(path: Path, line: Mapping[str, Any]) -> None:
    """Add a run to a file of the history."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read(path: Path) -> list[dict[str, Any]]:
    """The runs of a file, oldest first; none where there is no file."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def last_comparable(
    history: Sequence[Mapping[str, Any]], line: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """The latest run on an idle machine of the same kind, with problems of the same size, or None."""
    same = ("machine", "quick", "clock")
    for other in reversed(history):
        if not other["busy"] and all(other[key] == line[key] for key in same):
            return other
    return None


def worse(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The rows whose ratio became worse by more than the noise of both runs, a sentence each, worst first.

    A row that there was before and is not now comes first, unless only some cases were asked for.
    """
    found = []
    for name in now["rows"] if now["only"] else before["rows"] | now["rows"]:
        row, earlier = now["rows"].get(name, {}), before["rows"].get(name, {})
        if "ratio" not in earlier or "ratio" not in row:
            if "ratio" in earlier:
                found.append((float("inf"), f"{name}: {earlier['ratio']:.3g} before, not measured now"))
            continue
        old, new = earlier["ratio"], row["ratio"]
        is_gain = bool(row.get("at_least"))
        change = (old / new if is_gain else new / old) if old and new else 1.0 + (new > old)
        noise = max(_noise(earlier) + _noise(row), _LEAST)
        if change > 1 + noise:
            found.append((change, f"{name}: {old:.3g} before, {new:.3g} now (noise {100 * noise:.0f} %)"))
    return [text for _, text in sorted(found, reverse=True)]


def _noise(row: Mapping[str, Any]) -> float:
    return float(row.get("noise", _ONCE))
