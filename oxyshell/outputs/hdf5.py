"""Datasets of an HDF5 file that may come from anybody: no other files through it, no more than it can hold.

Errors are ValueErrors, for `disk.readable` to name the file.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def add_column(
    group: Any, name: str, values: NDArray[np.generic], column: Column, over: Sequence[str] = ()
) -> None:
    """Write a quantity, or texts, as a dataset, its unit and description as attributes.

    Args:
        group: An open h5py file or group.
        name: Of the dataset.
        values: The numbers or texts.
        column: Unit and description.
        over: Names of the dimension scales, written before, one for each dimension; of a scale, its own name.
    """
    from h5py import h5a, h5d, h5ds, h5o, h5p, h5s, h5t, string_dtype

    # The functions behind h5py's objects: with them a table takes two thirds of the time.
    link, creation = h5p.create(h5p.LINK_CREATE), h5p.create(h5p.DATASET_CREATE)
    link.set_char_encoding(h5t.CSET_UTF8)
    creation.set_obj_track_times(False)
    text, single = h5t.py_create(string_dtype(), logical=True), h5s.create(h5s.SCALAR)
    stored = np.ascontiguousarray(values, dtype=string_dtype() if column.is_text else None)
    kind = text if column.is_text else h5t.py_create(stored.dtype, logical=True)
    made = h5d.create(group.id, None, kind, h5s.create_simple(stored.shape), creation)
    h5o.link(made, group.id, name.encode(), lcpl=link)
    made.write(h5s.ALL, h5s.ALL, stored)
    for key, words in (("units", column.unit), ("description", column.description)):
        h5a.create(made, key.encode(), text, single).write(np.array(words, dtype=object))
    if list(over) == [name]:
        h5ds.set_scale(made, name.encode())
        return
    for dimension, scale in enumerate(over):
        h5ds.attach_scale(made, h5d.open(group.id, scale.encode()), dimension)


def column_of(found: Any) -> Column:
    """Unit and description of a dataset; of one without them, "1" and nothing."""
    return Column(str(found.attrs.get("units", "1")), str(found.attrs.get("description", "")))
