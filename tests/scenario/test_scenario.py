"""Scenarios: those that come along, how files extend each other, overrides, sizes, and where values come from."""

from __future__ import annotations

import json

import pytest

import scenario_cases
from clustersim.core import machine
from clustersim.core.errors import InputError
from clustersim.model.parameters import PARAMETERS
from clustersim.scenario import loading
from clustersim.scenario.keys import format_key, locate, nearest, parse_key
from clustersim.scenario.loading import check_size, load_scenario, resolved, shipped_scenarios
from clustersim.scenario.model import Scenario
from clustersim.scenario.taking_over import with_programme_of
from scenario_cases import SMALL, problems, refused, refused_by

write = scenario_cases.write


# --- shipped scenarios ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["organic", "no_policy", "designed", "basque_machine_tools"])
def test_shipped_scenarios_load_by_bare_name(name):
    assert isinstance(load_scenario(name), Scenario)
    assert problems(name) == []


REMARKS = ("title", "description", "translations", "seed", "replicates")


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_every_shipped_scenario_is_valid_and_tells_its_story_and_every_source(name):
    path = shipped_scenarios()[name]
    assert path.read_text("utf-8").startswith("# ")
    assert all(len(line) <= 120 for line in path.read_text("utf-8").splitlines())
    assert load_scenario(path) == load_scenario(name)
    about = resolved(name)
    cited = tuple(about["sources"])
    for key, origin in about["origins"].items():
        remark = key.partition(".")[0] in REMARKS or key == "programme" or key.endswith(".name")
        if origin != "default" and not remark:
            assert any(key == c or key.startswith((c + ".", c + "[")) for c in cited), f"{name}: {key} cites nothing"


def test_designed_differs_from_no_policy_only_by_its_policy():
    designed, baseline = load_scenario("designed"), load_scenario("no_policy")
    assert baseline.programme is None and designed.programme is not None
    assert designed.place == baseline.place == load_scenario("organic").place
    assert designed.horizon == baseline.horizon and designed.parameters == baseline.parameters


def test_the_programme_of_the_basque_machine_tools_follows_the_documented_stages():
    scenario = load_scenario("basque_machine_tools")
    assert [(stage.name, stage.quarters) for stage in scenario.programme.stages[:3]] == [
        ("tractor_study", 1), ("working_groups", 2), ("own_operation", 1),
    ]  # fmt: skip
    assert sum(stage.quarters for stage in scenario.programme.stages) == 100
    assert scenario.quarters == 104


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_missing_file_names_the_nearest_shipped_scenario(write):
    assert "Did you mean 'organic'?" in str(refused("organik"))
    assert "Did you mean 'basque_country'?" in str(refused("some/where/basque-country.yaml"))
    assert "Shipped scenarios: basque_country, basque_machine_tools, " in str(refused("zzz.yaml"))


@pytest.mark.parametrize("name", ["\0", "a" * 5000, "/dev/null", ".", ""])
def test_strange_file_names_are_refused(write, name):
    assert isinstance(refused(name), InputError)


def test_a_folder_is_not_a_scenario(write, tmp_path):
    assert "is not a file" in str(refused(str(tmp_path)))


def test_scenarios_that_come_inside_the_package_are_found_there(tmp_path, monkeypatch):
    (tmp_path / "clustersim" / "scenario").mkdir(parents=True)
    (tmp_path / "clustersim" / "scenarios").mkdir()
    (tmp_path / "clustersim" / "scenarios" / "inside.yaml").write_text(SMALL)
    monkeypatch.setattr(loading, "__file__", str(tmp_path / "clustersim" / "scenario" / "loading.py"))
    assert list(shipped_scenarios()) == ["inside"]
    assert load_scenario("inside").title == "T"


# --- extends -------------------------------------------------------------------------------------------------------


def test_a_child_merges_mappings_and_replaces_lists(write):
    write(SMALL + "horizon: {years: 9, start_year: 1999}\nprogramme: {stages: [{name: s, quarters: 4}]}\n", "base.yaml")
    write("extends: ../base.yaml\nhorizon: {years: 3}\nprogramme: {lag_quarters: 2}\n", "deep/mid.yaml")
    name = write("extends: deep/mid.yaml\ntitle: C\nplace: {clusters: [{name: three}]}\n")
    scenario = load_scenario(name)
    assert (scenario.title, scenario.horizon.years, scenario.horizon.start_year) == ("C", 3, 1999)
    assert [cluster.name for cluster in scenario.place.clusters] == ["three"]
    assert scenario.programme.lag_quarters == 2 and scenario.programme.stages[0].name == "s"
    assert load_scenario(write("extends: deep/mid.yaml\nprogramme: null\n", "none.yaml")).programme is None
    again = write("extends: none.yaml\nprogramme: {stages: [{name: z, quarters: 1}]}\n")
    assert load_scenario(again).programme.lag_quarters == 0


def test_a_shipped_scenario_is_extended_by_its_bare_name_even_from_a_file_of_that_name(write):
    assert load_scenario(write("extends: organic\nseed: 7\n", "organic.yaml")).seed == 7


def test_circles_and_long_chains_are_refused(write):
    write("extends: b.yaml\n", "a.yaml")
    error = refused(write("extends: a.yaml\n", "b.yaml"))
    assert "circle" in error.message and error.key == "extends"
    assert "circle" in str(refused(write("extends: self.yaml\n", "self.yaml")))
    write(SMALL, "c0.yaml")
    for k in range(1, 12):
        write(f"extends: c{k - 1}.yaml\n", f"c{k}.yaml")
    assert load_scenario("c9.yaml").title == "T"
    assert "more than 10" in str(refused("c11.yaml"))


@pytest.mark.parametrize("value", ["3", "null", "[a]", "''", "/etc/hostname", "nothing.yaml", '"\\0"'])
def test_extends_must_name_a_scenario(write, value):
    error = refused(write(f"extends: {value}\n{SMALL}"))
    assert error.file == "my.yaml"
    assert error.key == "extends"


def test_faults_name_the_file_that_holds_them(write):
    write(SMALL + "horizon:\n  years: -1\n", "base.yaml")
    name = write("extends: base.yaml\nseed: -1\n")
    assert [(p.file, p.line, p.key) for p in problems(name)] == [
        ("base.yaml", 7, "horizon.years"), ("my.yaml", 2, "seed"),
    ]  # fmt: skip


def test_a_child_drops_its_parents_sources_for_what_it_changes(write):
    cited = "sources: {horizon.years: a, horizon.start_year: b, place.clusters.one.smes: c, horizon: d}\n"
    write(SMALL + "horizon: {years: 9, start_year: 1999}\n" + cited, "base.yaml")
    child = write("extends: base.yaml\nhorizon: {years: 3}\n")
    assert set(load_scenario(child).sources) == {"horizon.start_year", "place.clusters.one.smes", "horizon"}
    child = write("extends: base.yaml\nplace: {clusters: [{name: one}]}\n")
    assert "place.clusters.one.smes" not in load_scenario(child).sources
    changed = load_scenario("base.yaml", ["place.clusters.one.smes=8", "place.clusters[1].name=new"])
    assert set(changed.sources) == {"horizon.years", "horizon.start_year", "horizon"}


# --- overrides -----------------------------------------------------------------------------------------------------


def test_overrides_take_positions_names_and_new_branches():
    scenario = load_scenario(
        "basque_machine_tools",
        [
            "place.clusters.machine_tools.smes=1e2", "place.clusters[0].tractors = 4", "horizon.years=2.5", "seed=9",
            "programme.stages.working_groups.instruments.facilitator.per_year=99", "parameters.trust={}",
            "institutions.government.regime=feedback", "sources.place.clusters.machine_tools.smes=counted",
            "environment.shocks=[{kind: demand, year: 3, size: -0.2}]",
        ],
    )  # fmt: skip
    cluster = scenario.place.clusters[0]
    assert (cluster.smes, cluster.tractors, scenario.horizon.years, scenario.seed) == (100, 4, 2.5, 9)
    assert scenario.programme.stages[1].instruments[0].per_year == 99
    assert scenario.institutions.government.regime == "feedback"
    assert scenario.sources["place.clusters.machine_tools.smes"] == "counted"
    assert "horizon.years" not in scenario.sources
    assert scenario.environment.shocks[0].kind == "demand"
    assert load_scenario("designed", ["programme=null"]).programme is None


@pytest.mark.parametrize(
    ("override", "text"),
    [
        ("horizon.yeers=3", "overrides: horizon.yeers: 'yeers' is not a key here.\n  Did you mean 'years'?"),
        ("horizn.years=3", "overrides: horizn: 'horizn' is not a key of a scenario.\n  Did you mean 'horizon'?"),
        ("place.clusters.vally.smes=3", "overrides: place.clusters.vally: place.clusters has no element 'vally'.\n"
                                        "  Did you mean 'valley'?"),
        ("place.clusters[4].smes=3", "overrides: place.clusters[4]: place.clusters has 1 element, counted from 0."),
        ("place.clusters.valley.smes=0", "found 0; it must be a whole number from 1 to 1000000000000."),
        ("place.clusters.valley.smes=many", "found 'many'; it must be a whole number"),
        ("seed.x=3", "overrides: seed.x: seed has no part 'x': it is 1."),
        ("environment[0]=3", "there is no such list"),
        ("seed=010", "overrides: seed: found 010, a number that begins with 0."),
        ("seed=&a 3", "overrides: seed: anchors (&) and aliases (*) are not allowed"),
        ("seed=[", "overrides: seed: is not valid YAML"),
        ("seed", "overrides: seed: must have the form KEY=VALUE"),
        ("=3", "overrides: =3: must have the form KEY=VALUE"),
        ("seed=", "overrides: seed: has no value"),
        ("a..b=3", "overrides: a..b: is not a key"),
        ("a[=3", "is not a key"),
        ("extends=organic", "overrides: extends: cannot be set here"),
        ("parameters.trust.foo=1", "overrides: parameters.trust.foo: 'foo' is not a parameter of trust."),
        ("programme.budget.per_year=5", "overrides: programme.stages: is missing"),
        ("sources.horizon.yeers=me", "overrides: sources: 'horizon.yeers' names nothing in this scenario.\n"
                                     "  Did you mean 'horizon.years'?"),
    ],
)  # fmt: skip
def test_overrides_are_checked_like_the_file(override, text):
    assert text in str(refused("organic", override))


def test_two_elements_of_one_name_need_a_position():
    key = "programme.stages.yearly_cycle.instruments.association_grant.per_year=1"
    assert "say [2] or [3]" in str(refused("basque_machine_tools", key))


# --- what came from where ------------------------------------------------------------------------------------------


def test_resolved_gives_every_value_and_where_it_came_from(write):
    write(SMALL, "base.yaml")
    name = write("extends: base.yaml\nhorizon: {years: 3}\nsources: {place.clusters.one.smes: counted}\n")
    about = resolved(name, ["seed=4"])
    assert about["origins"]["horizon.years"] == "my.yaml:2"
    assert about["origins"]["place.clusters[0].smes"] == "base.yaml:4"
    assert about["origins"]["horizon.start_year"] == "default"
    assert about["origins"]["parameters.association.join_rate"] == "default"
    assert about["origins"]["seed"] == "--set"
    assert about["origins"]["place.clusters[1].tractors"] == "default"
    assert about["sources"] == {"place.clusters[0].smes": "counted"}
    assert set(about["values"]["parameters"]) == set(PARAMETERS)
    again = Scenario.model_validate_json(json.dumps(about["values"]), strict=True)
    assert again.place == load_scenario(name).place
    assert isinstance(refused_by(resolved, write("title: 3\n")), InputError)



# --- size ----------------------------------------------------------------------------------------------------------


def test_a_run_that_cannot_fit_is_refused_with_both_estimates(write):
    scenario = load_scenario("organic", ["place.clusters.valley.smes=1e12"])
    error = refused_by(check_size, scenario, 20, 160, "organic")
    assert error.key == "place.clusters"
    assert "1000000000003 firms in 20 replicates over 160 quarters" in error.message
    assert "24,000 TB of memory" in error.message and "years of computing" in error.message
    check_size(load_scenario("organic"), 20, 160)


def test_a_run_of_more_than_a_week_is_refused_even_if_it_fits(monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: 0)
    monkeypatch.setattr(machine, "processors", lambda: 1)
    scenario = load_scenario("organic", ["place.clusters.valley.smes=1e10"])
    error = refused_by(check_size, scenario, 1, 160, "my.yaml")
    assert str(error).startswith("my.yaml: place.clusters: 10000000003 firms in 1 replicate over 160 quarters")
    assert "12 days of computing" in error.message


def test_size_reckons_with_the_memory_of_this_machine(monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: 1_000_000)
    assert "this machine has 1 MB" in refused_by(check_size, load_scenario("organic"), 20, 160, "organic").message


# --- keys ----------------------------------------------------------------------------------------------------------


def test_keys_are_written_as_they_are_read():
    for key in ("a", "a.b", "a[0].b", "a[0][12].b_c"):
        assert format_key(parse_key(key)) == key
    assert locate({"a": [{"name": "x"}, {"use": "y"}]}, ("a", "y", "z")) == ("a", 1, "z")
    assert locate({"a": [1, 2]}, ("a", "1")) == ("a", 1)
    assert nearest("Export-Network", ["export_network", "incubator"]) == "export_network"
    assert nearest("zzz", ["export_network"]) is None


@pytest.mark.parametrize(
    ("what", "size", "said"),
    [("address_space", 10**9, "2.8 GB of address space"), ("memory", 4 * 10**8, "600 MB of memory")],
)
def test_too_little_room_is_told_before_the_compiler_fails(monkeypatch, what, size, said):
    from clustersim.core import machine
    from clustersim.scenario.size import check_room

    check_room()
    monkeypatch.setattr(machine, what, lambda: size)
    with pytest.raises(InputError, match=f"clustersim: needs about {said}"):
        check_room()


@pytest.mark.parametrize("margin", [1, 2, 4])
@pytest.mark.parametrize("quote", ["", "'"])
def test_a_programme_is_taken_over_with_its_sources_however_they_are_indented(tmp_path, margin, quote):
    said = [f"{quote}programme.lag_quarters{quote}: a book", f"{quote}programme.stages{quote}: >-", "  two", "  lines", "",
            "title: me"]  # fmt: skip
    lines = "".join(f"{' ' * margin}{line}\n" if line else "\n" for line in said)
    other = tmp_path / "other.yaml"
    place = "title: Other\nplace: {clusters: [{name: one, smes: 9}]}\n"
    other.write_text(f"{place}programme:\n  lag_quarters: 3\n  stages: [{{name: s, quarters: 4}}]\nsources:\n# remark\n{lines}")
    mine = f"{place}programme: null\nsources:\n  programme: assumed\n  title: mine\n"
    (tmp_path / "mine.yaml").write_text(with_programme_of(str(other), mine, ()))
    found = load_scenario(tmp_path / "mine.yaml")
    assert found.programme.lag_quarters == 3
    assert found.sources == {"programme.lag_quarters": "a book", "programme.stages": "two lines", "title": "mine"}
