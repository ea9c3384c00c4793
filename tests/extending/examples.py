"""The examples of the documentation, importable as a user would have them: outside of the package."""

from __future__ import annotations

import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "docs" / "extending"
sys.path.insert(0, str(EXAMPLES))

from delayed_growth import DelayedGrowth  # noqa: E402
from elastic_energy import ElasticEnergy  # noqa: E402
from hollow_sphere import HollowSphere  # noqa: E402
from recombination import Recombination  # noqa: E402
from refinement.kind import REFINEMENT  # noqa: E402
from tracer.physics import Tracer  # noqa: E402

__all__ = ["REFINEMENT", "DelayedGrowth", "ElasticEnergy", "HollowSphere", "Recombination", "Tracer"]
