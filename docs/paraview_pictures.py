"""Takes the pictures of `docs/paraview.md` by pvpython and xvfb-run: `python -m docs.paraview_pictures`."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

IMAGES = Path(__file__).parent / "images"
SCENARIOS = Path(__file__).parent.parent / "scenarios"
MADE = {"paraview-first-principal": "lrmo-ru1.yaml"}
"""Of each picture: the scenario that is run."""


def take(name: str, image: Path) -> None:
    """Run the scenario of a picture, and let ParaView draw its state script."""
    from oxyshell.cli import app

    with tempfile.TemporaryDirectory() as folder:
        run = f"{folder}/run"
        file = str(SCENARIOS / MADE[name])
        app(["run", file, "--out", run, "--figures", "none", "--quiet"], standalone_mode=False)
        app(["plot", run, "--paraview", "--quiet"], standalone_mode=False)
        screen = ["xvfb-run", "-a", "-s", "-screen 0 1280x1024x24 +extension GLX -noreset"]
        command = [*screen, "pvpython", f"{run}/paraview_state.py", f"{folder}/shot.png"]
        subprocess.run(command, check=True, env=os.environ | {"LIBGL_ALWAYS_SOFTWARE": "1"})
        shutil.copyfile(f"{folder}/shot.png", image)


if __name__ == "__main__":
    for each in MADE:
        take(each, IMAGES / f"{each}.png")
