"""
Stress against the C-rate
=========================

The same pristine particle charged at several rates. As long as the surface is not exhausted, the stress
grows with the current; later the current itself falls. 1C is the current that is stated as
``cell.one_c``, here 250 mA/g.
"""

import matplotlib.pyplot as plt

import oxyshell

scenario = oxyshell.load("../scenarios/lrmo-pristine.yaml")
rates = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2]
peaks = []
for rate in rates:
    result = oxyshell.run(scenario.with_values({"protocol.0.charge.rate": f"{rate} C"}))
    peaks.append(result.summary["stress"]["first_principal"]["peak_MPa"])

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
axes.loglog(rates, peaks, "o-")
axes.set(xlabel="rate (C)", ylabel="peak first principal stress (MPa)")

# %%
# At low rates the stress is proportional to the current but for what it does to the flux: within 10 %.
print([f"{peak:.0f} MPa" for peak in peaks])
assert abs(peaks[1] / peaks[0] / 2 - 1) < 0.1
