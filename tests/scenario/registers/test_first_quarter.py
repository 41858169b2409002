"""The first recorded quarter is the register as the office gave it: classes of size, another currency, closed firms, ties."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from clustersim import make_scenario, simulate

RATE = 17.5
CLASSES = {"0 a 5 personas": (1, 5), "6 a 10 personas": (6, 10), "31 a 50 personas": (31, 50), "251 y más personas": (251, 10**9)}
SEGMENTS = {"1511": "leather", "1520": "shoes"}


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Return what the office wrote of each firm, the document of what was made, and a run with records."""
    folder = tmp_path_factory.mktemp("place")
    draw, rows = random.Random(3), []
    for k in range(90):
        size = draw.choices(list(CLASSES), (5, 4, 2, 1))[0]
        sales = round(CLASSES[size][0] * draw.uniform(400_000, 900_000), 2)
        exports = draw.choice((0, round(0.25 * sales, 2)))
        rows.append([f"0{k:03d}", draw.choice(list(SEGMENTS)), size, f"{sales:.2f}".replace(".", ","),
            f"{exports:.2f}".replace(".", ","),
                     draw.choice(("sí", "no")), draw.choice(("ACTIVO", "ACTIVO", "ACTIVO", "CANCELADO")),
                     str(draw.randint(1970, 2022))])  # fmt: skip
    head = ["RUC", "CIIU", "Personal ocupado", "Ventas (pesos mexicanos)", "Exportaciones (pesos mexicanos)", "Certificada",
        "Estado",
            "Año fundación"]  # fmt: skip
    text = "\r\n".join(
        ";".join(row) for row in [head, *rows, ["TOTAL", "", "", "", "", "", "", ""], ["Fuente: invención propia"]]
    )
    (folder / "firmas.csv").write_bytes(text.encode("cp1252"))
    (folder / "mapa.csv").write_text("ciiu,segmento,cluster\n1511,leather,zapatos\n1520,shoes,zapatos\n")
    alive = [row for row in rows if row[6] == "ACTIVO"]
    pairs = sorted({tuple(sorted(draw.sample([row[0] for row in alive], 2))) for _ in range(80)})
    levels = [draw.choice(("proveedor", "I+D", "intercambio")) for _ in pairs]
    lines = [f"{a},{b},{level},{draw.randint(1, 5)}" for (a, b), level in zip(pairs, levels, strict=True)]
    (folder / "ties.csv").write_text("\n".join(["a,b,nivel,confianza", *lines]))
    _plan, document = make_scenario(
        folder / "firmas.csv", folder / "place.yaml", ties=folder / "ties.csv", activity_map=folder / "mapa.csv", currency="MXN",
        rate=RATE, trust="1-5",
    )  # fmt: skip
    result = simulate(document["files"]["scenario"], years=0.5, replicates=2, records=("firms", "ties"))
    return alive, document, result, Counter(levels)


def amount(cell):
    return float(cell.replace(",", ".")) / RATE / 1000.0


def test_each_firm_stands_in_it_with_what_the_office_wrote(begun):
    alive, document, result, _levels = begun
    there = result.firms[result.firms["quarter"] == 0].merge(result.register[["firm", "id"]], on="firm")
    for _replicate, firms in there.groupby("replicate"):
        found = firms.set_index("id")
        assert sorted(found.index) == sorted(row[0] for row in alive), "closed firms, totals and notes are no firms"
        for id_, code, size, sales, exports, certified, _status, year in alive:
            own = found.loc[id_]
            low, high = CLASSES[size]
            assert low <= own["employees"] <= high and own["employees"] == int(own["employees"])
            assert own["sales"] == pytest.approx(amount(sales) / 4.0, abs=1e-6) and own["segment"] == SEGMENTS[code]
            assert own["exports"] == pytest.approx(amount(exports) / 4.0, abs=1e-6)
            assert own["certified"] == (certified == "sí") and (own["kind"] == "tractor") == (low > 250)
            assert 0.0 <= int(document["decisions"]["start_year"]) - int(year) - own["age"] <= 1.0, "founded in that year"


def test_sums_by_segment_are_those_of_the_office(begun):
    alive, document, result, levels = begun
    first = result.firms[(result.firms["quarter"] == 0) & (result.firms["replicate"] == 0)]
    for code, segment in SEGMENTS.items():
        own = [row for row in alive if row[1] == code]
        firms = first[first["segment"] == segment]
        assert len(firms) == len(own)
        assert 4.0 * firms["sales"].sum() == pytest.approx(sum(amount(row[3]) for row in own), rel=1e-8)
        assert 4.0 * firms["exports"].sum() == pytest.approx(sum(amount(row[4]) for row in own), rel=1e-8)
        assert firms["certified"].sum() == sum(row[5] == "sí" for row in own)
    assert first["employees"].sum() == document["clusters"][0]["jobs_known"]
    assert document["drawn_inside"] == {"employees": len(alive)} and document["drawn"]["employees"] == 0
    ties = result.ties[(result.ties["quarter"] == 0) & (result.ties["replicate"] == 0)]
    firms = set(first["firm"])
    between = ties[ties["a"].isin(firms) & ties["b"].isin(firms)]
    said = {"proveedor": "commercial", "I+D": "strategic", "intercambio": "information"}
    assert Counter(between["level"].astype(str)) == Counter({said[word]: count for word, count in levels.items()})


def test_the_draw_inside_a_class_is_the_same_in_each_replicate(begun):
    first = begun[2].firms[begun[2].firms["quarter"] == 0]
    assert (first.groupby("firm")["employees"].nunique() == 1).all()
