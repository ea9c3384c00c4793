"""The energy that a shell releases, against energies of Lamé problems that are solved otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from oxyshell.models.interfaces.energy_release import ElasticLayer, energy_release

A, R = 120e-9, 150e-9
CORE, SHELL = ElasticLayer(A, 170e9, 0.3), ElasticLayer(R, 100e9, 0.25)
MIDDLE = ElasticLayer(135e-9, 60e9, 0.4)


def compliances(core: ElasticLayer, shell: ElasticLayer) -> tuple[float, float]:
    """Of a core and its only shell in closed form (Lamé), m/Pa."""
    a, b = core.radius, shell.radius
    nu = shell.poisson_ratio
    hollow = a * ((1 + nu) * b**3 / 2 + (1 - 2 * nu) * a**3) / (shell.young_modulus * (b**3 - a**3))
    return a * (1 - 2 * core.poisson_ratio) / core.young_modulus, hollow


def test_a_core_and_a_shell_have_lamé_s_closed_form() -> None:
    traction = 3e8
    expected = 0.5 * traction**2 * sum(compliances(CORE, SHELL))
    assert energy_release(traction, [CORE, SHELL], 1) == pytest.approx(expected, rel=1e-14)
    assert energy_release(-traction, [CORE, SHELL], 1) == 0.0


class Spheres:
    """Bonded or separate layers with uniform eigenstrains, all conditions in one linear system."""

    def __init__(self, layers: Sequence[ElasticLayer], strains: Sequence[float], cut: int = 0) -> None:
        """Solve for u = A r + B/r³ · r in each layer.

        Args:
            layers: From inside out.
            strains: Isotropic eigenstrain of each.
            cut: Number of layers within an interface that is open; 0: none is.
        """
        self.layers, self.strains = layers, strains
        count = len(layers)
        matrix, right = np.zeros((2 * count, 2 * count)), np.zeros(2 * count)
        matrix[0, 1] = 1.0  # no B in the core
        row = 1
        for index in range(count):
            radius = layers[index].radius
            stress, free = self._stress(index, radius)
            if index == count - 1 or index + 1 == cut:
                matrix[row], right[row] = stress, free
                row += 1
            if index == count - 1:
                continue
            other, free_other = self._stress(index + 1, radius)
            if index + 1 == cut:
                matrix[row], right[row] = other, free_other
            else:
                matrix[row], right[row] = stress - other, free - free_other
                row += 1
                matrix[row] = self._displacement(index, radius) - self._displacement(index + 1, radius)
            row += 1
        scale = np.abs(matrix).max(axis=1, keepdims=True)
        columns = np.tile([1.0, A**3], count)
        self.solution = columns * np.linalg.solve(matrix * columns / scale, right / scale[:, 0])

    def _displacement(self, index: int, radius: float) -> np.ndarray:
        row = np.zeros(2 * len(self.layers))
        row[2 * index : 2 * index + 2] = radius, radius**-2
        return row

    def _stress(self, index: int, radius: float) -> tuple[np.ndarray, float]:
        layer, row = self.layers[index], np.zeros(2 * len(self.layers))
        e, nu = layer.young_modulus, layer.poisson_ratio
        row[2 * index : 2 * index + 2] = e / (1 - 2 * nu), -2 * e / (1 + nu) / radius**3
        return row, e / (1 - 2 * nu) * self.strains[index]

    def traction(self, index: int) -> float:
        """σ_r at the outer edge of a layer."""
        row, free = self._stress(index, self.layers[index].radius)
        return float(row @ self.solution - free)

    def energy(self) -> float:
        """∫ σ:(ε − e)/2 dV by Gauss's rule."""
        nodes, weights = np.polynomial.legendre.leggauss(40)
        total, inner = 0.0, 0.0
        for index, layer in enumerate(self.layers):
            half = 0.5 * (layer.radius - inner)
            r = inner + half * (nodes + 1)
            uniform, of_cube = self.solution[2 * index : 2 * index + 2]
            radial = uniform - 2 * of_cube / r**3 - self.strains[index]
            hoop = uniform + of_cube / r**3 - self.strains[index]
            e, nu = layer.young_modulus, layer.poisson_ratio
            lame, shear = e * nu / ((1 + nu) * (1 - 2 * nu)), e / (2 * (1 + nu))
            density = 0.5 * lame * (radial + 2 * hoop) ** 2 + shear * (radial**2 + 2 * hoop**2)
            total += float(half * weights @ (4 * np.pi * r**2 * density))
            inner = layer.radius
        return total


@pytest.mark.parametrize(
    ("layers", "strains", "inside"),
    [
        ([CORE, SHELL], [-0.0075, -0.0020], 1),
        ([CORE, MIDDLE, SHELL], [-0.0075, -0.0020, 0.001], 1),
        ([CORE, MIDDLE, SHELL], [-0.0075, -0.0020, 0.001], 2),
    ],
    ids=["two", "three, inner", "three, outer"],
)
def test_it_is_the_difference_of_the_energies(
    layers: list[ElasticLayer], strains: list[float], inside: int
) -> None:
    bonded, cut = Spheres(layers, strains), Spheres(layers, strains, inside)
    traction = bonded.traction(inside - 1)
    assert traction > 0
    area = 4 * np.pi * layers[inside - 1].radius ** 2
    difference = (bonded.energy() - cut.energy()) / area
    assert difference > 0.01
    # Two energies of some times their difference, each to round-off.
    assert energy_release(traction, layers, inside) == pytest.approx(difference, rel=1e-10)


def test_layers_of_one_material_are_one_layer() -> None:
    parted = [CORE, ElasticLayer(0.5 * (A + R), 100e9, 0.25), SHELL]
    assert energy_release(1e8, parted, 1) == pytest.approx(energy_release(1e8, [CORE, SHELL], 1), rel=1e-13)


def test_a_thin_shell_on_a_rigid_core_is_a_membrane() -> None:
    thin, rigid = ElasticLayer(A * (1 + 1e-5), 100e9, 0.25), ElasticLayer(A, 1e30, 0.3)
    # p = 2 σ t/a, and a shell under the membrane stress σ is shorter by σ (1 − ν)/E.
    membrane = 0.5 * 1e6**2 * A**2 * (1 - 0.25) / (2 * 100e9 * 1e-5 * A)
    assert energy_release(1e6, [rigid, thin], 1) == pytest.approx(membrane, rel=1e-4)


def test_a_stiff_surrounding_holds_the_shell() -> None:
    free, held = energy_release(1e8, [CORE, SHELL], 1), energy_release(1e8, [CORE, SHELL], 1, 1e30)
    a, b, nu = A, R, SHELL.poisson_ratio
    # u(R) = 0: u = B (1/r² − r/R³), σ_r(a) = p.
    e = SHELL.young_modulus
    per_cube = -e / (1 - 2 * nu) / b**3 - 2 * e / (1 + nu) / a**3
    expected = compliances(CORE, SHELL)[0] - (1 / a**2 - a / b**3) / per_cube
    assert held == pytest.approx(0.5 * 1e8**2 * expected, rel=1e-12)
    assert held < free
