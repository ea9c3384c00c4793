"""
Share of the surface that RuO2 covers
=====================================

Islands of RuO2 capture what arrives at them; the rest leaves between them. The share of O2 that is
captured in forty minutes for several coverages. The measured 0.46 wt% cover 5 % of a particle of this
size.
"""

import matplotlib.pyplot as plt

import oxyshell

scenario = oxyshell.load("../scenarios/lrmo-oxygen-ru1.yaml")
coverages = [0.05, 0.2, 0.5, 0.8, 0.95]
captured = []
for coverage in coverages:
    values = {
        "oxygen.surface.law": "islands",
        "oxygen.surface.coverage": coverage,
        "oxygen.surface.loading": None,
    }
    result = oxyshell.run(scenario.with_values(values))
    captured.append(100 * result.summary["oxygen"]["captured_fraction"])

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
axes.plot(coverages, captured, "o-")
axes.set(xlabel="share of the surface under RuO2", ylabel="O2 captured in 40 min (%)")

# %%
# One layer of sites holds the same number of O2 per area: once all are full, the captured O2 is
# proportional to the coverage, within 1 % between the two smallest ones.
print([f"{share:.2f} %" for share in captured])
assert abs(captured[1] / captured[0] / 4 - 1) < 0.01
