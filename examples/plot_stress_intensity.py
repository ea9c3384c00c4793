"""
Whether a flaw at the surface grows
===================================

Stress intensity of surface flaws of every depth at the moment of its largest value, compared with the
fracture toughness. The curve has its maximum where the stress beyond the flaw turns into compression.
"""

import matplotlib.pyplot as plt

import oxyshell

scenario = oxyshell.load("../scenarios/lrmo-ru1.yaml")
result = oxyshell.run(scenario.with_values({"toughness": {"k_ic": "0.24 MPa m^0.5"}}))
found = result.summary["stress_intensity"]

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
axes.plot(found["at_peak"]["depth_over_radius"], found["at_peak"]["MPa_sqrt_m"])
axes.axhline(found["toughness_MPa_sqrt_m"], linestyle="--", color="black")
axes.set(xlabel="depth of the flaw over the radius", ylabel="stress intensity (MPa √m)")

# %%
# No flaw grows: the largest intensity is 0.33 of the toughness, within 0.01.
print(f"{found['peak_MPa_sqrt_m']:.4f} MPa √m, {found['over_toughness']:.2f} of the toughness")
assert abs(found["over_toughness"] - 0.33) < 0.01
