"""Figures as SVG inside a page."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import markupsafe

_IDENTIFIER = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r'(href="#|url\(#)([^")]+)')
# Neither belongs into a page: rules for all elements, and who has made the figure.
_LEFT_OUT = re.compile(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>", re.DOTALL)
_SIZE = re.compile(r'\s(width|height)="[^"]*"')


@dataclass(frozen=True)
class Drawing:
    """A figure.

    Attributes:
        title: Words for it.
        svg: Its SVG element.
        wide: Whether it is much wider than high, or has text for the whole width.
    """

    title: str
    svg: markupsafe.Markup
    wide: bool


def drawn(draw: Callable[[Path], object], prefix: str = "") -> Sequence[Drawing]:
    """The figures that a function draws as SVG into a folder, in the order of drawing.

    Args:
        draw: Draws them; is given a folder for them.
        prefix: Distinguishes figures of the same name on one page.
    """
    with tempfile.TemporaryDirectory() as scratch:
        draw(Path(scratch))
        files = sorted(Path(scratch).rglob("*.svg"), key=lambda path: path.stat().st_mtime_ns)
        return [_drawing(path, prefix) for path in files]


def _drawing(path: Path, prefix: str) -> Drawing:
    title = path.stem.replace("_", " ")
    svg = inline(path.read_text(encoding="utf-8"), f"{prefix}{path.stem}", title)
    width, _ = _dimensions(svg)
    return Drawing(title[:1].upper() + title[1:], svg, width > 600)


def inline(svg: str, prefix: str, title: str) -> markupsafe.Markup:
    """An SVG element for a page, from the text of a file that Matplotlib has written.

    Identifiers begin with the prefix, since a page may have each of them once only; the element takes the
    width of its place.
    """
    element = _LEFT_OUT.sub("", svg[svg.index("<svg") :])
    seen: Counter[str] = Counter()

    def unique(found: re.Match[str]) -> str:
        name = found.group(1)
        seen[name] += 1
        # Matplotlib writes the group of a kind of artist once for each of them; nothing refers to these.
        again = f"-{seen[name]}" if seen[name] > 1 else ""
        return f'id="{prefix}-{name.replace(" ", "-")}{again}"'

    element = _IDENTIFIER.sub(unique, element)
    element = _REFERENCE.sub(rf"\1{prefix}-\2", element)
    head, _, rest = element.partition(">")
    name = markupsafe.escape(title)
    head = f'{_SIZE.sub("", head)} role="img" aria-label="{name}"'
    return markupsafe.Markup(f"{head}><title>{name}</title>{rest}")


def _dimensions(svg: str) -> Iterator[float]:
    found = re.search(r'viewBox="([^"]+)"', svg)
    assert found is not None
    return map(float, found.group(1).split()[2:])
