"""Files of network programs as tables of ties: GraphML, GEXF, Pajek and GML.

Each tie is a row: ``a`` and ``b`` are what the file knows its ends by; ``a.NAME`` and ``b.NAME`` what it says of them, among
which may be the id of the register; then ``direction``, ``weight`` and whatever else the file says of ties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree import ElementTree

from clustersim.core.errors import InputError
from clustersim.core.words import _
from clustersim.scenario.registers.forms.guard import check_xml, no_xml, whole
from clustersim.scenario.registers.forms.pages import look
from clustersim.scenario.registers.forms.source import Opener, Source

DIRECTED, UNDIRECTED = "directed", "undirected"
DEEP_MOST = 100
CELLS_MOST = 60_000_000  # of the table that a network is read as, with two columns for each attribute of its nodes
_GML = re.compile(r'"[^"]*"|#[^\n]*|[\[\]]|[^\s\[\]"]+')
_PAJEK = re.compile(r'"[^"]*"|\S+')


@dataclass
class _Network:
    nodes: dict[str, dict[str, str]] = field(default_factory=dict)
    ties: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def source(self, form: str, file: str, encoding: str = "UTF-8") -> Source:
        """Return the ties as a table."""
        if not self.ties:
            raise InputError(file, "", _("is a network without any tie."))
        about = list(dict.fromkeys(key for node in self.nodes.values() for key in node))
        said = list(dict.fromkeys(key for *_ends, facts in self.ties for key in facts if key not in ("a", "b")))
        headings = ["a", "b", *(f"{end}.{key}" for key in about for end in "ab"), *said]
        if len(headings) * len(self.ties) > CELLS_MOST:
            message = _("says too much of its nodes and ties: {ties} rows of {columns} columns, more than {most} million cells.",
                        ties=len(self.ties), columns=len(headings), most=CELLS_MOST // 1_000_000)  # fmt: skip
            raise InputError(file, "", message, _("Leave out attributes that are not needed."))

        def rows() -> Iterator[tuple[int, list[str]]]:
            yield 0, headings
            for number, (a, b, facts) in enumerate(self.ties, 1):
                ends = [self.nodes.get(end, {}).get(key, "") for key in about for end in (a, b)]
                yield number, [a, b, *ends, *(facts.get(key, "") for key in said)]

        return Source(form, rows(), encoding, headed=True, numbers=True)


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def graphml(open_: Opener, file: str) -> Source:
    """Return the ties of a GraphML file.

    Raises
    ------
    InputError
        If it cannot be read, or has none.
    """
    check_xml(open_, file)
    found, keys, default = _Network(), dict[str, str](), DIRECTED
    try:
        with open_() as stream:
            for event, item in ElementTree.iterparse(stream, ("start", "end")):
                name = _name(item.tag)
                if event == "start":
                    if name == "graph":
                        default = item.get("edgedefault") or DIRECTED
                elif name == "key":
                    keys[item.get("id") or ""] = item.get("attr.name") or item.get("id") or ""
                elif name in ("node", "edge"):
                    facts = {keys.get(k := data.get("key") or "", k): " ".join("".join(data.itertext()).split())
                             for data in item if _name(data.tag) == "data"}  # fmt: skip
                    if name == "node":
                        found.nodes[item.get("id") or ""] = facts
                    else:
                        way = {"true": DIRECTED, "false": UNDIRECTED}.get(item.get("directed") or "", default)
                        found.ties.append((item.get("source") or "", item.get("target") or "", {"direction": way} | facts))
                    item.clear()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise no_xml(file, error) from None
    return found.source("GraphML", file)


def gexf(open_: Opener, file: str) -> Source:
    """Return the ties of a GEXF file, as Gephi writes it.

    Raises
    ------
    InputError
        If it cannot be read, or has none.
    """
    check_xml(open_, file)
    found, default, of = _Network(), UNDIRECTED, ""
    keys: dict[str, dict[str, str]] = {"node": {}, "edge": {}}
    try:
        with open_() as stream:
            for event, item in ElementTree.iterparse(stream, ("start", "end")):
                name = _name(item.tag)
                if event == "start":
                    if name == "graph":
                        default = item.get("defaultedgetype") or UNDIRECTED
                    elif name == "attributes":
                        of = item.get("class") or ""
                elif name == "attribute" and of in keys:
                    keys[of][item.get("id") or ""] = item.get("title") or item.get("id") or ""
                elif name in ("node", "edge"):
                    facts = {key: value for key in ("label", "kind", "weight") if (value := item.get(key))}
                    for value in item.iter():
                        if _name(value.tag) == "attvalue":
                            key = value.get("for") or value.get("id") or ""
                            facts[keys[name].get(key, key)] = value.get("value") or ""
                    if name == "node":
                        found.nodes[item.get("id") or ""] = facts
                    else:
                        way = {"direction": item.get("type") or default}
                        found.ties.append((item.get("source") or "", item.get("target") or "", way | facts))
                    item.clear()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise no_xml(file, error) from None
    return found.source("GEXF", file)


def _page(open_: Opener, file: str) -> tuple[str, str]:
    content = whole(open_, file)
    seen = look(open_, file)
    try:
        return content.decode(seen.coding, seen.errors), seen.name
    except UnicodeError as error:
        raise no_xml(file, error) from None


def pajek(open_: Opener, file: str) -> Source:
    """Return the ties of Pajek's .net file: arcs are directed, edges are not.

    Raises
    ------
    InputError
        If it cannot be read, or has none.
    """
    page, encoding = _page(open_, file)
    found, part, row = _Network(), "", 0
    for number, line in enumerate(page.splitlines(), 1):
        cells = [cell.strip('"') if cell[:1] == '"' else cell for cell in _PAJEK.findall(line)]
        if not cells or cells[0].startswith("%"):
            continue
        if cells[0].startswith("*"):
            part, row = cells[0].lower(), 0
            continue
        if part == "*vertices":
            found.nodes[cells[0]] = {"label": cells[1] if len(cells) > 1 else cells[0]}
        elif part in ("*arcs", "*edges"):
            if len(cells) < 2:
                raise InputError(file, "", _("a tie needs two ends; found {found!r}.", found=line.strip()[:60]), "", number)
            facts = {"direction": DIRECTED if part == "*arcs" else UNDIRECTED}
            found.ties.append((cells[0], cells[1], facts | ({"weight": cells[2]} if len(cells) > 2 else {})))
        elif part in ("*arcslist", "*edgeslist"):
            way = {"direction": DIRECTED if part == "*arcslist" else UNDIRECTED}
            found.ties += [(cells[0], other, dict(way)) for other in cells[1:]]
        elif part == "*matrix":
            row += 1
            found.ties += [(str(row), str(k), {"direction": DIRECTED, "weight": cell}) for k, cell in enumerate(cells, 1)
                           if cell.strip("0.") != ""]  # fmt: skip
    return found.source("Pajek", file, encoding)


def gml(open_: Opener, file: str) -> Source:
    """Return the ties of a GML file.

    Raises
    ------
    InputError
        If it cannot be read, or has none.
    """
    page, encoding = _page(open_, file)
    found = _Network()
    way = UNDIRECTED
    stack: list[tuple[str, dict[str, str]]] = []
    key = ""
    for match in _GML.finditer(page):
        token = match[0]
        if token.startswith("#") and not key:
            continue
        if token == "[":
            stack.append((key.lower(), {}))
            key = ""
            if len(stack) > DEEP_MOST:
                raise InputError(file, "", _("is no GML file that can be read: it is nested too deeply."))
        elif token == "]":
            if not stack:
                break
            name, facts = stack.pop()
            if name == "node":
                found.nodes[facts.pop("id", "")] = facts
            elif name == "edge":
                found.ties.append((facts.pop("source", ""), facts.pop("target", ""), facts))
            key = ""
        elif not key:
            key = token
        else:
            value = token.strip('"') if token[:1] == '"' else token
            if stack and stack[-1][0] == "graph" and key == "directed":
                way = DIRECTED if value == "1" else UNDIRECTED
            elif stack:
                stack[-1][1][key] = value
            key = ""
    found.ties = [(a, b, {"direction": way} | facts) for a, b, facts in found.ties]
    return found.source("GML", file, encoding)


def pairs(names: list[str]) -> list[tuple[str, str]]:
    """Return the headings that come in pairs, one for each end of a tie."""
    return [(a, b) for a, b in pairwise(names) if a[:2] == "a." and b == f"b.{a[2:]}"]
