"""
An output quantity of one's own
===============================

A physics of one's own is registered beside those of the package. Here it adds one column to the history:
the elastic energy that is stored in the particle. The class is the example of the page on extending.
"""

import sys

import matplotlib.pyplot as plt

import oxyshell
from oxyshell.models import registry

sys.path.insert(0, "../docs/extending")
from elastic_energy import ElasticEnergy

scenario = oxyshell.load("../scenarios/lrmo-pristine.yaml")
energies = {}
figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
with registry.registered(ElasticEnergy()):
    for modulus in (85, 170):
        values = {"material.elasticity.young_modulus": f"{modulus} GPa", "material.drift": "none"}
        history = oxyshell.run(scenario.with_values(values)).history
        energies[modulus] = max(history["elastic_energy_J"])
        axes.plot(history["extracted_per_formula"], history["elastic_energy_J"], label=f"E = {modulus} GPa")
axes.set(xlabel="Li extracted per formula unit", ylabel="elastic energy (J)")
axes.legend()

# %%
# Without drift the stress does not change the diffusion, and the energy is proportional to the modulus,
# within 0.1 %.
print({modulus: f"{energy:.3g} J" for modulus, energy in energies.items()})
assert abs(energies[170] / energies[85] / 2 - 1) < 1e-3
