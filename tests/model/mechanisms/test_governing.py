"""Government: what is bought, heard and lost, who decides, who executes and who pays; and what the programme makes of it."""

from __future__ import annotations

import numpy as np
import pytest
from plans import plan, step

from clustersim.core.draws import PROCESS, bell, normal, stream, uniform
from clustersim.model.mechanisms.facilitation import assign
from clustersim.model.mechanisms.government import govern
from clustersim.model.state import FUNDER_ROWS, REFORM_ROWS, REGIMES, table

LONG = {"quarters": 400}
FROM_ABROAD, AT_HOME = 0, -1


def rule(case, quarters=1):
    """Let government act, without a programme beside it."""
    for _ in range(quarters):
        govern(case.cluster, case.world, case.plan, case.p.government)
        case.world.quarter += 1
    return case.cluster


def acted(case, quarters=1):
    """Let government and programme act; return the public spending of each quarter."""
    spent = []
    for _ in range(quarters):
        govern(case.cluster, case.world, case.plan, case.p.government)
        spent += step(case)
    return spent


def rows(case, variables, name, *lines):
    """Give a case one more table of its plan."""
    listed = table(variables, len(lines))
    for k, line in enumerate(lines):
        listed[k] = line
    case.plan = case.plan._replace(**{name: listed})
    return case


def test_without_anything_bought_government_is_what_it_was(make):
    case = make()
    case.cluster.coordination = 0.5
    c = rule(case, 8)
    assert (c.coordinated, c.known, c.own, c.arrives, c.carried, c.funded, c.foreign) == (0.5, 1, 1, 0, 1, 1, 0)
    assert c.teams == c.capability == c.heard == 0.0


def test_teams_coordinate_while_they_are_paid_and_methods_stay(make):
    case = make()
    case.cluster.coordination = 0.4
    case.lever(coordination=1.0, capability=3.0)  # more than full effect is no more
    rule(case)
    assert (case.cluster.teams, case.cluster.capability) == pytest.approx((0.5, 0.06))
    assert case.cluster.coordinated == pytest.approx(0.4 + 0.6 * (1 - (1 - 0.6 * 0.5) * (1 - 0.4 * 0.06)))
    rule(case)
    assert (case.cluster.teams, case.cluster.capability) == pytest.approx((0.5 + 0.25 - 0.125, 0.06 + 0.06 * 0.94 - 0.0006))
    case.lever(coordination=0.0, capability=0.0)
    before = float(case.cluster.capability)
    c = rule(case, 24)
    assert c.teams < 0.01 and c.capability == pytest.approx(before * 0.99**24)
    assert c.coordinated > 0.4


def test_more_bought_is_never_less_and_never_above_full(make):
    for own in (0.0, 0.3, 1.0):
        last = own
        for bought in np.linspace(0.0, 1.0, 11):
            case = make()
            case.cluster.coordination, case.cluster.teams, case.cluster.capability = own, bought, bought
            case.p.government.team_fading = case.p.government.method_wear = 0.0
            found = rule(case).coordinated
            assert last - 1e-15 <= found <= 1.0
            last = found


def test_policy_hears_more_where_an_association_speaks(make):
    heard = []
    for formal in (0, 1):
        case = make()
        case.cluster.formal = formal
        case.lever(dialogue=1.0)
        heard.append(float(rule(case).heard))
        assert case.cluster.known == pytest.approx(1.0 + 0.1 * heard[-1]) == case.cluster.carried
    assert heard == pytest.approx([0.25 * 0.3, 0.25])
    case.lever(dialogue=0.0)
    assert rule(case).heard == pytest.approx(0.25 * 0.9)


@pytest.mark.parametrize(
    ("regime", "known", "own", "wait"), [("decentralised", 1.0, 0.6, 1), ("feedback", 0.9, 0.3, 2), ("centralised", 0.8, 0.0, 1)]
)
def test_who_decides_says_what_is_known_how_fast_and_how_much(make, regime, known, own, wait):
    case = make()
    case.p.government.known_feedback = 0.9
    case.cluster.regime, case.cluster.autonomy = REGIMES.index(regime), 0.6
    c = rule(case)
    assert (c.known, c.own, c.wait) == (known, own, wait)
    assert c.arrives == pytest.approx((1.0 - own) * 0.8)


def test_money_from_the_centre_comes_later_and_not_wholly(make):
    case = plan(make(), {"quarters": 4, "taper": 0.5})
    case.cluster.regime, case.p.government.wait_centre = REGIMES.index("centralised"), 2.0
    assert acted(case, 8) == pytest.approx([0, 0, 8, 8, 8 * 2 / 3, 8 / 3, 0, 0])
    half = plan(make(), {"quarters": 4})
    half.cluster.regime = REGIMES.index("feedback")
    assert acted(half, 7) == pytest.approx([5, 5, 9, 9, 4, 4, 0])


def test_what_is_known_and_coordinated_scales_what_arrives(make):
    case = plan(make(), {"money": 20.0}, coordination=0.5)
    case.cluster.regime, case.p.government.wait_centre = REGIMES.index("centralised"), 0.0
    assert acted(case) == pytest.approx([16.0])
    assert case.levers()["events"] == pytest.approx(0.8 * (0.4 + 0.6 * 0.5) * 0.8)


def test_reforms_hold_from_their_date(make):
    case = make()
    case.cluster.coordination = 0.5
    case.world.quarter = 0
    rows(case, REFORM_ROWS, "reforms", (3, 2, 0.4, 1.0), (6, 1, 0.7, 0.5))
    seen = [(float(c.coordinated), int(c.regime), float(c.own)) for c in (rule(case).copy() for _ in range(8))]
    assert seen == [(0.5, 0, 1.0)] * 3 + [(0.4, 2, 0.0)] * 3 + [(0.7, 1, 0.25)] * 2


def election(make, seed=1, quarter=16, **cluster):
    """Return a place in a quarter with an election, in which the party changes for sure."""
    values = {"elections": 16, "party_turnover": 1.0, "teams": 0.8, "capability": 0.6} | cluster
    case = plan(make(seed=seed), LONG, stages=(LONG,), **values)
    case.p.government.team_fading = case.p.government.method_wear = case.p.programme.swing = 0.0
    case.world.quarter = quarter
    return case


def test_a_new_party_takes_teams_apart_and_shakes_the_programme_but_not_methods(make):
    case = election(make)
    case.p.government.party_ends = 0.0
    c = rule(case)
    assert (c.teams, c.capability, c.credibility, c.kept) == pytest.approx((0.4, 0.6, 0.7, 1.0))
    for other in ({"quarter": 17}, {"party_turnover": 0.0}, {"elections": 0}):
        assert rule(election(make, **other)).teams == 0.8
    private = rule(election(make, exposure_to_politics=0.5))
    assert private.credibility == pytest.approx(0.85)


def test_a_new_party_may_end_the_programme_of_the_old_one(make):
    case = election(make)
    case.p.government.party_ends = 1.0
    assert acted(case, 4) == [0.0] * 4 and case.cluster.kept == 0.0
    waiting = election(make, announced=20)
    waiting.p.government.party_ends = 1.0
    assert rule(waiting).kept == 1.0 and waiting.cluster.credibility == 1.0, "none is in force yet"
    out = [election(make, seed).world for seed in range(400)]
    draws = [uniform(stream(world.key, 16, PROCESS["party"]), world.key) for world in out]
    kept = [rule(election(make, seed, party_turnover=0.4)).teams == 0.8 for seed in range(400)]
    assert kept == [draw >= 0.4 for draw in draws] and 0.5 < np.mean(kept) < 0.7


def executed(make, seed, bidders, error, every=0, quarters=1):
    case = plan(make(seed=seed), LONG, stages=(LONG,), bidders=bidders, tender_every=every)
    case.p.government.tender_error = error
    rule(case, quarters)
    return case


def test_a_tender_takes_the_best_bid_that_it_can_see(make):
    means = []
    for bidders, error in ((1, 0.0), (6, 0.0), (6, 2.0)):
        means.append(np.mean([float(executed(make, seed, bidders, error).cluster.ability) for seed in range(200)]))
    assert means[0] == pytest.approx(1.0, abs=0.04)
    assert means[1] > means[2] + 0.05 > means[0] + 0.1, "judging with errors costs a part of the choice"
    case = executed(make, 3, 4, 0.5)
    who = [case.cluster.uid + np.uint64(k) for k in range(4)]
    skill = [bell(stream(case.world.key, 0, PROCESS["bidder"]), one) for one in who]
    judged = [s + 0.5 * normal(stream(case.world.key, 0, PROCESS["tender"]), one) for s, one in zip(skill, who, strict=True)]
    assert case.cluster.ability == pytest.approx(1.0 + 0.2 * skill[int(np.argmax(judged))])


def test_tenders_return_and_appointments_stay(make):
    case, seen = executed(make, 1, 3, 0.7, every=4, quarters=0), []
    for _ in range(12):
        seen.append(float(rule(case).ability))
    assert [len(set(seen[k : k + 4])) for k in (0, 4, 8)] == [1, 1, 1] and len(set(seen)) == 3
    appointed = executed(make, 1, 1, 0.7, quarters=0)
    assert len({float(rule(appointed).ability) for _ in range(40)}) == 1


def test_each_hand_over_loses_some_and_less_where_bodies_coordinate(make):
    for own, two in ((0.0, 0.85**2), (0.5, 0.925**2), (1.0, 1.0)):
        case = plan(make(), {"money": 20.0}, coordination=own, handovers=2)
        acted(case)
        assert case.cluster.carried == pytest.approx(two)
        assert case.levers()["events"] == pytest.approx(two * (0.4 + 0.6 * own))


def test_levels_cost_their_overhead_and_nothing_else(make):
    case = plan(make(), {"money": 20.0, "recipient": 1}, overhead=0.25)
    nation = float(case.cluster.nation)
    assert acted(case) == [20.0]
    assert case.actors.cash[case.cluster.first + 1] == pytest.approx(15.0)
    assert case.cluster.nation == pytest.approx(nation - 15.0)
    assert case.levers()["events"] == pytest.approx(0.75)


def funded(make, *lines, **cluster):
    return rows(plan(make(), LONG, stages=(LONG,), launched=0, **cluster), FUNDER_ROWS, "funders", *lines)


def test_a_funder_that_leaves_takes_its_part_along(make):
    case = funded(make, (2, 6, 0.75, FROM_ABROAD), (2, 999, 0.25, AT_HOME), (8, 999, 0.5, AT_HOME))
    nation = float(case.cluster.nation)
    assert acted(case, 10) == pytest.approx([10, 10, 10, 10, 10, 10, 2.5, 2.5, 7.5, 7.5])
    assert case.cluster.donated.tolist() == pytest.approx([30.0] + [0.0] * 7)
    assert case.cluster.abroad == pytest.approx(-30.0) and case.cluster.nation == pytest.approx(nation + 30.0)
    assert case.cluster.foreign_spending == 0.0


def test_between_funders_there_is_no_money_and_channels_stand_still(make):
    case = funded(make, (0, 2, 1.0, FROM_ABROAD), (4, 6, 1.0, 1))
    assert acted(case, 7) == [10, 10, 0, 0, 10, 10, 0]
    assert case.cluster.donated[:2].tolist() == [20.0, 20.0] and not case.cluster.levers.any()


def test_a_new_facilitator_begins_where_institutions_hold_the_methods(make):
    for capability, rapport in ((0.0, 0.6), (0.5, 0.6 + 0.8 * 0.5 * 0.3), (1.0, 0.6 + 0.8 * 0.3)):
        case = make()
        case.lever(facilitation=1.0)
        case.p.facilitation.turnover, case.p.facilitation.rapport_gain = 1.0, 0.0
        case.cluster.rapport, case.cluster.capability = 0.9, capability
        assign(case.cluster, case.world, case.p.facilitation)
        assert case.cluster.rapport == pytest.approx(rapport)
        case.cluster.rapport = 0.0
        assign(case.cluster, case.world, case.p.facilitation)
        assert case.cluster.rapport == 0.6, "nobody was there to learn from"
