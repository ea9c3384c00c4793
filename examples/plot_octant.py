"""
An octant of a sphere in PyVista
================================

The solid is an eighth of the particle. The run folder has its fields as VTU files, which PyVista, meshio
and ParaView read.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
import pyvista

import oxyshell

scenario = oxyshell.load("../scenarios/lrmo-pristine.yaml")
coarse = {
    "particle.dimension": 3,
    "numerics.elements": {"bulk": 4, "tangential": 3},
    "numerics.time_tolerance": 1e-2,
}
with TemporaryDirectory() as folder:
    result = oxyshell.run(scenario.with_values(coarse), out=Path(folder) / "octant", figures="none")
    last = sorted((Path(folder) / "octant" / "fields").glob("*.vtu"))[-1]
    octant = pyvista.read(last)

plotter = pyvista.Plotter(off_screen=True, window_size=(700, 550))
octant["first principal stress (MPa)"] = octant["first_principal_Pa"] / 1e6
plotter.add_mesh(octant, scalars="first principal stress (MPa)", cmap="viridis")
plotter.camera_position = [(5e-7, -4e-7, 3e-7), (6e-8, 6e-8, 7e-8), (0, 0, 1)]
figure, axes = plt.subplots(figsize=(5, 4), layout="constrained")
axes.imshow(plotter.screenshot(return_img=True))
axes.set_axis_off()

# %%
# The coarse octant has the peak of the calibrated particle, 567 MPa, within 1 %.
peak = result.summary["stress"]["first_principal"]["peak_MPa"]
print(f"{peak:.0f} MPa on {octant.n_cells} elements")
assert abs(peak / 567 - 1) < 0.01
