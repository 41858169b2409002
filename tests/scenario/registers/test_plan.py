"""The plan of reading: what is told of a register before anything is made, what stops the making, and what is written."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from rich.console import Console

from clustersim import InputError, load_scenario, make_scenario, read_plan
from clustersim.cli import from_firms as command
from clustersim.cli.reading import READING
from clustersim.core.errors import entering
from clustersim.scenario.registers import building
from clustersim.scenario.registers import plan as plans
from clustersim.scenario.registers.asking import Asked
from clustersim.scenario.registers.doubts import Answer, Doubt
from clustersim.scenario.registers.reading import reading, way, ways
from language_cases import told

PAGE = Path(__file__).parents[3] / "docs" / "registers.md"
FIRMS = (
    "RUC;Razón social;Empleados;Ventas USD;Año fundación;Staff;Color;Zona\n"
    "0101;Añil SA;12;1000,50;1998;1;rojo;a\n0102;Cuero;300;20000,5;2001;1;azul;\n0103;Suela;tres;3000;s/f;1;;b\n"
)


@pytest.fixture
def firms(tmp_path, monkeypatch):
    """Write a register into an empty working folder."""
    monkeypatch.chdir(tmp_path)
    path = Path("firms.csv")
    path.write_bytes(FIRMS.encode("cp1252"))
    return path


def rows_of(path):
    """Return the rows of a CSV file as mappings."""
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


# --- what is told -------------------------------------------------------------------------------------------------


def test_each_heading_is_told_with_why_samples_and_cells_that_failed(firms):
    plan = read_plan(firms, ignore=["Zona"])
    found = {heading.heading: heading for heading in plan.headings()}
    assert {name: (h.column, h.why) for name, h in found.items()} == {
        "RUC": ("id", "name"), "Razón social": ("name", "name"), "Empleados": ("employees", "name"), "Ventas USD": ("sales",
            "name"),
        "Año fundación": ("year", "name"), "Staff": ("", "also"), "Color": ("", "unknown"), "Zona": ("", "ignored"),
    }  # fmt: skip
    assert found["Color"].samples == ("rojo", "azul") and found["RUC"].samples == ("0101", "0102", "0103")
    assert (found["Empleados"].failed, found["Año fundación"].failed, found["Ventas USD"].failed) == (1, 1, 0)
    said = plan.document()
    assert (said["form"], said["encoding"], said["separator"], said["rows"], said["firms"]) == (
        "CSV",
        "Latin-1",
        "semicolon",
        3,
        3,
    )
    assert said["drawn"]["employees"] == 1 and said["jobs"] == 2 and said["doubts"] == []
    assert said["clusters"][0]["jobs_known"] == 312.0
    assert said["next"]["why"] == "make" and said["next"]["command"] == "make_scenario('firms.csv', ignore=['Zona'])"


def test_what_a_heading_means_can_be_said(firms):
    plan = read_plan(firms, read=["Staff=employees"])
    found = {heading.heading: (heading.column, heading.why) for heading in plan.headings()}
    assert found["Staff"] == ("employees", "read") and found["Empleados"] == ("", "also")
    assert plan.document()["clusters"][0]["jobs_known"] == 3.0


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_dry_run_shows_all_and_writes_nothing(call, firms, lang):
    code, out, err = call("scenario", "from-firms", firms, "--dry-run", "--lang", lang)
    assert code == 0 and err == ""
    assert all(word in out for word in ("RUC", "Empleados", "rojo · azul", "firms.csv"))
    assert "clustersim scenario from-firms firms.csv" in out and "--dry-run" not in out
    assert [path.name for path in Path().iterdir()] == ["firms.csv"]


def test_the_json_of_a_dry_run_is_the_plans_document_and_its_keys_are_documented(call, firms):
    code, out, err = call("scenario", "from-firms", firms, "--dry-run", "--json", "--by-municipality")
    assert code == 2 and "municipality" in err
    code, out, err = call("scenario", "from-firms", firms, "--dry-run", "--json")
    said = json.loads(out)
    assert code == 0 and said["next"] == {"why": "make", "command": "clustersim scenario from-firms firms.csv"}
    with entering("command"):
        assert said == json.loads(json.dumps(read_plan(firms).document()))
    assert [path.name for path in Path().iterdir()] == ["firms.csv"]
    Path("ties.csv").write_text("a,b,weight\n0101,0102,3\n")
    code, out, _ = call("scenario", "from-firms", firms, "--ties", "ties.csv", "--json")
    made = json.loads(out)
    assert set(said) < set(made) and made["ties"]["columns_not_used"] == ["weight"]
    page = PAGE.read_text(encoding="utf-8")
    assert [key for key in made if f"`{key}`" not in page] == [], "docs/registers.md says what each key means"


def test_narrow_terminals_get_lines_in_place_of_a_table(firms, capsys):
    plan = read_plan(firms)
    for width, lines in ((60, True), (140, False)):
        command._show_headings(Console(width=width, no_color=True), plan, plan.document(), True)
        out = capsys.readouterr().out
        assert ("Color → – (not read: it means nothing here): rojo · azul" in out.replace("\n", " ")) is lines
        assert ("───" in out) is not lines


# --- doubts -------------------------------------------------------------------------------------------------------

PESOS = Doubt("currency", "sales", "Sales look like pesos.", (
    Answer("currency", "MXN", "Pesos are divided by the rate."), Answer("rate", "", "What a dollar is."),
    Answer("currency", "USD", "They are dollars."),
))  # fmt: skip
PANEL = Doubt("panel", "", "Two years.", (Answer("year", "2023", "The latest is read."),))


@pytest.fixture
def doubtful(firms, monkeypatch):
    """Let reading find two doubts, each until it is answered."""
    before = plans.build

    def build(*given):
        found = before(*given)
        asked = found.register.asked
        found.register.doubts = ([] if asked.currency else [PESOS]) + ([] if asked.year else [PANEL])
        return found

    monkeypatch.setattr(plans, "build", build)
    monkeypatch.setattr(building, "refuse_idle", lambda *_given: None)  # the file itself tells no years
    return firms


def test_a_doubt_stops_the_making_in_one_sentence_until_it_is_answered(call, doubtful):
    code, out, err = call("scenario", "from-firms", doubtful)
    assert code == 2 and out == "" and len(err.splitlines()) <= 3
    assert err.startswith("firms.csv: Sales look like pesos.") and "One more doubt." in err and "--dry-run" in err
    assert "--currency MXN --rate NUMBER or --currency USD" in err
    assert [path.name for path in Path().iterdir()] == ["firms.csv"]
    code, out, err = call("scenario", "from-firms", doubtful, "--currency", "USD")
    assert code == 2 and "Two years." in err and "more doubt" not in err
    assert call("scenario", "from-firms", doubtful, "--currency", "USD", "--year", "2023")[0] == 0
    assert Path("firms.yaml").is_file()


def test_a_dry_run_lists_all_doubts_with_what_may_be_said(call, doubtful):
    code, out, _ = call("scenario", "from-firms", doubtful, "--dry-run")
    assert code == 0 and "To be confirmed: Sales look like pesos." in out and "--rate NUMBER: What a dollar is." in out
    assert "Next, once you have decided what is doubtful:" in out
    assert "from-firms firms.csv [--currency MXN --rate NUMBER | --currency USD] --year 2023" in " ".join(out.split())
    code, out, _ = call("scenario", "from-firms", doubtful, "--dry-run", "--json")
    said = json.loads(out)
    assert [doubt["ways"] for doubt in said["doubts"]] == [["--currency MXN --rate NUMBER", "--currency USD"], ["--year 2023"]]
    assert said["next"]["why"] == "doubts"


def test_python_says_it_in_its_own_words(doubtful):
    with pytest.raises(InputError, match=r"currency='MXN', rate=NUMBER or currency='USD'.*\n?.*read_plan shows"):
        make_scenario(doubtful)
    assert ways(PANEL) == ["year=2023"] and way(Answer("swapped", "", "")) == "swapped=True"
    with entering("command"):
        assert way(Answer("swapped", "false", "")) == "--not-swapped"


# --- options ------------------------------------------------------------------------------------------------------


def test_every_answer_is_an_option_of_both_commands_and_an_argument(call, firms):
    assert set(READING) == {field.name for field in fields(Asked)}
    for words in (("scenario", "from-firms"), ("select",)):
        page = call(*words, "--help")[1]
        assert all(f"--{name.replace('_', '-')}" in page for name in READING)
    assert read_plan(firms, currency="usd", closed="keep").build.register.asked == replace(Asked(), currency="USD", closed="keep")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"currency": "pesos"}, "a code of three letters"), ({"total": "yes"}, "leave_out, keep"),
        ({"rate": 0.0}, "more than 0"), ({"year": 99}, "99 is not possible"), ({"trust": "1-7"}, "1-5, 0-10, percent, 0-1"),
        ({"establishments": "all"}, "sum, each"), ({"closed": "no"}, "leave_out, keep"), ({"shares": "%"}, "percent, fraction"),
        ({"crs": "utm"}, "EPSG:32717"), ({"decimal": "dot"}, "comma, point"), ({"money": "eur"}, "usd, kusd, musd"),
        ({"start_year": 1}, "1000 to 3000"), ({"register": ""}, "a text"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_one_sentence_at_both_doors(call, firms, given, said):
    ((name, value),) = given.items()
    error = told(read_plan, firms, **given)
    assert said in str(error) and len(str(error)) <= 500
    code, out, err = call("scenario", "from-firms", firms, f"--{name.replace('_', '-')}", str(value), "--dry-run")
    assert code == 2 and said in err and f"--{name.replace('_', '-')}" in err and out == ""
    assert call("select", firms, f"--{name.replace('_', '-')}", str(value))[0] == 2


@pytest.mark.parametrize("given", [{"swapped": "yes"}, {"ignore": "x"}, {"read": [1]}, {"colour": "red"}, {"table": 3}])
def test_arguments_that_only_python_can_get_wrong_are_one_sentence(firms, given):
    assert str(told(read_plan, firms, **given)).startswith(next(iter(given)))
    with pytest.raises(InputError):
        reading(**given)


def test_a_heading_that_is_not_there_is_told(call, firms):
    code, _, err = call("scenario", "from-firms", firms, "--read", "Personal=employees", "--dry-run")
    assert code == 2 and "Personal" in err and len(err.splitlines()) <= 3


# --- what is made -------------------------------------------------------------------------------------------------


def test_where_no_column_gives_jobs_the_next_step_is_not_a_run(call, firms):
    firms.write_text("id,colour,head count of people\nA,red,3\nB,blue,4\n")
    for options in (("--dry-run",), ()):
        code, out, _ = call("scenario", "from-firms", firms, *options)
        assert code == 0 and "No column gives jobs" in out and "clustersim run" not in out
        assert "--read HEADING=employees" in out
    code, out, _ = call("scenario", "from-firms", firms, "--json", "--force")
    said = json.loads(out)
    assert (said["jobs"], said["next"]["why"]) == (0, "jobs") and "--read HEADING=employees" in said["next"]["command"]
    code, out, _ = call("scenario", "from-firms", firms, "--json", "--force", "--read", "head count of people=employees")
    assert json.loads(out)["next"] == {"why": "run", "command": "clustersim run firms.yaml"}


def test_running_numbers_take_the_place_of_ids_and_only_the_reports_know_whose_they_are(call, firms):
    Path("ties.csv").write_text("a,b,level\n0101,0102,commercial\n0103,0102,information\n0103,9,information\n")
    options = ("--ties", "ties.csv", "--anonymise")
    code, out, _ = call("scenario", "from-firms", firms, *options)
    assert code == 0 and "Do not share firms_report.csv" in out and "Do not share firms_ties_report.csv" in out
    assert [row["id"] for row in rows_of("firms_firms.csv")] == ["1", "2", "3"]
    assert [(row["a"], row["b"]) for row in rows_of("firms_ties.csv")] == [("1", "2"), ("3", "2")]
    assert [(row["id"], row["number"]) for row in rows_of("firms_report.csv")] == [("0101", "1"), ("0102", "2"), ("0103", "3")]
    for name in ("firms.yaml", "firms_firms.csv", "firms_ties.csv"):
        assert not re.search("010[123]|Añil|Cuero|Suela", Path(name).read_text(encoding="utf-8")), name
    assert load_scenario("firms.yaml").place.clusters[0].tractors == 1
    code, out, _ = call("scenario", "from-firms", firms, *options, "--force", "--json")
    assert json.loads(out)["private"] == ["firms_report.csv", "firms_ties_report.csv"]
    code, out, _ = call("scenario", "from-firms", firms, "--force", "--json")
    assert json.loads(out)["private"] == [] and "number" not in rows_of("firms_report.csv")[0]


@pytest.mark.parametrize(("asked", "said"), [
    ({"rate": 17.1}, "no money is said to be in another currency"), ({"year": 2019}, "2019 is no year of this register"),
    ({"ignore": ["Empleadoss"]}, "'Empleadoss' is no column"), ({"read": ["a=employees", "a=sales"]}, "another says differently"),
    ({"read": ["a=employees", "b=employees"]}, "'employees' is said of two headings"),
    ({"read": ["a=employees"], "ignore": ["a"]}, "to be read and to be left out"),
])  # fmt: skip
def test_what_is_asked_and_cannot_be_done_is_refused(tmp_path, asked, said):
    path = tmp_path / "f.csv"
    path.write_text("id,a,b,ventas 2021,ventas 2022\nA,3,1,50000,60000\nB,4,2,70000,80000\n")
    plan = read_plan(path, read=["a=employees"], year=2021)
    assert plan.build.table["sales"].tolist() == [50.0, 70.0] and plan.doubts() == []
    with pytest.raises(InputError) as refused:
        read_plan(path, **asked)
    assert said in refused.value.message
    path.write_text("id,v1,v2\nA,3,1\n")
    assert read_plan(path, read=["v1=employees"]).build.table["employees"].tolist() == [3.0]


def test_the_next_command_keeps_ids_away_as_it_was_asked(call, firms):
    code, out, _ = call("scenario", "from-firms", firms, "--dry-run", "--json", "--anonymise")
    assert code == 0 and "--anonymise" in json.loads(out)["next"]["command"]
    assert "anonymise=True" in read_plan(firms, anonymise=True).next()["command"]


def test_nothing_that_is_drawn_for_a_firm_without_its_id_depends_on_the_id(call):
    classes = {"tramo": "6 a 10 personas", "ventas": "20000 a 900000 USD"}
    drawn = []
    for ids, name in ((("0101", "0102"), "one"), (("7001", "7002"), "other")):
        rows = "".join(f"{id_},{classes['tramo']},{classes['ventas']}\n" for id_ in ids)
        Path(f"{name}.csv").write_text(f"ruc,tramo de empleo,ventas (USD)\n{rows}")
        assert call("scenario", "from-firms", f"{name}.csv", "--anonymise")[0] == 0
        drawn.append([(row["employees"], row["sales"]) for row in rows_of(f"{name}_firms.csv")])
        assert call("scenario", "from-firms", f"{name}.csv", "--force")[0] == 0
        drawn.append([(row["employees"], row["sales"]) for row in rows_of(f"{name}_firms.csv")])
    assert drawn[0] == drawn[2] and drawn[0] not in (drawn[1], drawn[3]) and drawn[1] != drawn[3]


def test_lines_that_are_no_firm_are_named_in_plan_summary_and_report(call, firms):
    firms.write_bytes((FIRMS + "TOTAL;;315;24001;;;;\nFuente: registro\n").encode("cp1252"))
    code, out, _ = call("scenario", "from-firms", firms)
    assert code == 0 and "Lines that are no firm: total 1, note 1; the first is line 5: TOTAL" in out
    said = {row["line"]: row for row in rows_of("firms_report.csv")}
    assert said["5"]["used"] == "no" and "of the kind total: TOTAL" in said["5"]["remarks"]
    assert [row["id"] for row in rows_of("firms_firms.csv")] == ["0101", "0102", "0103"]


@pytest.mark.parametrize("id_", ["1.79E+12", "1,79e12", "21-1,79E+12"])
def test_an_id_that_a_spreadsheet_has_rounded_is_told_also_as_a_part_of_one(firms, id_):
    firms.write_text(f"id;empleados\n{id_};3\n0002;4\nX2.5E3;5\n", encoding="utf-8")
    notes = read_plan(firms).build.register.notes
    assert [notes.by_row().get(row, [("", "", "")])[0][0] for row in range(3)] == ["rounded_id", "", ""]


NAMED = "r\nseed: 666\n#\x07\u2028seed: 7\u202e.csv"


def test_nothing_of_a_files_name_becomes_a_line_of_the_scenario(firms):
    firms.write_text("id,activity,employees\nA,shoes,3\nB,shoes,300\n", encoding="utf-8")
    firms.rename(NAMED)
    _plan, document = make_scenario(NAMED, "o.yaml")
    text = Path("o.yaml").read_text(encoding="utf-8")
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert all(line[0] in "# " or line.startswith("title: 'Firms of r seed") for line in text.splitlines() if "seed" in line)
    assert load_scenario("o.yaml").seed == load_scenario("no_policy").seed and document["rows"] == 2


def test_control_characters_in_texts_count_as_spaces_and_are_told(firms):
    firms.write_text("id,name,activity,municipality,employees\nA,Uno\x07,bo\x1bots,El\x01da,3\n", encoding="utf-8")
    plan, _document = make_scenario(firms, "o.yaml", by_municipality=True)
    (cluster,) = load_scenario("o.yaml").place.clusters
    assert (cluster.name, cluster.segments) == ("el_da", ("bo ots",))
    told = {column for code, column in plan.build.register.notes.count() if code == "control"}
    assert told == {"name", "activity", "municipality"}
    assert "holds control characters; they count as spaces" in Path("o_report.csv").read_text(encoding="utf-8")


def test_a_control_character_in_a_map_is_told_with_its_row(firms, tmp_path):
    firms.write_text("id,activity,employees\nA,1,3\n", encoding="utf-8")
    Path("map.csv").write_text("activity,segment\n1,bo\x07ots\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"^map\.csv:2: segment: the text holds a control character"):
        make_scenario(firms, "o.yaml", activity_map="map.csv")


@pytest.mark.parametrize("given", [{"title": "x" * 300}, {"out": "a\x07.yaml"}, {"out": "a\nseed: 6.yaml"}])
def test_what_cannot_stand_in_a_scenario_is_told_without_a_file_that_is_gone(firms, given):
    firms.write_text("id,activity,employees\nA,shoes,3\n", encoding="utf-8")
    before = sorted(Path().iterdir())
    with pytest.raises(InputError) as refused:
        make_scenario(firms, **{"out": "o.yaml"} | given)
    assert "partial" not in str(refused.value) and sorted(Path().iterdir()) == before
    assert ("title" in refused.value.message) == ("title" in given)
