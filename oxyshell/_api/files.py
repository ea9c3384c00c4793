"""Functions on files: reading, checking, writing; the library of materials."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from oxyshell.scenario.importing.bpx.reading import BpxScenario
    from oxyshell.scenario.material_sheet import MaterialLibrary, MaterialSheet
    from oxyshell.scenario.scenario import Scenario


def load(source: str | Path | Mapping[str, Any]) -> Scenario:
    """Read a scenario.

        >>> oxyshell.load("scenarios/lrmo-ru1.yaml").particle.radius.text
        '150 nm'

    Args:
        source: A YAML file, the name of a shipped one such as "lrmo-ru1", or the content of one as a mapping,
            in which quantities of pint and numbers and arrays of NumPy may stand as well. Relative paths in a
            mapping start in the current directory.

    Returns:
        The frozen, typed scenario.

    Raises:
        ScenarioError: With every mistake: in a file with its line, in a mapping with its path.
    """
    from oxyshell._api.sources import scenario_of

    return scenario_of(source)


def validate(path: str | Path) -> Any:
    """Check a file of any kind without running it.

        >>> oxyshell.validate("scenarios/sweep-shell.yaml").name
        'What the Ru-1 prediction depends on'

    Args:
        path: A scenario, or the file of a study.

    Returns:
        The scenario, or the study with the scenarios that it names.

    Raises:
        ScenarioError: With every mistake in the file or in the scenarios that it names, each with its line.
        MeshError: If the mesh file of a scenario cannot be read or its mesh cannot be used.
    """
    from oxyshell.running.mesh_check import mesh_remarks
    from oxyshell.scenario.scenario import Scenario
    from oxyshell.studies.examples import or_shipped
    from oxyshell.studies.registry import load_any

    found = load_any(or_shipped(path))
    if isinstance(found, Scenario):
        mesh_remarks(found)
    return found


def schema(kind: str = "scenario") -> dict[str, Any]:
    """JSON Schema of a kind of file, for editors and other programs.

        >>> "protocol" in oxyshell.schema()["properties"]
        True

    Args:
        kind: "scenario", "material", "sweep" or another study.

    Returns:
        The schema as plain data.

    Raises:
        InputError: If there is no kind of that name.
    """
    from oxyshell.studies.registry import json_schema

    return json_schema(kind)


def materials() -> MaterialLibrary:
    """The library of materials.

        >>> "NMC811" in oxyshell.materials()
        True

    Returns:
        A mapping from the name of a material to its values; a table in a notebook.
    """
    from oxyshell.scenario.material_sheet import MaterialLibrary

    return MaterialLibrary()


def material(name: str | Path) -> MaterialSheet:
    """Every value of a material, with its status and its source.

        >>> oxyshell.material("NMC811")["diffusivity"].text
        '4.0e-15 m^2/s'

    Args:
        name: A name of the library, or a file of one's own in the same form.

    Returns:
        A mapping from the path of a value to its text, status and source; a table in a notebook.

    Raises:
        InputError: If there is no such material.
        ScenarioError: With every mistake in the file.
    """
    from oxyshell.scenario.material_sheet import sheet_of

    return sheet_of(str(name))


def init(path: str | Path, material: str = "NMC811") -> Path:
    """Write a commented scenario that runs as it is.

        >>> oxyshell.load(oxyshell.init("my-particle.yaml")).material.formula
        'LiNi0.8Mn0.1Co0.1O2'

    Args:
        path: The new file.
        material: A material of the library.

    Returns:
        The file.

    Raises:
        InputError: If the file exists, or there is no such material.
        OutputError: If the disk refuses.
    """
    from oxyshell.scenario import template

    template.write(Path(path), material)
    return Path(path)


def examples(folder: str | Path) -> tuple[Path, ...]:
    """Copy the scenarios and studies that come with oxyshell into a folder.

        >>> [path.name for path in oxyshell.examples("shipped") if path.stem == "gitt"]
        ['gitt.yaml']

    Args:
        folder: The folder; it is made if it does not exist.

    Returns:
        The copied files.

    Raises:
        InputError: If a file of another content has the name of one of them; nothing is copied then.
        OutputError: If the disk refuses.
    """
    from oxyshell.studies import examples as shipped

    return shipped.copy(Path(folder))


def import_bpx(
    path: str | Path, electrode: str = "positive", particle: str = "", material: str | None = None
) -> BpxScenario:
    """Read the particle of an electrode of a file of the Battery Parameter eXchange.

        >>> imported = oxyshell.import_bpx("cell.json", material="NMC811")
        >>> oxyshell.load(imported.data).particle.radius.text
        '3e-06 m'
        >>> _ = Path("imported.yaml").write_text(imported.to_yaml())

    Args:
        path: A BPX file, JSON or YAML.
        electrode: "positive" or "negative".
        particle: Of a blended electrode, the name of the particle.
        material: A material of the library that has what BPX has not: formula, chemical strain, elasticity.

    Returns:
        The scenario; its `report()` tells what was chosen, changed and not taken over.

    Raises:
        InputError: With every mistake in the file, or if no scenario can be made of it.
        OxyshellError: If the package `bpx` is not installed, or the file cannot be read.
    """
    from oxyshell.scenario.importing.bpx.reading import read_bpx

    return read_bpx(Path(path), electrode, particle, material)


def import_protocol(path: str | Path) -> str:
    """Read another program's protocol.

        >>> file = Path("cycle.txt")
        >>> _ = file.write_text("Charge at C/10 until 4.2 V")
        >>> print(oxyshell.import_protocol(file))
        protocol:
          - charge:
              rate: C/10
              until: {voltage: 4.2 V}
        <BLANKLINE>

    Args:
        path: JSON of aurora-unicycler, or experiment strings of PyBaMM.

    Returns:
        The key `protocol` of a scenario, as YAML; what has no counterpart is in its comments.

    Raises:
        InputError: If it is no such file.
    """
    from oxyshell.scenario.importing.reading import read_protocol

    return read_protocol(Path(path)).to_yaml()
