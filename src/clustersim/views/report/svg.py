"""Figures as inline SVG: small, without outside references or clashing names, and described for those who do not see them."""

from __future__ import annotations

import re
from html import escape

from matplotlib.figure import Figure

from clustersim.views.figures import layout
from clustersim.views.figures.names import identifier

_TAG = re.compile(r"<[^>]*>")  # matplotlib escapes these signs in texts and in attributes
_PLACE = re.compile(r'\b(?:d|x|y|points|transform)="[^"]*"')  # attributes that hold coordinates; texts stay as they are
_FONT = " font-family: 'DejaVu Sans', 'Verdana', sans-serif;"  # said once, for the whole figure
_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def _shorter(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _of_page(tag: str, own: str, used: set[str]) -> str:
    """Return a tag whose names are this figure's own, those that nothing uses left out, and whose numbers are short."""
    tag = re.sub(r' id="([^"]+)"', lambda match: f' id="{own}-{match[1]}"' if match[1] in used else "", tag)
    tag = re.sub(r"url\(#([^)]+)\)", lambda match: f"url(#{own}-{match[1]})", tag)
    tag = re.sub(r'xlink:href="#([^"]+)"', lambda match: f'href="#{own}-{match[1]}"', tag)
    tag = _PLACE.sub(lambda match: _NUMBER.sub(_shorter, match[0]), tag)
    tag = re.sub(r' transform="rotate\(-0 [^"]*"', "", tag).replace(_FONT, "")
    tag = re.sub(r"\s+", " ", tag)
    return _PLACE.sub(lambda match: re.sub(r" ?([MLCQZz]) ?", r"\1", match[0]), tag)


def inline(figure: Figure, name: str, title: str, description: str) -> str:
    """Return a figure as an SVG element that may stand in a page.

    Parameters
    ----------
    figure : Figure
        A matplotlib figure.
    name : str
        Unique in the page; what it becomes as an `identifier` begins all names within.
    title, description : str
        Text for screen readers.
    """
    own, text = identifier(name), layout.svg(figure)
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"<title>.*?</title>", "", text, flags=re.S)
    head, rest = text.split(">", 1)
    found = re.search(r'viewBox="([^"]*)"', head)
    box = found[1] if found else "0 0 1 1"
    used = set(re.findall(r'(?:url\(#|xlink:href="#)([^)"]+)', rest))
    rest = _TAG.sub(lambda match: _of_page(match[0], own, used), rest)
    rest = re.sub(r"\s+", " ", rest).replace("> <", "><")
    labelled = f'role="img" aria-labelledby="{own}-title {own}-desc"'
    said = f'<title id="{own}-title">{escape(title)}</title><desc id="{own}-desc">{escape(description)}</desc>'
    font = "font-family: 'DejaVu Sans', Verdana, sans-serif"
    return f'<svg viewBox="{box}" {labelled} style="{font}">{said}{rest.strip()}'
