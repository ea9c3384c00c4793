"""A state script for ParaView: opens the fields of a run with colours, time and deformation set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from oxyshell.errors import InputError
from oxyshell.outputs import disk
from oxyshell.outputs.fields import BODIES, FIELDS
from oxyshell.outputs.result import Result

NAME = "paraview_state.py"
"""Not paraview.py: that would hide the module of this name from it."""
_SHARE = 0.08
"""Drawn length of the largest displacement over the size of the particle."""
_ROUND_OFF = 1e-10
"""Displacements over the size of the particle below which it keeps its shape."""
_LONG_S = 7200.0
"""Time from which times are shown in hours."""
_DISPLACEMENT = "displacement_m"
_SCRIPT = '''"""State of ParaView for {folder}: File > Load State, or `pvpython {name} [picture.png]`."""

import os
import sys

from paraview.simple import *

FOLDER = os.path.dirname(os.path.abspath(globals().get("__file__", r"{folder}/{name}")))
TITLE = "First principal stress (MPa)"
WARP = {warp:g}  # displacements are drawn so many times larger

fields = PVDReader(registrationName="fields", FileName=os.path.join(FOLDER, "{fields}"))
warped = WarpByVector(registrationName="deformed", Input=fields)
warped.Vectors = ["POINTS", "{displacement}"]
warped.ScaleFactor = WARP
stress = Calculator(registrationName="stress in MPa", Input=warped)
stress.ResultArrayName = TITLE
stress.Function = "first_principal_Pa/1e6"

scene = GetAnimationScene()
scene.UpdateAnimationUsingDataTimeSteps()
scene.GoToLast()

view = GetActiveViewOrCreate("RenderView")
view.ViewSize = [900, 700]
view.OrientationAxesVisibility = 0
view.UseColorPaletteForBackground = 0
view.Background = [1.0, 1.0, 1.0]
BLACK = [0.0, 0.0, 0.0]
shown = Show(stress, view)
ColorBy(shown, ("POINTS", TITLE))
shown.Ambient, shown.Diffuse = {light}  # a plane section has the colours of the scale itself
# One scale for all times, with its pale middle at zero stress: even steps to the eye.
shown.RescaleTransferFunctionToDataRangeOverTime()
colours = GetColorTransferFunction(TITLE)
colours.ApplyPreset("Cool to Warm", True)
largest = max(abs(colours.RGBPoints[0]), abs(colours.RGBPoints[-4])) or 1.0
colours.RescaleTransferFunction(-largest, largest)
bar = GetScalarBar(colours, view)
bar.Title, bar.ComponentTitle = TITLE, ""
bar.TitleFontSize = bar.LabelFontSize = 18
bar.TitleColor = bar.LabelColor = BLACK
bar.RangeLabelFormat = "%-.3g"
shown.SetScalarBarVisibility(view, True)

time = AnnotateTimeFilter(registrationName="time", Input=stress)
time.Format, time.Scale = "t = {{time:.2f}} {unit}", 1 / {second:g}
named = Show(time, view)
named.FontSize, named.Color = 18, BLACK
note = Text(registrationName="deformation")
note.Text = "displacements x {warp:g}"
said = Show(note, view)
said.FontSize, said.Color, said.WindowLocation = 18, BLACK, "Lower Left Corner"

ResetCamera(view)
SetActiveSource(stress)
Render(view)
if len(sys.argv) > 1:
    SaveScreenshot(sys.argv[1], view)
'''


@dataclass(frozen=True)
class StateScript:
    """The script as it was written.

    Attributes:
        path: Its file.
        warp: Factor by which it draws displacements larger.
    """

    path: Path
    warp: float


def write_state(result: Result) -> StateScript:
    """Write `paraview_state.py` into the folder of a run; a radial run has its section opened by it.

    Raises:
        InputError: If the run has no fields at output times.
        OutputError: If the disk refuses.
    """
    assert result.path is not None
    if not len(result.profiles.times):
        raise InputError(f"found no fields in {result.path}, expected a run that has come to an output time")
    body = result.path / BODIES.index
    fields = BODIES.index if body.is_file() else FIELDS.index
    largest = float(np.max(np.abs(result.profiles[_DISPLACEMENT])))
    size = float(np.max(result.profiles.radius_m))
    warp = float(f"{_SHARE * size / largest:.1g}") if largest > _ROUND_OFF * size else 1.0
    unit, second = ("h", 3600.0) if result.profiles.times[-1] >= _LONG_S else ("s", 1.0)
    text = _SCRIPT.format(
        folder=result.path.resolve(), name=NAME, warp=warp, fields=fields, displacement=_DISPLACEMENT,
        light=(1.0, 0.0) if body.is_file() else (0.2, 0.8), unit=unit, second=second,
    )  # fmt: skip
    path = result.path / NAME
    disk.replace_text(path, text)
    return StateScript(path, warp)
