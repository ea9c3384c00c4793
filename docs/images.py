"""Draws the figures of `docs/images` anew, in a few minutes: `python -m docs.images [NAME ...]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

IMAGES = Path(__file__).parent / "images"
SCENARIOS = Path(__file__).parent.parent / "scenarios"
_WIDEST = 1400
"""Pixels: 200 for an inch of a figure that is as wide as a page of print."""
_MOST_PIXELS, _UNSEEN = 99.0, 3
"""Per cent of all pixels, and steps of 255 by which fewer colours may change them."""
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


def shrink(drawn: Path, image: Path) -> None:
    """Write a figure as small as a page needs it; in 256 colours where its scales stay smooth."""
    with Image.open(drawn) as figure:
        opaque = figure.convert("RGB")
    size = (min(opaque.width, _WIDEST), round(opaque.height * min(1.0, _WIDEST / opaque.width)))
    small = opaque.resize(size, Image.Resampling.LANCZOS)
    few = small.quantize(256, dither=Image.Dither.NONE)
    change = np.abs(np.asarray(few.convert("RGB"), dtype=int) - np.asarray(small, dtype=int))
    same = np.percentile(change.max(axis=2), _MOST_PIXELS) <= _UNSEEN
    (few if same else small).save(image, optimize=True)


def draw(name: str) -> None:
    """Run what an image shows, and put the figure in its place."""
    from oxyshell.cli import app

    command, file, figure = MADE[name]
    with tempfile.TemporaryDirectory() as folder:
        arguments = [command, str(SCENARIOS / file), "--out", f"{folder}/made", "--quiet"]
        app(arguments, standalone_mode=False)
        shrink(next(Path(folder).rglob(figure)), IMAGES / f"{name}.png")


if __name__ == "__main__":
    for each in sys.argv[1:] or MADE:
        draw(each)
