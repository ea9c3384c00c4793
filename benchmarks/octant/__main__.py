"""`python -m benchmarks.octant '{"library": ..., "mesh": ..., ...}'`: one charge, from start to end."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.octant.march import March
from benchmarks.octant.problem import Charge, Mesh


def main(task: dict[str, Any]) -> dict[str, Any]:
    charge, mesh = Charge.of(task), Mesh.read(Path(task["mesh"]))
    started = time.perf_counter()
    octant = importlib.import_module(f"benchmarks.octant.{task['library']}").Octant(charge, mesh)
    ready = time.perf_counter()
    march = March(charge, octant, octant.sizes)
    march.run()
    return {
        "hoop_MPa": march.hoop,
        "unknowns": int(sum(octant.sizes)),
        "iterations": octant.iterations,
        "set_up_s": ready - started,
        "march_s": time.perf_counter() - ready,
    }


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
