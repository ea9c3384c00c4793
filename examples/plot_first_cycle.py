"""
Voltage of the first cycle
==========================

Ru-1 charged to 4.8 V, held, rested, and discharged to 2.0 V. The open-circuit potential is a choice of
ours: the curve shows how far diffusion moves the voltage away from it, not a prediction.
"""

import matplotlib.pyplot as plt

import oxyshell

scenario = oxyshell.load("../scenarios/lrmo-first-cycle.yaml")
result = oxyshell.run(scenario.with_values({"oxygen": None, "numerics.time_tolerance": 1e-3}))
history = result.history

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
axes.plot(history["capacity_mAh_g"], history["voltage_V"], label="voltage")
axes.plot(
    history["capacity_mAh_g"], history["open_circuit_voltage_V"], "--", label="open circuit, mean content"
)
axes.set(xlabel="charge passed (mA h/g)", ylabel="voltage (V)")
axes.legend()

# %%
# The discharge ends where the voltage comes to 2.0 V. Steps land on it within a microvolt.
print(f"{result.summary['electrode']['voltage_V']:.6f} V at the end")
assert abs(history["voltage_V"][-1] - 2.0) < 1e-5
