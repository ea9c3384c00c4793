"""
A sweep with a Latin hypercube
==============================

Thirty particles that differ in diffusivity and in the deficiency of the layer. The plan divides each
range into thirty parts and has one point in each.
"""

import matplotlib.pyplot as plt

import oxyshell

study = oxyshell.sweep(
    "../scenarios/lrmo-ru1.yaml",
    over={
        "material.diffusivity": {"from": "1.2e-19 m^2/s", "to": "2e-19 m^2/s"},
        "shell.deficiency": {"from": 0.05, "to": 0.4},
    },
    plan={"latin_hypercube": {"points": 30, "seed": 1}},
    quantities=["stress.first_principal.peak_MPa"],
    keep="summary",
)
table = study.table()

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
points = axes.scatter(
    table["material.diffusivity"],
    table["shell.deficiency"],
    c=table["stress.first_principal.peak_MPa"],
)
axes.set(xlabel=f"diffusivity ({table.attrs['units']['material.diffusivity']})", ylabel="deficiency")
figure.colorbar(points, label="peak first principal stress (MPa)")

# %%
# Each of the thirty parts of the range of the deficiency has one point.
parts = sorted(int((value - 0.05) / 0.35 * 30) for value in table["shell.deficiency"])
print(table["stress.first_principal.peak_MPa"].describe())
assert max(abs(part - expected) for part, expected in enumerate(parts)) < 1
