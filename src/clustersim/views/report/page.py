"""The page: blocks in sections, rendered by one template into one self-contained file."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from clustersim.core.errors import InputError
from clustersim.core.files import write as write_file
from clustersim.core.words import _
from clustersim.views.figures.text import readable
from clustersim.views.report.tables import Table


@dataclass
class Block:
    """A part of a section.

    Attributes
    ----------
    kind : str
        "text", "table", "figure", "heading", "code", "terms" or "details".
    text : str
        The text, caption or summary.
    svg : str
        Markup of a figure.
    tables : list of Table
        The table, or the tables behind a figure or within details.
    pairs : list of (str, str)
        Terms and what they mean.
    """

    kind: str
    text: str = ""
    svg: str = ""
    tables: list[Table] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Section:
    """A section with its heading; `name` is its address in the page."""

    name: str
    heading: str
    blocks: list[Block]


@dataclass
class Card:
    """A number in large type, what it counts, and how sure it is."""

    number: str
    text: str
    note: str = ""


@dataclass
class Page:
    """All that a page says."""

    lang: str
    kind: str
    title: str
    subtitle: str
    cards: list[Card]
    sentences: list[str]
    rests_on: str
    notes: list[str]
    sections: list[Section]


def render(page: Page) -> str:
    """Return the page as HTML.

    Raises
    ------
    InputError
        If Jinja2 is not installed.
    """
    try:
        import jinja2
    except ImportError:
        how = _("Install it with: {command}", command="pip install 'clustersim[report]'")
        raise InputError("report", "", _("needs Jinja2, which is not installed"), how) from None
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    template = resources.files("clustersim.views.report").joinpath("template.html.j2").read_text(encoding="utf-8")

    words = {"answer": _("The answer"), "contents": _("Contents"), "data": _("Data behind this chart"),
             "download": _("Download as CSV")}  # fmt: skip
    return readable(environment.from_string(template).render(page=page, words=words))


def phases_lead() -> Block:
    """Return the text that says what phases are."""
    text = _(
        "A cluster passes through phases: agglomeration, creation, development, maturity, and then transformation or decline. "
        "The height of a colour is the share of simulations in that phase."
    )
    return Block("text", text)


def write(text: str, path: Path) -> Path:
    """Write the page under another name first, and move it into its place."""
    if path.is_dir():
        raise InputError("--out", "", _("{path} is a folder; name a file, such as report.html", path=path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, text)
    except OSError as error:
        message = _("cannot write this file: {reason}", reason=(error.strerror or type(error).__name__).lower())
        raise InputError(str(path), "", message, _("Name another with --out.")) from error
    return path
