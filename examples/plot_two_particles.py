"""
Two particles in one figure
===========================

Profiles of the first principal stress over the depth in pristine LRMO and in Ru-1, each at the time of its
largest stress. Profiles are written at the contents of ``output.at``: a first run gives that of the peak.
The figure has the width of one column.
"""

import matplotlib.pyplot as plt

import oxyshell

figure, axes = plt.subplots(figsize=(3.4, 2.6), layout="constrained")
for name, file in {"pristine": "lrmo-pristine", "Ru-1": "lrmo-ru1"}.items():
    scenario = oxyshell.load(f"../scenarios/{file}.yaml")
    peak = oxyshell.run(scenario).summary["stress"]["first_principal"]
    content = peak["extracted_per_formula"]
    profiles = oxyshell.run(scenario.with_values({"output.at": {"extracted": [content]}})).profiles
    at = abs(profiles.extracted - content).argmin()
    stress = profiles["first_principal_Pa"][at] / 1e6
    axes.plot(1e9 * profiles.depth_m, stress, label=f"{name}, {profiles.times[at] / 3600:.1f} h")
axes.set(xlabel="depth (nm)", ylabel="first principal stress (MPa)", xlim=(0, 150))
axes.legend(fontsize=7)

# %%
# The profile of Ru-1 has the peak that the summary states, within 1 MPa.
print(f"{stress.max():.1f} MPa in the profile, {peak['peak_MPa']:.1f} MPa in the summary")
assert abs(stress.max() - peak["peak_MPa"]) < 1
