"""A model's numbers as symbols whose values can change without compiling anything again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dolfinx import fem
from dolfinx.mesh import Mesh

from oxyshell.models.base.dimension import Dimension, Units, in_units, map_numbers, structure


class ModelConstants[Model]:
    """A model whose numbers are `fem.Constant`s.

    Attributes:
        model: The symbolic model, in `units`.
        numbers: The same model with its present numbers, in `units`.
        si: The same in SI.
        units: What its numbers are measured in.
    """

    def __init__(self, mesh: Mesh, model: Model, units_of: Callable[[Model], Units]) -> None:
        """Make the constants.

        Args:
            mesh: The mesh whose forms use them.
            model: Numbers in SI units.
            units_of: The units in which to solve a model.
        """
        # The memory of each constant: its own setter takes several times as long.
        self._values: dict[str, Any] = {}
        self._structure = structure(model)
        self._units_of = units_of
        self.units = units_of(model)
        self.si = model
        # Whether all numbers are those of `si`.
        self._is_whole = True
        self.numbers: Model = in_units(model, self.units)
        self.model: Model = map_numbers(self.numbers, self._constant(mesh))

    def fits(self, model: Model) -> bool:
        """Whether `update` takes this model: its numbers may differ from the present one's, its kind not."""
        return structure(model) == self._structure

    def update(self, model: Model) -> None:
        """Take over the numbers of another model of the same kind; units follow."""
        if self._is_whole and model == self.si:
            return
        self._is_whole = True
        self.units = self._units_of(model)
        self.si = model
        self.numbers = map_numbers(model, self._taken_over)

    def update_part(self, name: str, part: Any) -> None:
        """Take over the numbers of one part of the model, in SI; units stay."""
        self._is_whole = False
        numbers = map_numbers(part, self._taken_over, name)
        self.numbers = replace(self.numbers, **{name: numbers})  # type: ignore[type-var]

    def _constant(self, mesh: Mesh) -> Any:
        def make(path: str, value: float, _dimension: object) -> fem.Constant:
            constant = fem.Constant(mesh, float(value))
            self._values[path] = constant.value
            return constant

        return make

    def _taken_over(self, path: str, value: float, dimension: Dimension) -> float:
        """A number in SI as it is in `units`, which its constant has from now on."""
        number = value / self.units.size(dimension)
        self._values[path][...] = number
        return number


class InNaturalUnits[Model]:
    """Units of a discretised model; the subclass makes the constants."""

    _constants: ModelConstants[Model]

    @property
    def symbols(self) -> Model:
        """The model whose numbers are symbols."""
        return self._constants.model

    @property
    def numbers(self) -> Model:
        """The model with its present numbers, in the units of the fields."""
        return self._constants.numbers

    @property
    def si(self) -> Model:
        """The model with its present numbers, in SI."""
        return self._constants.si

    @property
    def units(self) -> Units:
        """The units of the fields."""
        return self._constants.units

    @property
    def time_unit(self) -> float:
        """Seconds in one unit of time."""
        return self._constants.units.time

    @property
    def amount_unit(self) -> float:
        """Moles in one unit of amount."""
        return self._constants.units.amount

    def accepts(self, model: Model) -> bool:
        """Whether `update` takes this model: other numbers than the present one's, the same kind."""
        return self._constants.fits(model)
