"""
A material of one's own
=======================

A file has the numbers of a material with their sources. A scenario takes it by its path, as it takes one
of the library by its name.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt

import oxyshell

MATERIAL = """\
name: My oxide
from: LRMO-pristine
diffusivity: {value: 3e-19 m^2/s, status: measured, source: "titration, this work"}
elasticity: {young_modulus: 120 GPa, poisson_ratio: 0.3}
"""
scenario = oxyshell.load("../scenarios/lrmo-pristine.yaml").to_yaml()
with TemporaryDirectory() as folder:
    material = Path(folder) / "my-oxide.yaml"
    material.write_text(MATERIAL)
    SCENARIO = f"""\
name: My particle
particle: {{shape: sphere, radius: 150 nm}}
material: {{from: {material}}}
cell: {{one_c: 250 mA/g}}
protocol: [charge at 0.1 C until extracted 0.9]
"""
    file = Path(folder) / "my-particle.yaml"
    file.write_text(SCENARIO)
    result = oxyshell.run(file)

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
depth = 1e9 * result.profiles.depth_m
axes.plot(depth, result.profiles["hoop_Pa"][-1] / 1e6)
axes.set(xlabel="depth (nm)", ylabel="hoop stress at the end (MPa)")

# %%
# The radial stress of a free particle is zero at its surface, within 0.1 MPa.
print(f"peak {result.summary['stress']['first_principal']['peak_MPa']:.0f} MPa")
assert abs(result.profiles["radial_stress_Pa"][-1][-1]) < 1e5
