from __future__ import annotations

from tests.coarse import disc, eighth, fine_disc, fine_eighth, line

__all__ = ["disc", "eighth", "fine_disc", "fine_eighth", "line"]
