"""How wide a text is, and texts made to fit."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path


@lru_cache(maxsize=2048)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one line of text in inches."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]) / 72.0


def shorten(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return the text, cut with an ellipsis if it is wider than ``width`` inches."""
    if text_width(text, size, bold) <= width:
        return text
    while text and text_width(text + "…", size, bold) > width:
        text = text[:-1].rstrip()
    return text + "…"


def shorten_middle(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return the text, cut in its middle if it is wider than ``width`` inches: names often differ in their ends."""
    if text_width(text, size, bold) <= width:
        return text
    kept = len(text) - 1
    while kept > 1 and text_width(text[: kept - kept // 2] + "…" + text[-(kept // 2) :], size, bold) > width:
        kept -= 1
    return text[: kept - kept // 2].rstrip() + "…" + text[-(kept // 2) :].lstrip()


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
