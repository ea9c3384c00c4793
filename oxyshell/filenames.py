"""Names of files and folders for whatever a user has called something."""

from __future__ import annotations

import hashlib

# In bytes. File systems take 255, and what is written beside has a longer name for a moment.
_LONGEST = 160
_FORBIDDEN = "/\\"


def file_name(name: str) -> str:
    """A name that the file system takes, equal to the given one if that is such a name already.

    Otherwise it has a digest of the given name at its end, so that different names stay different.
    """
    plain = "".join("_" if one in _FORBIDDEN or not one.isprintable() else one for one in name)
    if plain.startswith("."):
        plain = f"_{plain[1:]}"
    encoded = plain.encode()
    if plain == name and name and len(encoded) <= _LONGEST:
        return name
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{encoded[:_LONGEST].decode(errors='ignore')}-{digest}"
