"""Interactive views of fields as PyVista exports them: scenes that the viewer of vtk.js shows in a page."""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import markupsafe
import numpy as np

from oxyshell.errors import InputError
from oxyshell.models import registry
from oxyshell.models.base.observable import Where
from oxyshell.optional_dependencies import require
from oxyshell.outputs import Result
from oxyshell.outputs.fields import BODIES, FIELDS, Series
from oxyshell.presentation.numbers import duration

_MODULES = ("pyvista", "trame_vtk")
MISSING = (
    "An interactive view of the fields needs the extra 'view': pip install 'oxyshell[view]', and make the "
    "report again."
)
_FIRST = "first_principal_Pa"
_IN_REPORTS = (_FIRST, "occupancy")
_MOST_TIMES = 6
_DEFORMED = 0.08
"""Largest displacement on the screen, as a share of the particle's extent."""
_NM = 1e9
_ICONS = re.compile(r"https://[^`]*/icon/[^`]*")


@dataclass(frozen=True)
class Scene:
    """One field at one time.

    Attributes:
        what: Words for the field, with its unit.
        when: The time.
        low: Number of the darkest colour.
        high: Number of the lightest colour.
        data: The scene as vtk.js reads it, base64.
    """

    what: str
    when: str
    low: str
    high: str
    data: str


@dataclass(frozen=True)
class View:
    """Scenes of one particle, of which one is seen at a time.

    Attributes:
        scenes: The scenes; the first one is seen first.
        note: What else there is to know.
        viewer: The viewer's JavaScript.
    """

    scenes: Sequence[Scene]
    note: str
    viewer: markupsafe.Markup = field(repr=False)

    @property
    def fields(self) -> Sequence[str]:
        """The fields in their order."""
        return list(dict.fromkeys(scene.what for scene in self.scenes))

    @property
    def times(self) -> Sequence[str]:
        """The times in their order."""
        return list(dict.fromkeys(scene.when for scene in self.scenes))

    def to_json(self) -> str:
        """The scenes for the page's script."""
        return json.dumps([vars(scene) for scene in self.scenes])


def views_of(result: Result) -> dict[str, Any]:
    """The content of the section with the view of a disc or a solid; nothing for a radial run.

    Args:
        result: A run in a folder.
    """
    if not len(result.fields) or "line" in result.fields[0].cells:
        return {}
    if any(importlib.util.find_spec(name) is None for name in _MODULES):
        return {"sentences": [MISSING]}
    assert result.path is not None
    return {"views": [_view(result.path, FIELDS, [_worst(result)], _IN_REPORTS)]}


def whole_view(result: Result) -> View:
    """All scalar fields of a run, of a radial one in a section of the particle, at up to six output times.

    Raises:
        InputError: If the run has no fields.
        OxyshellError: If the extra 'view' is not installed.
    """
    require("view", "A view of the fields", *_MODULES)
    assert result.path is not None
    series = BODIES if (result.path / BODIES.index).is_file() else FIELDS
    count = len(result.fields)
    if not count or not (result.path / series.file(0)).is_file():
        raise InputError(f"found no fields in {result.path}, expected those of a finished run")
    worst = _worst(result)
    picked = {worst, *(round(one) for one in np.linspace(0, count - 1, min(count, _MOST_TIMES)))}
    return _view(result.path, series, [worst, *sorted(picked - {worst})], ())


def _worst(result: Result) -> int:
    """The output time with the largest first principal stress."""
    peaks = [float(np.max(one.point_data.get(_FIRST, np.zeros(1)))) for one in result.fields]
    return int(np.argmax(peaks))


def _view(folder: Path, series: Series, numbers: Sequence[int], names: Sequence[str]) -> View:
    """A view of fields of some output times, all scalars where no names are given."""
    import pyvista

    with _silent():
        times = _times(folder)
        surfaces = [_surface(pyvista.read(folder / series.file(number))) for number in numbers]
        factor = _factor(surfaces)
        for one in surfaces:
            one.points = _NM * (np.asarray(one.points) + factor * np.asarray(one["displacement_m"]))
        found = [name for name in surfaces[0].point_data if np.asarray(surfaces[0][name]).ndim == 1]
        shown = sorted((one for one in found if one in names or not names), key=lambda one: one != _FIRST)
        scenes = [
            _scene(pyvista, one, name, _range(surfaces, name), _moment(times[number]))
            for name in shown
            for one, number in zip(surfaces, numbers, strict=True)
        ]
    scaled = f"drawn {factor:g} times as large" if factor else "not drawn"
    note = f"Displacements are {scaled}. Output time with the largest stress: {_moment(times[numbers[0]])}."
    return View(scenes, note, _viewer())


def _times(folder: Path) -> list[float]:
    from oxyshell.outputs.fields import StoredFields

    return StoredFields(folder).times


def _surface(grid: Any) -> Any:
    """The cells that are seen; points of a solid, which are stored for each cell, are merged with means."""
    solid = any(cell.dimension == 3 for cell in (grid.get_cell(0),))
    merged = grid.clean(tolerance=1e-9) if solid else grid
    surface = merged.extract_surface(algorithm="dataset_surface", nonlinear_subdivision=1)
    kept = [name for name in surface.point_data if np.asarray(surface[name]).ndim == 1]
    for name in set(surface.point_data) - {*kept, "displacement_m"}:
        del surface.point_data[name]
    surface.cell_data.clear()
    return surface


def _factor(surfaces: Sequence[Any]) -> float:
    """A round factor that makes displacements visible; 0 where there are none."""
    lengths = (np.linalg.norm(np.asarray(one["displacement_m"]), axis=1) for one in surfaces)
    largest = max(float(np.max(one)) for one in lengths)
    extent = max(float(surfaces[0].length), 1e-12)
    if largest < 1e-9 * extent:
        return 0.0
    return float(f"{max(1.0, _DEFORMED * extent / largest):.1g}")


def _range(surfaces: Sequence[Any], name: str) -> tuple[float, float]:
    """The range of a field over all its scenes, so that they can be compared."""
    values = np.concatenate([np.asarray(one[name]) for one in surfaces])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return (low, high) if high > low else (low, low + max(abs(low), 1.0) * 1e-6)


def _scene(pyvista: Any, surface: Any, name: str, between: tuple[float, float], when: str) -> Scene:
    known = {**registry.observables(Where.FIELD), **registry.observables(Where.PROFILE)}
    unit, scale = (known[name].unit, 1.0) if name in known else ("1", 1.0)
    if unit == "Pa":
        unit, scale = "MPa", 1e-6
    words = (known[name].label or known[name].description) if name in known else name.replace("_", " ")
    plotter = pyvista.Plotter(off_screen=True, window_size=(640, 480))
    plotter.set_background("white")
    seen = surface.copy()
    seen.point_data.clear()
    seen[name] = np.asarray(surface[name], dtype=np.float32)
    flat = _is_flat(seen)
    plotter.add_mesh(
        seen,
        scalars=name,
        clim=between,
        cmap="viridis",
        show_scalar_bar=False,
        lighting=not flat,
        ambient=0.5,
        diffuse=0.5,
    )
    # An octant is cut by the planes through the origin, and is seen from their side.
    plotter.view_vector(
        (0.0, 0.0, 1.0) if flat else (-1.0, -0.8, -0.6), viewup=(0, 1, 0) if flat else (0, 0, 1)
    )
    plotter.reset_camera()
    data = _exported(plotter)
    plotter.close()
    low, high = (f"{scale * end:.4g}" for end in between)
    return Scene(words if unit == "1" else f"{words}, {unit}", when, low, high, data)


def _is_flat(surface: Any) -> bool:
    bounds = np.reshape(surface.bounds, (3, 2))
    return bool(np.ptp(bounds[2]) < 1e-6 * surface.length)


def _exported(plotter: Any) -> str:
    """A scene in the format of PyVista's own export to HTML, made without a server."""
    from trame_vtk.modules.vtk.serializers import (
        SynchronizationContext,
        extract_array_hash,
        initialize_serializers,
        reference_id,
        serialize,
    )

    initialize_serializers()
    context = SynchronizationContext()
    context.set_ignore_last_dependencies(True)
    window = plotter.render_window
    scene = serialize(None, window, reference_id(window), context, 1)
    camera = plotter.camera
    scene["extra"] = {
        "vtkRefId": reference_id(window),
        "centerOfRotation": list(camera.focal_point),
        "camera": reference_id(camera),
    }
    hashes = {
        entry["hash"]: {**entry, "content": context.get_cached_data_array(entry["hash"], False)}
        for entry in extract_array_hash(scene)
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(zipfile.ZipInfo("index.json"), json.dumps({"hashes": hashes, "scene": scene}),
                      zipfile.ZIP_DEFLATED)  # fmt: skip
    return base64.b64encode(packed.getvalue()).decode("ascii")


def _viewer() -> markupsafe.Markup:
    """The JavaScript of the viewer that PyVista puts into its pages."""
    from trame_vtk.tools.vtksz2html import HTML_VIEWER_PATH

    text = HTML_VIEWER_PATH.read_text(encoding="utf-8")
    _, _, rest = text.partition('<script type="module">')
    script, found, _ = rest.rpartition("</script>")
    if not found:
        raise InputError(f"found no script in {HTML_VIEWER_PATH}, expected the viewer of trame-vtk 2")
    # It would load icons from the site of its makers.
    return markupsafe.Markup(_ICONS.sub("data:,", script))


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """VTK without its warnings that there is no screen, which a file does not need."""
    from vtkmodules.vtkCommonCore import vtkLogger

    before = vtkLogger.GetCurrentVerbosityCutoff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_OFF)
    try:
        yield
    finally:
        vtkLogger.SetStderrVerbosity(before)


def _moment(seconds: float) -> str:
    return f"after {duration(seconds)} ({seconds:.5g} s)" if seconds > 0 else "at the start"
