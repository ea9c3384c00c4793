"""Code blocks of the pages of the documentation, in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    str(page.relative_to(ROOT))
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")]
)
EMPTY = "<!-- The commands start in an empty directory. -->"
"""On a page whose commands need nothing but the installed package."""

_BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)(?: (?P<notes>[^\n]*))?\n(?P<text>.*?)^ *```$"
    r"(?:\s*^ *```text\n(?P<output>.*?)^ *```$)?",
    re.DOTALL | re.MULTILINE,
)
_NO_RUN = "no-run: "


@dataclass(frozen=True)
class Block:
    """A block of code.

    Attributes:
        line: Where it begins on its page.
        language: First word of its info string.
        notes: The rest of it: `no-run: REASON`, `file NAME`, `in SECTION`, `of SCENARIO`,
            `without SECTION,SECTION`, `no electrode`.
        text: The code.
        output: The block of text right after it, which shows what it prints; empty without one.
    """

    page: str
    line: int
    language: str
    notes: str
    text: str
    output: str

    @property
    def reason(self) -> str:
        """Why it is not run; empty if it is."""
        return self.notes.removeprefix(_NO_RUN) if self.notes.startswith(_NO_RUN) else ""

    def note(self, word: str) -> str:
        """What follows a word of the notes, or nothing."""
        found = re.search(rf"(?:^| ){word} (\S+)", self.notes)
        return found[1] if found else ""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks_of(page: str, text: str | None = None) -> list[Block]:
    """The blocks of a page.

    Args:
        page: Its path in the repository.
        text: Its text, if it is not that of the file.
    """
    text = (ROOT / page).read_text() if text is None else text
    return [
        Block(
            page,
            text.count("\n", 0, found.start()) + 1,
            found["language"],
            found["notes"] or "",
            _without_indent(found["text"], found["indent"]),
            _without_indent(found["output"] or "", found["indent"]),
        )
        for found in _BLOCK.finditer(text)
    ]


def starts_empty(page: str) -> bool:
    """Whether the page says that its commands need no file."""
    return EMPTY in (ROOT / page).read_text()


def commands_of(block: Block) -> list[str]:
    """The commands of a block of shell, without comments, continued lines joined."""
    joined = re.sub(r"\\\n\s*", "", block.text)
    lines = (re.sub(r"(^|\s+)#.*$", "", line).strip() for line in joined.splitlines())
    return [line for line in lines if line]


def _without_indent(text: str, indent: str) -> str:
    return re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) if indent else text
