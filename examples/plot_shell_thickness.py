"""
How the thickness of the layer moves the peak
=============================================

Ru-1 with layers of 2 to 8 nm. The peak of the first principal stress lies at the inner edge of the
layer. Everything but the thickness stays as it is, the diffusivity included.
"""

import matplotlib.pyplot as plt

import oxyshell

scenario = oxyshell.load("../scenarios/lrmo-ru1.yaml")
thicknesses = [2, 3, 4.5, 6, 8]
peaks, depths = [], []
for thickness in thicknesses:
    result = oxyshell.run(scenario.with_values({"shell.thickness": f"{thickness} nm"}))
    peak = result.summary["stress"]["first_principal"]
    peaks.append(peak["peak_MPa"])
    depths.append(peak["depth_nm"])

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
axes.plot(thicknesses, peaks, "o-")
axes.set(xlabel="thickness of the layer (nm)", ylabel="peak first principal stress (MPa)")

# %%
# The peak is where the layer ends. The elements end there, too, so that its depth is exact.
print([f"{peak:.0f} MPa at {depth:.1f} nm" for peak, depth in zip(peaks, depths, strict=True)])
assert max(abs(depth - thickness) for depth, thickness in zip(depths, thicknesses, strict=True)) < 0.01
