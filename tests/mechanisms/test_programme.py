"""Programme: stages, gates, delay, budget, matching money, and levers that move by what is really paid."""

from __future__ import annotations

import pytest

from clustersim.levers import ASSOCIATION as TO_ASSOCIATION
from clustersim.levers import FACILITATOR as TO_FACILITATOR
from clustersim.levers import FIRMS as TO_FIRMS
from clustersim.levers import GUARANTEES as TO_GUARANTEES
from clustersim.levers import LEVERS, NATION
from clustersim.levers import PROJECTS as TO_PROJECTS
from clustersim.levers import UNIVERSITY as TO_UNIVERSITY
from clustersim.mechanisms.programme import act
from clustersim.state import ASSOCIATION, FACILITATOR, GATES, PROGRAMME_ROWS, STAGE_ROWS, UNIVERSITY, Programme, table

NAMES = list(LEVERS)
ROW = {"channel": "events", "recipient": NATION, "stage": 0, "start": 0, "quarters": 8, "money": 10.0, "full_cost": 20.0,
       "strength": 1.0, "taper": 0.0, "cofinance": 0.0}  # fmt: skip
STAGE = {"quarters": 8, "gate": 0, "level": 0.0, "not_before": 0}


def plan(case, *rows, stages=({},), **cluster):
    """Give a cluster a programme, announced in quarter 0."""
    programme = Programme(table(PROGRAMME_ROWS, len(rows)), table(STAGE_ROWS, len(stages)), case.plan.shocks)
    for k, row in enumerate(rows):
        for name, value in (ROW | row).items():
            programme.rows[name][k] = NAMES.index(value) if name == "channel" else value
    for k, stage in enumerate(stages):
        for name, value in (STAGE | stage).items():
            programme.stages[name][k] = GATES.index(value) if name == "gate" and isinstance(value, str) else value
    case.plan = programme
    case.cluster.rows_last, case.cluster.stages = len(rows), len(stages)
    case.cluster.announced = 0
    for name, value in cluster.items():
        case.cluster[name] = value
    case.world.quarter = 0
    return case


def step(case, quarters=1):
    """Let the programme act and the quarters pass; return the public spending of each quarter."""
    spent = []
    for _ in range(quarters):
        before = case.books()
        act(case.actors, case.cluster, case.world, case.plan, case.p.programme)
        assert case.books() == pytest.approx(before, abs=1e-9)
        assert case.plan.rows.public.sum() == pytest.approx(case.cluster.public_spending)
        spent.append(float(case.cluster.public_spending))
        case.world.quarter += 1
    return spent


def test_levers_and_flows_are_reset_where_there_is_no_programme(make):
    case = make()
    case.lever(facilitation=2.0, brand=1.0)
    case.cluster.public_spending = case.cluster.private_cofinance = 5.0
    case.cluster.income_public = case.cluster.income_private = 5.0
    case.world.quarter = 3
    assert step(case) == [0.0]
    assert not case.cluster.levers.any()
    assert case.cluster.private_cofinance == case.cluster.income_public == case.cluster.income_private == 0.0


def test_nothing_happens_before_the_announcement(make):
    case = plan(make(), {}, announced=3)
    assert step(case, 4) == [0.0, 0.0, 0.0, 10.0]
    assert case.cluster.credibility == 1.0


def test_delay_costs_credibility_and_action_regains_it(make):
    case = plan(make(), {}, lag=4)
    assert step(case, 4) == [0.0] * 4
    assert case.cluster.credibility == pytest.approx(0.94**4)
    assert case.cluster.stage == -1
    assert step(case) == [10.0]
    assert case.cluster.credibility == pytest.approx(1 - (1 - 0.94**4) * 0.96)
    assert case.levers()["events"] == pytest.approx(0.5 * case.cluster.credibility)  # trust in the programme carries it


def test_without_delay_loss_waiting_is_free(make):
    case = plan(make(), {}, lag=4)
    case.p.programme.delay_loss = 0.0
    step(case, 5)
    assert case.cluster.credibility == 1.0


def test_a_lever_moves_by_what_is_paid_over_its_full_cost(make):
    case = plan(make(), {"money": 5.0, "strength": 3.0}, {"money": 5.0, "strength": 1.0}, {"money": 5.0, "full_cost": 0.0})
    step(case)
    assert case.levers()["events"] == pytest.approx(3.0 * 0.25 + 0.25)
    assert case.cluster.public_spending == 15.0


def test_no_money_no_movement(make):
    case = plan(make(), {"money": 0.0})
    assert step(case) == [0.0]
    assert not case.cluster.levers.any()


@pytest.mark.parametrize(("coordination", "kept"), [(0.0, 0.4), (0.5, 0.7), (1.0, 1.0)])
def test_weak_coordination_costs_effect_but_no_less_money(make, coordination, kept):
    case = plan(make(), {"money": 20.0}, coordination=coordination)
    assert step(case) == [20.0]
    assert case.levers()["events"] == pytest.approx(kept)


def test_money_ends_with_its_duration_and_starts_after_its_delay(make):
    case = plan(make(), {"start": 2, "quarters": 3}, stages=({"quarters": 20},))
    assert step(case, 8) == [0, 0, 10, 10, 10, 0, 0, 0]


def test_taper_lets_the_money_fall_to_nothing(make):
    case = plan(make(), {"taper": 0.5})
    assert step(case, 9) == pytest.approx([10, 10, 10, 10, 8, 6, 4, 2, 0])
    full = plan(make(), {"taper": 1.0, "quarters": 4})
    assert step(full, 5) == pytest.approx([8, 6, 4, 2, 0])


def test_stages_follow_one_another(make):
    case = plan(make(), {"quarters": 3}, {"stage": 1, "money": 4.0, "quarters": 2}, stages=({"quarters": 3}, {"quarters": 2}))
    assert step(case, 6) == [10, 10, 10, 4, 4, 0]
    assert list(case.cluster.began[:3]) == [0, 3, -1]


def test_at_most_one_stage_begins_in_a_quarter(make):
    case = plan(make(), {}, stages=({"quarters": 0}, {"quarters": 0}, {}))
    step(case)
    assert case.cluster.stage == 0
    step(case)
    assert case.cluster.stage == 1


def test_a_stage_waits_for_its_date(make):
    case = plan(make(), {}, lag=1, stages=({"not_before": 2},))
    assert step(case, 5) == [0, 0, 0, 10, 10]


@pytest.mark.parametrize(("gate", "level"), [("climate", 0.6), ("linked", 0.4), ("vision", 0.3), ("members", 7.0)])
def test_a_stage_waits_for_its_gate_and_stays_open_after_it(make, gate, level):
    case = plan(make(), {}, stages=({"gate": gate, "level": level},))
    case.cluster[gate] = 0.99 * level
    assert step(case, 3) == [0, 0, 0]
    case.cluster[gate] = level
    assert step(case) == [10]
    case.cluster[gate] = 0.0
    assert step(case) == [10]


def test_a_budget_scales_all_rows_alike(make):
    rows = {"money": 30.0, "full_cost": 30.0}, {"money": 10.0, "full_cost": 10.0, "channel": "brand"}
    case = plan(make(), *rows, budget=20.0)
    assert step(case) == [20.0]
    assert case.levers()["events"] == case.levers()["brand"] == pytest.approx(0.5)
    assert step(plan(make(), *rows, budget=50.0)) == [40.0]
    assert step(plan(make(), *rows, budget=0.0)) == [40.0]  # none


def test_each_recipient_gets_its_money(make):
    rows = [{"recipient": who, "money": 1.0 + who} for who in
            (NATION, TO_FACILITATOR, TO_ASSOCIATION, TO_UNIVERSITY, TO_PROJECTS, TO_GUARANTEES, TO_FIRMS)]  # fmt: skip
    case = plan(make(), *rows, formal=1)
    step(case)
    cash, cluster = case.actors.cash, case.cluster
    assert cash[FACILITATOR] == 1.0 + TO_FACILITATOR
    assert cash[ASSOCIATION] == cluster.income_public == 1.0 + TO_ASSOCIATION
    assert cash[UNIVERSITY] == 1.0 + TO_UNIVERSITY
    assert (cluster.project_fund, cluster.guarantee_fund) == (1.0 + TO_PROJECTS, 1.0 + TO_GUARANTEES)
    kept = (1.0 + NATION) + (1.0 + TO_FIRMS)
    assert cluster.nation == pytest.approx(kept - cluster.public_spending)


def test_without_a_university_its_money_stays_in_the_nation(make):
    case = plan(make(schools=0), {"recipient": TO_UNIVERSITY})
    before = case.get("cash")
    assert step(case) == [10.0]
    assert case.cluster.nation == 0.0 and (case.get("cash") == before).all()


def test_an_association_grant_needs_an_association(make):
    case = plan(make(), {"recipient": TO_ASSOCIATION})
    assert step(case) == [0.0]
    case.cluster.formal = 1
    assert step(case) == [10.0]


def test_matching_money_limits_what_is_paid(make):
    case = plan(make(), {"cofinance": 0.25, "money": 20.0})
    assert step(case) == [0.0]  # no association, no match
    case.cluster.formal = 1
    case.actors.cash[ASSOCIATION] = 6.0
    assert step(case) == [15.0]
    assert (case.cluster.private_cofinance, case.actors.cash[ASSOCIATION]) == (5.0, 1.0)
    assert case.levers()["events"] == pytest.approx(1.0 * case.cluster.credibility)
    assert step(case) == [3.0]  # the last unit of its own money draws three
    assert case.actors.cash[ASSOCIATION] == 0.0
    assert step(case) == [0.0]


def test_politics_interrupts_for_its_time(make):
    case = plan(make(), {"quarters": 30}, stages=({"quarters": 30},))
    assert step(case, 2) == [10.0, 10.0]
    case.world.unrest = 1.0
    assert step(case) == [0.0]
    assert not case.cluster.levers.any()
    case.world.unrest = 0.0
    assert step(case, 4) == [0.0, 0.0, 0.0, 10.0]


def test_the_hazard_of_interruption_is_per_quarter(make):
    case = plan(make(), {"quarters": 400}, stages=({"quarters": 400},))
    case.p.programme.interruption_hazard, case.p.programme.interruption_quarters = 0.2, 1.0
    stopped = sum(paid == 0.0 for paid in step(case, 400))
    assert 50 < stopped < 110
