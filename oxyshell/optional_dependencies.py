"""Packages that some results need and that are not installed with oxyshell unless asked for."""

from __future__ import annotations

import importlib.util

from oxyshell.errors import OxyshellError


def require(extra: str, purpose: str, *modules: str) -> None:
    """Make sure that modules of an extra are there, before anything is computed.

    Args:
        extra: Name of the extra in `pyproject.toml`.
        purpose: Their use, to begin a sentence with.
        modules: Their names.

    Raises:
        OxyshellError: If one is not installed.
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise OxyshellError(
            f"{purpose} needs {' and '.join(missing)}, of the extra '{extra}': "
            f"pip install 'oxyshell[{extra}]'"
        )
