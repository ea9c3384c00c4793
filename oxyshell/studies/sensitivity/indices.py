"""Sobol' indices (SALib): which share of a result's variance each parameter makes, alone and with the others.

Sampling after Saltelli 2002 on a scrambled Sobol' sequence; estimators of Saltelli et al. 2010
(doi:10.1016/j.cpc.2009.09.018); confidence intervals from bootstrap resamples.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oxyshell.optional_dependencies import require

CONFIDENCE = 0.95
_RESAMPLES = 1000


@dataclass(frozen=True)
class Index:
    """Share of one parameter in a result's variance.

    Attributes:
        first: Share that goes if this parameter is known.
        first_half_width: Half width of its confidence interval (95 %).
        total: Share that stays if all others are known.
        total_half_width: Half width of its confidence interval (95 %).
    """

    first: float
    first_half_width: float
    total: float
    total_half_width: float


def sample(parameters: int, points: int, seed: int) -> NDArray[np.float64]:
    """Points at which results are needed, as shares of the parameters' ranges.

    Args:
        parameters: Number of parameters.
        points: Size of the base sample, a power of two.
        seed: Of the scrambling.

    Returns:
        Shares from 0 to 1, shape (points × (parameters + 2), parameters).

    Raises:
        OxyshellError: If SALib is not installed.
    """
    require("studies", "A sample for Sobol' indices", "SALib")
    from SALib.sample import sobol

    drawn: NDArray[np.float64] = sobol.sample(
        _problem(parameters), points, calc_second_order=False, scramble=True, seed=seed
    )
    return drawn


def indices(results: NDArray[np.float64], parameters: int, seed: int) -> list[Index]:
    """The indices of each parameter.

    Args:
        results: At the points of `sample`, in their order.
        parameters: Number of parameters.
        seed: Of the resamples.
    """
    from SALib.analyze import sobol

    if np.ptp(results) <= 1e-12 * np.max(np.abs(results)):
        return [Index(0.0, 0.0, 0.0, 0.0)] * parameters
    # SALib takes a seed of 0 for none.
    found = sobol.analyze(
        _problem(parameters),
        results,
        calc_second_order=False,
        num_resamples=_RESAMPLES,
        conf_level=CONFIDENCE,
        seed=seed + 1,
    )
    names = ("S1", "S1_conf", "ST", "ST_conf")
    return [Index(*(float(found[name][index]) for name in names)) for index in range(parameters)]


def _problem(parameters: int) -> dict[str, Any]:
    names = [f"x{index}" for index in range(parameters)]
    return {"num_vars": parameters, "names": names, "bounds": [[0.0, 1.0]] * parameters}
