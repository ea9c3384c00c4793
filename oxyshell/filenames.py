"""File names from names that a user chose."""

from __future__ import annotations

import hashlib

REPORT, VIEW = "report.html", "view.html"
"""Pages in the folder of a run or of a study, which are made from its files."""
# In bytes. File systems take 255, and what is written beside has a longer name for a moment.
_LONGEST = 160
_FORBIDDEN = "/\\"


def file_name(name: str) -> str:
    """A valid file name: the given name itself, if it is one.

    Otherwise a digest of the given name is appended, so that different names stay different.
    """
    plain = "".join("_" if one in _FORBIDDEN or not one.isprintable() else one for one in name)
    if plain.startswith("."):
        plain = f"_{plain[1:]}"
    encoded = plain.encode()
    if plain == name and name and len(encoded) <= _LONGEST:
        return name
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{encoded[:_LONGEST].decode(errors='ignore')}-{digest}"
