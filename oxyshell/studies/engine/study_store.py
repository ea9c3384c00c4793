"""The study on disk: `study.h5`, which h5py and xarray open, and `study.csv`."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from oxyshell.errors import OutputError
from oxyshell.outputs import disk
from oxyshell.outputs.hdf5 import dataset
from oxyshell.studies.engine.study import Study
from oxyshell.studies.engine.tables import Column, csv

H5, CSV = "study.h5", "study.csv"
_KIND = "oxyshell study 1"
_ATTRIBUTES = ("name", "about", "parameters", "quantities", "provenance")
_OWN = {"status": str, "reason": str, "run": str, "solve_time_s": float, "wall_time_s": float}


def write(study: Study, folder: Path) -> None:
    """Write `study.h5` and `study.csv`, each by replacing the old file with a complete new one.

    Raises:
        OutputError: If the disk refuses.
    """
    disk.replace_bytes(folder / H5, _h5(study))
    disk.replace_text(folder / CSV, _csv(study))


def read(folder: str | Path) -> Study:
    """Read a study back.

    Args:
        folder: The folder of a sweep.

    Raises:
        OutputError: If there is no study in it.
    """
    import h5py

    path = Path(folder) / H5
    if not path.exists():
        raise OutputError(f"{path} cannot be read: there is none. Name the folder of a sweep.")
    with disk.errors_at(path), disk.readable(path, "a study"):
        with h5py.File(path, "r") as file:
            if file.attrs.get("kind") != _KIND:
                raise OutputError(f"{path} is no study of a sweep.")
            columns = {name: _column(dataset(file, name)) for name in file if name != "point"}
            attributes = {name: _text(file.attrs[name]) for name in _ATTRIBUTES}
        if len({len(column.values) for column in columns.values()}) > 1:
            raise OutputError(f"{path}: its columns differ in length.")
        return _study(columns, attributes, Path(folder))


def _study(columns: Mapping[str, Column], attributes: Mapping[str, str], folder: Path) -> Study:
    parameters, quantities = (_names(attributes[name]) for name in ("parameters", "quantities"))
    own: dict[str, Any] = {name: tuple(columns[name].values) for name in _OWN}
    provenance = json.loads(attributes["provenance"])
    if not isinstance(provenance, dict):
        raise ValueError("its provenance is no JSON object")
    for name, kind in {**dict.fromkeys(quantities, float), **_OWN}.items():
        _check(columns[name], kind)
    # Studies of older versions have none.
    remarks = columns["remarks"].values if "remarks" in columns else [""] * len(own["run"])
    return Study(
        name=attributes["name"],
        about=attributes["about"],
        parameters=tuple(columns[name] for name in parameters),
        quantities=tuple(columns[name] for name in quantities),
        keys=own["run"],
        status=own["status"],
        reason=own["reason"],
        remarks=tuple(tuple(f"{text}".splitlines()) for text in remarks),
        wall_time_s=own["wall_time_s"],
        solve_time_s=own["solve_time_s"],
        provenance=provenance,
        path=folder,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"found {type(value).__name__}, expected text")
    return value


def _names(text: str) -> list[str]:
    names = json.loads(text)
    if not isinstance(names, list):
        raise ValueError(f"found {type(names).__name__}, expected a list of names")
    return [_text(name) for name in names]


def _check(column: Column, kind: type) -> None:
    wrong = next((value for value in column.values if not isinstance(value, kind)), None)
    if wrong is not None:
        raise ValueError(f"'{column.name}' has {wrong!r}, expected {'text' if kind is str else 'a number'}")


def _h5(study: Study) -> bytes:
    import h5py
    import numpy as np

    image = io.BytesIO()
    with h5py.File(image, "w") as file:
        file.attrs["kind"] = _KIND
        file.attrs["name"] = study.name
        file.attrs["about"] = study.about
        file.attrs["parameters"] = json.dumps([column.name for column in study.parameters])
        file.attrs["quantities"] = json.dumps([column.name for column in study.quantities])
        file.attrs["provenance"] = json.dumps(study.provenance, ensure_ascii=False)
        point = file.create_dataset("point", data=np.arange(len(study)))
        point.make_scale("point")
        for column in study.columns().values():
            text = not column.numeric
            dtype = h5py.string_dtype() if text else "f8"
            stored = file.create_dataset(column.name, data=list(column.values), dtype=dtype)
            stored.attrs["units"] = column.unit
            stored.dims[0].attach_scale(point)
    return image.getvalue()


def _column(stored: Any) -> Column:
    import h5py

    text = h5py.check_string_dtype(stored.dtype) is not None
    if len(stored.shape) != 1 or (not text and stored.dtype.kind not in "fiu"):
        raise ValueError(f"'{stored.name}' has type {stored.dtype} and shape {stored.shape}")
    values = stored.asstr()[...].tolist() if text else stored[...].astype(float).tolist()
    return Column(stored.name.removeprefix("/"), _text(stored.attrs["units"]), tuple(values))


def _csv(study: Study) -> str:
    # One line a point: several remarks stand one after the other.
    remarks = Column("remarks", "", [" ".join(texts) for texts in study.remarks])
    columns = {**study.columns(), "remarks": remarks}
    return csv([Column("point", "1", range(len(study))), *columns.values()])
