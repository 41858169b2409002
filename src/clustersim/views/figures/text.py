"""How wide a text is, texts made to fit, and signs that cannot be shown."""

from __future__ import annotations

import re
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import text_to_path

BOX = "□"
# Controls but tab and line ends, what would turn the direction of the text that follows, and what no encoding can write.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_WIDE = "—"  # as wide as the signs of scripts that the font lacks mostly are elsewhere


def readable(text: str) -> str:
    """Return a page or picture in which signs that no document should hold are boxes.

    Examples
    --------
    >>> from clustersim.views.figures.text import readable
    >>> readable("a\\x1b[31mb")
    'a□[31mb'
    """
    return _UNSHOWN.sub(BOX, text)


@contextmanager
def missing_is_silent() -> Iterator[None]:
    """Let no warning say that the font lacks a sign: it is a box in PNG, and in SVG the reader's own fonts may have it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph |Matplotlib currently does not support", UserWarning)
        yield


@lru_cache(maxsize=2)
def _signs(bold: bool) -> frozenset[int]:
    """Return the signs that the font has."""
    return frozenset(get_font(findfont(FontProperties(family="DejaVu Sans", weight=_weight(bold)))).get_charmap())


def _weight(bold: bool) -> str:
    return "bold" if bold else "normal"


@lru_cache(maxsize=2048)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one line of text in inches."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=_weight(bold))
    had = "".join(sign if ord(sign) in _signs(bold) else _WIDE for sign in text)
    return float(text_to_path.get_text_width_height_descent(had, font, ismath=False)[0]) / 72.0


def shorten(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return the text, cut with an ellipsis if it is wider than ``width`` inches."""
    if text_width(text, size, bold) <= width:
        return text
    kept = _most(len(text) - 1, lambda kept: text_width(text[:kept].rstrip() + "…", size, bold) <= width)
    return text[:kept].rstrip() + "…"


def shorten_middle(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return the text, cut in its middle if it is wider than ``width`` inches: names often differ in their ends."""
    if text_width(text, size, bold) <= width:
        return text

    def halves(kept: int) -> tuple[str, str]:
        return text[: kept - kept // 2], text[len(text) - kept // 2 :]

    first, last = halves(_most(len(text) - 1, lambda kept: text_width("…".join(halves(kept)), size, bold) <= width))
    return first.rstrip() + "…" + last.lstrip()


def _most(signs: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number of signs, up to so many, that fits; found by halves, since a text may be very long."""
    return bisect_left(range(1, signs + 1), True, key=lambda kept: not fits(kept))


def wrap(text: str, width: float, size: float, bold: bool = False) -> str:
    """Break the text into lines no wider than ``width`` inches."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size, bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)
