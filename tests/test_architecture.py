"""The structure of the package, read off its source: imports, words, sizes, repetition, docstrings.

Where the code does not keep a rule yet, the place is listed here. A listed place that keeps the rule fails
the test as well, so that the lists can only become shorter.
"""

from __future__ import annotations

import ast
import collections
import functools
import io
import itertools
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# From the bottom to the top. A module belongs to the room with the longest name that begins its own; it may
# import from its own room and from those below.
ROOMS: tuple[tuple[str, ...], ...] = (
    (
        "errors",
        "version",
        "printable",
        "streams",
        "filenames",
        "launch",
        "_stack",
        "extensions",
        "optional_dependencies",
        "figure_format",
        "shipped",
        "_python",
    ),
    ("presentation",),
    ("models.base",),
    ("language",),
    ("outputs",),
    ("drawing",),
    ("meshes",),
    ("shapes",),
    ("solver",),
    ("models",),
    ("models.registry",),
    ("scenario",),
    ("running",),
    ("studies",),
    ("reports",),
    ("cli", "_api", "", "__main__"),
)
LEVELS = {name: level for level, names in enumerate(ROOMS) for name in names}

UPWARDS: tuple[str, ...] = ()
"""Known imports that run upwards."""

CIRCLES: tuple[str, ...] = ()
"""Known imports that are part of a circle."""

PHYSICS_WORDS = frozenset({"oxygen", "ion", "ions", "voltage", "voltages"})
GENERAL_ROOMS = ("solver", "running", "outputs", "studies")
"""Rooms that serve every physics alike and name none."""

NAMES_PHYSICS: tuple[str, ...] = ()
"""Known files of these rooms with a word of a physics."""

LONGEST = 350
TOO_LONG: tuple[str, ...] = ()
"""Known files with more lines than `LONGEST`."""

SHARED_LINES = 6
REPEATED = 15
"""Fewer pairs of places than this may share `SHARED_LINES` lines or more."""

RIDDLES = 0
"""Known number of docstrings that begin with a question word; it may only fall."""


def package() -> dict[str, Path]:
    """The modules by their name without the package's own, which is the name of its face: ``."""
    files = sorted((ROOT / "oxyshell").rglob("*.py"))
    return {_module(file): file for file in files}


@functools.cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def _module(file: Path) -> str:
    parts = file.relative_to(ROOT / "oxyshell").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports() -> set[tuple[str, str]]:
    """Who imports whom, also inside functions and for types only."""
    modules = package()
    return {
        (module, target)
        for module, file in modules.items()
        for node in ast.walk(tree_of(file))
        for target in _targets(node, modules)
        if target != module
    }


def _targets(node: ast.AST, modules: dict[str, Path]) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            found = [alias.name for alias in names]
        case ast.ImportFrom(module=str(source), level=0, names=names):
            found = [f"{source}.{alias.name}" for alias in names]
        case ast.ImportFrom():
            pytest.fail(f"a relative import: {ast.unparse(node)}")
        case _:
            return
    for name in found:
        package_name, _, inner = name.partition(".")
        if package_name == "oxyshell":
            yield inner if inner in modules else inner.rpartition(".")[0]


def room_of(module: str) -> str:
    names = [name for name in LEVELS if module == name or (name and module.startswith(f"{name}."))]
    if not names:
        pytest.fail(f"oxyshell.{module} is in no room: add it to ROOMS")
    return max(names, key=len)


def upward() -> Iterator[str]:
    for source, target in imports():
        here, there = room_of(source), room_of(target)
        if LEVELS[here] < LEVELS[there]:
            yield _arrow(source, target)


def circular() -> Iterator[str]:
    """The imports whose target reaches their source again."""
    arrows = collections.defaultdict(set)
    for source, target in imports():
        arrows[source].add(target)

    @functools.cache
    def reached(start: str) -> frozenset[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            new = arrows[waiting.pop()] - seen
            seen |= new
            waiting += new
        return frozenset(seen)

    for source, target in imports():
        if source in reached(target):
            yield _arrow(source, target)


def _arrow(source: str, target: str) -> str:
    return f"{source or '__init__'} -> {target or '__init__'}"


def words_of(text: str) -> set[str]:
    """The words of names and sentences, also of snake_case and CamelCase, in lower case."""
    text = re.sub(r"\\[nt]", " ", text)  # a line feed as source code writes it
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)}


def test_words_are_told_from_parts_of_words() -> None:
    assert not words_of("iteration function Ionian stimulation_ionic") & PHYSICS_WORDS
    for text in ("ion_flux", "IonExchange", r"the\nions left", "OXYGEN_COLUMNS", "hasVoltage"):
        assert words_of(text) & PHYSICS_WORDS, text


# Identifiers and texts; comments are free.
_WITH_WORDS = (tokenize.NAME, tokenize.STRING, tokenize.FSTRING_MIDDLE)


def naming_a_physics() -> Iterator[str]:
    for module, file in package().items():
        if room_of(module) in GENERAL_ROOMS:
            tokens = tokenize.generate_tokens(io.StringIO(file.read_text()).readline)
            spoken = " ".join(token.string for token in tokens if token.type in _WITH_WORDS)
            if words_of(spoken) & PHYSICS_WORDS:
                yield _name(file)


def too_long() -> Iterator[str]:
    return (_name(file) for file in package().values() if len(file.read_text().splitlines()) > LONGEST)


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT / "oxyshell"))


@pytest.mark.parametrize(
    ("rule", "find", "known"),
    [
        ("imports from a room above its own", upward, UPWARDS),
        ("is part of a circle of imports", circular, CIRCLES),
        (f"names a physics ({', '.join(sorted(PHYSICS_WORDS))})", naming_a_physics, NAMES_PHYSICS),
        (f"has more than {LONGEST} lines", too_long, TOO_LONG),
    ],
    ids=["directions", "circles", "words", "sizes"],
)
def test_the_structure_keeps_its_rules(
    rule: str, find: Callable[[], Iterable[str]], known: tuple[str, ...]
) -> None:
    found = set(find())
    new, gone = sorted(found.difference(known)), sorted(set(known) - found)
    assert not new, "\n".join([f"{rule}:", *new])
    assert not gone, "\n".join([f"no longer {rule}; take it off the list in this file:", *gone])


def documented(file: Path) -> Iterator[tuple[str, range]]:
    """Docstrings, of attributes too, with their lines."""
    for node in ast.walk(tree_of(file)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text)), lineno=first, end_lineno=int(last)):
                yield text, range(first, last + 1)


def code_lines(file: Path) -> list[tuple[int, str]]:
    """Numbers and texts of the lines that are neither blank, comment, docstring nor import."""
    tree = tree_of(file)
    imported = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    left_out = set(itertools.chain.from_iterable(lines for _, lines in documented(file)))
    left_out |= {line for node in imported for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    lines = enumerate((line.strip() for line in file.read_text().splitlines()), start=1)
    return [
        (number, line)
        for number, line in lines
        if number not in left_out and re.search(r"\w", line) and not line.startswith("#")
    ]


def repeated() -> dict[tuple[str, str], str]:
    """Where two files, or two places of one, share lines, by the names of the files."""
    places = collections.defaultdict(list)
    for file in package().values():
        lines = code_lines(file)
        for index in range(len(lines) - SHARED_LINES + 1):
            window = lines[index : index + SHARED_LINES]
            places[tuple(text for _, text in window)].append((_name(file), index, window[0][0]))
    pairs: dict[tuple[str, str], str] = {}
    for found in places.values():
        for (one, here, line), (other, there, other_line) in itertools.combinations(found, 2):
            if one != other or there - here >= SHARED_LINES:
                pairs.setdefault((one, other), f"{one}:{line} ~ {other}:{other_line}")
    return pairs


def test_few_places_repeat_others() -> None:
    pairs = repeated()
    assert len(pairs) < REPEATED, "\n".join(
        [f"{len(pairs)} pairs of places share {SHARED_LINES} lines or more:", *pairs.values()]
    )


def riddles() -> list[str]:
    return [
        f"{_name(file)}:{lines.start} {text.splitlines()[0]}"
        for file in package().values()
        for text, lines in documented(file)
        if re.match(r"(What|How|Who)\b", text)
    ]


def test_docstrings_say_the_thing_itself() -> None:
    found = riddles()
    assert len(found) == RIDDLES, "\n".join(
        [f"{len(found)} docstrings begin with What, How or Who, {RIDDLES} are known:", *found]
    )
