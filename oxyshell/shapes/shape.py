"""The section `particle`, common to all shapes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from oxyshell.language import scales
from oxyshell.language.parameters import POSITIVE, Parameter, Quantity
from oxyshell.language.sections import Section
from oxyshell.models.base.geometry import Geometry
from oxyshell.models.base.layers import Paths

if TYPE_CHECKING:
    from oxyshell.drawing.bodies import Body
    from oxyshell.meshes.layer_cells import WantedLayers
    from oxyshell.meshes.particle import ParticleMesh
    from oxyshell.outputs.bodies import Sweep
    from oxyshell.outputs.records import FieldSnapshot
    from oxyshell.shapes.elements import Elements

Radius = Annotated[Parameter, Quantity("m", POSITIVE, scales.RADIUS)]


class Shape(Section):
    """A particle's shape and size.

    A subclass narrows `shape` to a `Literal` with its name and adds the keys that it has in a file. It is
    imported without DOLFINx; what needs meshes or figures imports them where it uses them.

    Attributes:
        noun: The shape in a sentence, with its article.
        core_dimensions: Directions in which it becomes smaller under a layer on its surface.
        groups: Whether its regions are groups of cells that its mesh has, and not layers of a thickness.
    """

    noun: ClassVar[str]
    core_dimensions: ClassVar[int] = 3
    groups: ClassVar[bool] = False

    shape: str
    """sphere, cylinder, plate, disc, hexagon or imported."""
    radius: Radius
    """Radius R."""

    # A subclass has it as a key of the file or as a property; one declared here would hide the key.
    if TYPE_CHECKING:

        @property
        def dimension(self) -> int | None:
            """Dimension of the mesh; None before it has been read."""

    @property
    def paths(self) -> Paths | None:
        """Directions in which contents of a layered material move; None if the shape has no place for c."""
        return None if self.dimension == 1 else Paths.ALL

    def without_c(self) -> tuple[str, str]:
        """The key, of those of the shape, that leaves a layered material without a c axis; what would not."""
        return "dimension", "dimension 2 or 3"

    @property
    def deepest(self) -> float:
        """Greatest distance from the surface in R."""
        return 1.0

    def elements_along(self, size: float) -> int:
        """Elements that `tangential` counts, so that none is longer than a size in R; not fewer than usual.

        A line has one.
        """
        return 1

    @abstractmethod
    def geometry(self) -> Geometry | None:
        """Size in closed form; None where the mesh has to be read first."""

    @abstractmethod
    def mesh(self, layers: WantedLayers, elements: Elements) -> ParticleMesh:
        """Mesh the particle, lengths in units of R.

        Args:
            layers: The layers that the mesh has to resolve.
            elements: Numbers of elements that were asked for.

        Raises:
            MeshError: If the mesh cannot be made or read.
        """

    def mesh_remarks(self, layers: WantedLayers) -> tuple[str, ...]:
        """Remarks on the mesh's file, which is read and checked; none for a mesh that is made.

        Args:
            layers: The layers that the mesh has to resolve.

        Raises:
            MeshError: If the file cannot be read or its mesh cannot be used.
        """
        return ()

    def mesh_key(self) -> object:
        """Equal for particles that have the same mesh under the same layers: all that is not their size."""
        return self.model_copy(update={"radius": None})

    def files(self) -> tuple[Path, ...]:
        """Files that the mesh is read from."""
        return ()

    def sweeps(self) -> tuple[Sweep, ...]:
        """Motions that make a section for ParaView from a radial profile; none where fields show the body."""
        return ()

    @abstractmethod
    def body(self, fields: Sequence[FieldSnapshot]) -> Body:
        """The body that figures cut open.

        Args:
            fields: The field snapshots of a run.
        """
