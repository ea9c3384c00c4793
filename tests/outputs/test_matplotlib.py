from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

DRAWN = """
import os, sys
from pathlib import Path
from oxyshell.drawing.style import new_figure, save
save(new_figure(2, 2), Path(sys.argv[1]))
import oxyshell.studies.design.figures, oxyshell.studies.engine.study_figures
print(os.environ["MPLBACKEND"])
import matplotlib
print(matplotlib.rcParams._get_backend_or_none())
"""


@pytest.mark.parametrize(
    ("backend", "taken"),
    [
        ("module://matplotlib_inline.backend_inline", "None"),
        ("no such backend", "None"),
        ("svg", "svg"),
    ],
)
def test_figures_become_files_whatever_backend_a_notebook_asks_for(backend, taken, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", DRAWN, tmp_path / "figure.png"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MPLBACKEND": backend},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [backend, taken]
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
