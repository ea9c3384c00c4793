"""Draws the figures of `docs/images` anew, in a few minutes: `python -m docs.images [NAME ...]`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

IMAGES = Path(__file__).parent / "images"
SCENARIOS = Path(__file__).parent.parent / "scenarios"
MADE = {
    "lrmo-peak-stress": ("compare", "lrmo-peak-stress.yaml", "comparison.png"),
    "lrmo-oxygen-retention": ("compare", "lrmo-oxygen-retention.yaml", "oxygen.png"),
    "lrmo-rate": ("compare", "lrmo-rate.yaml", "reported.png"),
    "lrmo-crack-risk": ("compare", "lrmo-crack-risk.yaml", "stress_intensity.png"),
    "nlmro-plates": ("compare", "nlmro-plates.yaml", "reported.png"),
    "lrmo-first-cycle": ("run", "lrmo-first-cycle.yaml", "voltage.png"),
    "na3ruo4-cycling": ("compare", "na3ruo4-cycling.yaml", "losses.png"),
    "lrmo-oxygen-factorial": ("compare", "lrmo-oxygen-factorial.yaml", "factorial.png"),
    "design-shell": ("optimise", "design-shell.yaml", "front.png"),
    "design-shell-material": ("optimise", "design-shell-material.yaml", "front.png"),
}
"""Of each image: the command, the file it runs, and which of its figures is shown."""


def draw(name: str) -> None:
    """Run what an image shows, and put the figure in its place."""
    from oxyshell.cli import app

    command, file, figure = MADE[name]
    with tempfile.TemporaryDirectory() as folder:
        arguments = [command, str(SCENARIOS / file), "--out", f"{folder}/made", "--quiet"]
        app(arguments, standalone_mode=False)
        shutil.copyfile(next(Path(folder).rglob(figure)), IMAGES / f"{name}.png")


if __name__ == "__main__":
    for each in sys.argv[1:] or MADE:
        draw(each)
