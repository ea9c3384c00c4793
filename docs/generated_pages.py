"""Pages of the site that are made from others: the help of the commands, and pages outside of `docs/`."""

from __future__ import annotations

import os
import re
from pathlib import Path

INCLUDED = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "RELEASE.md": "release.md",
    "benchmarks/README.md": "benchmarks.md",
}
"""Pages outside of `docs/`, by their path in the repository, and their names on the site."""

_FOLDER = re.compile(r"^( *Documentation:)\s.*\Z", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<=\]\()(?!\w+:)([^)#\s]+)(?=[)#])")


def write(folder: Path, root: Path) -> None:
    """Write all of them.

    Args:
        folder: Where they go, within the folder of the site's sources.
        root: The repository.
    """
    folder.mkdir(exist_ok=True)
    for path, name in INCLUDED.items():
        page = root / path
        _put(folder / name, relinked(page.read_text(), page, folder, folder, root))
    _put(folder / "commands.md", _commands())


def relinked(text: str, page: Path, at: Path, folder: Path, root: Path) -> str:
    """A page's text with the targets of its links as seen from another folder.

    Args:
        text: Markdown.
        page: Where the text comes from.
        at: The folder in which it will be.
        folder: Where included pages are.
        root: The repository.
    """
    copies = {os.path.normpath(root / path): folder / name for path, name in INCLUDED.items()}

    def target(found: re.Match[str]) -> str:
        meant = os.path.normpath(page.parent / found[1])
        if meant not in copies and at == page.parent:
            return found[1]
        return os.path.relpath(copies.get(meant, Path(meant)), at)

    return _LINK.sub(target, text)


def _commands() -> str:
    """The help of every command, as the terminal shows it."""
    import typer
    from typer.testing import CliRunner

    from oxyshell.cli import app

    names = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    about = "What each command prints with `--help`. FOLDER is where this documentation is installed."
    parts = ["# Commands", about]
    for arguments in ([], *([name] for name in names)):
        title = " ".join(["oxyshell", *arguments])
        shown = CliRunner().invoke(app, [*arguments, "--help"], prog_name="oxyshell", terminal_width=80)
        # The folder is another one on each machine, and breaks where its name is long.
        printed = _FOLDER.sub(r"\1 FOLDER", shown.output.strip())
        parts += [f"## {title}", f"```text\n{printed}\n```"]
    return "\n\n".join(parts) + "\n"


def _put(path: Path, text: str) -> None:
    """Write a file, unless it is as it should be: what has not changed is not read again."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
