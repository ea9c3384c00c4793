"""Arrays with names, dimensions, units and meanings as a dataset of xarray."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from oxyshell.optional_dependencies import require
from oxyshell.outputs.records import Array, Column
from oxyshell.version import __version__

if TYPE_CHECKING:
    import xarray

type Labelled = tuple[tuple[str, ...], Array, Column]
"""Names of the dimensions, values, and their unit and meaning."""


def dataset_of(
    variables: Mapping[str, Labelled], coordinates: Mapping[str, Labelled], scenario: str
) -> xarray.Dataset:
    """The arrays as xarray has them, each with its unit (`units`) and its meaning (`long_name`).

    Args:
        variables: Arrays by name.
        coordinates: Those that say where and when, by name.
        scenario: Text of the scenario, an attribute of the dataset.

    Raises:
        OxyshellError: If xarray is not installed.
    """
    require("notebook", "A dataset of xarray", "xarray")
    import xarray

    def labelled(
        arrays: Mapping[str, Labelled],
    ) -> dict[str, tuple[tuple[str, ...], Array, dict[str, str]]]:
        return {
            name: (dimensions, values, {"units": column.unit, "long_name": column.description})
            for name, (dimensions, values, column) in arrays.items()
        }

    attributes = {"source": f"oxyshell {__version__}", "scenario": scenario}
    return xarray.Dataset(labelled(variables), labelled(coordinates), attributes)
