"""Choosing where to act: what the criteria measure, how candidates rank, what is missing, and how it is told."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from clustersim.core.errors import InputError
from clustersim.core.words import said_in
from clustersim.results import simulate, write_result
from clustersim.scenario.model import Scenario
from clustersim.scenario.registers.asking import Asked
from clustersim.studies.selection import from_register, from_result
from clustersim.studies.selection.criteria import CRITERIA, MORE, own_criteria
from clustersim.studies.selection.describing import describe
from clustersim.studies.selection.from_register import NEEDS, Tables, measure
from clustersim.studies.selection.measures import blank, column
from clustersim.studies.selection.ranking import MIDDLE, rank, scale, weigh
from clustersim.studies.selection.weights import read_weights
from clustersim.views.figures.text import text_width

REGISTER = (
    "id;actividad;empleados;ano fundacion;ventas kusd;exportaciones kusd;x;y;tractora;dispuesta;extranjera\n"
    "1;cuero;300;1980;9000;4500;0;0;1;si;no\n2;cuero;20;2000;1000;0;10;0;no;;no\n3;cuero;10;2010;;;0;10;;;\n"
    "4;calzado;30;1995;1000;100;0;0;;;si\n5;calzado;40;2015;1000;100;1;0;;;no\n6;moda;5;2020;100;0;5;5;;;\n7;;9;;;;;;;;\n"
)
EQUAL = dict.fromkeys(CRITERIA, 1.0)


@pytest.fixture
def register(tmp_path, monkeypatch):
    """Write the register into an empty working folder."""
    monkeypatch.chdir(tmp_path)
    path = Path("firms.csv")
    path.write_text(REGISTER, encoding="utf-8")
    return path


def values(measures, name):
    """Return the medians of a criterion by candidate."""
    return dict(zip(measures.candidates, measures.median()[:, column(name)].tolist(), strict=True))


# --- criteria -----------------------------------------------------------------------------------------------------


def test_the_fifteen_criteria_are_declared_once_with_all_that_is_to_be_said():
    kinds = [criterion.kind for criterion in CRITERIA.values()]
    assert [kinds.count(kind) for kind in ("quantitative", "qualitative", "programme rule")] == [8, 3, 4]
    for name, criterion in CRITERIA.items():
        assert all((criterion.label, criterion.measure, criterion.unit, criterion.source)), name
        assert said_in("es", criterion.label) != criterion.label, f"{name} has no Spanish"
    assert list(NEEDS) == list(CRITERIA)
    told = {text for c in CRITERIA.values() for text in (c.register, c.run) if text}
    told |= set(NEEDS.values()) | {from_result.RECORDS, from_result.WITHOUT}
    assert [text for text in sorted(told) if said_in("es", text) == text] == [], "each formula and need has its Spanish"


# --- from a register ----------------------------------------------------------------------------------------------


def test_what_a_register_alone_tells(register):
    found = measure(register, Tables(), asked=Asked(start_year=2024))
    assert found.candidates == ["calzado", "cuero", "moda"]
    assert values(found, "critical_mass") == {"calzado": 2, "cuero": 3, "moda": 1}
    assert values(found, "employment") == {"calzado": 70, "cuero": 330, "moda": 5}
    assert values(found, "exports") == pytest.approx({"calzado": 0.1, "cuero": 0.45, "moda": 0.0})
    assert values(found, "economic_weight") == pytest.approx(
        {"calzado": 2000 / 12100, "cuero": 10000 / 12100, "moda": 100 / 12100}
    )
    assert values(found, "experience")["cuero"] == pytest.approx(2024 - np.percentile([1980, 2000, 2010], 10))
    assert values(found, "non_local_demand") == {"calzado": 1.0, "cuero": 0.5, "moda": 0.0}
    assert values(found, "tractor_firms_willing") == {"calzado": 0, "cuero": 1, "moda": 0}
    foreign = values(found, "global_value_chain")
    assert foreign["calzado"] == pytest.approx(30 / 70) and foreign["cuero"] == 0 and np.isnan(foreign["moda"])
    assert all(value > 0 for value in values(found, "geographic_concentration").values())
    assert set(found.missing) == {
        "domestic_value_added", "dynamism", "latent_potential", "coordination_experience", "guild_experience",
        "value_chain_links",
    }  # fmt: skip
    assert found.notes == [("left_out", {"n": 1, "activities": '""'})]


def test_firms_of_no_candidate_are_told_with_their_activities(register):
    Path("map.csv").write_text("activity,segment\ncuero,tannery\n")
    others = ["hats", "hats", "hats", "shirts", "shirts", "x" * 90, "umbrellas"]
    register.write_text(REGISTER + "".join(f"{k + 10};{name};5;;;;;;;;\n" for k, name in enumerate(others)))
    found = measure(register, Tables(activity_map=Path("map.csv")), asked=Asked(start_year=2024))
    ((_code, fields),) = [note for note in found.notes if note[0] == "left_out"]
    assert fields == {"n": 11, "activities": '"hats", "calzado", "shirts", …'}
    told = "11 firms are of no candidate; their activities: \"hats\", \"calzado\", \"shirts\", …."
    assert told in describe(rank(found, read_weights(None, ())), "en")["sentences"]


def test_location_quotient_and_comparative_advantage_come_from_the_nation(register):
    Path("nation.csv").write_text("activity,employees,exports\ncuero,1000,9000000\ncalzado,1000,1000000\nother,8000,90000000\n")
    found = measure(register, Tables(nation=Path("nation.csv")), asked=Asked(start_year=2024))
    quotient = values(found, "geographic_concentration")
    assert quotient["cuero"] == pytest.approx((330 / 405) / 0.1) and quotient["calzado"] == pytest.approx((70 / 405) / 0.1)
    assert np.isnan(quotient["moda"]), "what the nation's table lacks is missing, not zero"
    assert values(found, "exports")["cuero"] == pytest.approx((4500 / 4700) / 0.09)
    assert ("not_in_nation", {"column": "employees", "n": 1, "first": "moda"}) in found.notes


def test_facts_and_an_earlier_register_give_what_the_register_lacks(register):
    Path("facts.csv").write_text(
        "candidate;world_growth;Experiencia gremial;domestic_value_added;indirect_jobs\ncuero;0,02;0,6;0,7;\ncalzado;0,04;;;50\n"
    )
    Path("old.csv").write_text("actividad,empleados\ncuero,165\ncalzado,140\n")
    found = measure(register, Tables(facts=Path("facts.csv"), before=Path("old.csv"), years=10), asked=Asked(start_year=2024))
    growth = {"cuero": 2.0**0.1 - 1, "calzado": 0.5**0.1 - 1}
    told = values(found, "dynamism")
    assert told["cuero"] == pytest.approx((growth["cuero"] + 0.02) / 2) and told["calzado"] == pytest.approx(
        (growth["calzado"] + 0.04) / 2
    )
    assert np.isnan(told["moda"])
    assert values(found, "guild_experience")["cuero"] == 0.6 and np.isnan(values(found, "guild_experience")["calzado"])
    assert found.used["guild_experience"] == "given" and found.used["employment"] == "computed"
    assert values(found, "employment")["calzado"] == 120
    experience = values(found, "experience")
    potential = values(found, "latent_potential")
    assert (
        potential["calzado"] == pytest.approx(0.04 * (1 - experience["calzado"] / experience["cuero"]))
        and potential["cuero"] == 0
    )


def test_a_candidate_of_whom_one_of_two_growths_is_known_has_that_one(register):
    Path("facts.csv").write_text("candidate,world_growth\ncuero,0.02\n")
    Path("old.csv").write_text("actividad,empleados\ncuero,165\ncalzado,140\n")
    found = measure(register, Tables(facts=Path("facts.csv"), before=Path("old.csv"), years=10), asked=Asked(start_year=2024))
    told = values(found, "dynamism")
    assert told["calzado"] == pytest.approx(0.5**0.1 - 1) and np.isnan(told["moda"])
    assert told["cuero"] == pytest.approx((2.0**0.1 - 1 + 0.02) / 2)


def test_per_cent_and_thousands_are_what_they_say(register):
    """2 % is no growth by twice, whatever cell it stands in; thousands in a heading are thousands."""
    Path("facts.csv").write_text("candidate,world_growth,indirect_jobs (thousand)\ncuero,2%,3\ncalzado,0.04,\n")
    found = measure(register, Tables(facts=Path("facts.csv")), asked=Asked(start_year=2024))
    assert values(found, "dynamism")["cuero"] == pytest.approx(0.02) and values(found, "dynamism")["calzado"] == 0.04
    plain = measure(register, Tables(), asked=Asked(start_year=2024))
    assert values(found, "employment")["cuero"] == values(plain, "employment")["cuero"] + 3000
    Path("facts.csv").write_text("candidate,world_growth\ncuero,2000%\n")
    with pytest.raises(InputError, match=r"2000%'; it must be a number from .1 to 10"):
        measure(register, Tables(facts=Path("facts.csv")), asked=Asked(start_year=2024))
    Path("nation.csv").write_text("actividad,empleados\ncuero,5%\ncalzado,9\n")
    with pytest.raises(InputError, match="5%'; it must be a number from 0 up"):
        measure(register, Tables(nation=Path("nation.csv")), asked=Asked(start_year=2024))


def test_a_map_makes_chains_the_candidates(register):
    Path("map.csv").write_text(
        "actividad;segmento;cluster\ncuero;curtido;cuero y calzado\ncalzado;calzado;cuero y calzado\nmoda;diseño;moda\n"
    )
    found = measure(register, Tables(activity_map=Path("map.csv")))
    assert values(found, "value_chain_links") == {"cuero y calzado": 2, "moda": 1}
    assert values(found, "critical_mass") == {"cuero y calzado": 5, "moda": 1}


# --- from a run ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder of a small run of two clusters with records of firms, and of one without."""
    clusters = [{"name": "north", "smes": 40, "tractors": 3, "trust": 0.5}, {"name": "south", "smes": 12, "tractors": 0}]
    scenario = Scenario.model_validate({"title": "T", "horizon": {"years": 6}, "place": {"clusters": clusters}})
    place = tmp_path_factory.mktemp("runs")
    for name, records in (("with", ("firms",)), ("without", ())):
        write_result(simulate(scenario, replicates=3, records=records, name="two"), place / name)
    return place


def test_a_run_is_measured_replicate_by_replicate(folder):
    found = from_result.measure(folder / "with")
    assert found.candidates == ["north", "south"] and found.values.shape == (3, 2, 15)
    table = from_result.read_run(folder / "with").indicators
    for replicate in range(3):
        own = table[(table["replicate"] == replicate) & (table["cluster"] == "south")].sort_values("quarter")
        measured = found.values[replicate, 1]
        assert measured[column("employment")] == own["employment"].iloc[-1]
        growth = (own["employment"].iloc[-1] / own["employment"].iloc[-21]) ** 0.2 - 1
        assert measured[column("dynamism")] == pytest.approx(growth)
        assert measured[column("guild_experience")] == own["formal"].sum() / 4
    assert found.values[:, :, column("economic_weight")].sum(axis=1) == pytest.approx(1.0)
    assert (found.values[:, :, column("value_chain_links")] <= 2).all()
    assert set(found.missing) == {"global_value_chain", "latent_potential"}
    without = from_result.measure(folder / "without")
    assert without.missing["experience"] == "a run with --records firms"


def test_what_is_counted_is_nothing_where_no_firm_is_left(folder):
    """A cluster that has died out has no segment and no tractor firm; it does not only lack the number."""
    result = from_result.read_run(folder / "with")
    south = result.firms["cluster"] == "south"
    living = {name: from_result._from_firms(result, result.firms, ["north", "south"])[name] for name in from_result.OF_FIRMS}
    left = from_result._from_firms(result, result.firms[~(south & (result.firms["replicate"] == 1))], ["north", "south"])
    for name in ("tractor_firms_willing", "value_chain_links"):
        assert left[name][1, 1] == 0.0 and np.delete(left[name], 3).tolist() == np.delete(living[name], 3).tolist()
    assert np.isnan(left["experience"][1, 1]) and np.isnan(left["non_local_demand"][1, 1])


# --- ranking ------------------------------------------------------------------------------------------------------


def small(rows):
    """Return measures of a few criteria of candidates a, b, …; None is missing."""
    names = list(CRITERIA)[: len(rows[0])]
    found = blank([chr(97 + k) for k in range(len(rows))], 1, False)
    for k, name in enumerate(names):
        found.values[0, :, column(name)] = [np.nan if row[k] is None else row[k] for row in rows]
    return found


def test_scores_run_from_the_worst_to_the_best():
    assert scale(np.array([[1.0], [3.0], [2.0]]) * np.ones(15))[:, 0].tolist() == [0.0, 1.0, 0.5]
    counts = scale(np.array([[0.0], [9.0], [99.0]]) * np.ones(15))[:, column("employment")]
    assert counts == pytest.approx([0.0, 0.5, 1.0]), "amounts are compared by their logarithm"
    assert (scale(np.full((2, 15), 4.0)) == MIDDLE).all()
    lone = scale(np.array([[1.0], [np.nan], [2.0]]) * np.ones(15))[:, 0]
    assert lone[0] == 0 and np.isnan(lone[1]) and lone[2] == 1
    assert np.isnan(scale(np.full((2, 15), np.nan))).all()


def test_a_missing_value_is_neither_zero_nor_average_and_weights_are_spread():
    found = rank(small([(1.0, 5.0), (3.0, None), (2.0, 1.0)]), EQUAL)
    assert found.total == pytest.approx([0.5, 1.0, 0.25]) and found.order.tolist() == [1, 0, 2]
    assert found.covered == pytest.approx([2 / 15, 1 / 15, 2 / 15])
    none = rank(small([(1.0, None), (None, None)]), EQUAL)
    assert np.isnan(none.total[1]) and none.order.tolist() == [0, 1]
    assert np.isnan(weigh(np.array([[np.nan, 1.0]]), np.array([1.0, 0.0]))).all()


def test_weights_decide():
    measures = small([(1.0, 2.0), (2.0, 1.0)])
    assert rank(measures, EQUAL | {"experience": 3.0}).order.tolist() == [1, 0]
    assert rank(measures, EQUAL | {"exports": 3.0}).order.tolist() == [0, 1]
    even = rank(measures, EQUAL)
    assert even.first.sum() == pytest.approx(1.0, abs=0.01) and 0.4 < even.first[0] < 0.6
    assert even.low.tolist() == [1, 1] and even.high.tolist() == [2, 2]
    clear = rank(small([(1.0, 1.0), (2.0, 2.0)]), EQUAL)
    assert clear.first.tolist() == [0.0, 1.0] and clear.low.tolist() == clear.high.tolist() == [2, 1]


def test_ranks_are_as_sure_as_the_replicates_agree():
    swings = blank(["a", "b"], 2, True)
    swings.values[:, :, column("experience")] = [[1.0, 2.0], [2.0, 1.0]]
    found = rank(swings, EQUAL)
    assert 0.45 < found.first[0] < 0.55 and found.total.tolist() == [0.5, 0.5]


# --- weights ------------------------------------------------------------------------------------------------------


def test_weights_come_from_a_file_and_from_the_command_line(tmp_path):
    for name, text in (("w.yaml", "exports: 2\nemployment: 1e0\n"), ("w.csv", "criterio;peso\nexports;2\nemployment;1,0\n")):
        (tmp_path / name).write_text(text)
        weights = read_weights(tmp_path / name, ["experience = 0.5"])
        assert {k: w for k, w in weights.items() if w} == {"exports": 2.0, "employment": 1.0, "experience": 0.5}
    assert read_weights(None, ()) == EQUAL | dict.fromkeys(MORE, 0.0)


# --- criteria beside the fifteen ----------------------------------------------------------------------------------

JUDGED = "candidate;environment;agua;empleo de mujeres\ncuero;0,1;9;0,2\ncalzado;0,9;-1;0,6\nmoda;0,5;4;0,4\n"


def test_judgements_weigh_nothing_unless_they_are_given_a_weight(register):
    """The ranking is the same to the last bit, bands included, with and without their columns."""
    plain = rank(measure(register, Tables(), asked=Asked(start_year=2024)), read_weights(None, ()))
    Path("facts.csv").write_text(JUDGED)
    found = measure(register, Tables(facts=Path("facts.csv")), asked=Asked(start_year=2024))
    assert list(found.criteria) == [*CRITERIA, "environment"]
    judged = rank(found, read_weights(None, ()))
    for name in ("total", "covered", "order", "low", "middle", "high", "first"):
        assert getattr(plain, name).tolist() == getattr(judged, name).tolist(), name
    heavy = rank(found, read_weights(None, ["environment=100"]))
    assert [found.candidates[c] for c in heavy.order] == ["calzado", "moda", "cuero"]


def test_an_own_criterion_is_a_column_of_the_facts_with_its_direction(call, register):
    Path("facts.csv").write_text(JUDGED)
    options = ("--facts", "facts.csv", "--criterion", "Empleo de mujeres", "--criterion", "agua=less", "--set", "agua=50")
    code, out, err = call("select", register, "--json", *options)
    said = json.loads(out)
    assert code == 0 and err == ""
    own = {c["name"]: c for c in said["criteria"] if c["kind"] == "own"}
    assert {name: (c["weight"], c["better"]) for name, c in own.items()} == {
        "empleo_de_mujeres": (1.0, "more"), "agua": (50.0, "less"),
    }  # fmt: skip
    scores = {c["candidate"]: c["criteria"]["agua"] for c in said["candidates"]}
    assert {name: one["score"] for name, one in scores.items()} == {"calzado": 1.0, "moda": 0.5, "cuero": 0.0}
    assert scores["calzado"]["value"] == -1.0 and said["candidates"][0]["candidate"] == "calzado"


def test_a_judgement_with_a_weight_and_without_facts_is_said_to_be_missing(register):
    weights = read_weights(None, ["visibility=2"])
    found = measure(register, Tables(criteria={"visibility": MORE["visibility"]}), asked=Asked(start_year=2024))
    assert found.missing["visibility"] == "--facts with a column visibility"
    plain = rank(measure(register, Tables(), asked=Asked(start_year=2024)), weights)
    assert rank(found, weights).covered.max() < plain.covered.max()


@pytest.mark.parametrize(
    ("given", "said"),
    [("", "must be the name of a column"), ("agua=fewer", "must be the name of a column"), ("exports", "is a criterion already"),
     ("cofinance=less", "its weight is set with --set cofinance=WEIGHT")],
)  # fmt: skip
def test_what_cannot_be_an_own_criterion(given, said):
    with pytest.raises(InputError, match=said):
        own_criteria([given])
    with pytest.raises(InputError, match="each once"):
        own_criteria(["agua", "Agua"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--criterion", "agua"), "--criterion: agua: needs a register of firms, and --facts with a column of that name"),
        (("--criterion", "agua", "--facts", "facts.csv"), "facts.csv:1: has no column 'agua'"),
        (("--criterion", "exports"), "is a criterion already"),
        (("--set", "exprots=2"), "Did you mean 'exports'?"),
        (("--set", "exports"), "must have the form CRITERION=WEIGHT"),
        (("--set", "exports=-1"), "a weight must be a number from 0"),
        (("--set", "exports=nan"), "a weight must be a number from 0"),
        (("--set", "exports=lots"), "found lots; a weight must be"),
        (("--weights", "w.yaml"), "w.yaml:1: exports: found 'x'; a weight must be"),
        (("--weights", "zero.csv"), "gives no criterion a weight above 0"),
        (("--weights", "none.yaml"), "none.yaml: is not a file"),
        (("--nation", "facts.csv"), "facts.csv:1: has no column 'activity'"),
        (("--facts", "facts.csv"), "facts.csv:3: candidate: 'zapatos' is not a candidate"),
        (("--facts", "bad.csv"), "bad.csv:2: guild_experience: found '-1'; it must be a number from 0 up"),
        (("--before", "w.yaml"), "w.yaml: has a single column"),
        (("--years", "0"), "--years: 0 is not possible"),
        (("--lang", "fr"), "'fr' is not a language"),
    ],
)
def test_bad_input_is_one_sentence(call, register, tmp_path, options, said):
    (tmp_path / "w.yaml").write_text("exports: x\n")
    (tmp_path / "zero.csv").write_text("criterion,weight\nexports,0\n")
    (tmp_path / "facts.csv").write_text("candidate,guild_experience\ncuero,1\nzapatos,1\n")
    (tmp_path / "bad.csv").write_text("candidate,guild_experience\ncuero,-1\n")
    before = sorted(path.name for path in tmp_path.iterdir())
    code, out, err = call("select", register, *options)
    assert code == 2 and out == "" and said in err, err
    assert len(err.splitlines()) <= 3 and sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_table_without_activities_and_a_folder_without_a_result_are_told(call, tmp_path):
    (tmp_path / "f.csv").write_text("id,employees\nA,3\n")
    assert "has no column 'activity' (or 'actividad')" in call("select", "f.csv")[2]
    (tmp_path / "g.csv").write_text("id,activity\nA,\n")
    assert "no firm of an activity that could be a candidate" in call("select", "g.csv")[2]
    (tmp_path / "empty").mkdir()
    assert "is not a result" in call("select", "empty")[2]
    for option in (("--nation", "f.csv"), ("--currency", "USD"), ("--before", "f.csv"), ("--ignore", "x")):
        assert f"{option[0]}: is for registers of firms" in call("select", "empty", *option)[2]
    assert "there is no such file" in call("select", "nothing.csv")[2]


# --- what is told -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_ranking_is_printed_and_written_with_what_is_missing(call, register, tmp_path, lang):
    code, out, err = call("select", register, "--lang", lang, "--out", "chosen")
    assert code == 0 and err == ""
    words = {
        "en": ("Weight known", "6 of 15 criteria are missing for all candidates", "missing: --facts with a column"),
        "es": ("Peso conocido", "6 de 15 criterios faltan para todos los candidatos", "falta: --facts con una columna"),
    }[lang]
    assert all(word in out for word in words)
    assert sorted(path.name for path in (tmp_path / "chosen").iterdir()) == [
        "selection.csv", "selection.files.json", "selection.json", "selection.png", "selection.svg",
    ]  # fmt: skip
    with (tmp_path / "chosen" / "selection.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["rank"] for row in rows] == ["1", "2", "3"]
    assert all(row["dynamism"] == row["score_dynamism"] == "" for row in rows), "missing is empty, not 0"
    svg = (tmp_path / "chosen" / "selection.svg").read_text(encoding="utf-8")
    names = {name: said_in(name, CRITERIA["dynamism"].label) for name in ("en", "es")}
    assert [name for name, text in names.items() if text in svg] == [lang]


def test_json_is_one_document(call, register):
    code, out, _ = call("select", register, "--json", "--set", "employment=5")
    said = json.loads(out)
    assert code == 0 and [c["rank"] for c in said["candidates"]] == [1, 2, 3]
    assert said["candidates"][0]["candidate"] == "cuero"
    assert said["candidates"][0]["criteria"]["dynamism"] == {"value": None, "p10": None, "p90": None, "score": None}
    weights = {c["name"]: c["weight"] for c in said["criteria"]}
    assert weights["employment"] == 5 and sum(weights.values()) == 19
    known = {c["name"] for c in said["criteria"] if c["candidates"]}
    assert said["candidates"][0]["weight_known"] == pytest.approx(sum(weights[name] for name in known) / 19, abs=1e-4)


def test_a_runs_folder_is_ranked(call, folder):
    code, out, _ = call("select", folder / "with", "--json")
    said = json.loads(out)
    assert code == 0 and said["samples"] == 3 and {c["candidate"] for c in said["candidates"]} == {"north", "south"}
    spans = [c["criteria"]["employment"] for c in said["candidates"]]
    assert all(span["p10"] <= span["value"] <= span["p90"] for span in spans) and spans[0]["p10"] < spans[0]["p90"]


def test_many_candidates_are_drawn_up_to_twenty_and_names_fit(tmp_path, monkeypatch):
    from clustersim.views.figures import selection

    found = blank([f"an activity with a long name, number {k}" for k in range(40)], 1, False)
    found.values[0, :, column("employment")] = np.arange(40)
    ranking = rank(found, EQUAL)
    figure = selection.selection(ranking, "a register")
    texts = [text.get_text() for ax in figure.axes for text in ax.texts]
    names = [text for text in texts if "number" in text or "…" in text]
    assert len(names) == 20 and all(text_width(name.rstrip("*"), 7.0) <= selection.NAMES for name in names)
    assert any("The first 20 of 40" in text.get_text().replace("\n", " ") for text in figure.texts)
    paths = selection.draw_selection(ranking, tmp_path, "a register", "es")
    before = [path.read_bytes() for path in paths]
    assert [path.read_bytes() for path in selection.draw_selection(ranking, tmp_path, "a register", "es")] == before


def test_a_single_candidate_is_measured_but_said_not_to_be_ranked(call, tmp_path):
    (tmp_path / "f.csv").write_text("id,activity,employees\nA,x,3\n")
    code, out, _ = call("select", "f.csv")
    assert code == 0 and "There is a single candidate" in out
    assert from_register.measure(Path("f.csv"), Tables()).candidates == ["x"]
