"""Figures as inline SVG: small, without outside references or clashing names, and described for those who do not see them."""

from __future__ import annotations

import io
import re
from html import escape

from matplotlib.figure import Figure

from clustersim.views.figures.style import settings

_PLACE = re.compile(r'\b(?:d|x|y|points|transform)="[^"]*"')  # attributes that hold coordinates; texts stay as they are
_FONT = " font-family: 'DejaVu Sans', 'Verdana', sans-serif;"  # said once, for the whole figure
_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def _shorter(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def inline(figure: Figure, name: str, title: str, description: str) -> str:
    """Return a figure as an SVG element that may stand in a page.

    Parameters
    ----------
    figure : Figure
        A matplotlib figure.
    name : str
        Unique in the page; begins all names within.
    title, description : str
        Text for screen readers.
    """
    with settings():
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"<title>.*?</title>", "", text, flags=re.S)
    head, rest = text.split(">", 1)
    found = re.search(r'viewBox="([^"]*)"', head)
    box = found[1] if found else "0 0 1 1"
    used = set(re.findall(r'(?:url\(#|xlink:href="#)([^)"]+)', rest))
    rest = re.sub(r' id="([^"]+)"', lambda match: f' id="{name}-{match[1]}"' if match[1] in used else "", rest)
    rest = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", rest)
    rest = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{name}-\1"', rest)
    rest = _PLACE.sub(lambda match: _NUMBER.sub(_shorter, match[0]), rest)
    rest = re.sub(r' transform="rotate\(-0 [^"]*"', "", rest).replace(_FONT, "")
    rest = re.sub(r"\s+", " ", rest).replace("> <", "><")
    rest = _PLACE.sub(lambda match: re.sub(r" ?([MLCQZz]) ?", r"\1", match[0]), rest)
    labelled = f'role="img" aria-labelledby="{name}-title {name}-desc"'
    said = f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(description)}</desc>'
    font = "font-family: 'DejaVu Sans', Verdana, sans-serif"
    return f'<svg viewBox="{box}" {labelled} style="{font}">{said}{rest.strip()}'
