"""Datasets of an HDF5 file that may come from anybody: no other files through it, no more than it can hold.

Errors are ValueErrors, for `disk.readable` to name the file.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from oxyshell.outputs.records import Column

# Deflate, the strongest of the usual filters, makes at most about 1030 bytes of one.
_MOST_PER_BYTE = 1100


def dataset(group: Any, name: str) -> Any:
    """A dataset that is in the file itself, of a size that the file can hold.

    Args:
        group: An open h5py file or group.
        name: Of the dataset.

    Raises:
        ValueError: If there is none, it is a link to somewhere else, keeps its data in other files, or claims
            to be larger than the file can hold.
    """
    import h5py

    link = group.get(name, getlink=True)
    if link is None:
        raise ValueError(f"it has no dataset '{name}'")
    found = group[name] if isinstance(link, h5py.HardLink) else None
    if not isinstance(found, h5py.Dataset) or found.external or found.is_virtual:
        raise ValueError(f"'{name}' is no dataset in the file itself; links to other files are not followed")
    size = group.file.id.get_filesize()
    if found.dtype.itemsize * int(np.prod(found.shape, dtype=object)) > _MOST_PER_BYTE * size:
        raise ValueError(f"'{name}' has the shape {found.shape}, more than a file of {size} bytes can hold")
    return found


def numbers(group: Any, name: str, dimensions: int) -> NDArray[np.float64]:
    """The numbers of a dataset.

    Args:
        group: An open h5py file or group.
        name: Of the dataset.
        dimensions: How many it should have.

    Raises:
        ValueError: As `dataset`, or if it has no numbers or other dimensions.
    """
    found = dataset(group, name)
    if found.dtype.kind not in "fiu" or len(found.shape) != dimensions:
        raise ValueError(
            f"'{name}' has type {found.dtype} and shape {found.shape}, expected numbers in {dimensions} "
            f"dimension{'s' if dimensions > 1 else ''}"
        )
    return np.asarray(found[()], dtype=float)


def add_column(group: Any, name: str, values: NDArray[np.generic], column: Column) -> None:
    """Write a quantity, or texts, as a dataset, its unit and description as attributes."""
    import h5py

    if column.is_text:
        dataset = group.create_dataset(name, data=values.astype(object), dtype=h5py.string_dtype())
    else:
        dataset = group.create_dataset(name, data=values)
    dataset.attrs["units"] = column.unit
    dataset.attrs["description"] = column.description


def column_of(found: Any) -> Column:
    """Unit and description of a dataset; of one without them, "1" and nothing."""
    return Column(str(found.attrs.get("units", "1")), str(found.attrs.get("description", "")))
