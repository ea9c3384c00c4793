"""
NMC811 under a shell of NMC111
==============================

Both sides of a sharp interface. Li is shared by the open-circuit potentials of the two materials, so
that the occupancy jumps where they meet, and so does the hoop stress.
"""

import matplotlib.pyplot as plt

import oxyshell

scenario = oxyshell.load("../scenarios/nmc-core-shell.yaml")
result = oxyshell.run(scenario.with_values({"numerics.time_tolerance": 1e-3}))
depth = 1e9 * result.profiles.depth_m
at = int(result.profiles.extracted.argmax())

figure, (above, below) = plt.subplots(2, figsize=(5, 4.5), layout="constrained", sharex=True)
above.plot(depth, result.profiles["occupancy"][at])
above.set(ylabel="occupancy")
below.plot(depth, result.profiles["hoop_Pa"][at] / 1e6)
below.set(xlabel="depth (nm)", ylabel="hoop stress (MPa)", xlim=(0, 1500))

# %%
# The interface is pulled open on discharge at up to 418 MPa, within 1 %.
traction = result.summary["interfaces"]["normal_traction"]
print(f"{traction['peak_MPa']:.0f} MPa between {traction['between']}")
assert abs(traction["peak_MPa"] / 418 - 1) < 0.01
