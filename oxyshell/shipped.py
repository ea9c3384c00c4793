"""Folders that come with the package and hold no code: scenarios and documentation."""

from __future__ import annotations

from pathlib import Path

from oxyshell.errors import OxyshellError

_PACKAGE = Path(__file__).parent
# A wheel has these folders inside of the package; a checkout, from which editable installations are made,
# beside it.
_PLACES = (_PACKAGE, _PACKAGE.parent)


def scenarios() -> Path:
    """The folder of scenarios and studies.

    Raises:
        OxyshellError: If the installation has none.
    """
    found = _folder("scenarios")
    if found is None:
        raise OxyshellError(f"{_PACKAGE / 'scenarios'} is missing: install oxyshell anew")
    return found


def documentation() -> str:
    """The folder of the documentation, or words that say that there is none."""
    return str(_folder("docs") or "not installed")


def _folder(name: str) -> Path | None:
    return next((place / name for place in _PLACES if (place / name).is_dir()), None)
