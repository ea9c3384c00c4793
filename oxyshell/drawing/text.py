"""Names in figures: any text is drawn as it was written, as far as a font has its letters."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from functools import lru_cache
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.text import Text

LONGEST = 60
"""Letters of a name that are drawn; of a longer one, its beginning."""
_MISSING = "□"
# Joiners that letters of some scripts need between them.
_KEPT = "\u200c\u200d"
_UNSEEN = ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
_NO_NAME = "(no name)"
_NOTHING_WIDE = "\u200b"
# A font that has a box for every character, and no letter.
_NO_LETTERS = "Last Resort"
_ELEMENT = re.compile(
    r"H|He|Li|Be|B|C|N|O|F|Ne|Na|Mg|Al|Si|P|S|Cl|Ar|K|Ca|Sc|Ti|V|Cr|Mn|Fe|Co|"
    r"Ni|Cu|Zn|Ga|Ge|As|Se|Br|Kr|Rb|Sr|Y|Zr|Nb|Mo|Tc|Ru|Rh|Pd|Ag|Cd|In|Sn|Sb|Te|"
    r"I|Xe|Cs|Ba|La|Ce|Pr|Nd|Sm|Eu|Gd|Tb|Dy|Ho|Er|Tm|Yb|Lu|Hf|Ta|W|Re|Os|Ir|Pt|"
    r"Au|Hg|Tl|Pb|Bi|Th|U"
)
_ATOM = re.compile(r"([A-Z][a-z]?)(\d*)")
_WORD = re.compile(r"(?<![\w.+-])(?:[A-Z][a-z]?\d*)+(?!\w|\.\d)")
_INDEX = re.compile(r"\b([^\W\d_])_([^\W_]+)")
_DIATOMIC = ("H2", "N2", "O2")
# A word, not the symbol of a quantity ("x", "dQ/dV") nor the name of a column ("peak_MPa").
_FIRST_WORD = re.compile(r"[^\W\d_A-Z]{2,}(?=[\s,;:)’'-]|$)")


def shown(text: str, longest: int = LONGEST, width: int = 0) -> str:
    """Prepare a text that a user wrote, or that holds one, for Matplotlib.

    A `$` begins no formula, control characters are written as escapes, line breaks as blanks, formulas with
    lowered digits, letters that no font on this machine has as boxes.

    Args:
        text: Any text.
        longest: How many letters are drawn, an ellipsis included.
        width: Letters in a line, if it is to be broken into several.
    """
    line = "".join(_letter(character) for character in " ".join(text[: 4 * longest + 4].split()))
    line = _WORD.sub(lambda found: _lowered(found.group()), line)
    if len(line) > longest or len(text) > 4 * longest + 4:
        line = f"{line[: longest - 1].rstrip()}…"
    # Broken before dollars are escaped: no line may end between the two characters of one.
    line = textwrap.fill(line, width) if width else line
    # A label that begins with "_" is left out of legends.
    line = f"{_NOTHING_WIDE}{line}" if line.startswith("_") else line
    return line.replace("$", r"\$") or _NO_NAME


def symbols(text: str) -> str:
    """A text that is shown, with the index of each symbol lowered: "stress σ_1"."""
    return _INDEX.sub(r"$\\mathrm{\1}_{\\mathrm{\2}}$", text)


def capital(text: str) -> str:
    """A label with a capital at its beginning, unless it begins with a symbol: "Voltage (V)", "dQ/dV"."""
    return f"{text[0].upper()}{text[1:]}" if _FIRST_WORD.match(text) else text


def find_letters(figure: Figure) -> None:
    """Let every text of a figure use a font of this machine that has its letters."""
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        others = {_family_with(character) for character in text.get_text()} - {"", None}
        if others:
            text.set_fontfamily([_usual().family_name, *sorted(family for family in others if family)])


def _letter(character: str) -> str:
    if character in _KEPT:
        return character
    if unicodedata.category(character) in _UNSEEN:
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return _MISSING if _family_with(character) is None else character


@lru_cache(maxsize=1)
def _usual():  # type: ignore[no-untyped-def]  # Matplotlib's own class has no public name
    return get_font(findfont(FontProperties()))


@lru_cache(maxsize=4096)
def _family_with(character: str) -> str | None:
    """The font to fall back on for a character: "" if it is not needed, None if there is none."""
    code = ord(character)
    if code < 0x80 or _usual().get_char_index(code):
        return ""
    fonts = (one for one in fontManager.ttflist if _NO_LETTERS not in one.name and Path(one.fname).exists())
    return next((one.name for one in fonts if get_font(one.fname).get_char_index(code)), None)


def _lowered(word: str) -> str:
    """A chemical formula with its digits lowered; any other word as it is."""
    atoms = _ATOM.findall(word)
    symbols = [symbol for symbol, _ in atoms]
    formula = (
        all(_ELEMENT.fullmatch(symbol) for symbol in symbols)
        and len(set(symbols)) == len(symbols)
        and any(count for _, count in atoms)
        and (len(symbols) > 1 or word in _DIATOMIC)
    )
    return word.translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")) if formula else word
