"""Shipped scenarios with a mutation: each is refused with its line, or runs its first step; nothing else."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest

from oxyshell.errors import RunStopped
from oxyshell.language.mistakes import ScenarioError
from oxyshell.running import simulation
from oxyshell.scenario.loading import load
from tests.program import call
from tests.test_restart import FOLDER, SHIPPED, After

TEXTS = {name: (FOLDER / f"{name}.yaml").read_text(encoding="utf-8") for name in SHIPPED}
PIECES = [
    "0",
    "-1",
    "1e300",
    ".nan",
    ".inf",
    "null",
    "[]",
    "{}",
    "true",
    "1 nm",
    "3 kg",
    "θ",
    "'",
    ":",
    "&a",
    "*a",
]
# A mesh so fine that its first step takes long is no mistake; a mutation is not about that.
SMALL = {"numerics.elements": {"layer": 1, "bulk": 2, "tangential": 1}}


def mutated(chosen: random.Random) -> str:
    """A shipped scenario in which something was replaced, dropped, doubled or moved."""
    text = TEXTS[chosen.choice(list(TEXTS))]
    lines = text.splitlines()
    at = chosen.randrange(len(lines))
    match chosen.randrange(6):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[chosen.randrange(len(lines))])
        case 2:
            key, colon, _ = lines[at].partition(":")
            lines[at] = f"{key}{colon} {chosen.choice(PIECES)}"
        case 3:
            lines[at] = " " * chosen.randrange(4) + lines[at].lstrip()
        case 4:
            digits = [i for i, letter in enumerate(lines[at]) if letter.isdigit()] or [0]
            place = chosen.choice(digits)
            lines[at] = lines[at][:place] + chosen.choice("0123456789-e.") + lines[at][place + 1 :]
        case 5:
            place = chosen.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:place] + chosen.choice(PIECES) + lines[at][place:]
    return "\n".join(lines) + "\n"


def check(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> str:
    """Run a file's first step as the program would; returns how it ended."""
    file = folder / "mutated.yaml"
    file.write_text(text, encoding="utf-8")
    around = set(folder.iterdir())
    try:
        scenario = load(file)
    except ScenarioError:
        assert call(monkeypatch, "run", file, "--out", folder / "run", "--quiet") == 2
        told = capsys.readouterr().err
        assert "mutated.yaml:" in told
        assert "Traceback" not in told
        assert set(folder.iterdir()) == around
        return "refused"
    with contextlib.suppress(RunStopped):
        simulation.run(scenario.with_values(SMALL), folder / "run", stops=After(2))
    assert set(folder.iterdir()) <= around | {folder / "run"}
    return "ran"


def examine(seeds: range, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    ends = {"refused": 0, "ran": 0}
    for seed in seeds:
        own = folder / str(seed)
        own.mkdir()
        ends[check(mutated(random.Random(seed)), own, monkeypatch, capsys)] += 1
    # Both ends occur, or the mutations say nothing.
    assert min(ends.values()) >= len(seeds) // 10


def test_a_mutated_scenario_is_refused_or_takes_its_first_step(tmp_path: Path, monkeypatch, capsys) -> None:
    examine(range(20), tmp_path, monkeypatch, capsys)


@pytest.mark.long
def test_a_thousand_mutated_scenarios(tmp_path: Path, monkeypatch, capsys) -> None:
    examine(range(1000), tmp_path, monkeypatch, capsys)
