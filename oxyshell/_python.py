"""Refuses versions of Python that cannot read the package, before a module is a SyntaxError there."""

import sys

OLDEST = (3, 12)


def check(version: tuple[int, int]) -> None:
    """Refuse a version of Python that is too old.

    Args:
        version: Its two first numbers.

    Raises:
        ImportError: If it is older than `OLDEST`.
    """
    if version < OLDEST:
        raise ImportError(
            f"oxyshell needs Python 3.12 or later, and this is Python {version[0]}.{version[1]}. "
            "Make an environment with a later one: 'uv venv --python 3.13' or "
            "'conda create -n oxyshell python=3.13'; see docs/install.md."
        )


check(sys.version_info[:2])
