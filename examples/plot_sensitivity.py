"""
What the peak stress depends on
===============================

Each uncertain parameter of Ru-1 alone, from one end of its range to the other. The scenario and the
ranges are those of ``scenarios/sensitivity-ru1.yaml``, without its Sobol' indices, which take a thousand
runs.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt

import oxyshell

scenarios = Path("../scenarios").resolve()
text = (scenarios / "sensitivity-ru1.yaml").read_text().split("sobol:")[0]
with TemporaryDirectory() as folder:
    file = Path(folder) / "one-at-a-time.yaml"
    file.write_text(text.replace("lrmo-ru1.yaml", f"{scenarios}/lrmo-ru1.yaml"))
    reactions = oxyshell.sensitivity(file).reactions[0]

figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
for row, one in enumerate(reversed(reactions.parameters)):
    axes.plot([one.at_low, one.at_high], [row, row], linewidth=8, solid_capstyle="butt", color="tab:blue")
axes.set_yticks(range(len(reactions.parameters)), [one.parameter for one in reversed(reactions.parameters)])
axes.axvline(reactions.base, color="black", linewidth=1)
axes.set(xlabel="peak first principal stress (MPa)")

# %%
# The stress of an elastic particle is proportional to Young's modulus where it does not act back on the
# diffusion; the drift makes the reaction a few per cent smaller: 0.95 of it, within 0.02.
modulus = next(one for one in reactions.parameters if one.parameter.endswith("young_modulus"))
ratio = (modulus.at_high / modulus.at_low - 1) / (190 / 150 - 1)
print(f"{ratio:.2f} of what a proportional stress would change by")
assert abs(ratio - 0.95) < 0.02
