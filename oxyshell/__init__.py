"""Chemo-mechanics of battery cathode particles on FEniCSx.

    >>> import oxyshell
    >>> scenario = oxyshell.load("scenarios/lrmo-ru1.yaml")
    >>> result = oxyshell.run(scenario.with_values({"shell.thickness": "5 nm"}))
    >>> round(result.summary["stress"]["first_principal"]["peak_MPa"], 1)
    399.1

Importing the package loads nothing heavy; FEniCSx is loaded when something is solved.
"""

from oxyshell import _python  # noqa: F401 (first: it says so where Python is too old)  # isort: skip
from oxyshell._api.files import (
    examples,
    import_protocol,
    init,
    load,
    material,
    materials,
    schema,
    validate,
)
from oxyshell._api.runs import draw, plot, read_run, report, run, show
from oxyshell._api.studies import (
    calibrate,
    compare,
    optimise,
    read_study,
    run_study,
    sensitivity,
    sweep,
)
from oxyshell.version import __version__

__all__ = [
    "__version__",
    "calibrate",
    "compare",
    "draw",
    "examples",
    "import_protocol",
    "init",
    "load",
    "material",
    "materials",
    "optimise",
    "plot",
    "read_run",
    "read_study",
    "report",
    "run",
    "run_study",
    "schema",
    "sensitivity",
    "show",
    "sweep",
    "validate",
]
