"""
A front between two phases
==========================

Sodium that leaves a plate through its edge, in which it separates into a dilute and a concentrated
phase. The interaction is that of a regular solution; the width of the front is given, and the front
moves inwards.
"""

import math

import matplotlib.pyplot as plt

import oxyshell

scenario = oxyshell.load("../scenarios/nlmo-plate.yaml")
values = {
    "oxygen": None,
    "numerics": {"time_tolerance": 1e-2, "elements": {"bulk": 16, "tangential": 1}},
}
result = oxyshell.run(scenario.with_values(values))

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
for extracted, occupancy in zip(result.profiles.extracted, result.profiles["occupancy"], strict=True):
    axes.plot(1e9 * result.profiles.radius_m, occupancy, label=f"{extracted:.2f} extracted")
axes.set(xlabel="distance from the axis (nm)", ylabel="occupancy of the sites")
axes.legend()

# %%
# Of a regular solution with the interaction 3, the occupancy x of the dilute phase solves ln(x/(1 - x)) +
# 3 (1 - 2x) = 0.
x = result.summary["chemical_potential"]["phases"]["dilute"]
print(f"dilute phase: {x:.5f}")
assert abs(math.log(x / (1 - x)) + 3 * (1 - 2 * x)) < 1e-6
