"""Sphinx configuration: `sphinx-build -W -b html docs docs/_build/html`, without the network."""

from __future__ import annotations

import importlib.util
import logging
import os
import sys
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path.insert(0, str(DOCS))

# Figures of the gallery are drawn without a display.
os.environ.setdefault("MPLBACKEND", "agg")
os.environ.setdefault("COLUMNS", "80")

import generated_pages  # noqa: E402
from pygments.lexers.special import TextLexer  # noqa: E402

from oxyshell.version import __version__  # noqa: E402

project = "oxyshell"
author = "The oxyshell developers"
copyright = author
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_gallery.gen_gallery",
]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["_build", "extending", "images", "**/__pycache__", "README.md"]
suppress_warnings = ["config.cache", "toc.empty_glob"]

myst_heading_anchors = 4
myst_enable_extensions = ["deflist", "colon_fence"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "separated"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

sphinx_gallery_conf = {
    "examples_dirs": str(ROOT / "examples"),
    "gallery_dirs": "gallery",
    "filename_pattern": r"\.py",
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "download_all_examples": False,
    "remove_config_comments": True,
    "show_memory": False,
    "min_reported_time": 3600,
    "write_computation_times": False,
    "show_signature": False,
}

html_theme = "furo"
html_title = f"oxyshell {__version__}"
html_show_sphinx = False
html_copy_source = False
html_last_updated_fmt = None

logging.getLogger("oxyshell").setLevel(logging.WARNING)
generated_pages.write(DOCS / "_generated", ROOT)
if importlib.util.find_spec("generate_reference") is not None:
    generate_reference = importlib.import_module("generate_reference")
    generate_reference.write(DOCS / "reference")


def _lead_to_included_pages(app: object, docname: str, source: list[str]) -> None:
    """Let links to pages outside of this folder lead to their copies on the site."""
    if not docname.startswith("_generated/"):
        page = DOCS / f"{docname}.md"
        if page.exists():
            source[0] = generated_pages.relinked(source[0], page, page.parent, DOCS / "_generated", ROOT)


def setup(app: object) -> dict[str, bool]:
    """Connect what rewrites links."""
    app.connect("source-read", _lead_to_included_pages)  # type: ignore[attr-defined]
    app.add_lexer("csv", TextLexer)  # type: ignore[attr-defined]
    return {"parallel_read_safe": True, "parallel_write_safe": True}
