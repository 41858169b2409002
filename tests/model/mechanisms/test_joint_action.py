"""Joint action: pledges against a threshold, belief that multiplies trust, public money beside that of the partners."""

from __future__ import annotations

from functools import partial

import clubs
import numpy as np
import pytest
from clubs import running, step

from clustersim.core.draws import PROCESS, stream
from clustersim.model.mechanisms.joint_action import (
    EXPORT,
    PROMOTION,
    PURCHASE,
    RESEARCH,
    SERVICES,
    STANDARDS,
    TRAINING,
    aid,
    called,
    choose_kind,
    entitled,
    pledged,
    propose,
    scale,
)
from clustersim.model.state import FREE, PROJECTS_MAX, SME, UNIVERSITY


@pytest.fixture
def club(make):
    """Return the maker of clusters with an eager association."""
    return partial(clubs.club, make)


def test_an_eager_association_starts_a_project_and_partners_share_its_cost(club):
    case = club()
    step(case)
    (kind,) = running(case)
    p = case.p.joint_action
    price = scale(p.cost_easy, p.cost_hard, kind)
    partners = case.get("project") == 0
    assert partners.sum() == case.cluster.project_partners[0] >= p.partners_min
    assert 1e6 - case.get("cash") == pytest.approx(price * partners)
    assert case.cluster.private_cofinance == pytest.approx(price * partners.sum())
    assert case.cluster.projects_started == 1.0
    assert case.cluster.project_end[0] == 5 + int(scale(p.quarters_easy, p.quarters_hard, kind))


def test_without_association_or_facilitator_nothing_starts(club):
    case = club(formal=0)
    step(case, 5)
    assert running(case) == []
    case.cluster.promoters = 3.0
    case.p.joint_action.launch_help = 1.0
    step(case)
    assert len(running(case)) == 1
    case = club(formal=0)
    case.p.joint_action.launch_help = 0.0
    case.cluster.promoters = 3.0
    step(case, 5)
    assert running(case) == []


def test_without_vision_an_association_alone_starts_nothing(club):
    case = club()
    case.cluster.vision = 0.0
    step(case, 5)
    assert running(case) == []


def test_staff_and_vision_raise_the_chance_to_look_for_a_project(club):
    def looks(vision, staff):
        count = 0
        for quarter in range(60):
            case = club(8)
            case.p.joint_action.launch = 0.2
            case.world.quarter, case.cluster.vision, case.cluster.staff = quarter, vision, staff
            step(case)
            count += len(running(case))
        return count

    assert looks(0.25, 0.0) < looks(1.0, 0.0) < looks(1.0, 12.0)


def test_promoters_raise_the_chance_to_look_for_a_project_up_to_three(club):
    """At half vision with four staff the association alone has a chance of 0.1 × 0.5 × 2; each promoter adds 0.02."""
    draw = club().draw(PROCESS["project_launch"], np.uint64(77))
    for promoters, formal, rest in ((0.0, 1, 1.0), (2.0, 1, 1.4), (3.0, 1, 1.6), (8.0, 1, 1.6), (2.0, 0, 0.4)):
        for edge, looks in ((0.999, 0), (1.001, 1)):
            case = club(formal=formal)
            p = case.p.joint_action
            p.launch, p.launch_help = draw / rest * edge, 0.2 * draw / rest * edge
            case.cluster.vision, case.cluster.staff, case.cluster.promoters = 0.5, 4.0, promoters
            step(case)
            assert len(running(case)) == looks, (promoters, formal, edge)


def test_too_few_pledges_start_nothing_and_cost_nothing(club):
    case = club(20)
    case.p.joint_action.partners_min = 21.0
    step(case, 3)
    assert running(case) == [] and (case.get("cash") == 1e6).all() and (case.get("project") == -1).all()
    case.p.joint_action.partners_min = 2.0
    step(case)
    assert len(running(case)) == 1


def pledges(club, project_kind=TRAINING, change=None, groups=0.0, **firm):
    """Return the share of firms that pledge for a project of this kind."""
    levers = {name: firm.pop(name) for name in ("cofinance", "purchasing", "consortia") if name in firm}
    case = club(300, **firm)
    for name, value in (change or {}).items():
        case.p.joint_action[name] = value
    case.lever(**levers)
    case.cluster.groups = groups
    p = case.p.joint_action
    word = stream(case.world.key, case.world.quarter, PROCESS["pledge"])
    price = scale(p.cost_easy, p.cost_hard, project_kind)
    return np.mean([pledged(case.actors, case.cluster, case.row(k), project_kind, price, word, p) for k in range(300)])


def test_pledges_rise_with_trust_and_belief(club):
    middling = pledges(club, bond=0.4, belief=0.4)
    assert 0.2 < middling < 0.8
    assert pledges(club, bond=0.9, belief=0.4) > middling + 0.15
    assert pledges(club, bond=0.4, belief=0.62) > middling + 0.15
    assert pledges(club, bond=1.0, belief=1.0) > 0.95


def test_belief_multiplies_trust(club):
    """Neither moves anything without the other; together they move more than the sum."""
    nothing = pledges(club, bond=0.0, belief=0.0)
    assert pledges(club, bond=1.0, belief=0.0) == pledges(club, bond=0.0, belief=1.0) == nothing
    assert pledges(club, bond=1.0, belief=1.0) > nothing + 0.7
    faithless = {"belief_weight": 0.0}
    assert pledges(club, bond=1.0, belief=1.0, change=faithless) == nothing


def test_the_hardest_project_needs_the_most(club):
    firm = {"bond": 0.5, "belief": 0.4}
    shares = [pledges(club, kind, **firm) for kind in (PURCHASE, TRAINING, RESEARCH)]
    assert shares[0] > shares[1] > shares[2]
    easy = {"burden_hard": 0.1, "gain_hard": 0.9}
    assert pledges(club, RESEARCH, change=easy, **firm) == pledges(club, PURCHASE, **firm)


def test_cofinance_lightens_the_burden_but_never_all_of_it(club):
    firm = {"bond": 0.5, "belief": 0.3}
    without, half, full, more = (pledges(club, RESEARCH, cofinance=c, **firm) for c in (0.0, 0.5, 0.95, 5.0))
    assert without < half < full == more


def test_who_is_busy_or_poor_or_outside_does_not_pledge(club):
    assert pledges(club, project=2) == 0.0
    assert pledges(club, kind=FREE) == 0.0
    assert pledges(club, member=0) == 0.0
    p = club().p.joint_action
    price = scale(p.cost_easy, p.cost_hard, TRAINING)
    assert pledges(club, cash=2 * price - 0.01) == 0.0 < pledges(club, cash=2 * price)
    assert pledges(club, formal=0, member=0) > 0.9  # without an association all may
    assert pledges(club, change={"attention": 0.3}) == pytest.approx(0.3, abs=0.08)


def test_members_in_thematic_groups_hear_of_more(club):
    """Three in ten hear of it; with all members in groups half as many again; nobody hears with more than certainty."""
    rare = {"attention": 0.3}
    assert pledges(club, change=rare, groups=1.0) == pytest.approx(0.45, abs=0.07)
    assert pledges(club, change=rare) < pledges(club, change=rare, groups=0.5) < pledges(club, change=rare, groups=1.0)
    assert pledges(club, change=rare | {"group_attention": 0.0}, groups=1.0) == pledges(club, change=rare)
    assert pledges(club, groups=1.0) == pledges(club)


def test_aid_is_the_same_for_all_kinds_but_for_purchases_and_consortia(club):
    case = club()
    p = case.p.joint_action
    case.lever(cofinance=0.2, purchasing=0.3, consortia=0.6)
    kinds = (PURCHASE, PROMOTION, TRAINING, STANDARDS, SERVICES, EXPORT, RESEARCH)
    assert [aid(case.cluster, kind, p) for kind in kinds] == pytest.approx([0.5, 0.2, 0.2, 0.2, 0.2, 0.2, 0.8])
    case.lever(cofinance=0.9)
    assert [aid(case.cluster, kind, p) for kind in kinds] == pytest.approx([0.95, 0.9, 0.9, 0.9, 0.9, 0.9, 0.95])


def test_aid_for_one_kind_brings_pledges_for_that_kind_alone(club):
    firm = {"bond": 0.5, "belief": 0.3}
    for lever, kind in (("purchasing", PURCHASE), ("consortia", RESEARCH)):
        other = RESEARCH + PURCHASE - kind
        assert pledges(club, kind, **{lever: 0.6}, **firm) == pledges(club, kind, cofinance=0.6, **firm)
        assert pledges(club, kind, **{lever: 0.6}, **firm) > pledges(club, kind, **firm)
        assert pledges(club, other, **{lever: 0.6}, **firm) == pledges(club, other, **firm)


def test_public_money_pays_its_part_as_far_as_the_fund_goes(club):
    for fund, paid in ((1e6, 0.5), (10.0, None), (0.0, 0.0)):
        case = club()
        case.lever(cofinance=0.5)
        case.cluster.project_fund = fund
        step(case)
        p = case.p.joint_action
        total = scale(p.cost_easy, p.cost_hard, running(case)[0]) * case.cluster.project_partners[0]
        public = min(10.0, 0.5 * total) if paid is None else paid * total
        assert fund - case.cluster.project_fund == pytest.approx(public)
        assert case.cluster.private_cofinance == pytest.approx(total - public)


@pytest.mark.parametrize("schools", [0, 1])
def test_research_pays_the_university_where_there_is_one(club, schools):
    case = club(schools=schools)
    case.p.joint_action.choice_spread = 1e-3  # the best prospect is chosen: the hardest
    propose(case.actors, case.cluster, case.world, 0, False, case.p.joint_action)
    assert running(case) == [RESEARCH]
    cost = case.p.joint_action.cost_hard * case.cluster.project_partners[0]
    assert case.cluster.nation == pytest.approx(0.0 if schools else cost)
    if schools:
        assert case.actors.cash[UNIVERSITY] == pytest.approx(cost)


def test_low_prospects_choose_easy_projects_and_high_ones_hard(club):
    def chosen(bond, belief, **levers):
        kinds = []
        for quarter in range(40):
            case = club(4, bond=bond, belief=belief)
            case.world.quarter = quarter
            case.lever(**levers)
            kinds.append(choose_kind(case.actors, case.cluster, case.world, False, case.p.joint_action))
        return np.mean(kinds)

    low, high = chosen(0.3, 0.2), chosen(0.9, 0.9)
    assert low < 2.0 < 4.0 < high
    assert chosen(0.9, 0.05) < 2.0  # trust without belief is no prospect
    assert chosen(0.3, 0.2, cofinance=1.0) > low + 1.0  # money makes the hard ones thinkable
    assert chosen(0.3, 0.2, consortia=1.0) > low + 1.0 > low > chosen(0.3, 0.2, purchasing=1.0)
    mixed = []
    for kind in (SME, FREE):  # firms that left have no say
        case = club(4, bond=0.9, belief=0.9)
        case.set(slice(1, 4), bond=0.0, kind=kind)
        case.p.joint_action.choice_spread = 1e-3
        mixed.append(choose_kind(case.actors, case.cluster, case.world, False, case.p.joint_action))
    assert mixed == [PURCHASE, RESEARCH]
    # At equal worth all kinds are alike.
    case = club(4)
    p = case.p.joint_action
    p.gain_hard, p.burden_hard = p.gain_easy, p.burden_easy
    kinds = set()
    for quarter in range(100):
        case.world.quarter = quarter
        kinds.add(choose_kind(case.actors, case.cluster, case.world, False, p))
    assert kinds == set(range(7))


def test_one_project_begins_in_a_quarter_and_at_most_eight_run(club):
    case = club(200)
    case.p.joint_action.attention, case.p.joint_action.quarters_easy = 0.1, 40.0
    case.p.joint_action.quarters_hard, case.p.joint_action.partners_min = 40.0, 2.0
    for quarter in range(1, 13):
        step(case)
        assert len(running(case)) == min(quarter, PROJECTS_MAX)
    assert case.cluster.projects_started == 0.0


def called_for(club, fund=1e6, formal=1, member=0, lever=0.5, channel="cofinance", **change):
    """Return an association of nobody, beside which a public fund pays half of projects."""
    case = club(formal=formal, member=member)
    case.p.joint_action.launch = 0.0
    for name, value in change.items():
        case.p.joint_action[name] = value
    case.lever(**{channel: lever})
    case.cluster.project_fund = fund
    return case


@pytest.mark.parametrize("channel", ["cofinance", "purchasing", "consortia"])
def test_a_fund_calls_for_projects_while_it_has_money_and_pays_for_some(club, channel):
    assert called(called_for(club, channel=channel).cluster)
    assert not called(called_for(club, channel=channel, fund=0.0).cluster)
    assert not called(called_for(club, channel=channel, lever=0.0).cluster)


def test_an_open_call_needs_no_association_and_no_facilitator(club):
    """It comes at its own rate, whether or not anybody else could look for a project."""
    for formal in (0, 1):
        draw = club().draw(PROCESS["project_launch"], np.uint64(77))
        for rate, projects in ((draw * 0.999, 0), (draw * 1.001, 1)):
            case = called_for(club, formal=formal, launch_call=rate)
            step(case)
            assert len(running(case)) == projects, (formal, rate)
    case = called_for(club, formal=0, fund=0.0, launch_call=1.0)
    step(case, 5)
    assert running(case) == []


def test_the_call_adds_to_the_chance_of_association_and_facilitators(club):
    draw = club().draw(PROCESS["project_launch"], np.uint64(77))
    for edge, projects in ((0.999, 0), (1.001, 1)):
        part = draw * edge / 4  # at full vision without staff: launch once, help twice, the call once
        case = called_for(club, member=1, launch=part, launch_help=part, launch_call=part)
        case.cluster.promoters = 2.0
        step(case)
        assert len(running(case)) == projects


def test_all_firms_may_answer_an_open_call(club):
    """Otherwise members alone may take part where there is an association; who left never may."""
    for member, fund, formal, allowed in ((1, 0.0, 1, True), (0, 0.0, 1, False), (0, 1e6, 1, True), (0, 0.0, 0, True)):
        case = called_for(club, fund=fund, formal=formal, member=member)
        assert bool(entitled(case.actors, case.cluster, case.row(0))) == allowed, (member, fund, formal)
    case = called_for(club)
    case.set(0, kind=FREE)
    assert not entitled(case.actors, case.cluster, case.row(0))


def test_firms_that_are_no_members_share_a_project_of_an_open_call_and_its_money(club):
    case = called_for(club, launch_call=1.0)
    step(case)
    partners = case.get("project") == 0
    assert partners.sum() == case.cluster.project_partners[0] >= case.p.joint_action.partners_min
    p = case.p.joint_action
    total = scale(p.cost_easy, p.cost_hard, running(case)[0]) * partners.sum()
    assert 1e6 - case.cluster.project_fund == pytest.approx(total / 2)
    assert 1e6 - case.get("cash") == pytest.approx(partners * total / 2 / partners.sum())


def test_an_open_call_is_a_prospect_for_those_who_are_no_members_too(club):
    """Two members without trust would choose the easiest kind; with the others' trust counted the hardest one is best."""
    kinds = []
    for fund in (0.0, 1e6):
        case = called_for(club, fund=fund, choice_spread=1e-3, lever=1e-6)
        case.set(slice(0, 2), member=1, bond=0.0)
        kinds.append(choose_kind(case.actors, case.cluster, case.world, False, case.p.joint_action))
    assert kinds == [PURCHASE, RESEARCH]


def test_a_call_is_answered_with_what_it_pays_for(club):
    """Low prospects would choose the easiest kind; a call for consortia is answered with research."""
    for lever, kind in (("consortia", RESEARCH), ("purchasing", PURCHASE)):
        case = club(4, bond=0.1, belief=0.1)
        case.p.joint_action.choice_spread = 1e-3
        case.lever(**{lever: 0.1})
        assert choose_kind(case.actors, case.cluster, case.world, False, case.p.joint_action) == PURCHASE
        assert choose_kind(case.actors, case.cluster, case.world, True, case.p.joint_action) == kind
