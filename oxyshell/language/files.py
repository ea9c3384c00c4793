"""Files that a file names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationInfo

from oxyshell.language.mistakes import describe, problem, refused
from oxyshell.language.sections import Context


def existing_file(raw: Any, info: ValidationInfo, noun: str) -> Path:
    """The path of a file that exists; raises pydantic's ValidationError otherwise.

    Args:
        raw: A path, relative to the file that names it.
        info: Of the validation.
        noun: Kind of file, for messages: "mesh file".
    """
    folder = info.context.folder if isinstance(info.context, Context) else Path.cwd()
    if not isinstance(raw, str | Path) or not str(raw).strip():
        raise refused(problem(describe(raw), f"the path of a {noun}, relative to this file"))
    path: Path = folder / raw
    try:
        exists = path.is_file()
    except (OSError, ValueError):
        exists = False
    if not exists:
        raise refused(problem(describe(raw), f"a {noun} that exists ({path} does not)"))
    return path.resolve()
