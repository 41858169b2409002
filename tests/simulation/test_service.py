"""Whom a programme serves, and from when; budgets that are shared, money by cluster, who leads; and what a scenario refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from clustersim.core.draws import world_key
from clustersim.model.indicators import INDICATORS
from clustersim.scenario.model import Scenario
from clustersim.simulation.announcing import begins, merits
from clustersim.simulation.engine import Simulation

AT = {name: k for k, name in enumerate(INDICATORS)}
NAMES = tuple("abcdefgh")
SMALL = {"smes": 12, "tractors": 1, "universities": 1}
WORKSHOPS = {"use": "consensus_workshops", "per_year": 80.0}


def scenario(names: Any = "abc", instruments: Any = (WORKSHOPS,), government: Any = None, clusters: Any = None,
             place: Any = None, **programme: Any) -> Scenario:  # fmt: skip
    """Return a scenario of small clusters with a programme of one long stage; `place` changes single clusters."""
    listed = [{"name": name, **SMALL, **(place or {}).get(name, {})} for name in names]
    stages = [{"name": "s", "quarters": 40, "instruments": list(instruments)}]
    if clusters is not None:
        programme["clusters"] = clusters
    return Scenario.model_validate({
        "title": "t", "place": {"clusters": listed}, "programme": {"stages": stages, **programme},
        "institutions": {"government": {"coordination": 1.0, "orientation": "bottom_up", **(government or {})}},
    })  # fmt: skip


def chosen(mode: str, *rounds: tuple[float, int], names: Any = NAMES, worlds: int = 200, **more: Any) -> np.ndarray:
    """Return the quarter of announcement for each of many worlds and cluster, -1 for clusters that are not served."""
    selection = {"mode": mode, "rounds": [{"year": year, "clusters": count} for year, count in rounds]}
    made = scenario(names, selection=selection, **more)
    state = Simulation(made).state
    keys = [np.uint64(world_key(3, k)) for k in range(worlds)]
    return np.array([begins(made, key, state.clusters.uid, state.parameters[0].programme) for key in keys])


def announced(made: Scenario, replicates: Any = (0,), workers: int = 1) -> list[list[int]]:
    """Return the quarter of announcement by replicate and cluster."""
    clusters = Simulation(made, 3, replicates, workers).state.clusters
    return clusters.announced.reshape(len(replicates), -1).tolist()


LADDER = {name: {"location_quotient": 1.0 + k, "trust": 0.1 + 0.1 * k, "tractors": 3**k, "export_share": 0.05 + 0.1 * k,
                 "smes": 12 * 3**k} for k, name in enumerate(NAMES)}  # fmt: skip


# --- who is served -------------------------------------------------------------------------------------------------


def test_all_clusters_are_served_unless_some_are_named():
    assert announced(scenario()) == [[0, 0, 0]]
    assert announced(scenario(clusters=["b"])) == [[-1, 0, -1]]
    assert announced(scenario(clusters=["c", "a"], announced=1.5), (0, 1)) == [[6, -1, 6]] * 2


def test_without_a_programme_nobody_is():
    bare = scenario().model_copy(update={"programme": None})
    assert announced(bare) == [[-1, -1, -1]]


def test_merit_is_the_mean_of_five_standardised_features():
    """Three clusters that differ in trust alone: it is standardised to -1.2247, 0 and 1.2247, and is a fifth of merit."""
    place = {"a": {"trust": 0.2}, "b": {"trust": 0.3}, "c": {"trust": 0.4}}
    assert merits(list(scenario(place=place).place.clusters)) == pytest.approx(np.array([-1, 0, 1]) * 1.5**0.5 / 5)
    assert merits(list(scenario().place.clusters)) == pytest.approx([0.0, 0.0, 0.0]), "equals are equally strong"
    place = {"a": {"tractors": 3, "smes": 13}, "b": {"tractors": 0, "smes": 16}}  # sixteen firms each
    assert merits(list(scenario("ab", place=place).place.clusters)) == pytest.approx([0.2, -0.2])
    assert merits(list(scenario("c").place.clusters)) == pytest.approx([0.0])


def test_politics_takes_whom_it_likes():
    taken = chosen("politics", (0.0, 2), place=LADDER) == 0
    assert (taken.sum(axis=1) == 2).all()
    assert taken.mean(axis=0) == pytest.approx([0.25] * 8, abs=0.11)


def test_competitiveness_takes_the_strongest_with_small_errors():
    """Merits are 0.44 apart and errors have a spread of one half: the better half is taken nearly always, ends nearly surely."""
    taken = (chosen("competitiveness", (0.0, 4), place=LADDER) == 0).mean(axis=0)
    assert taken[7] > 0.99 and taken[0] < 0.01
    assert taken[4:].mean() > 0.85 and np.corrcoef(taken, np.arange(8))[0, 1] > 0.9


def test_calls_begin_with_larger_errors_and_learn():
    """The part of the strongest that are left which each of six rounds takes, one at a time."""
    rounds = [(float(k), 1) for k in range(6)]
    when = chosen("calls", *rounds, place=LADDER, worlds=600)
    right = []
    for k in range(6):
        left = np.where((when == -1) | (when >= 4 * k), np.arange(8), -1)
        right.append(np.mean(np.argmax(when == 4 * k, axis=1) == left.max(axis=1)))
    assert right[0] < 0.5 and right[5] > 0.8 and np.corrcoef(right, np.arange(6))[0, 1] > 0.8
    first = (chosen("competitiveness", (0.0, 1), place=LADDER, worlds=600) == 0)[:, 7].mean()
    assert first > right[0] + 0.15, "a careful choice errs less than a first call"


def test_rounds_take_whom_the_earlier_ones_left_and_date_them():
    when = chosen("calls", (0.0, 2), (1.5, 3), (3.0, 1), announced=2.0)
    assert all(sorted(world) == [-1, -1, 8, 8, 14, 14, 14, 20] for world in when.tolist())
    assert chosen("politics", (0.0, 5), (1.0, 50), worlds=20).min() == 0, "in the end everybody is taken"
    odd = chosen("politics", (0.125, 1), (0.375, 1), names="ab", worlds=3)
    assert np.sort(odd).tolist() == [[0, 2]] * 3, "half quarters are rounded to the even one"


def test_selection_is_among_those_named_and_weighs_them_against_each_other():
    when = chosen("competitiveness", (0.0, 2), place=LADDER, clusters=["a", "b", "c"])
    assert (when[:, 3:] == -1).all() and ((when == 0).sum(axis=1) == 2).all()
    assert (when[:, 2] == 0).mean() > 0.95 > 0.3 > (when[:, 0] == 0).mean()


# --- what the choice does not depend on ----------------------------------------------------------------------------


def test_the_choice_is_the_same_whatever_the_threads_the_programme_or_the_neighbours():
    rounds = {"selection": {"mode": "calls", "rounds": [{"clusters": 1}, {"year": 1, "clusters": 1}]}}
    made = scenario("abcd", **rounds)
    usual = announced(made, range(5))
    assert announced(made, range(5), workers=4) == usual and len(set(map(tuple, usual))) > 1
    assert announced(made, [4]) == usual[4:], "each world chooses for itself"
    first, second = (Simulation(made, 3, range(5), workers).advance(12) for workers in (1, 4))
    assert first.indicators.tobytes() == second.indicators.tobytes() and first.spending.tobytes() == second.spending.tobytes()
    other = {"instruments": [{"use": "incubator", "per_year": 5.0}], "budget": {"per_year": 1.0}, "lead": "mixed"}
    assert announced(scenario("abcd", **other, **rounds), range(5)) == usual
    wider = announced(scenario("xabcdz", clusters=list("abcd"), **rounds), range(5))
    assert [world[1:5] for world in wider] == usual


def test_who_is_not_served_lives_as_without_a_programme():
    """A nation publishes once a year; in the first year clusters do not feel what is done for others."""
    made = scenario("abc", clusters=["b"]), scenario("abc").model_copy(update={"programme": None})
    served, bare = (Simulation(one, 3, range(2)).advance(4).indicators.reshape(4, 2, 3, -1) for one in made)
    assert (served[:, :, [0, 2]] == bare[:, :, [0, 2]]).all()
    assert (served[:, :, 1] != bare[:, :, 1]).any()


# --- money, lead, elections ----------------------------------------------------------------------------------------


def spending(made: Scenario, quarters: int = 1, seed: int = 3) -> np.ndarray:
    """Return public spending by quarter and cluster."""
    return Simulation(made, seed).advance(quarters).indicators[:, :, AT["public_spending"]]


def test_a_budget_is_each_clusters_own_or_shared_by_those_who_are_served():
    dear = [{"use": "incubator", "per_year": 4000.0}]
    assert spending(scenario(instruments=dear, budget={"per_year": 600.0}))[0] == pytest.approx([150.0] * 3)
    shared = {"per_year": 600.0, "shared": True}
    assert spending(scenario(instruments=dear, budget=shared))[0] == pytest.approx([50.0] * 3)
    assert spending(scenario(instruments=dear, budget=shared, clusters=["c", "a"]))[0] == pytest.approx([75.0, 0.0, 75.0])
    rounds = {"mode": "politics", "rounds": [{"clusters": 1}, {"year": 0.5, "clusters": 1}]}
    paid = spending(scenario(instruments=dear, budget=shared, selection=rounds), 3)
    assert sorted(paid[0]) == pytest.approx([0.0, 0.0, 75.0]) and sorted(paid[2]) == pytest.approx([0.0, 75.0, 75.0])


def test_money_can_be_scaled_by_cluster_and_buys_less_effect():
    simulation = Simulation(scenario(scale={"b": 0.25, "c": 0.0}), 3)
    record = simulation.advance()
    assert record.indicators[0, :, AT["public_spending"]] == pytest.approx([20.0, 5.0, 0.0])
    assert simulation.state.clusters.levers.max(axis=1) == pytest.approx([1.0, 0.25, 0.0])
    assert simulation.state.clusters.stage.tolist() == [0, 0, 0], "a stage without money begins as well"


@pytest.mark.parametrize(("lead", "politics", "turnover", "delay"), [("public", 1.0, 1.0, 0), ("mixed", 0.5, 1.0, 2),
                                                                   ("private", 0.2, 1.5, 0)])  # fmt: skip
def test_who_leads_decides_on_delay_politics_and_turnover(lead, politics, turnover, delay):
    made = scenario(lead=lead, lag_quarters=1)
    clusters = Simulation(made).state.clusters
    assert (clusters.exposure_to_politics == politics).all() and (clusters.turnover_factor == turnover).all()
    assert (spending(made, 5) > 0.0).argmax(axis=0).tolist() == [1 + delay] * 3


def test_a_stage_may_have_a_lead_of_its_own():
    made = scenario(lead="public")
    stages = [{"name": "first", "quarters": 2}, {"name": "second", "quarters": 2, "lead": "private"},
              {"name": "third", "quarters": 2}]  # fmt: skip
    made = Scenario.model_validate(made.model_dump(mode="json") | {"programme": {"lead": "public", "stages": stages}})
    simulation = Simulation(made, workers=1)
    seen = []
    for _ in range(6):
        simulation.advance()
        seen.append(float(simulation.state.clusters.exposure_to_politics[0]))
    assert seen == [1.0, 1.0, 0.2, 0.2, 1.0, 1.0]


def test_an_instrument_may_be_used_in_some_of_the_clusters_served():
    elsewhere = WORKSHOPS | {"use": "benchmarking", "clusters": ["b"]}
    made = scenario("abc", instruments=(WORKSHOPS, elsewhere), clusters=["a", "b"])
    assert spending(made, 1)[0].tolist() == [20.0, 40.0, 0.0]
    with pytest.raises(ValidationError, match="'benchmarking' is used in 'd', which is not a cluster of this place"):
        scenario("abc", instruments=(elsewhere | {"clusters": ["d"]},))
    copied = scenario("ab", instruments=(elsewhere,), place={"b": {"copies": 2}})
    assert spending(copied, 1)[0].tolist() == [0.0, 20.0, 20.0]


def test_elections_interrupt_the_programme_in_all_clusters_at_once():
    made = scenario(government={"election_years": 2}).model_copy(update={"parameters": {"programme": {"swing": 1.0}}})
    assert (Simulation(made).state.clusters.elections == 8).all()
    paid = spending(made, 18) > 0.0
    assert [paid[quarter].all() for quarter in range(18)] == [not 8 <= q < 12 and q < 16 for q in range(18)]
    assert (paid.all(axis=1) == paid.any(axis=1)).all()
    assert (Simulation(scenario()).state.clusters.elections == 0).all()


# --- what a scenario refuses ---------------------------------------------------------------------------------------

SEGMENTS = {"a": {"segments": ("raw", "parts")}, "b": {"segments": ("parts", "cars")}}


@pytest.mark.parametrize(
    ("programme", "words"),
    [
        ({"clusters": ["a", "z"]}, "programme.clusters: 'z' is not a cluster of this place"),
        ({"clusters": []}, "at least 1 item"),
        ({"scale": {"zz": 1.0}}, "programme.scale: 'zz' is not a cluster of this place"),
        ({"scale": {"a": -0.1}}, "greater than or equal to 0"),
        ({"instruments": [WORKSHOPS | {"segments": ["parts", "ships"]}]},
         "programme: 'consensus_workshops' reaches the segment 'ships', which no cluster has"),
        ({"instruments": [WORKSHOPS | {"segments": []}]}, "at least 1 item"),
        ({"instruments": [WORKSHOPS | {"classes": []}]}, "at least 1 item"),
        ({"instruments": [WORKSHOPS | {"classes": ["tiny"]}]}, "Input should be 'micro', 'small', 'medium' or 'large'"),
        ({"instruments": [WORKSHOPS | {"report": True}]}, "Extra inputs are not permitted"),
        ({"instruments": [WORKSHOPS | {"until_private": 0.0}]}, "greater than 0"),
        ({"selection": {"mode": "lottery", "rounds": [{"clusters": 1}]}}, "'politics', 'competitiveness' or 'calls'"),
        ({"selection": {"mode": "calls", "rounds": []}}, "at least 1 item"),
        ({"selection": {"mode": "calls", "rounds": [{"clusters": 0}]}}, "a whole number from 1 to 5000"),
        ({"budget": {"per_year": 0.0}}, "greater than 0"),
        ({"lead": "army"}, "'public', 'mixed' or 'private'"),
    ],
)  # fmt: skip
def test_programmes_that_do_not_fit_the_place_are_refused_in_words(programme, words):
    with pytest.raises(ValidationError) as caught:
        scenario("ab", place=SEGMENTS, **programme)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "programme",
    [{"clusters": ["b"]}, {"scale": {"a": 0.0, "b": 3.0}}, {"instruments": [WORKSHOPS | {"segments": ["cars"]}]},
     {"instruments": [{"use": "association_grant", "per_year": 1.0, "report": True, "until_private": 0.8}]}],
)  # fmt: skip
def test_programmes_that_fit_are_taken(programme):
    assert scenario("ab", place=SEGMENTS, **programme).programme is not None


def test_a_segment_is_found_by_its_name_in_each_cluster():
    """Parts are the second segment of one cluster and the first of the other; cars are made in the second alone."""
    instruments = [WORKSHOPS | {"segments": ["parts"]}, WORKSHOPS | {"segments": ["cars"], "classes": ["small", "large"]}]
    simulation = Simulation(scenario("ab", instruments, place=SEGMENTS))
    rows = simulation.state.plan.rows
    assert rows.segments.tolist() == [0b10, 0b00, 0b01, 0b10] and rows.classes.tolist() == [0b1111, 0b1010] * 2
    assert [(c.rows_first, c.rows_last) for c in simulation.state.clusters] == [(0, 2), (2, 4)]
