"""The radial profiles as HDF5: times × points, with units and dimension scales."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from oxyshell.errors import OutputError
from oxyshell.outputs import disk
from oxyshell.outputs.hdf5 import add_column, column_of, numbers
from oxyshell.outputs.records import POINT_COLUMNS, TIME_COLUMNS, Profile
from oxyshell.outputs.result import Profiles

_ARRAYS = "arrays"
"""Attribute of the file: names of the datasets (times, points), so that one that is gone is missed."""


class ProfileFile:
    """`profiles.h5` as it grows, and beside it, in `profiles.tail`, the output times that it has not got yet.

    HDF5 cannot be appended to so that a kill leaves a file that can be read, and writing it anew at every
    output time would write the square of what is left in the end. So it is written as a whole at the first
    output time and at the end; what comes between is appended to the tail, one record of numbers (float64)
    per output time: its index, time, extracted content, and the arrays by name.

    Args:
        path: The HDF5 file; nothing is touched before `add` or `write`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, profiles: Sequence[Profile]) -> None:
        """Write the last of the profiles so far.

        Raises:
            OutputError: If the last profile has other points or names than the first, or the disk refuses.
        """
        count = len(profiles)
        if count == 1:
            self.write(profiles)
            return
        last = Profiles.stack((profiles[0], profiles[-1]))
        arrays = [last[name][1] for name in sorted(last)]
        record = np.concatenate([[count - 1, last.times[1], last.extracted[1]], *arrays])
        tail = _tail(self._path)
        with disk.errors_at(tail), tail.open("ab", buffering=0) as file:
            # A disk that fills up takes a part and says so by the count alone.
            if file.write(record.astype("<f8").tobytes()) != record.nbytes:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def write(self, profiles: Sequence[Profile]) -> None:
        """Write all profiles; the tail is then no longer needed.

        Raises:
            OutputError: If the profiles do not share their points or names, or the disk refuses.
        """
        write_profiles(self._path, Profiles.stack(profiles))
        self._remove_tail()

    def cut(self, profiles: Sequence[Profile]) -> None:
        """Hold these profiles, the first ones of those that are there, and go on after them.

        Raises:
            OutputError: If the disk refuses.
        """
        if profiles:
            self.write(profiles)
        else:
            self.clear()

    def clear(self) -> None:
        """Remove what a previous run has left.

        Raises:
            OutputError: If the disk refuses.
        """
        with disk.errors_at(self._path):
            self._path.unlink(missing_ok=True)
        self._remove_tail()

    def _remove_tail(self) -> None:
        tail = _tail(self._path)
        with disk.errors_at(tail):
            tail.unlink(missing_ok=True)


def _tail(path: Path) -> Path:
    return path.with_suffix(".tail")


def write_profiles(path: Path, profiles: Profiles) -> None:
    """Write all profiles: datasets (times, points) over the dimension scales `time_s` and `radius_m`.

    Raises:
        OutputError: If the disk refuses.
    """
    import h5py

    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        file.attrs[_ARRAYS] = list(profiles)
        times, points = ["time_s"], ["radius_m"]
        extracted = TIME_COLUMNS["extracted_per_formula"]
        add_column(file, "time_s", profiles.times, TIME_COLUMNS["time_s"], times)
        add_column(file, "extracted_per_formula", profiles.extracted, extracted, times)
        add_column(file, "radius_m", profiles.radius_m, POINT_COLUMNS["radius_m"], points)
        add_column(file, "depth_m", profiles.depth_m, POINT_COLUMNS["depth_m"], points)
        for name, values in profiles.items():
            add_column(file, name, values, profiles.columns[name], times + points)
    disk.replace_bytes(path, image.getvalue())


def read_profiles(path: Path) -> Profiles:
    """Read a `profiles.h5` and its tail; both are empty if a run stopped before its first output time.

    A last record of the tail that a killed run did not finish is left out.

    Raises:
        OutputError: If the file cannot be read.
    """
    import h5py

    if not path.exists():
        return Profiles.stack(())
    with disk.readable(path, "a file of profiles"):
        with h5py.File(path, "r") as file:
            one = {name: numbers(file, name, 1) for name in (*TIME_COLUMNS, *POINT_COLUMNS)}
            # Files of earlier versions do not say which arrays they have.
            names = file.attrs.get(_ARRAYS, [name for name in file if name not in one])
            arrays = {str(name): numbers(file, str(name), 2) for name in names}
            columns = {name: column_of(file[name]) for name in arrays}
        shape = (len(one["time_s"]), len(one["radius_m"]))
        shapes = {name: values.shape for name, values in arrays.items() if values.shape != shape}
        if shapes or len(one["extracted_per_formula"]) != shape[0] or len(one["depth_m"]) != shape[1]:
            raise OutputError(f"{path}: not all arrays have {shape[0]} times and {shape[1]} points.")
    whole = Profiles(
        times=one["time_s"],
        extracted=one["extracted_per_formula"],
        radius_m=one["radius_m"],
        depth_m=one["depth_m"],
        by_name=arrays,
        columns=columns,
    )
    tail = _tail(path)
    if not tail.exists():
        return whole
    with disk.errors_at(tail):
        return _with_tail(whole, tail.read_bytes())


def _with_tail(whole: Profiles, content: bytes) -> Profiles:
    names, points, before = sorted(whole), len(whole.radius_m), len(whole.times)
    length = 3 + len(names) * points
    complete = len(content) // (8 * length)
    records = np.frombuffer(content, dtype="<f8", count=complete * length).reshape(complete, length)
    # The file itself may have been written anew since some of them.
    records = records[records[:, 0] >= before]
    records = records[records[:, 0] == before + np.arange(len(records))]
    later = records[:, 3:].reshape(len(records), len(names), points)
    return replace(
        whole,
        times=np.concatenate([whole.times, records[:, 1]]),
        extracted=np.concatenate([whole.extracted, records[:, 2]]),
        by_name={name: np.concatenate([whole[name], later[:, i]]) for i, name in enumerate(names)},
    )
