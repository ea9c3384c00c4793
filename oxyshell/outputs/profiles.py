"""The radial profiles as HDF5: times × points, with units and dimension scales."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from oxyshell.errors import OutputError
from oxyshell.outputs import disk
from oxyshell.outputs.records import ALL_PROFILE_COLUMNS, POINT_COLUMNS, Array, Column
from oxyshell.outputs.result import Profiles

_TIME_COLUMNS = {
    "time_s": Column("s", "output times"),
    "extracted_per_formula": Column("1", "ions taken out, per formula unit of the as-made particle"),
}


def write_profiles(path: Path, profiles: Profiles) -> None:
    """Write all profiles: datasets (times, points) over the dimension scales `time_s` and `radius_m`.

    Raises:
        OutputError: If the disk refuses.
    """
    import h5py

    image = io.BytesIO()
    with h5py.File(image, "w") as file:

        def add(name: str, values: Array, column: Column) -> None:
            file.create_dataset(name, data=values)
            file[name].attrs["units"] = column.unit
            file[name].attrs["description"] = column.description

        add("time_s", profiles.times, _TIME_COLUMNS["time_s"])
        add("extracted_per_formula", profiles.extracted, _TIME_COLUMNS["extracted_per_formula"])
        add("radius_m", profiles.radius_m, POINT_COLUMNS["radius_m"])
        add("depth_m", profiles.depth_m, POINT_COLUMNS["depth_m"])
        file["time_s"].make_scale("time_s")
        file["radius_m"].make_scale("radius_m")
        file["extracted_per_formula"].dims[0].attach_scale(file["time_s"])
        file["depth_m"].dims[0].attach_scale(file["radius_m"])
        for name, values in profiles.items():
            add(name, values, ALL_PROFILE_COLUMNS[name])
            file[name].dims[0].attach_scale(file["time_s"])
            file[name].dims[1].attach_scale(file["radius_m"])
    disk.replace_bytes(path, image.getvalue())


def read_profiles(path: Path) -> Profiles:
    """Read a `profiles.h5`; a run that stopped before its first output time has none, which reads as empty.

    Raises:
        OutputError: If the file cannot be read.
    """
    import h5py

    if not path.exists():
        return Profiles.stack(())
    with disk.errors_at(path), h5py.File(path, "r") as file:
        try:
            stored = {name: np.asarray(dataset[()]) for name, dataset in file.items()}
            return Profiles(
                times=stored.pop("time_s"),
                extracted=stored.pop("extracted_per_formula"),
                radius_m=stored.pop("radius_m"),
                depth_m=stored.pop("depth_m"),
                by_name=stored,
            )
        except KeyError as error:
            raise OutputError(f"{path} has no dataset {error}; it is not a file of profiles.") from error
