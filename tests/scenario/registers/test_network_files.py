"""Ties in the forms that people have them in: network programs, matrices, surveys, and tables that a spreadsheet has changed."""

from __future__ import annotations

import math
import random
import time
from itertools import pairwise

import networkx as nx
import pytest

from clustersim.core.errors import InputError
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.links import read_links
from form_cases import xlsx

FIRMS = {f"P{k}": "one" for k in range(6)}
ZEROS = {f"01{k}2260858001": "one" for k in range(6)}


@pytest.fixture
def read(tmp_path):
    """Write a file, and read its ties."""

    def _read(content, name="ties.csv", firms=FIRMS, **asked):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_links(tmp_path / name, firms, Asked(**asked))

    return _read


def codes(links):
    """Return the codes of what is remarked, each once."""
    return sorted({code for *_ends, code, _found in links.remarks})


def pairs(links):
    """Return ends and level of each tie."""
    return [row[:3] for row in links.rows]


# --- network programs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["Undirected", "Directed", "undirected", "no dirigido"])
def test_gephis_type_is_a_direction_and_no_level(read, kind):
    rows = "".join(f"P{k},P{(k + 1) % 6},{kind},{k},,,{k + 1}\n" for k in range(6))
    links = read("Source,Target,Type,Id,Label,timeset,Weight\n" + rows)
    assert len(links.rows) == 6 and codes(links) == ["no_level"]
    assert links.unused == ["Id", "Label", "timeset", "Weight"] and not links.doubts


def test_a_level_beside_the_direction_is_read(read):
    links = read("Source;Target;Type;Nivel;Weight\nP0;P1;Directed;proveedor;2\nP1;P2;Mutual;alianza;3\n")
    assert pairs(links) == [("P0", "P1", "commercial"), ("P1", "P2", "strategic")] and links.unused == ["Weight"]


def test_each_side_of_a_tie_may_tell_its_trust_in_a_row_of_its_own(read):
    links = read("a,b,level,trust\nP0,P1,2.0,0.8\nP1,P0,2,0.2\nP0,P1,2,0.5\nP1,P2,3,0.7\n")
    assert links.rows == [("P0", "P1", "commercial", 0.8, 0.2), ("P1", "P2", "strategic", 0.7, 0.7)]
    assert codes(links) == ["again"]


def test_a_directed_tie_tells_the_trust_of_one(read):
    links = read("Source,Target,Type,trust\nP0,P1,Directed,0.5\nP1,P0,Directed,0.75\nP2,P3,Directed,0.25\nP4,P5,Undirected,0.4\n")
    (a, b, c) = links.rows
    assert a[3:] == (0.5, 0.75) and c[3:] == (0.4, 0.4) and b[3] == 0.25 and math.isnan(b[4])


def graph(directed):
    """Return a network of three firms as networkx has it, with ids beside its own names."""
    made = (nx.DiGraph if directed else nx.Graph)()
    for k in range(3):
        made.add_node(f"n{k}", ruc=f"P{k}", label=f"Taller {k}")
    made.add_edge("n0", "n1", weight=2.5, tipo="proveedor", confianza=0.25)
    made.add_edge("n1", "n2", weight=1.0, tipo="alianza", confianza=0.5)
    return made


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("form", ["graphml", "gexf", "gml"])
def test_files_of_networkx_are_read(read, tmp_path, form, directed):
    path = tmp_path / f"made.{form}"
    getattr(nx, f"write_{form}")(graph(directed), path)
    links = read(path.read_bytes(), "ties.txt")  # told by its content, not by its name
    assert pairs(links) == [("P0", "P1", "commercial"), ("P1", "P2", "strategic")]
    assert [row[3] for row in links.rows] == [0.25, 0.5] and all(math.isnan(row[4]) == directed for row in links.rows)
    assert "weight" in links.unused and not [heading for heading in links.unused if heading[:2] in ("a.", "b.")]


def test_pajeks_arcs_edges_lists_and_matrices(read):
    vertices = '*Vertices 3\r\n1 "P0" 0.1 0.2 0.5\r\n2 "P1"\r\n3 P2\r\n'
    links = read(f"{vertices}*Arcs\r\n1 2 1\r\n*Edges\r\n2 3 4.0\r\n", "t.net")
    assert pairs(links) == [("P0", "P1", "acquaintance"), ("P1", "P2", "acquaintance")] and links.unused == ["weight"]
    assert pairs(read(f"{vertices}*Edgeslist\r\n1 2 3\r\n", "t.net")) == [
        ("P0", "P1", "acquaintance"),
        ("P0", "P2", "acquaintance"),
    ]
    assert pairs(read(f"{vertices}*Matrix\r\n0 1 0\r\n0 0 2\r\n0 0 0\r\n", "t.net")) == [
        ("P0", "P1", "acquaintance"), ("P1", "P2", "acquaintance"),
    ]  # fmt: skip


def test_vertices_with_the_same_name_stay_apart(read):
    """A graph by names would make one of the two."""
    vertices = '*Vertices 3\n1 "Taller"\n2 "Taller"\n3 "Otro"\n*Edges\n1 3\n2 3\n1 2\n'
    links = read(vertices, "t.net", {"1": "one", "2": "one", "3": "one"})
    assert len(links.rows) == 3


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("corner", ["", "id"])
def test_a_matrix_is_a_list_of_ties(read, form, corner):
    rows = [[corner, "P0", "P1", "P2"], ["P0", 0, 1, 0], ["P1", 1, 0, 3], ["P2", 0, 3, 0]]
    content = xlsx({"Hoja": rows}) if form == "xlsx" else "\n".join(";".join(map(str, row)) for row in rows)
    links = read(content, f"m.{form}")
    assert pairs(links) == [("P0", "P1", "acquaintance"), ("P1", "P2", "acquaintance")] and links.total == 2
    assert len(links.unused) == 1 and codes(links) == ["no_level"]


def test_a_matrix_of_words_has_levels(read):
    links = read("id,P0,P1,P2\nP0,,comercial,\nP1,,,consejo\nP2,,,\n")
    assert pairs(links) == [("P0", "P1", "commercial"), ("P1", "P2", "information")] and links.unused == []


def test_a_table_that_is_no_matrix_is_told_its_columns(read):
    with pytest.raises(InputError, match="has no column 'a'"):
        read("uno,otro,que\nP0,P1,x\nP1,P2,y\n")


@pytest.mark.parametrize("name", ["t.graphml", "t.gexf"])
def test_entities_of_xml_are_refused(read, name):
    root = name[2:]
    bomb = "".join(f'<!ENTITY e{k} "{f"&e{k - 1};" * 10}">' for k in range(1, 10))
    page = f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e0 "aaaaaaaaaa">{bomb}]><{root}><graph>&e9;</graph></{root}>'
    with pytest.raises(InputError, match="declares entities"):
        read(page, name)
    outside = f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e SYSTEM "file:///etc/hostname">]><{root}>&e;</{root}>'
    with pytest.raises(InputError, match="declares entities"):
        read(outside, name)


def test_a_network_without_ties_is_told(read):
    with pytest.raises(InputError, match="network without any tie"):
        read('<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph><node id="P0"/></graph></graphml>', "t.graphml")


def many_keys(form):
    """Return a network in which each node has an attribute of its own."""
    count = range(8_000)
    if form == "gml":
        nodes = "".join(f"node [ id {k} k{k} 1 ] " for k in count)
        return f"graph [ {nodes}{''.join(f'edge [ source {k} target {k + 1} ] ' for k in count)}]"
    if form == "gexf":
        nodes = "".join(f'<node id="{k}"><attvalues><attvalue for="k{k}" value="1"/></attvalues></node>' for k in count)
    else:
        nodes = "".join(f'<node id="{k}"><data key="k{k}">1</data></node>' for k in count)
    edges = "".join(f'<edge source="{k}" target="{k + 1}"/>' for k in count)
    return f"<{form}><graph>{nodes}{edges}</graph></{form}>"


@pytest.mark.parametrize("form", ["gml", "gexf", "graphml"])
def test_a_network_that_says_too_much_of_its_nodes_is_refused_soon(read, form):
    begun = time.process_time()
    with pytest.raises(InputError, match=r"8000 rows of 1600. columns, more than 60 million cells"):
        read(many_keys(form), f"t.{form}")
    assert time.process_time() - begun < 30.0


@pytest.mark.parametrize(
    "said",
    ["*Vertices 1000000000\n*Arcs\n1 2\n", "*Vertices 9\n*Matrix\n0 1\n", "graph [ n 1000000000 edge [ source 1 target 2 ] ]"],
)
def test_what_a_network_says_of_its_size_takes_no_room(read, said):
    links = read(said, "t.net" if said[:1] == "*" else "t.gml", {"1": "one", "2": "one"})
    assert pairs(links) == [("1", "2", "acquaintance")]


def test_a_matrix_of_more_cells_than_its_file_has_is_refused_soon(read):
    begun = time.process_time()
    names = ",".join(f"P{k}" for k in range(5_000))
    with pytest.raises(InputError, match="that stand nowhere in the file"):
        read(f"id,{names}\n" + "P1\n" * 20_000, "t.csv")
    assert time.process_time() - begun < 30.0


# --- ids that a spreadsheet has changed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed", [lambda id_: id_.lstrip("0"), lambda id_: f"{id_}.0", lambda id_: f"{id_.lstrip('0')}.0", lambda id_: f"'{id_}",
                lambda id_: f"00{id_}", lambda id_: f"{id_.lstrip('0')},00"],
)  # fmt: skip
def test_ids_that_lost_zeros_or_gained_a_point_are_matched_and_told(read, changed):
    ids = list(ZEROS)
    links = read("cliente;proveedor;tipo\n" + "".join(f"{changed(a)};{changed(b)};proveedor\n" for a, b in pairwise(ids)),
                 firms=ZEROS)  # fmt: skip
    assert [row[:2] for row in links.rows] == list(pairwise(ids)) and codes(links) == ["respelt"]
    assert links.remarks[0][4] == f"{changed(ids[0])} = {ids[0]}; {changed(ids[1])} = {ids[1]}"


def test_an_id_that_could_be_several_firms_is_none(read):
    firms = {"0123": "one", "00123": "one", "7": "one", "8": "one"}
    links = read("a,b\n123,7\n7,8\n0123,8\n", firms=firms)
    assert [row[:2] for row in links.rows] == [("7", "8"), ("0123", "8")] and codes(links) == ["no_level", "no_partner"]
    with pytest.raises(InputError) as refused:
        read("a,b\n123,7\n", firms=firms)
    assert "zeros before them" in refused.value.hint


def test_ties_of_which_none_fits_are_refused(read):
    with pytest.raises(InputError) as refused:
        read("a,b\n77001,88001\n99001,66001\n", firms=ZEROS)
    assert "none of its 2 ties" in refused.value.message and "'77001'" in refused.value.message and refused.value.line == 2


# --- trust on any stated scale ------------------------------------------------------------------------------------------


def survey(*values, heading="trust", separator=","):
    """Return ties with trust."""
    rows = [separator.join((f"P{k % 6}", f"P{(k + 1) % 6}", "supplier", str(value))) for k, value in enumerate(values)]
    return "\n".join([separator.join(("a", "b", "type", heading)), *rows])


@pytest.mark.parametrize(
    ("values", "likeliest", "first"),
    [((1, 2, 3, 4, 5, 1), "1-5", 0.0), ((2, 4, 4, 5), "1-5", 0.25), ((0, 8, 10), "0-10", 0.0), ((7, 8, 9), "0-10", 0.7),
     ((80, 35, 100), "percent", 0.8), ((1, 1, 1), "0-1", 1.0), ((1, 0, 1), "0-1", 1.0)],
)  # fmt: skip
def test_a_scale_that_is_not_sure_is_a_doubt_and_an_answer_ends_it(read, values, likeliest, first):
    links = read(survey(*values))
    (doubt,) = links.doubts
    assert (doubt.code, doubt.column, doubt.answers[0].option, doubt.answers[0].value) == ("trust", "trust", "trust", likeliest)
    assert links.rows[0][3] == pytest.approx(first)
    again = read(survey(*values), trust=likeliest)
    assert not again.doubts and [row[3] for row in again.rows] == [row[3] for row in links.rows]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [(survey(0.5, 1, 0), [0.5, 1, 0]), (survey("0,25", "0,5", separator=";"), [0.25, 0.5]),
     (survey("80%", "35 %", "100%"), [0.8, 0.35, 1]), (survey(80, 35, heading="confianza %"), [0.8, 0.35]),
     (survey(0.71, 0.5, 1.7), [0.71, 0.5, None])],
)  # fmt: skip
def test_a_scale_that_is_sure_is_none(read, text, read_as):
    links = read(text)
    assert not links.doubts
    assert [None if math.isnan(row[3]) else row[3] for row in links.rows] == pytest.approx(read_as)


def test_what_is_not_on_the_stated_scale_is_told(read):
    links = read(survey(1, 3, 9), trust="1-5")
    assert math.isnan(links.rows[2][3]) and [(code, found) for *_ends, code, found in links.remarks] == [("scale", "9")]


# --- anything else ------------------------------------------------------------------------------------------------------


def test_changed_network_files_give_ties_or_one_sentence(read, tmp_path):
    seeds = [survey(1, 2, 3).encode(), b"id,P0,P1,P2\nP0,,comercial,\nP1,1,,0\nP2,,,\n",
             b'*Vertices 3\n1 "P0"\n2 "P1"\n3 "P2"\n*Arcs\n1 2 1\n*Edges\n2 3 4\n*Matrix\n0 1\n1 0\n']  # fmt: skip
    for form in ("graphml", "gexf", "gml"):
        getattr(nx, f"write_{form}")(graph(True), tmp_path / "seed")
        seeds.append((tmp_path / "seed").read_bytes())
    draw, whole = random.Random(3), 0
    for _case in range(400):
        content = bytearray(draw.choice(seeds))
        for _ in range(draw.choice((1, 2, 5))):
            at = draw.randrange(len(content) + 1)
            if draw.random() < 0.5:
                content[at : at + draw.choice((1, 8, 60))] = draw.choice(
                    (b"", b"[", b"<", b">", b'"', b"*", b"\xff", b"P0", b"\n")
                )
            else:
                content[at:at] = bytes(draw.choice(seeds))[: draw.randrange(60)]
        try:
            whole += bool(read(bytes(content), "t").rows)
        except InputError as refused:
            assert refused.message
    assert 40 < whole < 390
