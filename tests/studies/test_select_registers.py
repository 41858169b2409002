"""Choosing among activities of a register as an office gives it: the same reader and answers, names, ties of rank, few firms."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from clustersim import InputError
from clustersim.scenario.registers.asking import Asked
from clustersim.studies.selection.criteria import CRITERIA
from clustersim.studies.selection.from_register import Tables, measure
from clustersim.studies.selection.measures import FEW, blank, column
from clustersim.studies.selection.ranking import rank, written_rank

FILES = Path(__file__).parents[1] / "scenario" / "registers" / "files"
EQUAL = dict.fromkeys(CRITERIA, 1.0)
FIRMS = "id;ciiu;empleados;ventas;estado\n" + "".join(
    f"{k};{('1410', '1511', '1520')[k % 3]};{10 + k};{(10 + k) * 30000};{'CANCELADO' if k == 5 else 'ACTIVO'}\n"
    for k in range(1, 37)
)


@pytest.fixture
def firms(tmp_path, monkeypatch):
    """Write a register into an empty working folder."""
    monkeypatch.chdir(tmp_path)
    path = Path("firms.csv")
    path.write_text(FIRMS, encoding="utf-8")
    return path


def test_codes_have_names_and_closed_firms_do_not_count(call, firms):
    code, out, _ = call("select", firms)
    assert code == 0 and "1511 leather and footwear" in out and "1410 clothing" in out
    code, out, _ = call("select", firms, "--json", "--lang", "es")
    said = {c["candidate"]: c for c in json.loads(out)["candidates"]}
    assert said["1520"]["name"] == "leather and footwear" and said["1520"]["nombre"] != said["1520"]["name"]
    assert said["1520"]["criteria"]["critical_mass"]["value"] == 11, "firm 5 is closed"
    kept = {c["candidate"]: c for c in json.loads(call("select", firms, "--json", "--closed", "keep")[1])["candidates"]}
    assert kept["1520"]["criteria"]["critical_mass"]["value"] == 12


def test_a_doubt_stops_the_choice_as_it_stops_the_making(call, firms):
    firms.write_text(FIRMS.replace("ventas", "ventas en pesos"), encoding="utf-8")
    code, out, err = call("select", firms)
    assert code == 2 and out == "" and "pesos" in err and "--currency" in err and "--rate" in err
    assert [path.name for path in Path().iterdir()] == ["firms.csv"]
    code, out, _ = call("select", firms, "--currency", "MXN", "--rate", "20", "--json")
    assert code == 0
    with pytest.raises(InputError, match="pesos"):
        measure(firms, Tables())
    with pytest.raises(InputError, match="pesos"):
        measure(Path(FILES / "denue.csv"), Tables(before=firms))
    found = measure(firms, Tables(), Asked(currency="MXN", rate=20.0))
    assert np.isfinite(found.median()[:, column("economic_weight")]).all()


def test_a_total_row_is_no_candidate(call, firms):
    people = sum(10 + k for k in range(1, 37))
    firms.write_text(FIRMS + f"TOTAL;;{people};{people * 30000};\nSubtotal;Suma;{people};;\n", encoding="utf-8")
    code, out, _ = call("select", firms, "--json")
    assert code == 0 and sorted(c["candidate"] for c in json.loads(out)["candidates"]) == ["1410", "1511", "1520"]


def test_candidates_of_few_firms_are_marked(call, firms):
    firms.write_text(FIRMS + "98;3100;50;900000;ACTIVO\n99;3100;50;900000;ACTIVO\n", encoding="utf-8")
    code, out, _ = call("select", firms, "--out", "chosen")
    assert code == 0 and "3100 furniture*" in " ".join(out.split())
    assert f"fewer than {FEW} firms and is marked with a star" in out
    rows = {row["candidate"]: row for row in csv.DictReader(Path("chosen/selection.csv").open(encoding="utf-8"))}
    assert (rows["3100"]["uncertain"], rows["1410"]["uncertain"]) == ("1", "0")


def test_equal_scores_share_a_rank():
    found = blank(["a", "b", "c", "d"], 1, False)
    found.values[0, :, column("employment")] = [5.0, 9.0, 5.0, 1.0]
    ranking = rank(found, EQUAL)
    assert ranking.place.tolist() == [2, 1, 2, 4] and ranking.tied.tolist() == [True, False, True, False]
    assert [written_rank(ranking, c) for c in ranking.order] == ["1", "2=", "2=", "4"]
    assert ranking.low.tolist() == ranking.high.tolist() == [2.0, 1.0, 2.0, 4.0]
    # What differs only by how sums are rounded is equal.
    found.values[0, :, column("exports")] = np.array([0.1 + 0.2, 0.9, 0.3, 0.1])
    assert rank(found, EQUAL).place.tolist() == [2, 1, 2, 4]


def test_equal_ranks_are_shown_and_written(call, firms):
    firms.write_text("id,activity,employees\n1,x,3\n2,y,3\n3,z,5\n", encoding="utf-8")
    code, out, _ = call("select", firms, "--out", "chosen")
    assert code == 0 and "2=" in out and "share a rank" in out
    rows = list(csv.DictReader(Path("chosen/selection.csv").open(encoding="utf-8")))
    assert [(row["rank"], row["tied"]) for row in rows] == [("1", "0"), ("2", "1"), ("2", "1")]


@pytest.mark.parametrize(("nation", "codes"), [("eurostat_sbs", ("C14", "C15")), ("county_business_patterns", ("315", "316"))])
def test_a_nations_table_is_read_as_its_office_publishes_it(firms, nation, codes):
    one, two = codes
    firms.write_text(
        "id,activity,employees\n" + "".join(f"{k},{one if k < 10 else two},10\n" for k in range(40)), encoding="utf-8"
    )
    path = FILES / f"{nation}.csv"
    found = measure(firms, Tables(nation=path))
    quotient = dict(zip(found.candidates, found.median()[:, column("geographic_concentration")].tolist(), strict=True))
    assert found.used["geographic_concentration"] == "computed" and np.isfinite(list(quotient.values())).all()
    theirs = {"eurostat_sbs": {"C14": 36000, "C15": 32400}, "county_business_patterns": {"315": 1800, "316": 1200}}[nation]
    whole = {"eurostat_sbs": 36000 + 32400 + 99000}.get(nation)
    if whole:
        assert quotient["C14"] == pytest.approx(0.25 / (theirs["C14"] / whole))
        assert ("nation_money", {"n": 1, "column": "sales"}) in found.notes
    ratio = quotient[one] / quotient[two]
    assert ratio == pytest.approx((10 / 30) / (theirs[one] / theirs[two]))
