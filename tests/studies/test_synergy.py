"""Interactions: exact on made-up tables, silent on noise, whatever way an experiment switches its parts."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from clustersim import InputError, interactions, load_scenario, simulate, sweep, take_apart
from clustersim.core import numbers
from clustersim.experiments.planning import make_plan
from clustersim.model.indicators import INDICATORS
from clustersim.results import manifest
from clustersim.scenario.loading import shipped_scenarios
from clustersim.studies.synergy import naming
from clustersim.studies.synergy.apart import plan_apart
from clustersim.studies.synergy.contrasts import Contrast, contrasts, judge, units_for
from clustersim.studies.synergy.factors import Design, Factor, design_of
from clustersim.studies.synergy.interactions import tells, work_out
from clustersim.studies.synergy.reading import write_interactions
from clustersim.studies.synergy.values import ADDED, Values, values_of
from clustersim.views.report.swept import sweep_page

PAIR = Contrast("pair", ((0, 1), (1, 1)), "off", {0: 1.0, 1: -1.0, 2: -1.0, 3: 1.0})
STAGE = "programme.stages.awareness.instruments"
A, B, C = (f"{STAGE}.{use}.per_year" for use in ("awareness_events", "cluster_mapping", "facilitator"))
GRID = {"title": "Grid", "scenarios": ["designed"], "replicates": 4, "years": 1,
        "levers": {"keys": {A: [0, 40], B: [0, 30], C: [0, 60]}}}  # fmt: skip


def factorial(count: int) -> Design:
    """Return all corners of so many factors of two levels."""
    corners = list(itertools.product((0, 1), repeat=count))
    return Design(tuple(Factor("ABCDEF"[k], (), ("off", "on")) for k in range(count)), {c: k for k, c in enumerate(corners)})


def chosen(design: Design, kind: str, others: str = "off") -> list[Contrast]:
    """Return the contrasts of a kind."""
    return [one for one in contrasts(design) if (one.kind, one.others) == (kind, others)]


def test_a_two_by_two_table_gives_what_is_worked_out_by_hand():
    # Neither, one, other, both. Synergies of the four pairs: 18-12-13+10 = 3, 28-22-23+20 = 3, 13-7-8+5 = 3, 21-16-14+12 = 3.
    table = np.array([[10.0, 12, 13, 18], [20, 22, 23, 28], [5, 7, 8, 13], [12, 16, 14, 21]])
    found = judge([PAIR], table)[0]
    assert (found.estimate, found.low, found.high, found.told, found.units) == (3.0, 3.0, 3.0, "more", 4)
    # 1, 3, 5, 7: mean 4, standard deviation sqrt(20/3), error sqrt(5/3); t(3) at 0.975 is 3.18245, at 0.8 it is 0.97847.
    table[:, 3] += np.array([-2.0, 0, 2, 4])
    found = judge([PAIR], table)[0]
    error = (5.0 / 3.0) ** 0.5
    assert found.estimate == 4.0 and found.error == pytest.approx(error)
    assert (found.low, found.high) == (pytest.approx(4 - 3.18245 * error, abs=1e-4), pytest.approx(4 + 3.18245 * error, abs=1e-4))
    assert found.told == "none" and found.seen_from == pytest.approx((3.18245 + 0.97847) * error, abs=1e-3)
    assert units_for(found, found.seen_from) == 4 and units_for(found, found.seen_from / 2) == 16
    # Of three looked at together each has a band of 1 - 0.05/3.
    assert judge([PAIR] * 3, table)[0].high == pytest.approx(4 + 4.85666 * error, abs=1e-3)


def test_signs_and_words():
    table = np.array([[10.0, 12, 13, 11], [20, 22, 23, 21.5], [5, 7, 8, 6.2]])
    assert judge([PAIR], table)[0].told == "less"
    same = np.tile([10.0, 12, 13, 15], (5, 1)) + np.linspace(0, 1, 5)[:, None] / 3.0  # the sum, but for rounding
    found = judge([PAIR], same)[0]
    assert (found.estimate, found.low, found.high, found.told, found.p) == (0.0, 0.0, 0.0, "none", 1.0)


def test_a_pair_counts_where_all_its_corners_are_there():
    table = np.array([[10.0, 12, 13, 18], [20, np.nan, 23, 28], [5, 7, 8, 13.5]])
    found = judge([PAIR], table)[0]
    assert found.units == 2 and found.estimate == 3.25
    assert judge([PAIR], table[1:2])[0].told == "none" and np.isnan(judge([PAIR], table[1:2])[0].estimate)
    one = judge([PAIR], table[:1])[0]
    assert one.estimate == 3.0 and np.isnan(one.low) and one.told == "none" and units_for(one, 1.0) is None


def test_effects_that_are_known_come_out_and_add_up():
    """Y = 100 + 5a + 3b + 2c + d, and 4ab - 6bc + 7abd: pairs at others off, and their mean over all others."""
    design = factorial(4)
    values = [100 + 5 * a + 3 * b + 2 * c + d + 4 * a * b - 6 * b * c + 7 * a * b * d for a, b, c, d in design.options]
    table = np.tile(np.array(values, float), (3, 1))
    pairs = dict(zip(itertools.combinations("ABCD", 2), judge(chosen(design, "pair"), table), strict=True))
    means = dict(zip(itertools.combinations("ABCD", 2), judge(chosen(design, "pair", "mean"), table), strict=True))
    assert {names: one.estimate for names, one in pairs.items() if one.told != "none"} == {("A", "B"): 4.0, ("B", "C"): -6.0}
    assert means["A", "B"].estimate == 7.5 and means["A", "D"].estimate == 3.5 and means["B", "C"].estimate == -6.0
    triples = judge(chosen(design, "triple"), table)
    assert [one.estimate for one in triples] == [0.0, 7.0, 0.0, 0.0]
    whole = judge(chosen(design, "whole"), table)[0].estimate
    assert whole == 5.0 == sum(one.estimate for one in (*pairs.values(), *triples))
    company = judge(chosen(design, "company"), table)  # of A: all on, without it, alone: 4b + 7bd at b = d = 1
    assert [one.estimate for one in company] == [11.0, 5.0, -6.0, 7.0]


@pytest.mark.parametrize("noise", ["normal", "skewed", "rare"])
def test_noise_is_not_called_a_synergy(noise):
    """Of 1,000 made-up sweeps without any synergy about one in twenty names one, of six pairs, as the rule promises."""
    rng, pairs = np.random.default_rng(7), chosen(factorial(4), "pair")
    draw = {"normal": lambda: rng.normal(size=(30, 16)), "skewed": lambda: rng.exponential(size=(30, 16)),
            "rare": lambda: (rng.random((30, 16)) < 0.1).astype(float)}[noise]  # fmt: skip
    wrong = sum(any(one.told != "none" for one in judge(pairs, draw() + 3.0 * rng.normal(size=(30, 1)))) for _k in range(1000))
    # Three standard errors around 50 of 1,000 (the six pairs share corners, so it may be fewer).
    assert 10 <= wrong <= 71


def test_a_synergy_of_the_size_that_is_told_is_seen_in_four_of_five():
    rng, pairs, seen, told = np.random.default_rng(11), chosen(factorial(2), "pair"), [], 0
    from scipy.special import stdtrit

    true = float(stdtrit(39, 0.975) + stdtrit(39, 0.8)) * 2.0 / 40**0.5  # four corners of standard deviation 1: 2
    for _k in range(1000):
        table = rng.normal(size=(40, 4))
        table[:, 3] += true
        found = judge(pairs, table)[0]
        told += found.told == "more"
        seen.append(found.seen_from)
    assert np.mean(seen) == pytest.approx(true, rel=0.02)
    assert 760 <= told <= 850


def test_a_grid_a_list_and_no_programme_are_the_same_factors():
    grid = design_of(make_plan(GRID)[0], "designed")
    assert [factor.name for factor in grid.factors] == ["awareness_events", "cluster_mapping", "facilitator"]
    assert all(factor.levels == ("off", "on") for factor in grid.factors) and len(grid.options) == 8
    shipped = make_plan("rd_support_and_links")[0]  # `programme: null` is both off
    found = design_of(shipped, "no_policy")
    assert [(factor.name, factor.levels) for factor in found.factors] == [("links", ("off", "on")), ("research", ("off", "on"))]
    assert found.options == {(0, 0): 0, (0, 1): 1, (1, 0): 2, (1, 1): 3}


def test_a_key_that_is_absent_is_a_level_and_stages_name_what_is_switched_whole():
    first, second = "programme.stages.awareness.instruments", "programme.stages.operation.instruments"
    sets = [{first: [], second: []}, {first: []}, {second: []}, {}]
    options = [{"name": f"n{k}", "set": some} for k, some in enumerate(sets)]
    plan = make_plan({"title": "t", "scenarios": ["designed"], "levers": {"method": "list", "options": options}})[0]
    found = design_of(plan, "designed")
    assert [factor.name for factor in found.factors] == ["awareness", "operation"]
    assert len(found.options) == 4 and found.options[1, 1] == 3 and found.options[0, 0] == 0


def test_other_levers_have_levels_of_their_own():
    plan = make_plan("coordination_and_regime")[0]
    found = design_of(plan, "designed")
    regimes = ("decentralised", "feedback", "centralised")
    assert [factor.levels for factor in found.factors] == [("0.1", "0.4", "0.7", "0.9"), regimes]
    assert len(chosen(found, "pair")) == 6 and not chosen(found, "pair", "mean")
    taper = design_of(make_plan("cofinance_and_exit")[0], "designed").factors[0]
    assert taper.name == "association_grant.taper" and taper.levels == ("0", "0.5", "1")
    assert design_of(make_plan("launch_lag")[0], "designed").factors[0].levels == ("0", "12")  # of many numbers the ends


def test_a_number_is_one_level_however_it_is_written():
    """A file may write 1 here and 1.0 there, and leave alone what is the same already."""
    government, firms = "institutions.government.coordination", "place.clusters.valley.smes"
    sets = [{government: 1, firms: 8}, {firms: 9, government: 1.0}, {government: 0, firms: 8}, {government: 0.0, firms: 9}]
    options = [{"name": f"n{k}", "set": some} for k, some in enumerate(sets)]
    found = design_of(make_plan({"title": "t", "scenarios": ["organic"], "levers": {"method": "list", "options": options}})[0],
                      "organic")  # fmt: skip
    assert [factor.levels for factor in found.factors] == [("0", "1"), ("8", "9")]
    assert found.options == {(0, 0): 2, (0, 1): 3, (1, 0): 0, (1, 1): 1} and len(chosen(found, "pair")) == 1


def test_a_design_without_corners_says_so(tmp_path):
    sampled = {"method": "latin_hypercube", "points": 6,
               "keys": {"institutions.government.coordination": {"low": 0.2, "high": 0.8},
                        "place.clusters.valley.trust": {"low": 0.3, "high": 0.4}}}  # fmt: skip
    what = {"title": "Sampled", "scenarios": ["organic"], "replicates": 2, "years": 1, "levers": sampled}
    found = interactions(sweep(what, tmp_path, workers=1))
    assert not found.found and "not for this design" in found.sentences()[0] and "grid" in found.sentences()[0]
    assert not tells(found.plan) and tells(make_plan(GRID)[0])
    one = GRID | {"levers": {"keys": {A: [0, 40]}}}
    assert "at least two levers" in interactions(sweep(one, tmp_path, name="one", workers=1)).why_none
    with pytest.raises(InputError, match="not for this design"):
        found.plot()


def test_a_sweep_is_read_in_pairs(tmp_path):
    """The synergy is the mean of four runs of the same replicate, added up by hand from the rows."""
    run = sweep(GRID, tmp_path, workers=1)
    found = interactions(run)
    assert repr(found) == "<Interactions grid: 3 parts, 8 corners, 4 paired cases>"
    end = run.indicators.query("quarter == 3").set_index(["option", "replicate"])["sales"].unstack()
    option = dict(zip(itertools.product((0, 1), repeat=3), (each["name"] for each in run.plan.options), strict=True))
    by_hand = end.loc[option[1, 1, 0]] - end.loc[option[1, 0, 0]] - end.loc[option[0, 1, 0]] + end.loc[option[0, 0, 0]]
    pair = found.pairs("sales", "designed")[0]
    assert found.parts(pair) == ["awareness_events", "cluster_mapping"]
    assert pair.judged.estimate == pytest.approx(by_hand.mean()) and pair.judged.units == 4
    alone = end.loc[option[1, 0, 0]] + end.loc[option[0, 1, 0]] - 2 * end.loc[option[0, 0, 0]]
    assert pair.added == pytest.approx(alone.mean()) and pair.level == pytest.approx(end.loc[option[0, 0, 0]].mean())
    kinds = found.table.groupby(["kind", "others"]).size() / len(found.outcomes)
    assert kinds.to_dict() == {("alone", "off"): 3, ("alone", "mean"): 3, ("pair", "off"): 3, ("pair", "mean"): 3,
                               ("triple", "off"): 1, ("whole", "off"): 1, ("company", "off"): 3}  # fmt: skip
    assert interactions(run.folder).table.equals(found.table)
    assert found.to_csv(tmp_path / "all.csv").read_text().startswith('"scenario","outcome","unit","kind","parts"')
    assert {"estimate", "told"} <= set(found.to_xarray().data_vars)


def test_places_of_several_clusters_and_phases_that_were_never_reached(tmp_path):
    keys = {"institutions.government.coordination": [0.2, 0.8], "institutions.government.regime": ["centralised", "feedback"]}
    what = {"title": "Places", "scenarios": ["idb_uruguay"], "replicates": 2, "years": 1, "levers": {"keys": keys},
            "uncertain": {"keys": {"parameters.trust.gain": [0.04, 0.1]}},
            "outputs": {"indicators": ["firms", "employment", "trust"], "every": "last", "reached": ["maturity"]}}  # fmt: skip
    run = sweep(what, tmp_path, workers=1)
    found = values_of(run.store)[0]
    rows = run.indicators
    first = rows[(rows["option"] == run.plan.options[0]["name"]) & (rows["replicate"] == 1)]
    assert found.outcomes["employment"].shape == (2, 4) and not found.worlds
    assert found.outcomes["employment"][1, 0] == pytest.approx(first["employment"].sum() / 2)  # of both worlds
    trust = [(part["trust"] * part["firms"]).sum() / part["firms"].sum() for _world, part in first.groupby("world")]
    assert found.outcomes["trust"][1, 0] == pytest.approx(np.mean(trust))
    assert first["years_to_maturity"].isna().any() and np.isfinite(found.outcomes["years_to_maturity"]).all()
    many = make_plan(what | {"replicates": 1, "uncertain": {"method": "latin_hypercube", "points": 6, "keys": {
        "parameters.trust.gain": None}}})[0]  # fmt: skip
    assert many.per_point == 1 and many.worlds == 6
    run = sweep(what | {"replicates": 1, "uncertain": {"method": "latin_hypercube", "points": 6, "keys": {
        "parameters.trust.gain": None}}}, tmp_path, name="worlds", workers=1)  # fmt: skip
    assert values_of(run.store)[0].worlds and interactions(run).of("pair", "firms")[0].judged.units == 6


def test_what_is_counted_in_a_cluster_is_added_over_a_place_and_what_is_a_measure_of_it_is_not():
    """Every unit is held to be one or the other: loans and organisations are counts, as firms are."""
    measures = {"1", "1/quarter", "1/year", "share", "share of sales", "ratio", "flag", "code", "years", "log points", "turn",
                "ties/firm", "firms/project", "kUSD/person/quarter"}  # fmt: skip
    units = {said.unit for said in INDICATORS.values()}
    assert units - measures == set(ADDED) & units and not measures & set(ADDED)
    assert {unit.removesuffix("/quarter") for unit in ADDED} <= set(ADDED)  # totals


def test_what_is_told_of_made_up_outcomes():
    plan = make_plan(GRID | {"outputs": {"indicators": ["employment", "exits", "phase"], "totals": ["public_spending"]}})[0]
    design, rng = design_of(plan, "designed"), np.random.default_rng(3)
    cells = np.zeros((40, 8))
    for (a, b, c), option in design.options.items():
        cells[:, option] = 1000 + 30 * a + 20 * b + 10 * c + 25 * a * b
    noisy = cells + rng.normal(size=(40, 1)) * 50 + rng.normal(size=(40, 8))
    made = work_out(plan, [Values("designed", {"employment": noisy, "exits": noisy, "total_public_spending": noisy}, False)])
    said = made.sentences()
    both = "Awareness events + Cluster mapping: complements (more than the sum); together +75, the sum of each alone +50, so +25"
    assert any(sentence.startswith(f"Jobs: {both}") for sentence in said), said
    assert any("all together: complements" in s for s in said) and any("of the level without" in s for s in said)
    assert any("Firms that closed" in s or "more than the sum;" in s for s in said)
    assert not any("complements" in s for s in said if not s.startswith("Jobs"))
    assert made.notes and made.notes[0].startswith("Money: all together were paid 85")


def test_what_three_do_together_holds_what_their_pairs_do():
    """All three against none: their effects alone, the pairs among them, and what only three do."""
    plan = make_plan(GRID | {"outputs": {"indicators": ["employment"]}})[0]
    design, cells = design_of(plan, "designed"), np.zeros((3, 8))
    for (a, b, c), option in design.options.items():
        cells[:, option] = 1000 + 30 * a + 20 * b + 10 * c + 25 * a * b - 4 * b * c + 7 * a * b * c
    cells += np.arange(3.0)[:, None]
    table = work_out(plan, [Values("designed", {"employment": cells}, False)]).table.query("others == 'off'").set_index("kind")
    assert table.loc["triple", ["added", "estimate", "together"]].tolist() == pytest.approx([60.0, 7.0, 88.0])
    assert table.loc["whole", ["added", "estimate", "together"]].tolist() == pytest.approx([60.0, 28.0, 88.0])
    assert table.loc["pair", "together"].tolist() == pytest.approx([75.0, 40.0, 26.0])
    assert table.loc["alone", "together"].tolist() == pytest.approx([30.0, 20.0, 10.0])


def test_money_of_nothing_is_as_good_as_no_instrument():
    """A part that is out keeps its line with no money: the same numbers as without the line."""
    designed = load_scenario("designed")
    data = designed.model_dump(mode="json")
    stages = data["programme"]["stages"]
    stages[0]["instruments"][0]["per_year"] = 0.0
    zero = simulate(designed.with_({"programme": data["programme"]}), replicates=3, years=6).indicators
    del stages[0]["instruments"][0]
    gone = simulate(designed.with_({"programme": data["programme"]}), replicates=3, years=6).indicators
    assert zero["employment"].equals(gone["employment"]) and zero["trust"].equals(gone["trust"])


@pytest.mark.parametrize(("parts", "corners", "count"), [
    ("a=facilitator,b=awareness_events", None, 4), ("a=facilitator,b=awareness_events,c=association_grant", "one-out", 8),
    ("instruments", "pairs", None), ("instruments", "one-out", None), ("stages", None, None),
])  # fmt: skip
def test_corners(parts, corners, count):
    apart = plan_apart("designed", parts, corners, replicates=2, years=1)
    n = len(apart.parts)
    wanted = {None: 2**n, "pairs": 2 + n + n * (n - 1) // 2, "one-out": 2 + 2 * n}[corners]
    assert len(apart.plan.options) == (count or wanted) == len({option["name"] for option in apart.plan.options})
    design = design_of(apart.plan, "designed")
    assert {factor.name for factor in design.factors} == set(apart.parts) and len(design.options) == len(apart.plan.options)
    every = apart.plan.options[-1]["set"]["programme"]
    assert every["stages"] == load_scenario("designed").model_dump(mode="json")["programme"]["stages"]
    nothing = apart.plan.options[0]["set"]["programme"]
    held = {tuple(place) for places in apart.plan.content["parts"].values() for place in places}
    assert all(i["per_year"] == 0 for s in nothing["stages"] for i in s["instruments"] if (s["name"], i["use"]) in held)


def test_each_part_keeps_its_money():
    """A budget that binds is shared out beforehand, a rule and cuts are left out; what cannot be is said."""
    stage = {"name": "one", "quarters": 8, "instruments": [{"use": "facilitator", "per_year": 60},
                                                          {"use": "awareness_events", "per_year": 40}]}  # fmt: skip
    programme = {"stages": [stage], "budget": {"per_year": 50}, "rule": {"use": "gap_driven"},
                 "evaluation": {"indicator": "vision", "gain": 0.1, "per_year": 10, "keep": 0.5}}  # fmt: skip
    scenario = load_scenario("no_policy").with_({"programme": programme})
    apart = plan_apart(scenario, replicates=2, years=1)
    assert apart.plan.content["changed"] == ["rule", "evaluation", "budget"]
    money = {o["name"]: [i["per_year"] for i in o["set"]["programme"]["stages"][0]["instruments"]] for o in apart.plan.options}
    assert money == {"none": [0, 0], "facilitator": [24, 0], "awareness_events": [0, 16], "all": [24, 16]}
    assert all(o["set"]["programme"]["budget"] is None for o in apart.plan.options)
    stage["instruments"][0]["taper"] = 0.5
    spread = plan_apart(load_scenario("no_policy").with_({"programme": programme}), replicates=2, years=1)
    assert spread.plan.content["changed"] == ["rule", "evaluation", "budget_left"]


@pytest.mark.parametrize(("scenario", "options", "said"), [
    ("no_policy", {}, "no programme to take apart"),
    ("designed", {"parts": "instrumnts"}, "Did you mean 'instruments'"),
    ("designed", {"parts": "a=facilitator,b=facilitatr"}, "Did you mean 'facilitator'"),
    ("designed", {"parts": "a=facilitator,b=facilitator+awareness_events"}, "each instrument in one part only"),
    ("designed", {"parts": "a=facilitator"}, "two parts or more"),
    ("designed", {"parts": "a=facilitator,a=awareness_events"}, "each name once"),
    ("designed", {"parts": 5}, "parts: 5"), ("designed", {"parts": {"a": 5}}, "parts"),
    ("designed", {"corners": "fulll"}, "Did you mean 'full'"), ("designed", {"replicates": 0}, "replicates: 0"),
])  # fmt: skip
def test_what_is_wrong_is_told_in_a_sentence(scenario, options, said, tmp_path):
    with pytest.raises(InputError) as error:
        take_apart(scenario, out=tmp_path, **options)
    assert said in str(error.value) and not list(tmp_path.iterdir())


def test_a_programme_taken_apart(tmp_path):
    parts = {"links": ["facilitator"], "events": ["awareness_events"]}
    found = take_apart("designed", parts, replicates=3, years=2, out=tmp_path, workers=1)
    assert found.folder.name.startswith("apart-designed-") and len(found.of("pair", "employment")) == 1
    again = take_apart("designed", parts, replicates=3, years=2, out=tmp_path, workers=1)
    assert again.table.equals(found.table) and len(list(tmp_path.iterdir())) == 1
    ax = found.plot("sales").axes[0]
    pair = found.pairs("sales", found.plan.scenarios[0])[0]
    assert naming.amount(pair.judged.estimate, "kUSD/quarter") in "".join(text.get_text() for text in ax.texts)
    assert len(found.plot(language="es").axes) == 4
    with pytest.raises(InputError, match="not a figure"):
        found.plot("nothing")


def test_the_command_takes_a_programme_apart(call, tmp_path):
    asked = ["compare", "designed", "--parts", "links=facilitator,events=awareness_events", "--replicates", 3, "--years", 1,
             "--out", tmp_path]  # fmt: skip
    code, out, noted = call(*asked, "--json")
    said = json.loads(out)
    assert code == 0 and said["cases_are"] == "seeds and replicates" and len(said["factors"]["designed"]) == 2
    assert [path.rpartition(".")[2] for path in said["files"] if "figures" not in path] == ["csv", "json", "parquet"]
    folder = Path(said["folder"])
    assert json.loads((folder / "interactions.json").read_text())["interactions"] == said["interactions"]
    assert "4 corners × 3 replicates = 12 runs" in noted
    _code, out, noted = call(*asked)
    assert "12 done before" in noted and "links + events" in out and str(folder) in out.replace("\n", "")
    assert call("report", folder)[0] == 0 and "What parts do together" in (folder / "report_en.html").read_text()
    assert call("results", "verify", folder)[0] == 0


@pytest.mark.parametrize(("asked", "said"), [
    (["designed", "no_policy", "--parts", "stages"], "one is taken apart"), (["designed", "--corners", "full"], "needs --parts"),
    (["designed", "--parts", "stages", "--worlds", "10"], "does not go with --parts"),
    (["organic", "--parts", "stages"], "no programme"),
    (["designed", "--parts", "a=facilitatr,b=project_cofinance"], "Did you mean 'facilitator'"),
])  # fmt: skip
def test_what_does_not_go_with_parts(call, asked, said, tmp_path):
    code, out, noted = call("compare", *asked, "--out", tmp_path)
    assert code and said in noted and not out and not list(tmp_path.iterdir())


def test_a_finished_sweep_tells_its_interactions(call, tmp_path):
    (tmp_path / "grid.yaml").write_text(yaml.safe_dump(GRID | {"levers": {"keys": {A: [0, 40], C: [0, 60]}}}))
    code, out, _noted = call("sweep", tmp_path / "grid.yaml", "--out", tmp_path / "out")
    assert code == 0 and "Awareness events + Facilitator" in out
    assert json.loads(call("sweep", tmp_path / "grid.yaml", "--out", tmp_path / "out", "--json")[1])["interactions"]["factors"]
    table = pd.read_parquet(tmp_path / "out" / "grid" / "interactions.parquet")
    assert set(table["kind"]) == {"alone", "pair"} and table["cases"].eq(4).all()
    assert (tmp_path / "out" / "grid" / "figures" / "interactions.svg").is_file()
    (tmp_path / "one.yaml").write_text(yaml.safe_dump(GRID | {"levers": {"keys": {A: [0, 40]}}}))
    code, out, _noted = call("sweep", tmp_path / "one.yaml", "--out", tmp_path / "out")
    assert code == 0 and "alone" not in out and not (tmp_path / "out" / "one" / "interactions.csv").exists()
    assert call("report", tmp_path / "out" / "one")[0] == 0
    assert "not for this design" in (tmp_path / "out" / "one" / "report_en.html").read_text()


def test_what_is_written_beside_a_sweep_is_sealed(call, tmp_path):
    asked = ["compare", "designed", "--parts", "links=facilitator,events=awareness_events", "--replicates", 2, "--years", 1,
             "--out", tmp_path / "out"]  # fmt: skip
    folder = Path(json.loads(call(*asked, "--json")[1])["folder"])
    assert call("report", folder)[0] == 0
    beside = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    beside = {name for name in beside if not name.startswith(("chunks/", "plan", "provenance"))}
    assert beside - {"files.json"} == set(manifest.entries_of(folder)) >= {
        "interactions.json", "interactions.csv", "interactions.parquet", "figures/interactions.png", "report_en.html"
    }
    for name in sorted(beside):
        path = folder / name
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        code, out, _err = call("results", "verify", folder)
        assert code == 1 and f"damaged {name}: is damaged" in out and " 0 chunks damaged" in out
        assert f"damaged {name}: " in call("results", "show", folder)[1]
        path.unlink()
        code, out, _err = call("results", "verify", folder)
        assert code == 1 and f"damaged {name}: is missing" in out
        path.write_bytes(data)
    assert call("--lang", "es", *asked)[0] == 0 and call("results", "verify", folder)[0] == 0
    assert "report_en.html" in manifest.entries_of(folder)


def test_what_was_written_beside_a_sweep_without_hashes_is_said_not_to_be_checked(call, tmp_path):
    parts = {"links": ["facilitator"], "events": ["awareness_events"]}
    found = take_apart("designed", parts, replicates=2, years=1, out=tmp_path, workers=1)
    write_interactions(found)
    (found.folder / "files.json").unlink()
    said = json.loads((found.folder / "interactions.json").read_text())
    assert said.pop("files") == "files.json"
    (found.folder / "interactions.json").write_text(json.dumps(said))
    code, out, _err = call("results", "verify", found.folder)
    assert code == 0 and out.count("was written without hashes; whether it is damaged cannot be told") == 3
    assert call("report", found.folder)[0] == 0 and set(manifest.entries_of(found.folder)) == {"report_en.html"}
    assert len(interactions(found.folder).table) == len(found.table)
    (found.folder / "interactions.json").write_text("[")
    (found.folder / "files.json").unlink()
    assert call("results", "verify", found.folder)[0] == 1


def test_each_scenario_of_a_page_is_told_at_its_own_end(tmp_path):
    for name, years in (("brief", 1), ("lasting", 2)):
        text = shipped_scenarios()["organic"].read_text(encoding="utf-8")
        (tmp_path / f"{name}.yaml").write_text(text.replace("years: 40", f"years: {years}"), encoding="utf-8")
    result = sweep({
        "title": "Two ends", "scenarios": [str(tmp_path / "brief.yaml"), str(tmp_path / "lasting.yaml")], "replicates": 2,
        "set": {"place.clusters.valley.smes": 8}, "levers": {"keys": {"parameters.trust.gain": [0.06, 0.1]}},
        "outputs": {"indicators": ["employment"], "every": "yearly"},
    }, tmp_path / "results", name="ends")  # fmt: skip
    table = next(b.tables[0] for s in sweep_page(result).sections for b in s.blocks if b.kind == "figure")
    frame = result.indicators
    for scenario, quarter in (("brief", 3), ("lasting", 7)):
        for option in ("gain=0.06", "gain=0.1"):
            rows = frame[(frame["scenario"] == scenario) & (frame["option"] == option) & (frame["quarter"] == quarter)]
            assert [f"{scenario}, {option}", numbers.number(rows["employment"].median())] in table.rows
    assert len(table.rows) == 4
