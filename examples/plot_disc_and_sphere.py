"""
One particle along its radius and in a half disc
================================================

The same sphere in one and in two dimensions. A sphere whose surface is uniform has one answer, so that
the difference shows the error of the coarse mesh of the half disc.
"""

import matplotlib.pyplot as plt

import oxyshell

scenario = oxyshell.load("../scenarios/lrmo-ru1.yaml")
coarse = {"particle.dimension": 2, "numerics.elements": {"layer": 2, "bulk": 5, "tangential": 4}}
results = {"radius": oxyshell.run(scenario), "half disc": oxyshell.run(scenario.with_values(coarse))}

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
for label, result in results.items():
    axes.plot(
        result.history["extracted_per_formula"], result.history["first_principal_peak_MPa"], label=label
    )
axes.set(xlabel="Li extracted per formula unit", ylabel="largest first principal stress (MPa)")
axes.legend()

# %%
# Both peaks agree within 0.5 %.
line, disc = (one.summary["stress"]["first_principal"]["peak_MPa"] for one in results.values())
print(f"{line:.1f} MPa along the radius, {disc:.1f} MPa in the half disc")
assert abs(disc / line - 1) < 0.005
