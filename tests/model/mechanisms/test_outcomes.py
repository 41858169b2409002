"""Outcomes of joint action: the chance of success, what partners and witnesses learn, and the reward of each kind."""

from __future__ import annotations

import math
from functools import partial

import clubs
import numpy as np
import pytest
from clubs import running, step

from clustersim.core.draws import PROCESS
from clustersim.model.mechanisms.joint_action import EXPORT, PROMOTION, PURCHASE, RESEARCH, SERVICES, STANDARDS, TRAINING
from clustersim.model.state import FREE


@pytest.fixture
def club(make):
    """Return the maker of clusters with an eager association."""
    return partial(clubs.club, make)


def due(club, kind=TRAINING, partners=6, firms=10, **firm):
    """Return a cluster in which a project of this kind ends, and none begins."""
    schools = firm.pop("schools", 0)
    case = club(firms, schools=schools, **({"belief": 0.4, "climate": 0.5} | firm))
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
        for quarter in range(80):
            case = due(club, kind, bond=bond)
            case.world.quarter += quarter
            case.cluster.vision, case.p.joint_action.difficulty = vision, difficulty
            step(case)
            count += int(case.cluster.projects_succeeded)
        return count / 80

    assert wins() == 1.0
    assert wins(bond=0.0) == pytest.approx(0.5, abs=0.12)
    assert wins(vision=0.0) == pytest.approx(0.7, abs=0.12)
    assert wins(RESEARCH, difficulty=0.6) == pytest.approx(0.4, abs=0.12)
    assert wins(PURCHASE, difficulty=0.6) == 1.0


def test_a_competitiveness_plan_raises_the_chance_up_to_full_effort(club):
    """At full trust and vision the chance is the parameter and the plan; the draw of the slot decides."""
    draw = due(club).draw(PROCESS["project_luck"], np.uint64(77))
    for effort, part in ((0.5, 0.1), (1.0, 0.2), (9.0, 0.2), (0.0, 0.0)):
        for edge, outcome in ((-1e-9, 0), (1e-9, 1)):
            case = due(club, PURCHASE, bond=1.0)
            case.p.joint_action.success, case.p.joint_action.planning = draw - part + edge, 0.2
            case.lever(planning=effort)
            step(case)
            assert case.cluster.projects_succeeded == outcome, (effort, edge)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [(PURCHASE, "cost_saving", lambda x, p: max(x, p.saving * 6 / 9)), (PROMOTION, "base", lambda x, p: x * math.exp(p.orders)),
     (SERVICES, "base", lambda x, p: x * math.exp(p.orders)), (TRAINING, "absorptive", lambda x, p: x + p.skill * (1 - x)),
     (STANDARDS, "quality", lambda x, p: x + p.quality * (1 - x)), (EXPORT, "reach", lambda x, p: max(x, p.reach * 6 / 9)),
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


def test_savings_and_help_to_export_grow_with_the_number_of_partners(club):
    """With three partners half of the most is reached, with nine three quarters."""
    for kind, column, most in ((PURCHASE, "cost_saving", 0.02), (EXPORT, "reach", 0.5)):
        for partners, share in ((2, 0.4), (3, 0.5), (9, 0.75)):
            case = due(club, kind, partners)
            step(case)
            assert case.get(column)[:partners] == pytest.approx(share * most), (column, partners)
        case = due(club, kind, 3)
        case.p.joint_action.volume = 1e-9
        step(case)
        assert case.get(column)[:3] == pytest.approx(most)


def test_a_larger_saving_from_before_is_kept(club):
    for kind, column in ((PURCHASE, "cost_saving"), (EXPORT, "reach")):
        case = due(club, kind, 6)
        case.all(**{column: np.array([0.9, 0.001] + [0.0] * 8)})
        step(case)
        assert case.get(column)[0] == 0.9 and case.get(column)[1] > 0.001


def test_consortia_learn_more_where_a_school_takes_part(club):
    """A tenth of the distance to the frontier is closed, half as much again with a university; leaders lose nothing."""
    for schools, share in ((0, 0.1), (1, 0.15)):
        case = due(club, RESEARCH, schools=schools)
        case.world.frontier = 0.4
        case.set(0, knowledge=0.9)
        step(case)
        assert case.get("knowledge") == pytest.approx([0.9] + [0.4 * share] * 5 + [0.0] * 4), schools
    case = due(club, RESEARCH, schools=1)
    case.p.joint_action.knowledge, case.p.joint_action.school, case.world.frontier = 0.4, 2.0, 0.4
    step(case)
    assert case.get("knowledge")[:6] == pytest.approx(0.4), "never beyond the frontier"


def test_consortia_turn_toward_what_the_market_asks_for_along_the_short_way(club):
    case = due(club, RESEARCH)
    case.all(technology=0.95)
    case.cluster.asked[0] = 0.15  # a fifth of a turn ahead, across the zero
    case.set(1, segment=1)
    case.cluster.asked[1] = 0.85
    step(case)
    p = case.p.joint_action
    assert case.get("technology") == pytest.approx([0.98, 0.95 - 0.1 * p.turnaround] + [0.98] * 4 + [0.95] * 4)
    still = due(club, RESEARCH)
    still.p.joint_action.turnaround = 0.0
    still.all(technology=0.95)
    step(still)
    assert (still.get("technology") == 0.95).all()


def test_partners_that_have_left_count_no_longer(club):
    """Of three partners two are gone: one is left, and that is no project."""
    case = due(club, PURCHASE, partners=3)
    case.set(slice(1, 3), kind=FREE)
    step(case)
    assert case.cluster.projects_failed == 1 and list(case.get("project")[1:3]) == [0, 0]
    case = due(club, PURCHASE, partners=4)
    case.set(slice(0, 2), kind=FREE)
    step(case)
    assert case.cluster.projects_succeeded == 1
    assert case.get("cost_saving") == pytest.approx([0.0, 0.0, 0.008, 0.008] + [0.0] * 6)  # two of two and three: 0.4 of 0.02


def test_other_kinds_leave_technology_alone(club):
    case = due(club, TRAINING)
    case.all(technology=0.9)
    step(case)
    assert (case.get("technology") == 0.9).all()
