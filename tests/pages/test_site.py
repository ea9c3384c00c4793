"""The site is built from the pages and the gallery, with warnings as errors."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages.blocks import ROOT

pytest.importorskip("sphinx")


def build(folder: Path, *options: str) -> Path:
    """Build the site of the pages as they are, beside copies of them; returns its folder."""
    left_out = shutil.ignore_patterns("_build", "_generated", "gallery", "reference", "__pycache__")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=left_out)
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("results"))
    beside = (
        "CITATION.cff",
        "LICENSE",
        "scenarios",
        "benchmarks",
        "results",
        "oxyshell",
        "pyproject.toml",
        "tests",
    )
    for name in (*(page.name for page in ROOT.glob("*.md")), *beside):
        (folder / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    done = subprocess.run(
        [*command, str(folder / "docs"), str(folder / "html")],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-5000:]
    return folder / "html"


@pytest.mark.slow
def test_the_site_is_built_without_warnings_and_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    site = build(tmp_path, "-D", "plot_gallery=0")
    pages = [*site.rglob("*.html")]
    assert len(pages) > 30
    assert "Documentation: FOLDER" in re.sub(
        "<[^>]*>", "", (site / "_generated" / "commands.html").read_text()
    )
    loaded = re.compile(r"<(?:script|img|iframe)[^>]* src=\"(https?:)?//|<link[^>]* href=\"(https?:)?//")
    assert not [page.name for page in pages if loaded.search(page.read_text())]
    # The index of words is a script, which a page that is opened from disk may load.
    assert (site / "searchindex.js").read_text().startswith("Search.setIndex(")
    assert 'src="searchindex.js"' in (site / "search.html").read_text()


@pytest.mark.long
def test_the_site_with_the_figures_of_the_gallery(tmp_path: Path) -> None:
    site = build(tmp_path)
    assert len([*(site / "_images").glob("sphx_glr_*_thumb.png")]) >= 15
