"""What a scenario file may hold, what its schema says, and how each fault is told."""

from __future__ import annotations

import json
import pickle
import time

import pytest
import yaml

import scenario_cases
from clustersim.core.errors import InputError
from clustersim.model.parameters import PARAMETERS
from clustersim.scenario.json_schema import complete_json_schema
from clustersim.scenario.loading import load_scenario, scenario_json_schema, shipped_scenarios
from scenario_cases import SMALL, problems, refused

write = scenario_cases.write


# --- plain YAML ----------------------------------------------------------------------------------------------------


def test_numbers_and_words_are_read_as_people_mean_them(write):
    name = write(
        "title: no\ndescription: 'on'\nplace:\n  clusters:\n"
        "    - {name: off, smes: 1e3, radius_km: 1e-1, segments: [yes, 1_000, 2020-01-01, '7', 1:30]}\n"
    )
    cluster = load_scenario(name).place.clusters[0]
    assert (load_scenario(name).title, load_scenario(name).description, cluster.name) == ("no", "on", "off")
    assert (cluster.smes, type(cluster.smes), cluster.radius_km) == (1000, int, 0.1)
    assert cluster.segments == ("yes", "1_000", "2020-01-01", "7", "1:30")


@pytest.mark.parametrize(
    ("text", "key", "words"),
    [
        ("seed: 010", "seed", "begins with 0"),
        ("seed: 0x10", "seed", "whole number"),
        ("seed: true", "seed", "found true"),
        ("seed: '3'", "seed", "found '3'"),
        ("seed: 3.5", "seed", "found 3.5"),
        ("seed: .nan", "seed", "finite"),
        ("seed: -.INF", "seed", "finite"),
        ("seed: 1e999", "seed", "too large"),
        ("seed: " + "9" * 5000, "seed", "too large"),
        ("seed: 1\nseed: 2", "seed", "twice, in lines 1 and 2"),
        ("seed: &a 1", "seed", "anchors"),
        ("a: &a [1]\nb: *a", "a", "anchors"),
        ("b: *a", "b", "aliases"),
        ("seed: !!int 1", "seed", "tag"),
        ("seed: !!python/object/apply:os.system [ls]", "seed", "tag"),
        ("1: x", "", "cannot be a key"),
        ("null: x", "", "cannot be a key"),
        ("? [a]\n: x", "", "key must be plain text"),
        ('title: "a\\0b"', "title", "control character"),
        ('title: "\\ud800"', "", "not valid YAML"),
        ("title: [", "", "not valid YAML"),
        ("\ttitle: x", "", "not valid YAML"),
        ("title: \x00", "", "not valid YAML"),
        ("title: a\n---\ntitle: b", "", "more than one document"),
        ("", "", "empty"),
        ("# only a remark", "", "empty"),
        ("- a", "", "must hold a mapping"),
        ("just text", "", "must hold a mapping"),
        ("a: " + "[" * 30 + "]" * 30, None, "nested more than 20"),
        ("a: " + "[" * 100_000, None, "nested more than 20"),
    ],
)  # fmt: skip
def test_what_plain_yaml_refuses(write, text, key, words):
    found = problems(write(text))
    assert any(words in str(error) and key in (None, error.key) for error in found)
    assert all(error.file == "my.yaml" for error in found)
    assert refused("my.yaml").line == found[0].line


@pytest.mark.parametrize("coding", ["latin-1", "utf-16"])
def test_other_encodings_are_refused_in_words(write, coding):
    error = refused(write("title: Añó\n".encode(coding)))
    assert "not UTF-8" in error.message and "UTF-8" in error.hint


def test_a_byte_order_mark_and_windows_line_ends_are_read(write):
    assert load_scenario(write(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())).title == "T"


def test_a_file_longer_than_a_megabyte_is_refused(write):
    assert "1 MB" in str(refused(write(SMALL + "#" * 1_000_000)))


# --- faults --------------------------------------------------------------------------------------------------------

STAGE = SMALL + "programme:\n  stages:\n    - name: s\n      quarters: 4\n      instruments:\n"


def test_an_unknown_instrument_is_told_as_the_manual_shows(write):
    name = write(STAGE + "        - {use: facilitator, per_year: 1}\n        - {use: facilitater, per_year: 80}\n",
                 "scenarios/my.yaml")  # fmt: skip
    assert str(refused(name)) == (
        "scenarios/my.yaml: programme.stages[0].instruments[1].use: 'facilitater' is not an instrument.\n"
        "  Did you mean 'facilitator'? See: clustersim describe instruments\n"
        "  In line 12."
    )
    assert str(problems(name)[0]).startswith("scenarios/my.yaml:12: programme.stages[0].instruments[1].use: ")


@pytest.mark.parametrize(
    ("instrument", "key", "text"),
    [
        ("facilitator", "", "found 'facilitator'; it must be a mapping such as {use: facilitator, per_year: 80}."),
        ("{use: 3, per_year: 3}", ".use", "3 is not an instrument."),
        ("{use: null, per_year: 3}", ".use", "null is not an instrument."),
        ("{use: [a], per_year: 3}", ".use", "a list is not an instrument."),
        ("{per_year: 3}", ".use", "is missing; it must be the name of an instrument."),
        ("null", "", "found null; it must be a mapping such as {use: facilitator, per_year: 80}."),
        ("{use: facilitator}", ".per_year", "is missing; it must be a number from 0 to 10000000."),
        ("{use: facilitator, per_year: 1, quarters: x}", ".quarters",
         "found 'x'; it must be a whole number from 1 to 400, or null."),
        ("{use: facilitator, per_year: 1, taperr: 1}", ".taperr", "'taperr' is not a key here."),
    ],
)  # fmt: skip
def test_faults_of_instruments_have_short_keys(write, instrument, key, text):
    error = refused(write(STAGE + f"        - {instrument}\n"))
    assert error.key == f"programme.stages[0].instruments[0]{key}"
    assert error.message == text
    assert error.others == 0


@pytest.mark.parametrize(
    ("text", "key", "message", "hint"),
    [
        ("horizn: {}", "horizn", "'horizn' is not a key of a scenario.", "Did you mean 'horizon'?"),
        ("horizon: {zzz: 1}", "horizon.zzz", "'zzz' is not a key here.", "Allowed: years, start_year."),
        ("horizon: null", "horizon", "found null; it must be a mapping with keys among years, start_year.", None),
        ("horizon: {years: '1 000'}", "horizon.years",
         "found '1 000'; it must be a number above 0 and at most 200.",
         "Write a number without quotes, blanks or separators of thousands."),
        ("institutions: {government: {regime: Centralized}}", "institutions.government.regime",
         "found 'Centralized'; it must be one of decentralised, feedback, centralised.", "Did you mean 'centralised'?"),
        ("institutions: {government: {regime: [x]}}", "institutions.government.regime",
         "found a list of 1 element; it must be one of decentralised, feedback, centralised.", None),
        ("parameters: {trsut: {}}", "parameters.trsut", "'trsut' is not a mechanism with parameters.",
         "Did you mean 'trust'?"),
        ("parameters: {association: {join_rat: 1}}", "parameters.association.join_rat",
         "'join_rat' is not a parameter of association.",
         "Did you mean 'join_rate'? See: clustersim describe parameters"),
        ("parameters: {association: {join_rate: 7}}", "parameters.association.join_rate",
         "found 7; it must be a number from 0.01 to 0.5 1/quarter.", None),
        ("parameters: {association: {join_rate: x}}", "parameters.association.join_rate",
         "found 'x'; it must be a number from 0.01 to 0.5.", None),
        ("parameters: {association: 3}", "parameters.association", None, None),
        ("parameters: [3]", "parameters", None, None),
        ("description: 3", "description", "found 3; it must be text of at most 5000 characters.", "Put it in quotes."),
        ("sources: {horizon.yaers: x}", "sources", "'horizon.yaers' names nothing in this scenario.",
         "Did you mean 'horizon.years'?"),
        ("sources: {place.clusters.tow: x}", "sources", "'place.clusters.tow' names nothing in this scenario.",
         "Did you mean 'two'?"),
        ("sources: {place.clusters.two.sme: x}", "sources", "'place.clusters.two.sme' names nothing in this scenario.",
         "Did you mean 'place.clusters.two.smes'?"),
        ("sources: {'..': x}", "sources", "'..' names nothing in this scenario.", None),
    ],
)  # fmt: skip
def test_each_fault_is_one_sentence_with_what_is_allowed(write, text, key, message, hint):
    error = refused(write(SMALL + text + "\n"))
    assert (error.file, error.key, error.others) == ("my.yaml", key, 0)
    assert message is None or error.message == message
    assert hint is None or error.hint == hint


@pytest.mark.parametrize(
    ("clusters", "key", "words"),
    [
        ("[]", "place.clusters", "found an empty list; it must be a list of 1 to 5000 elements."),
        ("{name: a}", "place.clusters", "found a mapping; it must be a list"),
        ("[{name: a}, {name: a}]", "place.clusters[1].name", "two are called 'a'."),
        ("[{name: a, firms: {table: /etc/firms.csv}}]", "place.clusters[0].firms.table",
         "found '/etc/firms.csv'; it must be the path of a CSV file, relative,"),
        ("[{name: 1a}]", "place.clusters[0].name", "a name of letters, digits and underscores"),
        ("[{}]", "place.clusters[0].name", "is missing"),
        ("[{name: a, segments: [x, y], tractor_segment: z}]", "place.clusters[0].tractor_segment",
         "'z' is not one of x, y."),
        ("[{name: a, segments: [x, x]}]", "place.clusters[0].segments", "two have the same name."),
        ("[{name: a, segments: [a, b, c, d, e, f, g, h, i]}]", "place.clusters[0].segments",
         "found a list of 9 elements; it must be a list of 1 to 8 elements."),
    ],
)  # fmt: skip
def test_faults_of_the_place(write, clusters, key, words):
    error = refused(write(f"title: T\nplace: {{clusters: {clusters}}}\n"))
    assert (error.key, error.others) == (key, 0)
    assert words in error.message


def test_a_scenario_without_a_place_is_told_how_to_get_one(write):
    error = refused(write("title: T\n"))
    assert error.key == "place" and "extends: organic" in error.hint


def test_all_problems_are_listed_with_their_lines_and_the_first_is_raised_with_the_count(write):
    name = write(
        "title: T\nseed: -1\nhorizn: {}\nhorizon:\n  years: .nan\n  years: 3\nplace:\n  clusters:\n"
        "    - name: a\n      smess: 3\nprogramme:\n  stages:\n    - {name: s, quarters: 0}\n"
    )
    assert [(p.line, p.key) for p in problems(name)] == [
        (2, "seed"), (3, "horizn"), (5, "horizon.years"), (6, "horizon.years"), (10, "place.clusters[0].smess"),
        (13, "programme.stages[0].quarters"),
    ]  # fmt: skip
    assert str(problems(name)[0]).startswith("my.yaml:2: seed: found -1; ")
    error = refused(name)
    assert (error.line, error.others) == (2, 5)
    assert str(error).startswith("my.yaml: seed: found -1; ") and "\n  In line 2.\n" in str(error)
    assert str(error).endswith("\n  And 5 more problems; to see all: clustersim.scenario.loading.problems('my.yaml')")


def test_names_that_fit_nothing_are_listed_with_everything_else(write):
    """What a programme names is checked against the place whatever else is wrong, each name in its own line."""
    text = (
        "title: T\nplace:\n  clusters:\n    - {name: a, segments: [raw, parts]}\n    - {name: b}\n    - {name: b}\nprogramme:\n"
        "  clusters: [a, c]\n  scale: {bb: 2}\n  stages:\n    - name: s\n      quarters: 4\n      instruments:\n"
        "        - {use: facilitator, per_year: 1, segments: [part]}\n        - use: benchmarking\n          per_year: 1\n"
        "          segments: [raw, producers, ships]\n"
    )
    lines = [(6, "place.clusters[2].name"), (8, "programme.clusters[1]"), (9, "programme.scale.bb"),
             (14, "programme.stages[0].instruments[0].segments[0]"),
             (17, "programme.stages[0].instruments[1].segments[2]")]  # fmt: skip
    found = problems(write(text))
    assert [(p.line, p.key) for p in found] == lines
    assert found[3].message == "'part' is a segment of no cluster." and found[3].hint == "Did you mean 'parts'?"
    assert found[4].hint == "Their segments: raw, parts, suppliers, producers."
    assert [(p.line, p.key) for p in problems(write(text + "seed: -1\n"))] == [*lines, (18, "seed")]


def test_very_many_problems_are_cut_short(write):
    clusters = "".join(f"    - {{name: c{k}, smes: 0}}\n" for k in range(3000))
    assert len(problems(write("title: T\nplace:\n  clusters:\n" + clusters))) == 100


def test_errors_survive_a_process_boundary():
    error = InputError("f", "k", "m", "h", 3, 2)
    assert str(pickle.loads(pickle.dumps(error))) == str(error) == (
        "f: k: m\n  h\n  In line 3.\n  And 2 more problems; to see all: clustersim.scenario.loading.problems('f')"
    )
    assert str(InputError("", "k", "m")) == "k: m"


def test_what_plain_yaml_refuses_is_listed_with_everything_else(write):
    name = write(
        "title: &t T\nhorizon: {years: 1e1, start_year: 1e99}\nplace:\n  clusters:\n    - {name: 'a b', smes: !!int 3}\n"
        "    - {name: b, segments: ['', s]}\nseed: .inf\nseed: 2\ndescription: *t\nsources: {horizon.yeers: x, seed: y, zzz: z}\n"
    )
    assert [(p.line, p.key) for p in problems(name)] == [
        (1, "title"), (2, "horizon.start_year"), (5, "place.clusters[0].smes"), (5, "place.clusters[0].name"),
        (6, "place.clusters[1].segments[0]"), (7, "seed"), (8, "seed"), (9, "description"), (10, "sources"), (10, "sources"),
    ]  # fmt: skip
    assert load_scenario(write("title: T\nhorizon: {years: 1e1}\nplace: {clusters: [{name: a}]}\n")).horizon.years == 10


@pytest.mark.parametrize("segment", ["", "x" * 61, "{a: 1}", "3", "null"])
def test_segments_are_short_texts(write, segment):
    text = f"title: T\nplace: {{clusters: [{{name: a, segments: [s, {segment or repr('')}]}}]}}\n"
    assert refused(write(text)).key == "place.clusters[0].segments[1]"


def test_the_command_that_runs_gives_the_line_as_well(write, capsys):
    from clustersim.cli import command_line as cli

    name = write(SMALL + "horizon:\n  years: -1\n")
    assert cli.main(["run", name]) == 2
    said = capsys.readouterr().err
    assert said.startswith("my.yaml: horizon.years: found -1; it must be") and "\n  In line 7." in said
    assert cli.main(["scenario", "check", name]) == 2
    assert capsys.readouterr().err.startswith("my.yaml:7: horizon.years: found -1; ")


def test_show_says_of_every_value_where_it_came_from(write, capsys):
    from clustersim.cli import command_line as cli

    write(SMALL + "horizon: {years: 9}\nsources: {horizon.years: a book, place.clusters.one: a survey}\n", "base.yaml")
    name = write("extends: base.yaml\nseed: 7\nprogramme: {clusters: [one, two], stages: [{name: s, quarters: 4}]}\n"
                 "sources: {programme.stages.s: a law}\n")  # fmt: skip
    assert cli.main(["scenario", "show", name, "--set", "replicates=3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for line in (
        "seed: 7    # my.yaml:2", "replicates: 3    # --set", "horizon.years: 9.0    # base.yaml:6 (parent); a book",
        "horizon.start_year: 2000    # default", "place.clusters[0].smes: 5    # base.yaml:4 (parent); a survey",
        "place.clusters[0].trust: 0.34    # default", "place.clusters[1].smes: 60    # default",
        'place.clusters[1].segments: ["suppliers", "producers"]    # default',
        'programme.clusters: ["one", "two"]    # my.yaml:3', "programme.stages[0].quarters: 4    # my.yaml:3; a law",
        "environment.shocks: []    # default",
    ):  # fmt: skip
        assert line in lines
    assert all("    # " in line for line in lines[:-1])


# --- schema --------------------------------------------------------------------------------------------------------


def test_the_schema_describes_every_key_with_its_range():
    schema = scenario_json_schema()
    assert schema["anyOf"][1]["required"] == ["title", "place"]
    assert "extends" in schema["properties"]
    for owner, node in (("Scenario", schema), *schema["$defs"].items()):
        assert node["additionalProperties"] is False
        if owner in ("Scenario", "ClusterSpec", "Government", "Horizon", "Shock"):
            for key, value in node["properties"].items():
                described = "description" in value or "$ref" in value or "anyOf" in value
                assert described, f"{owner}.{key} has no description"
    assert schema["$defs"]["Facilitator"]["required"] == ["use", "per_year"]
    json.dumps(schema, allow_nan=False)
    schema.clear()
    assert scenario_json_schema(), "a caller may change what it got"


def keys_missing(schema: dict, node: dict, data: object) -> list[str]:
    """Return the keys that a part of a schema asks for and `data` has not, at any depth."""
    if "$ref" in node:
        return keys_missing(schema, schema["$defs"][node["$ref"].rpartition("/")[2]], data)
    if isinstance(data, list):
        return [key for item in data for key in keys_missing(schema, node.get("items", {}), item)]
    if not isinstance(data, dict):
        return []
    if "discriminator" in node:
        return keys_missing(schema, {"$ref": node["discriminator"]["mapping"][data["use"]]}, data)
    if "anyOf" in node and "properties" not in node:
        return keys_missing(schema, next(kind for kind in node["anyOf"] if kind.get("type") != "null"), data)
    below = [(node["properties"][key], value) for key, value in data.items() if key in node.get("properties", {})]
    missing = [key for key in node.get("required", ()) if key not in data]
    return missing + [key for inner, value in below for key in keys_missing(schema, inner, value)]


def test_the_schema_asks_a_file_that_extends_another_for_nothing_that_the_other_may_hold():
    schema = scenario_json_schema()
    shipped = {name: yaml.safe_load(path.read_text(encoding="utf-8")) for name, path in shipped_scenarios().items()}
    assert shipped["idb_brazil"]["programme"].keys() == {"lag_quarters", "selection"}, "a part of its parent's programme"
    for name, data in shipped.items():
        assert keys_missing(schema, schema, data) == [], name
        kinds = [not keys_missing(schema, kind, data) for kind in schema["anyOf"]]
        whole = "extends" not in data or name == "idb_chile"  # that says its place and its programme whole
        assert kinds == ["extends" in data, whole], name
    programme = schema["anyOf"][1]["properties"]["programme"]
    assert programme["required"] == ["stages"] and programme["properties"]["budget"] == {"required": ["per_year"]}
    assert programme["properties"]["selection"] == {"required": ["mode", "rounds"]}
    assert complete_json_schema()["$defs"]["Selection"]["required"] == ["mode", "rounds"]
    stage = {"programme": {"stages": [{"name": "s"}]}}
    assert keys_missing(schema, schema, stage) == ["quarters"], "a list replaces the parent's as a whole"


def test_the_schema_holds_every_parameter():
    groups = scenario_json_schema()["properties"]["parameters"]["properties"]
    for group, declared in PARAMETERS.items():
        assert set(groups[group]["properties"]) == set(declared)
        for name, parameter in declared.items():
            value = groups[group]["properties"][name]
            assert (value["default"], value["minimum"], value["maximum"], value["unit"]) == (
                parameter.default, parameter.low, parameter.high, parameter.unit,
            )  # fmt: skip
            assert parameter.doc in value["description"]


# --- names of stages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Año 1", "Fase de creación", "work_groups-2", "Ñandú", "e\u0301tape", "x" * 60])
def test_stages_may_have_names_with_blanks_and_accents(write, name):
    path = write(SMALL + f"programme: {{stages: [{{name: '{name}', quarters: 4}}]}}\n")
    assert load_scenario(path, ["programme.stages[0].quarters=8"]).programme.stages[0].name == name
    assert load_scenario(path, [f"programme.stages.{name}.quarters=8"]).programme.stages[0].quarters == 8


@pytest.mark.parametrize("name", ["", " a", "a ", "2nd", "a.b", "a[0]", "a\\tb", "a\\nb", "a\\u001b[31m", "a\\u202eb", "a×b",
                                  "x" * 61])  # fmt: skip
def test_other_names_of_stages_are_refused(write, name):
    error = refused(write(SMALL + f'programme: {{stages: [{{name: "{name}", quarters: 4}}]}}\n'))
    assert error.key == "programme.stages[0].name"
    assert "letters, digits, blanks, hyphens and underscores" in error.message or "a control character" in error.message
    assert error.message.isprintable()


def test_a_file_of_the_largest_size_is_checked_in_seconds(tmp_path):
    line = "    - {{name: c{k}, smes: 20, tractors: 2, trust: 0.3}}\n"
    text = "title: big\nplace:\n  clusters:\n" + "".join(line.format(k=k) for k in range(17_500))
    path = tmp_path / "big.yaml"
    path.write_text(text, encoding="utf-8")
    assert 900_000 < len(text) < 1_000_000
    began = time.process_time()
    with pytest.raises(InputError, match="1 to 5000 elements"):
        load_scenario(path)
    assert time.process_time() - began < 5.0  # seconds of this process; it takes about one


def test_a_text_that_is_set_loses_nothing_behind_a_number_sign():
    with pytest.raises(InputError, match="left out as a remark"):
        load_scenario("organic", ["title=My #1 town"])
    assert load_scenario("organic", ["title='My #1 town'"]).title == "My #1 town"
    assert load_scenario("organic", ["title=No#1"]).title == "No#1"
