"""Short pages of HTML for notebooks: a heading, a line of facts, a table; all texts are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def card(heading: str, facts: Iterable[str], headings: Sequence[str] = (), rows: Iterable[Sequence[str]] = ()) -> str:
    """Return a small page: what a notebook shows of an object.

    Parameters
    ----------
    heading : str
        Bold, in one line.
    facts : iterable of str
        Told below it, separated by dots.
    headings : sequence of str, optional
        Heads of the table's columns; no table without them.
    rows : iterable of sequence of str, optional
        Its rows; all columns but the first are aligned to the right.

    Examples
    --------
    >>> from clustersim.core.markup import card
    >>> card("R & D", ["2 runs"])
    '<div><strong>R &amp; D</strong><br>2 runs</div>'
    """
    parts = [f"<strong>{escape(heading)}</strong><br>{escape(' · '.join(facts))}"]
    if headings:
        body = "".join(_row(row, "td") for row in rows)
        parts.append(f"<table><thead>{_row(headings, 'th')}</thead><tbody>{body}</tbody></table>")
    return f"<div>{''.join(parts)}</div>"


def _row(cells: Sequence[str], tag: str) -> str:
    sides = ("left", *("right" for _cell in cells[1:]))
    shown = (f'<{tag} style="text-align:{side}">{escape(cell)}</{tag}>' for side, cell in zip(sides, cells, strict=True))
    return f"<tr>{''.join(shown)}</tr>"
