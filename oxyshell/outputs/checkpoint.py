"""Checkpoint file: a tree of numbers, texts and arrays. A damaged file is refused."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oxyshell.errors import OutputError
from oxyshell.outputs import disk
from oxyshell.outputs.hdf5 import dataset
from oxyshell.version import __version__

type Tree = Mapping[str, Any]
"""Nested mappings and lists of numbers, texts, None and arrays."""
VERSION = 6
"""Version of the file format; others are refused."""


def write_checkpoint(path: Path, tree: Tree, identity: str) -> None:
    """Write a checkpoint as HDF5: arrays as datasets under their path in the tree, the rest as JSON.

    Args:
        path: The file, replaced as a whole.
        tree: The content, kept to the last bit.
        identity: Identity of the run.

    Raises:
        OutputError: If the disk refuses; the file is then unchanged.
    """
    import h5py

    arrays: dict[str, NDArray[Any]] = {}
    text = json.dumps(_without_arrays(tree, (), arrays))
    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        file.attrs["format"] = "oxyshell checkpoint"
        file.attrs["version"] = VERSION
        file.attrs["written_by"] = f"oxyshell {__version__}"
        file.attrs["run"] = identity
        file.attrs["checksum"] = _checksum(identity, text, arrays)
        file["numbers"] = text
        group = file.create_group("arrays")
        for name, values in arrays.items():
            group.create_dataset(name, data=values)
    disk.replace_bytes(path, image.getvalue())


def read_checkpoint(path: Path) -> tuple[dict[str, Any], str]:
    """Read a checkpoint back.

    Returns:
        The tree, and the identity of its run.

    Raises:
        OutputError: If the file cannot be read, is damaged or cut off, or is of another format.
    """
    import h5py

    with disk.errors_at(path):
        image = path.read_bytes()
    try:
        with h5py.File(io.BytesIO(image), "r") as file:
            version, written_by = int(file.attrs["version"]), str(file.attrs["written_by"])
            if version != VERSION:
                raise OutputError(
                    f"{path} has checkpoint format {version}, written by {written_by}; this is oxyshell "
                    f"{__version__}, which reads format {VERSION}. Go on with the oxyshell that "
                    "wrote it, or start the run again without --resume."
                )
            identity, checksum = str(file.attrs["run"]), str(file.attrs["checksum"])
            text = str(dataset(file, "numbers").asstr()[()])
            arrays: dict[str, NDArray[Any]] = {}
            file["arrays"].visititems(lambda name, item: _collect(file, name, item, arrays))
        if _checksum(identity, text, arrays) != checksum:
            raise _damaged(path, "its content does not match its checksum")
        return _tree(text, arrays), identity
    except OutputError:  # says what it is already
        raise
    # h5py raises many types for a damaged file, RuntimeError and UnicodeDecodeError among them.
    except Exception as error:
        raise _damaged(path, f"it cannot be read as one ({error})") from error


def _tree(text: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(text)
    for name, values in arrays.items():
        *parents, last = name.split("/")
        node: Any = tree
        for key in parents:
            node = node[int(key)] if isinstance(node, list) else node[key]
        node[last] = values
    return tree


def _damaged(path: Path, what: str) -> OutputError:
    return OutputError(
        f"{path} is not a whole checkpoint: {what}. Put a copy of the whole file in its place, or start the "
        "run again without --resume."
    )


def _collect(file: Any, name: str, item: Any, arrays: dict[str, NDArray[Any]]) -> None:
    import h5py

    if isinstance(item, h5py.Dataset):
        values = np.asarray(dataset(file, f"arrays/{name}")[()])
        if values.dtype.kind not in "fiub":
            raise TypeError(f"'{name}' has type {values.dtype}")
        arrays[name] = values


def _without_arrays(node: Any, path: tuple[str, ...], arrays: dict[str, NDArray[Any]]) -> Any:
    """The tree as JSON has it; its arrays go to `arrays`, by path."""
    match node:
        case Mapping():
            rest = {}
            for key, value in node.items():
                if isinstance(value, np.ndarray):
                    arrays["/".join((*path, key))] = value
                else:
                    rest[key] = _without_arrays(value, (*path, key), arrays)
            return rest
        case list() | tuple():
            return [_without_arrays(value, (*path, str(index)), arrays) for index, value in enumerate(node)]
        case _:
            return node


def _checksum(identity: str, text: str, arrays: Mapping[str, NDArray[Any]]) -> str:
    total = hashlib.sha256(f"{VERSION}\n{identity}\n{text}\n".encode())
    for name in sorted(arrays):
        values = np.ascontiguousarray(arrays[name])
        total.update(f"{name} {values.dtype.str} {values.shape}\n".encode())
        total.update(values.tobytes())
    return total.hexdigest()
