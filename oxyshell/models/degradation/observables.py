"""Quantities that a run reports of its losses."""

from __future__ import annotations

from oxyshell.models.base.observable import Observable, Where, entries

_ROWS = (
    ("layer_thickness_nm", "nm", "thickness s of the densified surface layer", "layer"),
    ("relative_area", "1", "surface on which the layer grows over that as made, A", "relative surface"),
    ("voltage_fade_mV", "mV", "fade v of the mean voltage by its law", "voltage fade"),
    ("redox_share", "1", "share a of the oxygen's redox that is left", "redox of oxygen left"),
)
_RETENTION = ("retention", "1", "capacity over that of the first cycle by the laws of the losses")
_LABEL = "retention by the laws"

OBSERVABLES = (
    *(Observable(*row[:3], Where.HISTORY, row[3]) for row in _ROWS),
    Observable(*_RETENTION, Where.HISTORY, _LABEL),
    *(Observable(*row[:3], Where.CYCLE, row[3]) for row in _ROWS),
    Observable(*_RETENTION, Where.CYCLE, _LABEL, told=True),
    *entries(
        "degradation",
        ("cycle", "1", "number of the last cycle that has ended, in which the numbers below were in force",
            "number of the cycle"),
        ("layer_nm", "nm", "thickness of the densified surface layer in it", "layer"),
        ("relative_area", "1", "surface on which the layer grows over that as made", "relative surface"),
        ("voltage_fade_mV", "mV", "fade of the mean voltage by its law", "voltage fade"),
        ("redox_share", "1", "share of the oxygen's redox that is left", "redox of oxygen left"),
        ("retention", "1", "capacity over that of the first cycle by the laws", _LABEL),
    ),
)  # fmt: skip
