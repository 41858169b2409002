"""Joint action: pledges against a threshold, belief that multiplies trust, outcomes that feed back."""

from __future__ import annotations

import math

import numpy as np
import pytest

from clustersim.draws import PROCESS, stream
from clustersim.mechanisms.joint_action import (
    EXPORT,
    PROMOTION,
    PURCHASE,
    RESEARCH,
    SERVICES,
    STANDARDS,
    TRAINING,
    choose_kind,
    cooperate,
    pledged,
    propose,
    scale,
)
from clustersim.state import FREE, PROJECTS_MAX, UNIVERSITY

EAGER = {"bond": 1.0, "belief": 1.0, "cash": 1e6}


@pytest.fixture
def club(make):
    """Return a maker of clusters whose association looks for a project in every quarter and whose members are eager."""

    def _club(firms=20, formal=1, **firm):
        case = make(firms)
        case.p.joint_action.launch, case.p.joint_action.attention = 1.0, 1.0
        case.cluster.formal, case.cluster.vision, case.cluster.members = formal, 1.0, firms * formal
        case.all(**(EAGER | {"member": formal} | firm))
        return case

    return _club


def step(case, quarters=1):
    """Let quarters pass; the books balance."""
    for _ in range(quarters):
        before = case.books()
        cooperate(case.actors, case.cluster, case.world, case.p.joint_action)
        assert case.books() == pytest.approx(before, rel=1e-12, abs=1e-9)
        case.world.quarter += 1


def running(case):
    """Return the kinds of the projects that run."""
    return [int(kind) for kind in case.cluster.project_kind if kind >= 0]


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
    case.lever(facilitation=3.0)
    case.p.joint_action.launch_help = 1.0
    step(case)
    assert len(running(case)) == 1
    case = club(formal=0)
    case.p.joint_action.launch_help = 0.0
    case.lever(facilitation=3.0)
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


def test_too_few_pledges_start_nothing_and_cost_nothing(club):
    case = club(20)
    case.p.joint_action.partners_min = 21.0
    step(case, 3)
    assert running(case) == [] and (case.get("cash") == 1e6).all() and (case.get("project") == -1).all()
    case.p.joint_action.partners_min = 2.0
    step(case)
    assert len(running(case)) == 1


def pledges(club, project_kind=TRAINING, cofinance=0.0, change=None, **firm):
    """Return the share of firms that pledge for a project of this kind."""
    case = club(300, **firm)
    for name, value in (change or {}).items():
        case.p.joint_action[name] = value
    case.lever(cofinance=cofinance)
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


def test_research_pays_the_university_where_there_is_one(club, make):
    for schools in (0, 1):
        case = make(20, schools=schools)
        case.cluster.formal, case.p.joint_action.attention = 1, 1.0
        case.all(**EAGER, member=1)
        case.p.joint_action.choice_spread = 1e-3  # the best prospect is chosen: the hardest
        propose(case.actors, case.cluster, case.world, 0, case.p.joint_action)
        assert running(case) == [RESEARCH]
        cost = case.p.joint_action.cost_hard * case.cluster.project_partners[0]
        assert case.cluster.nation == pytest.approx(0.0 if schools else cost)
        if schools:
            assert case.actors.cash[UNIVERSITY] == pytest.approx(cost)


def test_low_prospects_choose_easy_projects_and_high_ones_hard(club):
    def chosen(bond, belief, cofinance=0.0):
        kinds = []
        for quarter in range(60):
            case = club(4, bond=bond, belief=belief)
            case.world.quarter = quarter
            case.lever(cofinance=cofinance)
            kinds.append(choose_kind(case.actors, case.cluster, case.world, case.p.joint_action))
        return np.mean(kinds)

    low, high = chosen(0.3, 0.2), chosen(0.9, 0.9)
    assert low < 2.0 < 4.0 < high
    assert chosen(0.9, 0.05) < 2.0  # trust without belief is no prospect
    assert chosen(0.3, 0.2, cofinance=1.0) > low + 1.0  # money makes the hard ones thinkable
    # At equal worth all kinds are alike.
    case = club(4)
    p = case.p.joint_action
    p.gain_hard, p.burden_hard = p.gain_easy, p.burden_easy
    kinds = set()
    for quarter in range(100):
        case.world.quarter = quarter
        kinds.add(choose_kind(case.actors, case.cluster, case.world, p))
    assert kinds == set(range(7))


def due(club, kind=TRAINING, partners=6, firms=10, **firm):
    """Return a cluster in which a project of this kind ends, and none begins."""
    case = club(firms, **({"belief": 0.4, "climate": 0.5} | firm))
    p = case.p.joint_action
    p.launch, p.success, p.difficulty, p.fading = 0.0, 1.0, 0.0, 0.0
    case.set(slice(0, partners), project=0)
    case.cluster.project_kind[0], case.cluster.project_end[0] = kind, case.world.quarter
    case.cluster.project_partners[0] = partners
    return case


def test_a_project_ends_in_its_quarter_and_not_before(club):
    case = due(club)
    case.cluster.project_end[0] = case.world.quarter + 2
    step(case, 2)
    assert running(case) == [TRAINING]
    step(case)
    assert running(case) == [] and (case.get("project") == -1).all()


def test_success_raises_belief_and_climate_of_partners_more_than_of_witnesses(club):
    case = due(club)
    case.set(9, member=0)
    step(case)
    p = case.p.joint_action
    assert (case.cluster.projects_succeeded, case.cluster.projects_failed, case.cluster.wins) == (1, 0, 1)
    assert case.get("belief") == pytest.approx([0.4 + 0.6 * p.learning] * 6 + [0.4 + 0.6 * p.witness] * 3 + [0.4])
    assert case.get("climate") == pytest.approx([0.5 + 0.5 * p.warmth] * 6 + [0.5] * 4)


def test_failure_lowers_them_and_gives_nothing(club):
    case = due(club)
    case.p.joint_action.success = 0.0
    before = case.get("absorptive")
    step(case)
    p = case.p.joint_action
    assert (case.cluster.projects_failed, case.cluster.losses, case.cluster.wins) == (1, 1, 0)
    assert case.get("belief") == pytest.approx([0.4 * (1 - p.learning)] * 6 + [0.4 * (1 - p.witness)] * 4)
    assert case.get("climate")[:6] == pytest.approx(0.5 * (1 - p.warmth))
    assert (case.get("absorptive") == before).all()


def test_without_learning_outcomes_leave_beliefs(club):
    case = due(club)
    case.p.joint_action.learning = case.p.joint_action.witness = case.p.joint_action.warmth = 0.0
    step(case)
    assert (case.get("belief") == 0.4).all() and (case.get("climate") == 0.5).all()


def test_a_project_with_one_partner_left_fails(club):
    case = due(club, partners=1)
    step(case)
    assert case.cluster.projects_failed == 1


def test_difficulty_distrust_and_discord_lower_the_chance(club):
    def wins(kind=PURCHASE, bond=1.0, vision=1.0, difficulty=0.0):
        count = 0
        for quarter in range(120):
            case = due(club, kind, bond=bond)
            case.world.quarter += quarter
            case.cluster.vision, case.p.joint_action.difficulty = vision, difficulty
            step(case)
            count += int(case.cluster.projects_succeeded)
        return count / 120

    assert wins() == 1.0
    assert wins(bond=0.0) == pytest.approx(0.5, abs=0.12)
    assert wins(vision=0.0) == pytest.approx(0.7, abs=0.12)
    assert wins(RESEARCH, difficulty=0.6) == pytest.approx(0.4, abs=0.12)
    assert wins(PURCHASE, difficulty=0.6) == 1.0


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [(PURCHASE, "cost_saving", lambda x, p: max(x, p.saving)), (PROMOTION, "base", lambda x, p: x * math.exp(p.orders)),
     (SERVICES, "base", lambda x, p: x * math.exp(p.orders)), (TRAINING, "absorptive", lambda x, p: x + p.skill * (1 - x)),
     (STANDARDS, "quality", lambda x, p: x + p.quality * (1 - x)), (EXPORT, "reach", lambda x, p: max(x, p.reach)),
     (RESEARCH, "knowledge", lambda x, p: x + p.knowledge * (0.3 - x))],
)  # fmt: skip
def test_each_kind_has_its_own_reward_for_partners_alone(club, kind, name, expected):
    case = due(club, kind)
    case.world.frontier = 0.3
    before = {column: case.get(column) for column in ("cost_saving", "base", "absorptive", "quality", "reach", "knowledge")}
    step(case)
    for column, old in before.items():
        new = case.get(column)
        if column == name:
            assert new[:6] == pytest.approx([expected(x, case.p.joint_action) for x in old[:6]])
            assert (new[:6] > old[:6]).all()
            old, new = old[6:], new[6:]
        assert (new == old).all(), column


def test_savings_and_reach_fade(make):
    case = make(3)
    case.all(cost_saving=0.02, reach=0.5)
    step(case)
    fading = case.p.joint_action.fading
    assert case.get("cost_saving") == pytest.approx(0.02 * (1 - fading))
    assert case.get("reach") == pytest.approx(0.5 * (1 - fading))


def test_one_project_begins_in_a_quarter_and_at_most_eight_run(club):
    case = club(200)
    case.p.joint_action.attention, case.p.joint_action.quarters_easy = 0.1, 40.0
    case.p.joint_action.quarters_hard, case.p.joint_action.partners_min = 40.0, 2.0
    for quarter in range(1, 13):
        step(case)
        assert len(running(case)) == min(quarter, PROJECTS_MAX)
    assert case.cluster.projects_started == 0.0
