"""From a register of firms to a scenario: how files are read, what is said of each row, and that runs begin with the table."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
import yaml

from clustersim.core.words import said_in, speaking
from clustersim.model.indicators import INDICATORS
from clustersim.model.parameters import PARAMETERS
from clustersim.model.state import LEVELS, SME, TRACTOR
from clustersim.results import read_run, simulate
from clustersim.results.reading import live_ties
from clustersim.scenario.loading import load_scenario, problems, resolved
from clustersim.scenario.registers.building import build
from clustersim.scenario.registers.columns import COLUMNS, meaning, plain
from clustersim.scenario.registers.numerals import evidence, read_numbers
from clustersim.scenario.registers.report import report_rows
from clustersim.simulation.engine import Simulation
from language_cases import left_in_english, listed, told

EXAMPLE = Path(__file__).parents[2] / "examples" / "footwear"
SPANISH = (
    "RUC;Razón social;Municipio;Actividad;Empleados;Año fundación;Ventas (USD);Exportaciones USD;Certificada;Latitud;Longitud\n"
    "1;Añil SA;Ambato;C1520;12;1998;125.400,50;0;Sí;-1,249;-78,61\n"
    "2;Cuero;Cevallos;C1511;1.250;2005-03-01;25.400.000,00;1.000.000;no;-1,35;-78,62\n"
    "3;Suela;Cevallos;C1520;0;s/f;0;;tal vez;;\n"
    ";Sin número;Cevallos;C1511;3;;;;;;\n"
    "\n"
    "4;Otra;Ambato;C1520;3;2030;1000;5000;1;0;0\n"
    "5;Sobra;Ambato;C1520;3;2001;1000;0;1;0;0;7\n"
)


@pytest.fixture
def made(call, tmp_path):
    """Write a register, build its scenario; returns the build's document."""

    def _made(text, *options, name="firms.csv", coding="utf-8"):
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode(coding))
        code, out, err = call("scenario", "from-firms", name, "--json", "--force", *options)
        assert code == 0, err
        return json.loads(out)

    return _made


def test_money_that_no_number_holds_is_a_remark_and_no_warning_of_pythons(made):
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        found = made("id,name,employees,sales\n1,A,3,1e308\n2,B,40,999\n")
    assert found["drawn"]["sales"] == 1 and ("out_of_range", "1e308") in [(one["code"], one["example"]) for one in found["notes"]]


def rows_of(path):
    """Return the rows of a CSV file as mappings."""
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# --- the run begins with the table --------------------------------------------------------------------------------


def first_state(scenario, replicate=0):
    """Return the first state and, by firm identity, the row of each listed firm."""
    from clustersim.scenario.listing import firm_uid, listing_of

    simulation = Simulation(scenario, replicates=[replicate])
    actors = simulation.state.actors
    row = {int(uid): k for k, uid in enumerate(actors.uid) if actors.kind[k] >= TRACTOR}
    where = {}
    for spec in scenario.place.clusters:
        where |= {id_: row.pop(firm_uid(id_)) for id_ in listing_of(spec).texts["id"]}
    assert not row, "there are firms that the table does not list"
    return simulation.state, where


@pytest.mark.parametrize("coding", ["utf-8", "latin-1", "utf-8-sig", "utf-16"])
def test_the_first_state_reproduces_the_table(made, coding):
    made(SPANISH, coding=coding)
    scenario = load_scenario("firms.yaml")
    state, where = first_state(scenario)
    actors, (cluster,) = state.actors, scenario.place.clusters
    listed = rows_of("firms_firms.csv")
    assert [row["id"] for row in listed] == ["1", "2", "3", "4"] and len(where) == 4
    for row in listed:
        k = where[row["id"]]
        assert actors.kind[k] == (TRACTOR if row["tractor"] == "1" else SME)
        for name, scale in (("employees", 1.0), ("sales", 0.25), ("exports", 0.25), ("x", 1.0), ("y", 1.0), ("certified", 1.0)):
            if row[name]:
                assert getattr(actors, name)[k] == pytest.approx(scale * float(row[name]), rel=1e-12), (row["id"], name)
            else:
                assert np.isfinite(getattr(actors, name)[k])
        if row["year"]:
            assert int(np.floor(scenario.horizon.start_year + actors.born[k] / 4.0)) == int(row["year"])
        if row["segment"]:
            assert cluster.segments[actors.segment[k]] == row["segment"]
    assert [row["employees"] for row in listed] == ["12", "1250", "1", "3"]
    assert [row["sales"] for row in listed] == ["125.4005", "25400", "", "1"]
    assert cluster.tractors == 1 and cluster.smes == 3
    books = state.clusters[0]
    assert books.employment_start == pytest.approx(sum(actors.employees[k] for k in where.values()))


def test_a_firm_keeps_its_draws_whatever_else_is_listed(made):
    text = "id,employees,sales\n" + "".join(f"F{k},{5 + k},\n" for k in range(30))
    drawn = {}
    for name, rows in (("all", text), ("few", "\n".join(text.splitlines()[:4]) + "\nZ,99,\n")):
        made(rows, name=f"{name}.csv")
        state, where = first_state(load_scenario(f"{name}.yaml"))
        drawn[name] = {
            id_: (state.actors.knowledge[k], state.actors.technology[k], state.actors.born[k]) for id_, k in where.items()
        }
    assert set(drawn["all"]) & set(drawn["few"]) == {"F0", "F1", "F2"}
    for id_ in ("F0", "F1", "F2"):
        assert drawn["all"][id_][1:] == drawn["few"][id_][1:]
        # What the place adds to all of its firms depends on how many they are; how a firm differs from another does not.
        apart = [some[id_][0] - some["F0"][0] for some in drawn.values()]
        assert apart[0] == pytest.approx(apart[1], abs=1e-12)


def test_what_is_missing_is_drawn_anew_in_each_replicate_and_what_is_known_is_not(made):
    made("id,employees\n" + "".join(f"F{k},{5 + k if k % 2 else ''}\n" for k in range(40)))
    scenario = load_scenario("firms.yaml")
    (one, where), (two, other) = first_state(scenario, 0), first_state(scenario, 1)
    same = [one.actors.employees[where[f"F{k}"]] == two.actors.employees[other[f"F{k}"]] for k in range(40)]
    assert same == [k % 2 == 1 for k in range(40)]


def test_sales_without_employees_give_employees_that_fit(made):
    made("id,employees,sales_kusd\nA,10,800\nB,,80000\n")
    state, where = first_state(load_scenario("firms.yaml"))
    assert state.actors.sales[where["B"]] == 20000.0
    assert state.actors.employees[where["B"]] > 20 * state.actors.employees[where["A"]]


def test_ids_are_kept_to_the_end(made, tmp_path):
    made("id,employees,segmento\nR-001,10,a\n0002,300,a\n", "--ignore", "segmento")
    result = simulate("firms.yaml", years=1, replicates=2, records=("firms",))
    register = result.register
    assert set(register["id"]) == {"R-001", "0002"}
    first = result.firms[result.firms["firm"].isin(register["firm"])]
    assert set(first["firm"]) == set(register["firm"])
    from clustersim.results import write_result

    again = read_run(write_result(result, tmp_path / "kept"))
    assert again.register["id"].tolist() == register["id"].tolist()
    (tmp_path / "firms_firms.csv").unlink()
    assert Simulation(again.scenario).state.actors.uid.tolist() == Simulation(again.scenario).state.actors.uid.tolist()
    assert not re.search(re.escape(str(tmp_path)), (tmp_path / "kept" / "run.json").read_text())


def test_listed_firms_do_not_depend_on_threads_or_company(made):
    made(SPANISH)
    scenario = load_scenario("firms.yaml")
    alone = Simulation(scenario, replicates=[3], workers=1)
    beside = Simulation(scenario, replicates=[1, 3], workers=2)
    a, b = alone.advance(8).indicators, beside.advance(8).indicators
    np.testing.assert_array_equal(a[:, 0], b[:, 1])


# --- ties ---------------------------------------------------------------------------------------------------------

TIES = "Empresa A;Empresa B;Tipo;Confianza\n1;2;proveedor;0,71\n2;1;I+D;\n3;1;amigos;1,7\n4;9;cliente;0,5\n4;4;cliente;0,5\n"


def test_ties_are_there_at_the_start_and_the_rest_is_reported(made, tmp_path):
    (tmp_path / "ties.csv").write_bytes(TIES.encode("latin-1"))
    said = made(SPANISH, "--ties", "ties.csv")
    assert said["ties"] == {"rows": 5, "ties": 2, "not_used": 2, "remarks": 5, "columns_not_used": []}
    scenario = load_scenario("firms.yaml")
    state, where = first_state(scenario)
    rows, _ = live_ties(state)
    found = {frozenset((int(state.ties.a[t]), int(state.ties.b[t]))): t for t in rows}
    tie = found[frozenset((where["1"], where["2"]))]
    assert LEVELS[state.ties.level[tie]] == "strategic", "the higher level of the two rows counts"
    assert state.ties.trust_ab[tie] == state.ties.trust_ba[tie] == 0.71
    tie = found[frozenset((where["3"], where["1"]))]
    assert LEVELS[state.ties.level[tie]] == "acquaintance"
    assert state.ties.trust_ab[tie] == state.actors.climate[state.ties.a[tie]]
    report = (tmp_path / "firms_ties_report.csv").read_text()
    for words in ("'9' is not a firm", "no tie with itself", "'amigos' is not a level", "trust '1,7'", "joined with line 2"):
        assert words in report
    alone = load_scenario("firms.yaml", ["parameters.population.history=0"])
    state, _ = first_state(alone)
    assert state.clusters[0].tie_count == 2


def test_trust_keeps_its_direction(made, tmp_path):
    (tmp_path / "t.csv").write_text("a,b,level,trust_ab,trust_ba\nB,A,commercial,0.9,0.2\n")
    made("id,employees,activity\nA,300,x\nB,10,y\n", "--ties", "t.csv")
    state, where = first_state(load_scenario("firms.yaml"))
    rows, _ = live_ties(state)
    (tie,) = [t for t in rows if {int(state.ties.a[t]), int(state.ties.b[t])} == {where["A"], where["B"]}]
    of_b = state.ties.trust_ab[tie] if state.ties.a[tie] == where["B"] else state.ties.trust_ba[tie]
    assert of_b == 0.9


# --- clusters, segments, places -----------------------------------------------------------------------------------


def test_a_map_gives_clusters_and_segments_and_leaves_the_rest_out_by_name(made, tmp_path):
    (tmp_path / "map.csv").write_text(
        "actividad;segmento;cluster\nC1511*;curtido;Cuero Norte\nC1520.02;moda;Moda\nC1520*;calzado;Cuero Norte\n"
    )
    text = "id,activity,employees\nA,C1511.9,5\nB,C1520.01,6\nC,C1520.02,7\nD,G47,8\nE,,9\n"
    said = made(text, "--activity-map", "map.csv")
    assert [(c["name"], c["smes"], c["segments"]) for c in said["clusters"]] == [
        ("cuero_norte", 2, ["curtido", "calzado"]), ("moda", 1, ["moda"]),
    ]  # fmt: skip
    report = {row["id"]: row for row in rows_of("firms_report.csv")}
    assert report["D"]["used"] == "no" and "'G47' is not in the activity map" in report["D"]["remarks"]
    assert report["E"]["used"] == "no" and "without activity" in report["E"]["remarks"]
    assert report["C"]["segment"] == "moda", "the longest beginning counts"
    assert {c.name for c in load_scenario("firms.yaml").place.clusters} == {"cuero_norte", "moda"}


def test_more_activities_than_segments_are_grouped_and_said(made):
    text = "id,activity\n" + "".join(f"F{k},A{k % 12:02d}\n" for k in range(60)) + "G,A00\n"
    said = made(text)
    (cluster,) = said["clusters"]
    assert len(cluster["segments"]) == 8 and cluster["segments"][-1] == "other" and len(cluster["grouped"]) == 5
    assert sum("grouped" in row["remarks"] for row in rows_of("firms_report.csv")) == 25


def test_activities_that_look_like_numbers_stay_what_they_are(made):
    said = made("id,activity\nA,0891\nB,1e3\nC,no\nD,1511\nE,-\n")
    assert set(load_scenario("firms.yaml").place.clusters[0].segments) == {"0891", "1e3", "no", "1511"}, "- stands for nothing"
    assert said["clusters"][0]["grouped"] == []


def test_each_municipality_can_be_a_cluster(made):
    said = made("id,municipality,employees\nA,São João,5\nB,San José,6\nC,san jose!,7\nD,,7\n", "--by-municipality")
    assert [c["name"] for c in said["clusters"]] == ["sao_joao", "san_jose", "san_jose_2"]
    assert said["firms"] == 3


def test_spellings_of_one_municipality_or_activity_are_one_and_it_is_said(made):
    said = made("id,municipality,activity,employees\nA,AMBATO,c15,5\nB,Ambato,C15,6\nC,Ámbato,C15,7\nD,Ambato,C1 5,8\n"
                "E,Quito,C15,9\n", "--by-municipality")  # fmt: skip
    found = [(c["name"], c["smes"], c["segments"]) for c in said["clusters"]]
    assert found == [("ambato", 4, ["C1 5", "C15"]), ("quito", 1, ["C15"])]
    assert {(n["column"], n["rows"], n["example"]) for n in said["notes"] if n["code"] == "respelt"} == {
        ("municipality", 2, "AMBATO"), ("activity", 1, "c15"),
    }  # fmt: skip
    assert "municipality: 'AMBATO' counts as its commonest spelling" in rows_of("firms_report.csv")[0]["remarks"]


def test_degrees_become_kilometres_and_slips_are_set_aside(made):
    text = (
        "id,municipality,lat,lon\nA,X,-1.2,-78.6\nB,X,-1.2,-78.5\nC,X,-1.3,-78.6\nD,X,,\nE,Y,,\nF,X,0,0\nG,X,78,-1.2\nH,X,120,3\n"
    )
    made(text)
    rows = {row["id"]: row for row in rows_of("firms_firms.csv")}
    a, b, c = (np.array([float(rows[k]["x"]), float(rows[k]["y"])]) for k in "ABC")
    assert np.linalg.norm(a - b) == pytest.approx(11.117, abs=0.01) and np.linalg.norm(a - c) == pytest.approx(11.12, abs=0.01)
    assert rows["D"]["x"] == rows["F"]["x"] != "" and rows["E"]["x"] == ""
    report = {row["id"]: row["remarks"] for row in rows_of("firms_report.csv")}
    assert (
        "0, 0 stands for none" in report["F"] and "km from the others" in report["G"] and "'120' is out of range" in report["H"]
    )
    assert "place" in next(row["drawn"] for row in rows_of("firms_report.csv") if row["id"] == "E")


def test_kilometres_are_taken_as_they_are_but_for_the_middle(made):
    made("id,x_km,y_km\nA,100,7\nB,103,11\nC,103,7\n")
    rows = {row["id"]: (float(row["x"]), float(row["y"])) for row in rows_of("firms_firms.csv")}
    assert rows == {"A": (-3, 0), "B": (0, 4), "C": (0, 0)}


# --- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "point", "comma", "shown"),
    [
        ("1234", 1234, 1234, ""), ("1.234", 1.234, 1234, ""), ("1,234", 1234, 1.234, ""), ("1.234,5", 1234.5, 1234.5, "comma"),
        ("1,234.5", 1234.5, 1234.5, "point"), ("1.234.567", 1234567, 1234567, "comma"), ("12,5", 12.5, 12.5, "comma"),
        ("0,123", 0.123, 0.123, "comma"), ("1234,567", 1234.567, 1234.567, "comma"), ("-3", -3, -3, ""),
        ("$ 1 200", 1200, 1200, ""),
        ("1e6", 1e6, 1e6, ""), ("12 345,6 USD", 12345.6, 12345.6, "comma"), ("45%", 45, 45, ""), ("n/d", None, None, ""),
        ("1.23.4", None, None, ""), ("12a", None, None, ""), ("9" * 400, None, None, ""), ("", None, None, ""),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(cell, point, comma, shown):
    cells = np.array([cell], object)
    assert evidence(cells) == shown
    for sign, value in (("point", point), ("comma", comma)):
        read = read_numbers(cells, sign)
        assert np.isnan(read.values[0]) if value is None else read.values[0] == value, sign
        assert read.bad[0] == (value is None and cell != "")


def test_what_an_unclear_number_means_is_taken_from_the_file_and_said(made, call):
    said = made("id;empleados;ventas\nA;5;1.234\nB;6;2.500\n")
    assert said["decisions"]["decimal"] == "comma" and said["decisions"]["decimal_by"] == "separator"
    assert said["decisions"]["unclear_sales"] == "2: 1.234 = 1234"
    assert [row["sales"] for row in rows_of("firms_firms.csv")] == ["1.234", "2.5"], "in kUSD"
    made("id;empleados;ventas\nA;5;1.234\nB;6;2.50\n")
    assert [row["sales"] for row in rows_of("firms_firms.csv")] == ["0.001234", "0.0025"]
    made('id,employees,sales\nA,5,"1,234"\n', "--decimal", "comma", "--money", "kusd")
    assert rows_of("firms_firms.csv")[0]["sales"] == "1.234"
    said = made("id;ventas_kusd\nA;1.234\nB;2.5\nC;3,5\n")
    assert [row["sales"] for row in rows_of("firms_firms.csv")] == ["", "2.5", "3.5"]
    assert "two ways" in rows_of("firms_report.csv")[0]["remarks"]


def test_units_of_money_are_taken_from_headings_or_told(made):
    for heading, option, sales in (
        ("ventas", (), "0.1"),
        ("Ventas (miles USD)", (), "100"),
        ("ventas", ("--money", "musd"), "100000"),
    ):
        made(f"id;{heading}\nA;100\n", *option)
        assert rows_of("firms_firms.csv")[0]["sales"] == sales


def test_exports_may_be_a_share(made):
    said = made("id,sales_kusd,export_share\nA,100,45\nB,200,0\nC,,10\n")
    assert said["decisions"]["export_share"] == "percent"
    assert [row["exports"] for row in rows_of("firms_firms.csv")] == ["45", "0", ""]
    assert "without sales" in rows_of("firms_report.csv")[2]["remarks"]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_heading_means_one_column(name):
    for word in COLUMNS[name].names:
        assert meaning(word.upper().replace("_", " "), COLUMNS)[0] == name
        assert plain(word) == word
    spanish = said_in("es", COLUMNS[name].label)
    assert meaning(spanish, COLUMNS)[0] == name or name in ("export_share", "willing", "foreign", "tractor")


def test_columns_come_in_any_order_and_what_means_nothing_is_said(made):
    said = made("Teléfono\tEMPLEADOS\tid empresa\n3\t7\tA\n")
    assert said["columns"] == {"employees": "EMPLEADOS", "id": "id empresa"} and said["columns_not_used"] == ["Teléfono"]
    assert said["drawn"] == {"segment": 1, "employees": 0, "sales": 1, "exports": 1, "year": 1, "certified": 1, "place": 1}


def test_of_two_columns_with_one_meaning_the_usual_heading_is_read_and_the_other_named(made, call):
    said = made("Jobs,id,empleados,staff\n7,A,3,9\n")
    assert said["columns"] == {"id": "id", "employees": "empleados"} and said["columns_not_used"] == []
    assert said["columns_also"] == ["Jobs", "staff"]
    assert [row["employees"] for row in rows_of("firms_firms.csv")] == ["3"]
    code, out, _ = call("scenario", "from-firms", "firms.csv", "--force")
    assert code == 0 and "not read, because another one of the same meaning is: Jobs, staff" in out


# --- reports ------------------------------------------------------------------------------------------------------


def test_every_row_is_in_the_report_in_both_languages(tmp_path):
    (tmp_path / "f.csv").write_text(SPANISH, encoding="utf-8")
    found = build(tmp_path / "f.csv")
    english = list(report_rows(found))
    with speaking("es"):
        spanish = list(report_rows(found))
    lines = len(SPANISH.splitlines()) - 1
    assert len(english) - 1 == len(spanish) - 1 == lines
    assert [row[0] for row in english[1:]] == [row[0] for row in spanish[1:]] == list(range(2, lines + 2))
    by_line = {row[0]: row for row in english[1:]}
    assert by_line[5][2] == "no" and "no id" in by_line[5][6]
    assert by_line[6][6] == "blank row"
    assert by_line[8][2] == "no" and "more cells than the header" in by_line[8][6]
    assert "sales of 0" in by_line[4][6] and "'s/f' is not a year" in by_line[4][6] and "neither yes nor no" in by_line[4][6]
    assert by_line[4][5] == "sales, exports, year founded, certified"
    assert "above sales" in by_line[7][6] and "'2030' is not a year up to 2006" in by_line[7][6]
    assert "supera las ventas" in next(row for row in spanish[1:] if row[0] == 7)[6]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_summary_says_what_was_done(call, tmp_path, lang):
    (tmp_path / "f.csv").write_text(SPANISH, encoding="latin-1")
    code, out, err = call("scenario", "from-firms", "f.csv", "--lang", lang)
    assert code == 0 and err == ""
    for words in {"en": ("6 rows, 4 firms used, 2 rows not used, 1 blank", "Latin-1, semicolon", "Drawn by the model"),
                  "es": ("6 filas, 4 empresas usadas", "Latin-1, punto y coma", "Sorteado por el modelo")}[lang]:  # fmt: skip
        assert words in out
    assert "clustersim run f.yaml" in out
    assert problems("f.yaml") == []


def test_the_scenario_cites_where_its_values_come_from(made):
    made("id,employees,sales_kusd,exports_kusd\n" + "".join(f"F{k},{k + 2},{20 * (k + 2)},{k}\n" for k in range(40)))
    about, gap = resolved("firms.yaml"), PARAMETERS["population"]["knowledge_gap"].default
    assert about["values"]["parameters"]["population"]["output"] == pytest.approx(5.0 * np.exp(gap), rel=0.001)
    assert "median sales per employee of 40 firms" in about["sources"]["parameters.population.output"]
    assert about["values"]["place"]["clusters"][0]["size_median"] == 21.5
    for key, origin in about["origins"].items():
        cited = any(key.startswith(source) for source in about["sources"])
        assert origin == "default" or cited or key == "title" or origin.endswith("firms_firms.csv") or ".firms." in key, key
    assert about["origins"]["place.clusters[0].smes"].endswith("firms_firms.csv")


def test_another_scenarios_programme_can_be_taken_over(made, tmp_path):
    made(SPANISH, "--extends", "designed", "--out", "deep/mine.yaml")
    assert load_scenario("deep/mine.yaml").programme == load_scenario("designed").programme
    assert yaml.safe_load((tmp_path / "deep" / "mine.yaml").read_text())["extends"] == "designed"
    made(SPANISH, "--extends", "deep/mine.yaml", "--out", "other.yaml")
    assert yaml.safe_load((tmp_path / "other.yaml").read_text())["extends"] == "deep/mine.yaml"


# --- bad files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("firm id number,employees\nA,3\n", (), "has no column 'id'"),
        ("code,employees\nA,3\n", (), "Its columns: code, employees. Headings that mean it: id, firm_id"),
        ("identificadr,empleados\nA,3\n", (), "Did you mean 'identificador'?"),
        ("id,emplados\nA,3\n", (), "Did you mean 'empleados'? Rename it, or leave it out with --ignore emplados"),
        ("id,employees\nA,3\nB,4\nA,5\n", (), "firms.csv:4: id: 'A' stands in lines 2 and 4"),
        ("id,employees\n1.79E+12,3\n1.79E+12,4\n", (), "A spreadsheet has rounded it"),
        ("id,employees\nA,-3\n", (), "firms.csv:2: employees: found '-3', which is negative"),
        ("id;ventas\nA;-1.000,5\n", (), "firms.csv:2: ventas: found '-1.000,5', which is negative"),
        ("id,employees\n" + "A" * 61 + ",3\n", (), "at most 60 printable characters"),
        ("", (), "is empty"),
        ("id\nA\n", (), "single column"),
        ("id,employees\n", (), "a header but no rows"),
        ("id,employees\n,3\n", (), "names no firm that could be used"),
        ('id,name,employees\nA,"El Rey,3\nB,"Reina",4\nC,x,5\n', (), "firms.csv:2: a quotation mark is not closed"),
        (b"PK\x03\x04 zip", (), "is a workbook or an archive"),
        (b"id,a\n\x00\x01,2\n", (), "zero bytes"),
        (b"id,a\n\x81\x8d,2\n", (), "neither UTF-8 nor Latin-1"),
        ("id,employees\nA,3\n", ("--by-municipality",), "has no column 'municipality'"),
        ("id,employees\nA,3\n", ("--activity-map", "map.csv"), "has no column 'activity' (or 'actividad')"),
        ("id,employees\nA,3\n", ("--ties", "none.csv"), "none.csv: there is no such file"),
        ("id,employees\nA,3\n", ("--extends", "organik"), "no shipped scenario has this name"),
        ("id,employees\nA,3\n", ("--out", "firms.csv"), "must end in .yaml"),
        ("id,employees\nA,3\n", ("--money", "eur"), "'eur' is not possible; allowed: usd, kusd, musd"),
        ("id,employees\nA,3\n", ("--decimal", "dot"), "'dot' is not possible; allowed: comma, point"),
        ("id,employees\nA,3\n", ("--start-year", "9"), "9 is not possible"),
        ("id,employees\nA,3\n", ("--lang", "fr"), "'fr' is not a language"),
    ],
)  # fmt: skip
def test_bad_files_are_one_clear_sentence_and_leave_nothing(call, tmp_path, monkeypatch, text, options, said):
    (tmp_path / "map.csv").write_text("activity,segment\nx,y\n")
    (tmp_path / "firms.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    code, out, err = call("scenario", "from-firms", "firms.csv", *options)
    assert code == 2 and out == "" and said in err, err
    assert len(err.splitlines()) <= 3 and "Traceback" not in err
    if err.partition(":")[0].endswith(".csv"):
        monkeypatch.setenv("CLUSTERSIM_LANG", "es")
        code, out, spanish = call("scenario", "from-firms", "firms.csv", *options)
        assert (code, out, spanish.partition(": ")[0]) == (2, "", err.partition(": ")[0])
        assert spanish != err and not left_in_english(spanish), spanish
    assert sorted(path.name for path in tmp_path.iterdir()) == ["firms.csv", "map.csv"]


def test_nothing_is_written_over(call, tmp_path):
    (tmp_path / "a.csv").write_text("id,employees\nA,3\n")
    assert call("scenario", "from-firms", "a.csv")[0] == 0
    before = (tmp_path / "a.yaml").read_bytes()
    code, _, err = call("scenario", "from-firms", "a.csv")
    assert code == 2 and "a.yaml: exists" in err and "--force" in err
    (tmp_path / "b_firms.csv").write_text("id,employees\nA,3\n")
    code, _, err = call("scenario", "from-firms", "b_firms.csv", "--out", "b.yaml", "--force")
    assert code == 2 and "would be written over" in err
    assert (tmp_path / "b_firms.csv").read_text() == "id,employees\nA,3\n" and (tmp_path / "a.yaml").read_bytes() == before


# --- tables that a scenario names ---------------------------------------------------------------------------------

PLACE = "title: T\nplace:\n  clusters:\n    - name: one\n      segments: [s]\n      firms: {table: t.csv}\n"


def write_place(tmp_path, text=PLACE, table="cluster,id,employees\none,A,3\none,B,300\n"):
    (tmp_path / "p.yaml").write_text(text)
    (tmp_path / "t.csv").write_text(table)


def refused(*overrides):
    return str(told(load_scenario, "p.yaml", overrides))


def test_a_table_written_by_hand_is_read_and_its_hash_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_place(tmp_path)
    (spec,) = load_scenario("p.yaml").place.clusters
    assert (spec.tractors, spec.smes, len(spec.firms.sha256)) == (1, 1, 64)
    write_place(tmp_path, table="cluster,id,employees\none,A,300\n")
    (spec,) = load_scenario("p.yaml").place.clusters
    assert (spec.tractors, spec.smes) == (1, 0)


@pytest.mark.parametrize(
    ("place", "table", "said"),
    [
        (PLACE.replace("t.csv", "u.csv"), None, "there is no such table"),
        (PLACE.replace("t.csv", "../t.csv"), None, "at or below the folder"),
        (PLACE.replace("t.csv", "/etc/passwd"), None, "place.clusters[0].firms.table"),
        (PLACE.replace("t.csv", "t.pkl"), None, "place.clusters[0].firms.table"),
        (PLACE.replace("t.csv}", "t.csv, sha256: " + "a" * 64 + "}"), None, "its SHA-256 is"),
        (PLACE + "      smes: 7\n", None, "p.yaml: place.clusters[0].smes: found 7, but t.csv lists 1"),
        (PLACE + "      ties: {table: v.csv}\n", None, "no such table"),
        (PLACE, "cluster,id,segment\none,A,z\n", "segment 'z'"),
        (PLACE, "cluster,id\ntwo,A\n", "lists no firm of the cluster 'one'"),
        (PLACE, "cluster,id\none,A\none ,B\n", "t.csv: cluster: found 'one '; it must be the name of a cluster"),
        (PLACE, "cluster,id\none,A\n,B\n", "t.csv: cluster: found ''; it must be the name of a cluster"),
        (PLACE, "cluster,id\none,A\nOne,B\n", "t.csv: cluster: 'One' is not a cluster of this place"),
        (PLACE, "cluster,id,employes\none,A,3\n", "Did you mean 'employees'?"),
        (PLACE, "cluster,employees\none,3\n", "t.csv: id: the column is missing"),
        (PLACE, "cluster,id,employees\none,A,0\n", "t.csv: employees: found '0'; it must be a number from above 0"),
        (PLACE, "cluster,id,employees\none,A,inf\n", "t.csv: employees: found 'inf'"),
        (PLACE, "cluster,id,employees\none,A,x\n", "t.csv: employees: found 'x'"),
        (PLACE, "cluster,id,certified\none,A,0.7\n", "t.csv: certified: found '0.7'; it must be 0 or 1 (1 with"),
        (PLACE, "cluster,id\none,A\none,A\n", "'A' stands in lines 2 and 3"),
        (PLACE, "cluster,id\none,A,B\n", "has 3 cells where the header has 2"),
    ],
)  # fmt: skip
def test_faults_of_tables_are_one_sentence(tmp_path, monkeypatch, place, table, said):
    monkeypatch.chdir(tmp_path)
    write_place(tmp_path, place, **({"table": table} if table else {}))
    assert said in re.sub(r"(\.(?:csv|yaml)):\d+:", r"\1:", refused())
    assert listed(problems, "p.yaml")


def test_a_changed_table_is_told(made, tmp_path):
    made("id,employees\nA,3\n")
    (tmp_path / "firms_firms.csv").write_text((tmp_path / "firms_firms.csv").read_text().replace(",3,", ",4,"))
    assert "is not the table that the scenario was made with" in told(load_scenario, "firms.yaml").message


# --- the example, and size ----------------------------------------------------------------------------------------


def test_the_examples_data_are_what_its_script_makes(tmp_path):
    subprocess.run([sys.executable, str(EXAMPLE / "make_data.py"), "--out", str(tmp_path)], check=True)
    for name in ("empresas.csv", "vinculos.csv", "actividades.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLE / name).read_bytes(), name


def test_the_example_runs_with_both_its_programmes(call, tmp_path):
    for name in ("empresas.csv", "vinculos.csv", "actividades.csv", "asociacion.yaml", "proveedores.yaml"):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    options = ("--ties", "vinculos.csv", "--activity-map", "actividades.csv", "--out", "calzado.yaml")
    code, out, err = call("scenario", "from-firms", "empresas.csv", *options, "--lang", "es")
    assert code == 0, err
    assert "317 empresas usadas" in out
    for name in ("calzado", "asociacion", "proveedores"):
        code, _, err = call("run", f"{name}.yaml", "--years", "1", "--replicates", "2", "--no-figures", "--records", "firms")
        assert code == 0, err
    (folder,) = (tmp_path / "results").glob("calzado-*")
    assert len(read_run(folder).register) == 317


def test_the_first_quarter_is_the_table_and_the_second_near_it(tmp_path, call):
    for name in ("empresas.csv", "vinculos.csv", "actividades.csv"):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    assert call("scenario", "from-firms", "empresas.csv", "--activity-map", "actividades.csv", "--ties", "vinculos.csv")[0] == 0
    simulation = Simulation(load_scenario("empresas.yaml"), replicates=range(4))
    state = simulation.state
    before = [
        (state.actors.employees[c.firms : c.last].sum(), state.actors.sales[c.firms : c.last].sum()) for c in state.clusters
    ]  # fmt: skip
    first, second = simulation.advance(2).indicators
    names = list(INDICATORS)
    for (employees, sales), at_once, after in zip(before, first, second, strict=True):
        assert at_once[names.index("employment")] == pytest.approx(employees, rel=1e-14)
        assert at_once[names.index("sales")] == pytest.approx(sales, rel=1e-14)
        assert after[names.index("employment")] == pytest.approx(employees, rel=0.05)
        assert after[names.index("sales")] == pytest.approx(sales, rel=0.15)


@pytest.mark.slow
def test_two_hundred_thousand_rows_take_as_long_as_reading_them_sixty_times(call, tmp_path):
    """At most; 12.8 s where the bare reading takes half a second."""
    draw = np.random.default_rng(1)
    employees = np.maximum(1, np.exp(1.8 + 1.1 * draw.normal(size=200_000)).astype(int))
    with (tmp_path / "big.csv").open("w", encoding="latin-1") as stream:
        stream.write("RUC;Razón social;Cantón;Actividad;Empleados;Año fundación;Ventas USD;Latitud;Longitud\n")
        for k, count in enumerate(employees):
            stream.write(
                f"{k:07d};Ñ {k};Canton {k % 9};C{k % 30};{count};{1980 + k % 44};{count}.000,50;-1,{k % 999:03d};-78,6\n"
            )
    clock = time.process_time  # one thread does the work; the machine may do other things beside it
    began = clock()
    with (tmp_path / "big.csv").open(encoding="latin-1", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    sales = sum(float(row[6].replace(".", "").replace(",", ".")) for row in rows[1:])
    bare = clock() - began
    assert sales == pytest.approx(1000.0 * employees.sum() + 0.5 * 200_000)
    began = clock()
    code, _, err = call("scenario", "from-firms", "big.csv")
    assert code == 0, err
    assert clock() - began < 60.0 * bare
    assert load_scenario("big.yaml").place.clusters[0].smes == 200_000 - (employees >= 250).sum()
