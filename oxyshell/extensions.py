"""Extensions that installed packages bring along, as entry points."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from oxyshell.errors import OxyshellError


def installed(kind: str) -> list[Any]:
    """Load the extensions of one kind that installed packages name.

    Args:
        kind: "physics" for the entry points of the group `oxyshell.physics`, and so on.

    Raises:
        OxyshellError: If one cannot be loaded.
    """
    return [_loaded(entry) for entry in entry_points(group=f"oxyshell.{kind}")]


def _loaded(entry: Any) -> Any:
    try:
        return entry.load()
    except Exception as error:
        owner = f" of the package {entry.dist.name}" if entry.dist is not None else ""
        raise OxyshellError(
            f"the extension '{entry.name}'{owner} cannot be loaded ({type(error).__name__}: {error}); mend "
            "or uninstall that package"
        ) from error
